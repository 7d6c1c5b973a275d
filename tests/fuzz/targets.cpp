#include "fuzz/targets.hpp"

#include <algorithm>

namespace disburse::fuzz {
namespace {

constexpr Target kTargets[] = {
    {"http", fuzz_http, 20'000},         {"json", fuzz_json, 60'000},
    {"form", fuzz_form, 40'000},         {"multipart", fuzz_multipart, 40'000},
    {"text", fuzz_text, 40'000},         {"url", fuzz_url, 50'000},
    {"ids", fuzz_ids, 20'000},           {"money", fuzz_money, 200'000},
    {"dates", fuzz_dates, 200'000},      {"recipient", fuzz_recipient, 50'000},
    {"options", fuzz_options, 4'000},    {"payu", fuzz_payu, 2'000},
    {"razorpay", fuzz_razorpay, 12'000}, {"instantpay", fuzz_instantpay, 12'000},
    {"house", fuzz_house, 12'000},       {"claim_page", fuzz_claim_page, 12'000},
};

}  // namespace

std::span<const Target> targets() { return kTargets; }

const Target* find_target(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kTargets), std::end(kTargets),
                                         [name](const Target& t) { return t.name == name; });
  return found == std::end(kTargets) ? nullptr : found;
}

}  // namespace disburse::fuzz
