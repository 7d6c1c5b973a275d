// Which rows a command needs, and which function decides it.
#include "core/decide.hpp"

#include "core/draft.hpp"

namespace disburse::core {
namespace {

void add_link(Keys& keys, MerchantId merchant, const LinkRef& ref) {
  keys.merchants.push_back(merchant);
  if (ref.id)
    keys.links.push_back({merchant, ref.id});
  else
    keys.references.push_back({merchant, ref.reference});
}

// The balances change whatever the merchant's settings are.
void add_money(Keys& keys, MerchantId merchant) {
  keys.merchants.push_back(merchant);
  keys.money.push_back(merchant);
}

void add_task(Keys& keys, MerchantId merchant, TaskId task) {
  if (task) keys.tasks.push_back({merchant, task});
}

// The keys of each command, one function each.
struct KeysOf {
  Keys& keys;

  void operator()(const CreateLink& c) const {
    keys.merchants.push_back(c.merchant);
    if (c.contact_id) keys.contacts.push_back({c.merchant, c.contact_id});
    if (c.reference_unique && !c.reference.empty())
      keys.references.push_back({c.merchant, c.reference});
  }
  void operator()(const CancelLink& c) const { add_link(keys, c.merchant, c.link); }
  void operator()(const ExtendLink& c) const { add_link(keys, c.merchant, c.link); }
  void operator()(const ApproveLink& c) const { add_link(keys, c.merchant, c.link); }
  void operator()(const RejectLink& c) const { add_link(keys, c.merchant, c.link); }
  void operator()(const NotifyLink& c) const { add_link(keys, c.merchant, c.link); }
  void operator()(const AddEndpoint& c) const {
    keys.merchants.push_back(c.merchant);
    if (c.secret.empty()) {
      keys.credentials.push_back(
          {c.dialect, std::string(kWebhookSecretKind), webhook_secret_name(c.merchant)});
    }
  }
  void operator()(const RemoveEndpoint& c) const { keys.merchants.push_back(c.merchant); }
  void operator()(const ReplayDelivery& c) const {
    keys.deliveries.push_back({c.merchant, c.delivery});
  }
  void operator()(const Deposit& c) const { add_money(keys, c.merchant); }
  void operator()(const SendOtp& c) const { add_link(keys, c.claim.merchant, {c.claim.link, {}}); }
  void operator()(const VerifyOtp& c) const {
    add_link(keys, c.claim.merchant, {c.claim.link, {}});
  }
  void operator()(const SubmitClaim& c) const {
    keys.money.push_back(c.claim.merchant);
    add_link(keys, c.claim.merchant, {c.claim.link, {}});
  }
  void operator()(const BankSaid& c) const {
    add_money(keys, c.merchant);
    keys.payouts.push_back({c.merchant, c.payout});
    add_task(keys, c.merchant, c.task);
  }
  void operator()(const AccountVerified& c) const {
    add_money(keys, c.merchant);
    keys.payouts.push_back({c.merchant, c.payout});
    add_task(keys, c.merchant, c.task);
  }
  void operator()(const NoticeTried& c) const { add_task(keys, c.merchant, c.task); }
  void operator()(const Announced& c) const {
    add_task(keys, c.merchant, c.task);
    keys.lanes.push_back({c.merchant, c.link});
  }
  void operator()(const DeliveryTried& c) const {
    keys.merchants.push_back(c.merchant);
    add_task(keys, c.merchant, c.task);
    keys.deliveries.push_back({c.merchant, c.delivery});
    keys.lanes.push_back({c.merchant, c.link});
  }
  void operator()(const TimerFired& c) const {
    keys.merchants.push_back(c.merchant);
    if (c.kind == TaskKind::retry_queued) keys.money.push_back(c.merchant);
    add_task(keys, c.merchant, c.task);
    if (c.link) keys.links.push_back({c.merchant, c.link});
    if (c.payout) keys.payouts.push_back({c.merchant, c.payout});
  }
  void operator()(const CreateMerchant&) const {}
  void operator()(const UpdateMerchant& c) const { keys.merchants.push_back(c.merchant); }
  void operator()(const IssueCredential& c) const {
    keys.merchants.push_back(c.credential.merchant);
    keys.credentials.push_back({c.credential.dialect, c.credential.kind, c.credential.name});
  }
  void operator()(const RevokeCredential& c) const {
    keys.credentials.push_back({c.dialect, c.kind, c.name});
  }
  void operator()(const IssueRefreshToken&) const {}
  void operator()(const UseRefreshToken& c) const { keys.refresh_tokens.push_back(c.hash); }
};

struct DecideOn {
  const Loaded& loaded;
  const Means& means;

