// The dialects that this program is built with: a folder and a line here each.
#include <algorithm>
#include <array>

#include "dialects/dialect.hpp"
#include "dialects/house/house.hpp"
#include "dialects/instantpay/instantpay.hpp"
#include "dialects/payu/payu.hpp"
#include "dialects/razorpay/razorpay.hpp"

namespace disburse::dialects {
namespace {

constexpr std::array kAll = {
    &payu::kDialect,
    &razorpay::kDialect,
    &instantpay::kDialect,
    &house::kDialect,
};

}  // namespace

std::span<const Dialect* const> all() { return kAll; }

const Dialect* find(std::string_view name) {
  const auto found =
      std::find_if(kAll.begin(), kAll.end(), [&](const Dialect* d) { return d->name == name; });
  return found == kAll.end() ? nullptr : *found;
}

}  // namespace disburse::dialects
