// A decision in the making: the rows that it will write, and the only place that moves a link or a
// payout to another state, moves money or queues a message. Private to core/.
#pragma once

#include <optional>
#include <string>

#include "core/decide.hpp"

namespace disburse::core {

class Draft {
 public:
  Draft(const Loaded& loaded, const Means& means) : loaded_(loaded), means_(means) {}

  const Loaded& loaded() const { return loaded_; }
  const Means& means() const { return means_; }
  Changes& changes() { return changes_; }

  // Takes the link up for change; its rows are written by finish().
  void take(const Link& link, const Contact& contact);
  Link& link() { return *link_; }
  const Contact& contact() const { return contact_; }
  void take(const Payout& payout) { payout_ = payout; }
  // A new one.
  void take(const FundAccount& account) { fund_account_ = account; }
  Payout& payout() { return *payout_; }

  // Moves the link along the table: state, money, history and the topic. link_not_issued when the
  // table has no row; balance_too_low when a hold is refused. Without `money` the row's money is
  // left alone (a payout that waits for balance).
  enum class WithMoney : std::uint8_t { yes, no };
  Result<void> move(LinkEvent event, std::string_view actor, std::string note = {},
                    WithMoney money = WithMoney::yes);
  // The caller has looked at the payout's state: the table has a row.
  void move_payout(PayoutEvent event);

  // At most once in a decision.
  Result<void> post(LedgerMove move, Money amount);
  void record(HistoryKind kind, std::string_view actor, std::string note = {});
  Task& add_task(TaskKind kind, Instant due_at);
  // Tells the contact, by the channels that the link has on.
  void tell_contact(Notice notice);
  void add_expiry_timer();

  LinkView view() const;
  Decision finish(Result<Reply> reply);
  Decision finish_with_view() { return finish(Reply{view()}); }

 private:
  Result<void> move_money(MoneyMove move);

  const Loaded& loaded_;
  const Means& means_;
  Changes changes_;
  std::optional<Link> link_;
  Contact contact_;
  std::optional<Payout> payout_;
  std::optional<FundAccount> fund_account_;
  std::optional<Balances> balances_;
};

// Why a link in this state is not what a command needs; link_not_issued for issued.
Code refusal_of(LinkState state);

// The link that a reference names, or link_not_found.
Result<const Link*> find(const Loaded& loaded, MerchantId merchant, const LinkRef& ref);

// A draft on the link and its contact.
Result<void> take_link(Draft& draft, const Link& link);

// first, doubled for each try, at most last.
Duration back_off(std::uint32_t tries, Duration first, Duration last);

// One file for each group of commands.
Result<Decision> decide_create(const CreateLink&, const Loaded&, const Means&);
Result<Decision> decide_cancel(const CancelLink&, const Loaded&, const Means&);
Result<Decision> decide_extend(const ExtendLink&, const Loaded&, const Means&);
Result<Decision> decide_approve(const ApproveLink&, const Loaded&, const Means&);
Result<Decision> decide_reject(const RejectLink&, const Loaded&, const Means&);
Result<Decision> decide_notify(const NotifyLink&, const Loaded&, const Means&);
Result<Decision> decide_timer(const TimerFired&, const Loaded&, const Means&);
Result<Decision> decide_send_otp(const SendOtp&, const Loaded&, const Means&);
Result<Decision> decide_verify_otp(const VerifyOtp&, const Loaded&, const Means&);
Result<Decision> decide_submit(const SubmitClaim&, const Loaded&, const Means&);
Result<Decision> decide_bank_said(const BankSaid&, const Loaded&, const Means&);
Result<Decision> decide_account_verified(const AccountVerified&, const Loaded&, const Means&);
Result<Decision> decide_notice_tried(const NoticeTried&, const Loaded&, const Means&);
Result<Decision> decide_announced(const Announced&, const Loaded&, const Means&);
Result<Decision> decide_delivery_tried(const DeliveryTried&, const Loaded&, const Means&);
// What sends a delivery at its time.
Task deliver_task(const Delivery& delivery, Instant due_at, const Means& means);
Result<Decision> decide_replay(const ReplayDelivery&, const Loaded&, const Means&);
Result<Decision> decide_replays(const ReplayDeliveries&, const Loaded&, const Means&);
Result<Decision> decide_update_endpoint(const UpdateEndpoint&, const Loaded&, const Means&);
Result<Decision> decide_add_endpoint(const AddEndpoint&, const Loaded&, const Means&);
Result<Decision> decide_remove_endpoint(const RemoveEndpoint&, const Loaded&, const Means&);
Result<Decision> decide_deposit(const Deposit&, const Loaded&, const Means&);
Result<Decision> decide_create_merchant(const CreateMerchant&, const Loaded&, const Means&);
Result<Decision> decide_update_merchant(const UpdateMerchant&, const Loaded&, const Means&);
Result<Decision> decide_issue_credential(const IssueCredential&, const Loaded&, const Means&);
Result<Decision> decide_revoke_credential(const RevokeCredential&, const Loaded&, const Means&);
Result<Decision> decide_issue_refresh_token(const IssueRefreshToken&, const Loaded&, const Means&);
Result<Decision> decide_use_refresh_token(const UseRefreshToken&, const Loaded&, const Means&);

// Sends a payout whose money is held, and whose link is being claimed.
void send_payout(Draft& draft, std::string_view actor);
// Holds the money of a queued payout if it is there now, and sends it on; else it waits again.
Result<void> try_queued(Draft& draft);
// The payout has failed: the link goes back to issued, and on to expired where its deadline has
// passed.
Result<void> fail_payout(Draft& draft, std::string_view reason, std::string_view reason_text);

// The counter's key for what a limit counts by.
std::string counter_key(const KeyedHash& hash, std::string_view what, std::string_view by);

}  // namespace disburse::core
