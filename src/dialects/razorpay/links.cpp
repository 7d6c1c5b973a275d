// Fetching and listing; see the header. Threads: pure functions.
#include "dialects/razorpay/links.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "dialects/razorpay/entity.hpp"
#include "dialects/razorpay/sealed_ids.hpp"

namespace disburse::dialects::razorpay {
namespace {

using core::Code;
using core::LinkState;
using wire::Form;

constexpr std::int64_t kLargestPage = core::limits::kPageSize;
static_assert(kLargestPage == 100, "said in a text below");

// The last one of that name, as PHP reads a query; empty when there is none.
std::string_view last(const Form& query, std::string_view name) {
  const auto values = query.all(name);
  return values.empty() ? std::string_view() : trimmed(values.back());
}

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

Read<std::vector<LinkState>> read_status(const Form& query) {
  const std::string_view text = last(query, "status");
  if (text.empty()) return std::vector<LinkState>();
  constexpr std::array kStates{LinkState::pending,    LinkState::scheduled, LinkState::issued,
                               LinkState::processing, LinkState::processed, LinkState::cancelled,
                               LinkState::rejected,   LinkState::expired};
  std::vector<LinkState> states;
  std::ranges::copy_if(kStates, std::back_inserter(states),
                       [text](LinkState state) { return status_name(state) == text; });
  if (!states.empty()) return states;
  return refused(Code::field_invalid, "status", "The selected status is invalid.");
}

// A filter by id: none sent, nobody's, or somebody's.
struct WantedId {
  bool nobodys = false;
  std::uint64_t id = 0;
};

Read<WantedId> read_wanted_id(const Form& query, std::string_view field, const IdForm& form,
                              const core::Merchant& merchant, const Context& context) {
  const std::string_view text = last(query, field);
  if (text.empty()) return WantedId{};
  const auto id = read_id(form, context.ids, merchant.id, text);
  if (id) return WantedId{.id = *id};
  if (id.error().code != Code::id_malformed) return WantedId{.nobodys = true};
  return refused(Code::id_malformed, field, std::string(text) + " is not a valid id.");
}

WantedId link_of_short_url(const Form& query, const core::Merchant& merchant,
                           const Context& context) {
  const std::string_view url = last(query, "short_url");
  if (url.empty()) return {};
  const auto claim = claim_of_short_url(context.ids, url);
  if (!claim || claim->merchant != merchant.id) return {.nobodys = true};
  return {.id = claim->link.value};
}

// A raw "+" in a query arrives as a blank: "+919876543210" lost its sign on the way.
std::string phone_of(const Form& query) {
  const auto values = query.all("contact_phone_number");
  std::string phone(values.empty() ? std::string_view() : values.back());
  if (phone.starts_with(' ') && phone.size() > 1) phone.front() = '+';
  return std::string(trimmed(phone));
}

// False when no link can match.
Read<bool> read_ids(const Form& query, const core::Merchant& merchant, const Context& context,
                    core::LinkFilter& filter) {
  const WantedId link = TRY(read_wanted_id(query, "id", kLinkIds, merchant, context));
  const WantedId contact = TRY(read_wanted_id(query, "contact_id", kContactIds, merchant, context));
  const WantedId account =
      TRY(read_wanted_id(query, "fund_account_id", kFundAccountIds, merchant, context));
  const WantedId by_url = link_of_short_url(query, merchant, context);
  filter.id = core::LinkId{link.id != 0 ? link.id : by_url.id};
  filter.contact = core::ContactId{contact.id};
  filter.fund_account = core::FundAccountId{account.id};
  const bool contradiction = link.id != 0 && by_url.id != 0 && link.id != by_url.id;
  const bool nobodys = link.nobodys || contact.nobodys || account.nobodys || by_url.nobodys;
  return !contradiction && !nobodys;
}

// The documentation misprints the parameter as "expand[l"; PHP clients write "expand[0]".
bool asks_for_payouts(const Form& query) {
  return std::ranges::any_of(query.pairs(), [](const wire::FormPair& pair) {
    const bool expand = pair.name == "expand" || pair.name.starts_with("expand[");
    return expand && pair.value == "payouts";
  });
}

}  // namespace

Read<Call> read_list(const wire::Request& request, const core::Merchant& merchant,
                     const Context& context) {
  const Form query = TRY(Form::parse(request.query));
  core::ListLinks list;
  list.merchant = merchant.id;
  list.limit = TRY(read_count(query));
  list.skip = TRY(read_skip(query));
  list.filter.from = TRY(read_bound(query, "from", core::Duration(0)));
  list.filter.to = TRY(read_bound(query, "to", core::Duration(999)));
  list.filter.states = TRY(read_status(query));
  const bool possible = TRY(read_ids(query, merchant, context, list.filter));
  list.filter.phone = phone_of(query);
  list.filter.email = last(query, "contact_email");
  list.filter.purpose = last(query, "purpose");
  list.filter.reference = last(query, "receipt");
  if (!possible) return Call{.what = empty_collection()};
  return Call{.what = core::Query(std::move(list))};
}

wire::Response render_list(const core::LinkPage& page, const core::Merchant& merchant,
                           const Context& context) {
  constexpr std::size_t kUsualEntity = 1024;
  wire::Response response;
  response.body.reserve(page.links.size() * kUsualEntity);
  wire::JsonWriter json(response.body);
  json.begin_object().field("entity", "collection");
  json.field("count", std::uint64_t{page.links.size()});
  json.key("items").begin_array();
  for (const core::LinkView& view : page.links) {
    const LinkState state = core::state_at(view.link, context.now);
    write_link(json, payout_link_of(view, state, merchant, context), Layout::fetched);
  }
  json.end_array().end_object();
  return response;
}

Read<core::Query> read_fetch(const wire::Request& request, std::string_view id,
                             const core::Merchant& merchant, const Context& context) {
  const Form query = TRY(Form::parse(request.query));
  const core::LinkRef link{.id = {TRY(read_id(kLinkIds, context.ids, merchant.id, id))},
                           .reference = {}};
  if (asks_for_payouts(query)) return core::Query(core::LinkStory{merchant.id, link});
  return core::Query(core::FindLink{merchant.id, link});
}

wire::Response empty_collection() {
  wire::Response response;
  response.body = R"({"entity":"collection","count":0,"items":[]})";
  return response;
}

}  // namespace disburse::dialects::razorpay
