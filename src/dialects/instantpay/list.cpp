#include "dialects/instantpay/list.hpp"

#include <algorithm>
#include <limits>

#include "dialects/instantpay/envelope.hpp"
#include "dialects/instantpay/ids.hpp"
#include "dialects/instantpay/list_request.hpp"
#include "dialects/instantpay/record.hpp"
#include "dialects/instantpay/request.hpp"
#include "dialects/instantpay/words.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::instantpay {

namespace {

using core::Result;

constexpr std::string_view kFound = "Transaction Successful";

// Skipping more than the query can say finds nothing, as it should.
std::uint32_t skip_of(const ListAsked& asked) {
  const std::uint64_t skip = std::uint64_t{asked.page - 1} * asked.size;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(skip, std::numeric_limits<std::uint32_t>::max()));
}

void write_meta(wire::JsonWriter& json, const ListAsked& asked, const core::LinkPage& page) {
  const std::uint64_t on_page = page.links.size();
  const std::uint64_t skipped = std::uint64_t{asked.page - 1} * asked.size;
  const std::uint64_t total = page.total.value_or(skipped + on_page);
  json.key("meta").begin_object();
  json.field("totalPages", (total + asked.size - 1) / asked.size);
  json.field("currentPage", std::uint64_t{asked.page});
  json.field("totalRecords", total);
  json.field("recordsOnCurrentPage", on_page);
  json.field("recordFrom", on_page == 0 ? std::uint64_t{0} : skipped + 1);
  json.field("recordTo", on_page == 0 ? std::uint64_t{0} : skipped + on_page);
  json.end_object();
}

// The contact's keys stand in another order here than on create: sic, in the provider's samples.
void write_record(wire::JsonWriter& json, const core::LinkView& view, const Context& context) {
  const core::Link& link = view.link;
  json.begin_object();
  json.key("amount").raw(amount_number(link.amount));
  json.field("purpose", link.purpose);
  json.field("description", link.description);
  json.field("status", status_of(state_at(link, context.now)));
  json.field("linkId", link_id_text(context.ids, link.merchant, link.id));
  json.key("contactDetails").begin_object();
  json.field("name", view.contact.name);
  json.field("email", view.contact.email);
  json.field("mobile", view.contact.phone);
  json.end_object();
  json.field("referenceNo", reference_of(link));
  json.field("orderId", link_order_id(context.ids, link.merchant, link.id));
  json.field("url", link_url(link, context));
  json.field("qrUrl", qr_url(link, context));
  write_modes(json, link.methods);
  json.field("verifyBene", link.verify_beneficiary);
  write_times(json, link);
  json.end_object();
}

wire::Response page_response(const ListAsked& asked, const core::LinkPage& page,
                             const Caller& caller, const Context& context) {
  std::string data;
  wire::JsonWriter json(data);
  json.begin_object();
  write_meta(json, asked, page);
  json.key("records").begin_array();
  for (const core::LinkView& view : page.links) write_record(json, view, context);
  json.end_array();
  json.end_object();
  return seal({.status = kFound, .data = std::move(data)}, caller.merchant, context);
}

}  // namespace

Result<Call> parse_list(const wire::Request& request, const PathArguments&, const Caller& caller,
                        const Context& context) {
  CHECK(check_headers(request, EndpointIp::optional));
  ListAsked asked = TRY(read_list(request));
  core::ListLinks query;
  query.merchant = caller.merchant->id;
  if (!asked.link_id.empty()) {
    const auto id = parse_link_id(context.ids, query.merchant, asked.link_id);
    // Nothing matches an id that is nobody's: an empty page, which needs no store.
    if (!id) return Call{page_response(asked, {.links = {}, .total = 0}, caller, context)};
    query.filter.id = *id;
  }
  query.filter.states = std::move(asked.states);
  query.filter.contact_text = std::move(asked.contact);
  query.filter.reference = std::move(asked.reference);
  query.skip = skip_of(asked);
  query.limit = asked.size;
  query.want_total = true;
  return Call{core::Query{std::move(query)}};
}

wire::Response render_list(const Result<Answer>& answer, const wire::Request& request,
                           const PathArguments&, const Caller& caller, const Context& context) {
  const Result<const core::LinkPage*> page = reply_as<core::LinkPage>(answer);
  if (!page) return seal_refusal(page.error(), caller.merchant, context);
  const Result<ListAsked> asked = read_list(request);  // read well once, so it does again
  if (!asked) return seal_refusal(asked.error(), caller.merchant, context);
  return page_response(*asked, **page, caller, context);
}

}  // namespace disburse::dialects::instantpay
