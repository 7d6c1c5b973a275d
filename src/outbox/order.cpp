#include "outbox/order.hpp"

namespace disburse::outbox {

rails::Order order_of(const core::Task& task, const PayoutRecord& record) {
  const core::Payout& payout = record.payout;
  const core::FundAccount& account = record.fund_account;
  rails::Order order;
  order.key = payout.key;
  order.merchant = payout.merchant;
  order.payout = payout.id;
  order.amount = payout.amount;
  order.method = account.method;
  order.mode = payout.mode;
  // Who gives a UPI id need not give a name; then the bank is asked about the one the merchant
  // knows.
  order.holder_name = account.holder_name.empty() ? record.contact_name : account.holder_name;
  order.account_number = account.account_number;
  order.ifsc = account.ifsc;
  order.vpa = account.vpa;
  order.narration = record.merchant_name;
  order.first_sent_at = payout.sent_at.value_or(payout.created_at);
  order.tries = task.tries;
  return order;
}

}  // namespace disburse::outbox
