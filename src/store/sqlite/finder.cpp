#include "store/sqlite/finder.hpp"

#include "store/rows.hpp"
#include "store/sqlite/columns.hpp"

namespace disburse::store {
namespace {

using core::MerchantId;
using core::Result;

Sql select(const std::string& columns, const std::string& rest) {
  return Sql{"select " + columns + " from " + rest};
}

const Sql kFindLink = select(kLinkColumns, "link where merchant_id = ?1 and link_id = ?2");
const Sql kNewestWith{
    "select coalesce(only_link_id, link_id) from link_reference where merchant_id = ?1 and "
    "reference = ?2 "
    "order by link_id desc limit 1"};
const Sql kFindContact =
    select(kContactColumns, "contact where merchant_id = ?1 and contact_id = ?2");
const Sql kFindRecipientKey{
    "select recipient_key from contact where merchant_id = ?1 and contact_id = ?2"};
const Sql kFindFundAccount{
    "select a.merchant_id, a.fund_account_id, a.contact_id, a.method, a.ifsc, a.details, "
    "a.created_at, c.recipient_key from fund_account a left join contact c "
    "on c.merchant_id = a.merchant_id and c.contact_id = a.contact_id "
    "where a.merchant_id = ?1 and a.fund_account_id = ?2"};
const Sql kFindPayout = select(kPayoutColumns, "payout where merchant_id = ?1 and payout_id = ?2");
const Sql kFindTask = select(kTaskColumns, "task where merchant_id = ?1 and task_id = ?2");
const Sql kFindDelivery =
    select(kDeliveryColumns, "delivery where merchant_id = ?1 and delivery_id = ?2");
const Sql kLane{
    "select merchant_id, delivery_id, link_id, endpoint_id, state, event, event_id, target, null, "
    "tries, created_at, due_at, replay_of from delivery indexed by delivery_by_link "
    "where merchant_id = ?1 and link_id = ?2 "
    "and state in (0, 1) order by delivery_id"};
const Sql kFindReply =
    select(kStoredReplyColumns, "stored_reply where merchant_id = ?1 and key_hash = ?2");
const Sql kFindCounter =
    select(kCounterColumns, "counter where merchant_id = ?1 and counter_key = ?2");
const Sql kFindMerchant = select(kMerchantColumns, "merchant where merchant_id = ?1");
const Sql kFindBalances = select(kBalancesColumns, "balances where merchant_id = ?1");
const Sql kEndpoints =
    select(kEndpointColumns, "endpoint where merchant_id = ?1 order by endpoint_id");
const Sql kFindCredential =
    select(kCredentialColumns, "credential where dialect = ?1 and kind = ?2 and name = ?3");
const Sql kFindRefreshToken = select(kRefreshTokenColumns, "refresh_token where token_hash = ?1");

}  // namespace

Finder::Maybe<core::Link> Finder::link(MerchantId merchant, core::LinkId id) {
  Run run = TRY(connection_.run(kFindLink));
  run.bind_all(merchant, id);
  return read_one(run, read_link<Run>);
}

Finder::Maybe<core::LinkId> Finder::newest_with(MerchantId merchant, std::string_view reference) {
  // Links without a reference are in no index.
  if (reference.empty()) return std::optional<core::LinkId>{};
  Run run = TRY(connection_.run(kNewestWith));
  run.bind_all(merchant, reference);
  return read_one(run, [](Run& row) { return Result<core::LinkId>(row.id<core::LinkId>()); });
}

Finder::Maybe<core::LinkView> Finder::view(MerchantId merchant, core::LinkId id) {
  std::optional<core::Link> found = TRY(link(merchant, id));
  if (!found) return std::optional<core::LinkView>{};
  return std::optional(TRY(view_of(std::move(*found))));
}

Result<core::LinkView> Finder::view_of(core::Link link) {
  core::LinkView view{.link = std::move(link), .contact = {}, .fund_account = {}, .payout = {}};
  const MerchantId merchant = view.link.merchant;
  std::optional<core::Contact> person = TRY(contact(merchant, view.link.contact));
  if (person) view.contact = std::move(*person);
  view.fund_account = TRY(fund_account(merchant, view.link.fund_account));
  view.payout = TRY(payout(merchant, view.link.payout));
  return view;
}

Finder::Maybe<core::Contact> Finder::contact(MerchantId merchant, core::ContactId id) {
  if (!id) return std::optional<core::Contact>{};
  Run run = TRY(connection_.run(kFindContact));
  run.bind_all(merchant, id);
  return read_one(run, [this](Run& row) { return read_contact(row, vault_); });
}

Finder::Maybe<std::string> Finder::recipient_key(MerchantId merchant, core::ContactId id) {
  Run run = TRY(connection_.run(kFindRecipientKey));
  run.bind_all(merchant, id);
  return read_one(run, [](Run& row) { return Result<std::string>(row.text()); });
}

Finder::Maybe<core::FundAccount> Finder::fund_account(MerchantId merchant, core::FundAccountId id) {
  if (!id) return std::optional<core::FundAccount>{};
  Run run = TRY(connection_.run(kFindFundAccount));
  run.bind_all(merchant, id);
  return read_one(run, [this](Run& row) { return read_fund_account(row, vault_); });
}

Finder::Maybe<core::Payout> Finder::payout(MerchantId merchant, core::PayoutId id) {
  if (!id) return std::optional<core::Payout>{};
  Run run = TRY(connection_.run(kFindPayout));
  run.bind_all(merchant, id);
  return read_one(run, read_payout<Run>);
}

Finder::Maybe<core::Task> Finder::task(MerchantId merchant, core::TaskId id) {
  Run run = TRY(connection_.run(kFindTask));
  run.bind_all(merchant, id);
  return read_one(run, read_task<Run>);
}

Finder::Maybe<core::Delivery> Finder::delivery(MerchantId merchant, core::DeliveryId id) {
  Run run = TRY(connection_.run(kFindDelivery));
  run.bind_all(merchant, id);
  return read_one(run, [this](Run& row) { return read_delivery(row, vault_); });
}

Result<std::vector<core::Delivery>> Finder::lane(MerchantId merchant, core::LinkId link) {
  Run run = TRY(connection_.run(kLane));
  run.bind_all(merchant, link);
  return read_all(run, [this](Run& row) { return read_delivery(row, vault_); });
}

Finder::Maybe<core::StoredReply> Finder::reply(MerchantId merchant, const std::string& key) {
  const std::string hash = vault_.reply_hash(merchant, key);
  Run run = TRY(connection_.run(kFindReply));
  run.bind_all(merchant, Blob{hash});
  return read_one(run, [this](Run& row) { return read_stored_reply(row, vault_); });
}

Finder::Maybe<core::Counter> Finder::counter(MerchantId merchant, const std::string& key) {
  Run run = TRY(connection_.run(kFindCounter));
  run.bind_all(merchant, Blob{key});
  return read_one(run, read_counter<Run>);
}

Finder::Maybe<core::Merchant> Finder::merchant(MerchantId id) {
  Run run = TRY(connection_.run(kFindMerchant));
  run.bind(id);
  return read_one(run, read_merchant<Run>);
}

Finder::Maybe<core::Balances> Finder::balances(MerchantId id) {
  Run run = TRY(connection_.run(kFindBalances));
  run.bind(id);
  return read_one(run, read_balances<Run>);
}

Result<std::vector<core::Endpoint>> Finder::endpoints(MerchantId merchant) {
  Run run = TRY(connection_.run(kEndpoints));
  run.bind(merchant);
  return read_all(run, [this](Run& row) { return read_endpoint(row, vault_); });
}

Finder::Maybe<core::Credential> Finder::credential(std::string_view dialect, std::string_view kind,
                                                   std::string_view name) {
  Run run = TRY(connection_.run(kFindCredential));
  run.bind_all(dialect, kind, name);
  return read_one(run, [this](Run& row) { return read_credential(row, vault_); });
}

Finder::Maybe<core::RefreshToken> Finder::refresh_token(const std::string& hash) {
  Run run = TRY(connection_.run(kFindRefreshToken));
  run.bind(Blob{hash});
  return read_one(run, read_refresh_token<Run>);
}

}  // namespace disburse::store