  auto operator()(const CreateLink& c) const { return decide_create(c, loaded, means); }
  auto operator()(const CancelLink& c) const { return decide_cancel(c, loaded, means); }
  auto operator()(const ExtendLink& c) const { return decide_extend(c, loaded, means); }
  auto operator()(const ApproveLink& c) const { return decide_approve(c, loaded, means); }
  auto operator()(const RejectLink& c) const { return decide_reject(c, loaded, means); }
  auto operator()(const NotifyLink& c) const { return decide_notify(c, loaded, means); }
  auto operator()(const AddEndpoint& c) const { return decide_add_endpoint(c, loaded, means); }
  auto operator()(const RemoveEndpoint& c) const {
    return decide_remove_endpoint(c, loaded, means);
  }
  auto operator()(const ReplayDelivery& c) const { return decide_replay(c, loaded, means); }
  auto operator()(const Deposit& c) const { return decide_deposit(c, loaded, means); }
  auto operator()(const SendOtp& c) const { return decide_send_otp(c, loaded, means); }
  auto operator()(const VerifyOtp& c) const { return decide_verify_otp(c, loaded, means); }
  auto operator()(const SubmitClaim& c) const { return decide_submit(c, loaded, means); }
  auto operator()(const BankSaid& c) const { return decide_bank_said(c, loaded, means); }
  auto operator()(const AccountVerified& c) const {
    return decide_account_verified(c, loaded, means);
  }
  auto operator()(const NoticeTried& c) const { return decide_notice_tried(c, loaded, means); }
  auto operator()(const Announced& c) const { return decide_announced(c, loaded, means); }
  auto operator()(const DeliveryTried& c) const { return decide_delivery_tried(c, loaded, means); }
  auto operator()(const TimerFired& c) const { return decide_timer(c, loaded, means); }
  auto operator()(const CreateMerchant& c) const {
    return decide_create_merchant(c, loaded, means);
  }
  auto operator()(const UpdateMerchant& c) const {
    return decide_update_merchant(c, loaded, means);
  }
  auto operator()(const IssueCredential& c) const {
    return decide_issue_credential(c, loaded, means);
  }
  auto operator()(const RevokeCredential& c) const {
    return decide_revoke_credential(c, loaded, means);
  }
  auto operator()(const IssueRefreshToken& c) const {
    return decide_issue_refresh_token(c, loaded, means);
  }
  auto operator()(const UseRefreshToken& c) const {
    return decide_use_refresh_token(c, loaded, means);
  }
};

}  // namespace

void Keys::clear() { *this = Keys{}; }

void add_keys(const Command& command, Keys& keys) { std::visit(KeysOf{keys}, command); }

Result<Decision> decide(const Command& command, const Loaded& loaded, const Means& means) {
  return std::visit(DecideOn{loaded, means}, command);
}

LinkView view_of(const Loaded& loaded, const Link& link) {
  LinkView view;
  view.link = link;
  if (const Contact* contact = loaded.contact(link.merchant, link.contact)) view.contact = *contact;
  if (const FundAccount* account = loaded.fund_account(link.merchant, link.fund_account))
    view.fund_account = *account;
  if (const Payout* payout = loaded.payout(link.merchant, link.payout)) view.payout = *payout;
  return view;
}

bool Changes::empty() const {
  return links.empty() && contacts.empty() && fund_accounts.empty() && payouts.empty() &&
         history.empty() && postings.empty() && balances.empty() && tasks.empty() &&
         tasks_done.empty() && endpoints.empty() && endpoints_removed.empty() &&
         deliveries.empty() && attempts.empty() && replies.empty() && counters.empty() &&
         merchants.empty() && credentials.empty() && refresh_tokens.empty() &&
         references_taken.empty() && audit.empty();
}

}  // namespace disburse::core
