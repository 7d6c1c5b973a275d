// Lists; see the header. Threads: pure functions.
#include "dialects/razorpay/paging.hpp"

#include <algorithm>
#include <limits>

namespace disburse::dialects::razorpay {
namespace {

using core::Code;
using wire::Form;

constexpr std::int64_t kLargestPage = core::limits::kPageSize;
static_assert(kLargestPage == 100, "said in a text below");

Read<std::int64_t> read_number(std::string_view text, std::string_view field) {
  const auto number = parse_integer(text);
  if (!number) return refused(Code::field_invalid, field, must_be_integer(field));
  return *number;
}

Read<std::uint32_t> read_count(const Form& query) {
  constexpr std::uint32_t kUsual = 10;
  const std::string_view text = last(query, "count");
  if (text.empty()) return kUsual;
  const std::int64_t count = TRY(read_number(text, "count"));
  if (count < 1) return refused(Code::field_invalid, "count", "The count must be at least 1.");
  if (count > kLargestPage) {
    return refused(Code::field_invalid, "count", "The count may not be greater than 100.");
  }
  return static_cast<std::uint32_t>(count);
}

Read<std::uint32_t> read_skip(const Form& query) {
  const std::string_view text = last(query, "skip");
  if (text.empty()) return std::uint32_t{0};
  const std::int64_t skip = TRY(read_number(text, "skip"));
  if (skip < 0) return refused(Code::field_invalid, "skip", "The skip must be at least 0.");
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::uint32_t>(std::min(skip, kMost));
}

// Both bounds include their second: links are made between seconds, and printed in whole ones.
Read<std::optional<core::Instant>> read_bound(const Form& query, std::string_view field,
                                              core::Duration end_of_second) {
  const std::string_view text = last(query, field);
  if (text.empty()) return std::optional<core::Instant>();
  const auto seconds = parse_seconds(text);
  if (!seconds) return refused(Code::field_invalid, field, must_be_integer(field));
  return std::optional(core::Instant::from_seconds(*seconds) + end_of_second);
}

}  // namespace

std::string_view last(const Form& query, std::string_view name) {
  const auto values = query.all(name);
  return values.empty() ? std::string_view() : trimmed(values.back());
}

std::string phone_in(const Form& query, std::string_view name) {
  const auto values = query.all(name);
  std::string phone(values.empty() ? std::string_view() : values.back());
  if (phone.starts_with(' ') && phone.size() > 1) phone.front() = '+';
  return std::string(trimmed(phone));
}

Read<Page> read_page(const Form& query) {
  Page page;
  page.count = TRY(read_count(query));
  page.skip = TRY(read_skip(query));
  page.from = TRY(read_bound(query, "from", core::Duration(0)));
  page.to = TRY(read_bound(query, "to", core::Duration(999)));
  return page;
}

Read<WantedId> read_wanted_id(const Form& query, std::string_view field, const IdForm& form,
                              const core::Merchant& merchant, const Context& context) {
  const std::string_view text = last(query, field);
  if (text.empty()) return WantedId{};
  const auto id = read_id(form, context.ids, merchant.id, text);
  if (id) return WantedId{.id = *id};
  if (id.error().code != Code::id_malformed) return WantedId{.nobodys = true};
  return refused(Code::id_malformed, field, std::string(text) + " is not a valid id.");
}

Read<void> check_account_in(const Form& query, const core::Merchant& merchant) {
  const std::string_view number = last(query, "account_number");
  if (number.empty()) return refused(Code::source_account_required);
  if (number != merchant.account_number) return refused(Code::source_account_unknown);
  return {};
}

wire::Response empty_collection() {
  wire::Response response;
  response.body = R"({"entity":"collection","count":0,"items":[]})";
  return response;
}

}  // namespace disburse::dialects::razorpay
