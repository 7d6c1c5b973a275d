// Fetching and listing; see the header. Threads: pure functions.
#include "dialects/razorpay/links.hpp"

#include <algorithm>
#include <array>

#include "dialects/razorpay/entity.hpp"
#include "dialects/razorpay/paging.hpp"
#include "dialects/razorpay/sealed_ids.hpp"

namespace disburse::dialects::razorpay {
namespace {

using core::Code;
using core::LinkState;
using wire::Form;

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

WantedId link_of_short_url(const Form& query, const core::Merchant& merchant,
                           const Context& context) {
  const std::string_view url = last(query, "short_url");
  if (url.empty()) return {};
  const auto claim = claim_of_short_url(context.ids, url);
  if (!claim || claim->merchant != merchant.id) return {.nobodys = true};
  return {.id = claim->link.value};
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
  const Page page = TRY(read_page(query));
  list.limit = page.count;
  list.skip = page.skip;
  list.filter.from = page.from;
  list.filter.to = page.to;
  list.filter.states = TRY(read_status(query));
  const bool possible = TRY(read_ids(query, merchant, context, list.filter));
  list.filter.phone = phone_in(query, "contact_phone_number");
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
  write_collection(json, page.links, [&](wire::JsonWriter& out, const core::LinkView& view) {
    const LinkState state = core::state_at(view.link, context.now);
    write_link(out, payout_link_of(view, state, merchant, context), Layout::fetched);
  });
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

}  // namespace disburse::dialects::razorpay
