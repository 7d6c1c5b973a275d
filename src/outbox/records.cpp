#include "outbox/records.hpp"

#include <utility>

namespace disburse::outbox {
namespace {

using core::Code;
using core::fail;
using core::Result;

template <class Row, class AnyId>
void pick(std::optional<Row>& into, std::vector<Row>& rows, AnyId id) {
  into.reset();
  for (Row& row : rows) {
    if (row.id == id) into = std::move(row);
  }
}

template <class Row, class AnyId>
bool is(const std::optional<Row>& row, AnyId id) {
  return row && row->id == id;
}

}  // namespace

void Records::forget() {
  merchants_.clear();
  endpoints_.clear();
}

Result<const core::Merchant*> Records::merchant(core::MerchantId id) {
  const auto known = merchants_.find(id);
  if (known != merchants_.end()) return &known->second;
  std::optional<core::MerchantView> view = TRY(reader_.find_merchant(id));
  if (!view) return fail(Code::merchant_not_found);
  return &merchants_.emplace(id, std::move(view->merchant)).first->second;
}

Result<const std::vector<core::Endpoint>*> Records::endpoints(core::MerchantId id) {
  const auto known = endpoints_.find(id);
  if (known != endpoints_.end()) return &known->second;
  std::vector<core::Endpoint> rows = TRY(reader_.list_endpoints(id));
  return &endpoints_.emplace(id, std::move(rows)).first->second;
}

Result<core::LinkView> Records::link(core::MerchantId merchant, core::LinkId id) {
  std::optional<core::LinkView> view = TRY(reader_.find_link(merchant, id));
  if (!view) return fail(Code::link_not_found);
  return std::move(*view);
}

Result<core::LinkView> Records::link_of(const core::Task& task) {
  core::LinkView view = TRY(link(task.merchant, task.link));
  const bool has_payout = !task.payout || is(view.payout, task.payout);
  const auto account_wanted = [&task, &view] {
    if (task.fund_account) return task.fund_account;
    return task.payout && view.payout ? view.payout->fund_account : core::FundAccountId{};
  };
  if (has_payout && (!account_wanted() || is(view.fund_account, account_wanted()))) return view;

  std::optional<core::Story> story = TRY(reader_.link_story(task.merchant, task.link));
  if (!story) return fail(Code::link_not_found);
  if (!has_payout) pick(view.payout, story->payouts, task.payout);
  if (account_wanted()) pick(view.fund_account, story->fund_accounts, account_wanted());
  return view;
}

Result<PayoutRecord> Records::payout(const core::Task& task) {
  core::LinkView view = TRY(link_of(task));
  if (!view.payout || !is(view.fund_account, view.payout->fund_account)) {
    return fail(Code::payout_not_found);
  }
  const core::Merchant* owner = TRY(merchant(task.merchant));
  return PayoutRecord{std::move(*view.payout), std::move(*view.fund_account),
                      std::move(view.contact.name), owner->name};
}

Result<core::Delivery> Records::delivery(const core::Task& task) {
  std::optional<core::DeliveryRecord> record =
      TRY(reader_.find_delivery(task.merchant, task.delivery));
  if (!record) return fail(Code::delivery_not_found);
  return std::move(record->delivery);
}

}  // namespace disburse::outbox
