// Everything that can be asked of the engine. Whatever changes something is a Command; whatever
// only looks is a Query. Both are made by dialects, the claim page, timers, the outbox relay and
// operators, and by nobody else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/error.hpp"
#include "core/ledger.hpp"
#include "core/link.hpp"
#include "core/merchant.hpp"
#include "core/public_id.hpp"
#include "core/task.hpp"

namespace disburse::core {

// A link as its merchant names it: by id, or by reference (then the newest link with it).
struct LinkRef {
  LinkId id = {};
  std::string reference = {};  // when id is nobody's
};

// ---- commands of a merchant
// -------------------------------------------------------------------------------------

// Makes a link. Refuses what breaks core rules whatever the dialect; a dialect has checked its own
// before.
struct CreateLink {
  MerchantId merchant;
  std::string dialect;
  std::string variant;
  Money amount;
  std::string reference;
  bool reference_unique =
      false;  // refuse with reference_taken if the merchant has a link with it already
  std::string purpose;
  std::string description;
  ContactId contact_id;  // an existing contact, or
  std::string contact_name;
  std::string contact_type;
  std::string phone;
  std::string email;
  PayMethods methods = PayMethod::bank | PayMethod::upi;
  std::optional<bool> otp_required;  // what the request asked; Settings::otp decides
  bool verify_beneficiary = false;
  bool send_sms = false;
  bool send_email = false;
  bool skip_approval = false;
  Notes notes;
  std::optional<Instant> activates_at;  // past: at once
  std::optional<Instant> expires_at;    // none: never
  // The dialect's rule for the nearest expiry, in whole seconds. It is kept here and not in the
  // dialect, which sees a request before its idempotency key is looked up: a request that is sent
  // again later gets its first answer, however near its expiry has come.
  Duration least_life{0};
};

// What a dialect allows to be cancelled: RazorpayX only issued links, the others everything before
// the claim.
enum class CancelRule : std::uint8_t { before_claim, issued_only };
struct CancelLink {
  MerchantId merchant;
  LinkRef link;
  CancelRule rule = CancelRule::before_claim;
  std::string actor;
};

struct ExtendLink {
  MerchantId merchant;
  LinkRef link;
  Instant expires_at;
  std::string actor;
};

struct ApproveLink {
  MerchantId merchant;
  LinkRef link;
  std::string actor;
};

struct RejectLink {
  MerchantId merchant;
  LinkRef link;
  std::string actor;
  std::string reason;
};

// Sends the link again to every contact it has.
struct NotifyLink {
  MerchantId merchant;
  LinkRef link;
  std::string actor;
};

struct AddEndpoint {
  MerchantId merchant;
  std::string dialect;
  std::string url;
  SecretText secret;
  SecretText authorization;
  std::vector<std::string> events;
  bool all_links = false;
  bool replace_same_events = false;  // PayU: setting a key again replaces its URL
  std::vector<AddEndpoint> also =
      {};  // more of them in the same change, all or none; the reply is the first
};

struct RemoveEndpoint {
  MerchantId merchant;
  EndpointId endpoint;
  std::string dialect;  // with `events`: remove those events from this dialect's endpoints
  std::vector<std::string> events;  // when endpoint is nobody's
};

struct ReplayDelivery {
  MerchantId merchant;
  EndpointId endpoint;
  DeliveryId delivery;
};

// Sends again what an endpoint was sent before, replays left out: the newest
// limits::kDeliveriesPage that fit. The engine finds them.
struct ReplayDeliveries {
  MerchantId merchant;
  EndpointId endpoint;
  std::string event = {};     // the provider's name; empty: any
  std::string event_id = {};  // empty: any
  std::optional<Instant> from = {};
  std::optional<Instant> to = {};
  std::vector<DeliveryId> found = {};
};

// What is not given stays as it is.
struct UpdateEndpoint {
  MerchantId merchant;
  EndpointId endpoint;
  std::optional<std::string> url = {};
  std::optional<SecretText> secret = {};  // deliveries that are waiting keep theirs
  std::optional<SecretText> authorization = {};
  std::optional<std::vector<std::string>> events = {};
  std::optional<bool> enabled = {};
};

struct Deposit {
  MerchantId merchant;
  Money amount;
  std::string actor;
};

// ---- commands of a recipient (the link's claim code has been opened)
// -----------------------------------------------

struct SendOtp {
  Claim claim;
  Channel channel = Channel::sms;
  std::string address;  // the caller's, for limits
};

struct VerifyOtp {
  Claim claim;
  SecretText otp;
  std::string address;
};

struct SubmitClaim {
  Claim claim;
  SecretText claim_token;  // from VerifyOtp; empty where the link needs none
  PayMethod method = PayMethod::bank;
  std::string holder_name;
  SecretText account_number;
  std::string ifsc;
  SecretText vpa;
  std::string address;
};

// ---- what the world answered
// -----------------------------------------------------------------------------------------

enum class BankOutcome : std::uint8_t { unknown, settled, refused, reversed };

// The rail's answer for one payout. From the relay with its task; without a task when the bank
// speaks up by itself.
struct BankSaid {
  MerchantId merchant;
  PayoutId payout;
  TaskId task;  // nobody's when unasked
  BankOutcome outcome = BankOutcome::unknown;
  std::string utr;
  std::string reason;
  std::string reason_text;
  std::optional<Instant> ask_again_at;  // settled, but worth asking later: it may be reversed
};

// The rail's answer about an account, before paying.
struct AccountVerified {
  MerchantId merchant;
  PayoutId payout;
  TaskId task;
  enum class Answer : std::uint8_t { unknown, exists, missing } answer = Answer::unknown;
  std::string name;  // as the bank has it
};

// An SMS or e-mail has been handed over, or not.
struct NoticeTried {
  MerchantId merchant;
  TaskId task;
  bool sent = false;
  bool worth_retrying = true;
  std::string error;
};

// An announcement has become deliveries (possibly none).
struct Announced {
  MerchantId merchant;
  LinkId link;
  TaskId task;
  std::vector<Delivery> deliveries;  // ids are given by the engine
};

struct DeliveryTried {
  MerchantId merchant;
  LinkId link;
  TaskId task;
  DeliveryId delivery;
  Attempt attempt;
  std::optional<Instant> retry_at;  // none: acknowledged, or given up
  bool disable_endpoint = false;
};

// ---- timers
// ------------------------------------------------------------------------------------------------------

struct TimerFired {
  MerchantId merchant;
  TaskId task;
  TaskKind kind = TaskKind::expire_link;
  LinkId link;
  PayoutId payout;
};

// ---- operators
// -------------------------------------------------------------------------------------------------------

struct CreateMerchant {
  std::string name;
  Mode mode = Mode::test;
  std::string account_number;  // empty: one is made
  Settings settings;
  std::vector<std::string> allowed_addresses;
};

struct UpdateMerchant {
  MerchantId merchant;
  std::string actor;
  std::optional<Settings> settings;
  std::optional<std::vector<std::string>> allowed_addresses;
};

struct IssueCredential {
  Credential credential;  // id and time are given by the engine
  std::string actor;
};

struct RevokeCredential {
  std::string dialect;
  std::string kind;
  std::string name;
  std::string actor;
};

struct IssueRefreshToken {
  RefreshToken token;
};

// Takes a refresh token (once) and puts another in its place.
struct UseRefreshToken {
  std::string hash;
  RefreshToken next;  // merchant and credential are copied from the used one
};

using Command =
    std::variant<CreateLink, CancelLink, ExtendLink, ApproveLink, RejectLink, NotifyLink,
                 AddEndpoint, RemoveEndpoint, UpdateEndpoint, ReplayDelivery, ReplayDeliveries,
                 Deposit, SendOtp, VerifyOtp, SubmitClaim, BankSaid, AccountVerified, NoticeTried,
                 Announced, DeliveryTried, TimerFired, CreateMerchant, UpdateMerchant,
                 IssueCredential, RevokeCredential, IssueRefreshToken, UseRefreshToken>;

// The name of a command, for logs and metrics: "create_link".
std::string_view name(const Command& command);

// ---- queries
// ---------------------------------------------------------------------------------------------------------

struct FindLink {
  MerchantId merchant;
  LinkRef link;
};

struct FindClaim {
  Claim claim;
  SecretText claim_token;  // empty: none was sent
};

struct LinkFilter {
  std::vector<LinkState> states;  // as state_at() tells it; empty: all
  LinkId id;
  ContactId contact;
  FundAccountId fund_account;
  std::string reference;
  std::string purpose;
  std::string phone;            // exact, as the merchant wrote it, or its last ten digits
  std::string email;            // exact but for case
  std::string contact_text;     // name, phone or e-mail
  std::optional<Instant> from;  // created at or after
  std::optional<Instant> to;    // created at or before
};

// Newest first.
struct ListLinks {
  MerchantId merchant;
  LinkFilter filter;
  std::uint32_t skip = 0;
  std::uint32_t limit = 10;  // at most limits::kPageSize
  bool want_total = false;
};

struct LinkStory {
  MerchantId merchant;
  LinkRef link;
};

struct ListEndpoints {
  MerchantId merchant;
};

struct ListDeliveries {
  MerchantId merchant;
  EndpointId endpoint;  // nobody's: of every endpoint
  LinkId link;          // nobody's: of every link
  std::uint32_t limit = limits::kDeliveriesPage;
  std::string event = {};            // empty: any
  std::string event_id = {};         // empty: any
  std::optional<Instant> from = {};  // made at or after
  std::optional<Instant> to = {};    // made at or before
  bool replays = true;
};
// All but merchant, endpoint and link.
bool fits(const Delivery& delivery, const ListDeliveries& wanted);

struct FindMerchant {
  MerchantId merchant;
};

using Query = std::variant<FindLink, FindClaim, ListLinks, LinkStory, ListEndpoints, ListDeliveries,
                           FindMerchant>;

// ---- replies
// ---------------------------------------------------------------------------------------------------------

struct Done {};

struct LinkPage {
  std::vector<LinkView> links;
  std::optional<std::uint64_t> total;
};

struct Story {
  LinkView view;
  std::vector<History> history;
  std::vector<Payout> payouts;  // oldest first
  std::vector<FundAccount> fund_accounts;
  std::vector<Posting> postings;
  std::vector<Delivery> deliveries;
};

struct OtpSent {
  Channel channel = Channel::sms;
  Instant expires_at;
};

struct OtpVerified {
  SecretText claim_token;
  Instant expires_at;
};

struct ClaimView {
  LinkView view;
  std::string merchant_name;
  std::string support_contact;
  bool otp_verified = false;  // the claim token sent with the query is good
};

struct Notified {
  LinkView view;
  bool sms = false;
  bool email = false;
};

struct EndpointList {
  std::vector<Endpoint> endpoints;
};

struct DeliveryRecord {
  Delivery delivery;
  std::vector<Attempt> attempts;  // oldest first
};
struct DeliveryList {
  std::vector<DeliveryRecord> deliveries;  // newest first
};

struct MerchantView {
  Merchant merchant;
  Balances balances;
};

using Reply = std::variant<Done, LinkView, LinkPage, Story, OtpSent, OtpVerified, ClaimView,
                           Notified, Endpoint, EndpointList, Delivery, DeliveryList, MerchantView,
                           Credential, RefreshToken>;

}  // namespace disburse::core
