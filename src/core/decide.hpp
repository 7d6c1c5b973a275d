// Deciding: a pure function of what was loaded, the command and the time. It does no I/O and keeps
// nothing; what it needs from outside (ids, random bits, keyed hashes) comes in through Means, so
// that the same inputs decide the same.
//
// Which rows a command needs is told by keys_of(); the engine loads them for a whole batch at once.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "core/changes.hpp"

namespace disburse::core {

// HMAC-SHA256 under a key of the server; sys/crypto.hpp has the real one. Threads: share freely.
class KeyedHash {
 public:
  using Hash = std::array<std::uint8_t, 32>;
  virtual ~KeyedHash() = default;
  virtual Hash operator()(std::string_view bytes) const = 0;
};

struct Means {
  Instant now;
  IdMaker& ids;
  std::uint64_t random = 0;  // fresh for each command
  const KeyedHash& hash;
  MerchantId next_merchant = {};  // the number that a new merchant gets
  std::string last_audit_hash = {};
  std::string_view rail = "sandbox";  // the rail that new payouts take
  bool limit_addresses = true;        // off in the sandbox: everybody calls from one address there
};

// What a command needs loaded.
struct Keys {
  struct LinkKey {
    MerchantId merchant;
    LinkId link;
    friend auto operator<=>(const LinkKey&, const LinkKey&) = default;
  };
  struct ReferenceKey {
    MerchantId merchant;
    std::string reference;
    friend auto operator<=>(const ReferenceKey&, const ReferenceKey&) = default;
  };
  struct ContactKey {
    MerchantId merchant;
    ContactId contact;
    friend auto operator<=>(const ContactKey&, const ContactKey&) = default;
  };
  struct PayoutKey {
    MerchantId merchant;
    PayoutId payout;
    friend auto operator<=>(const PayoutKey&, const PayoutKey&) = default;
  };
  struct TaskKey {
    MerchantId merchant;
    TaskId task;
    friend auto operator<=>(const TaskKey&, const TaskKey&) = default;
  };
  struct DeliveryKey {
    MerchantId merchant;
    DeliveryId delivery;
    friend auto operator<=>(const DeliveryKey&, const DeliveryKey&) = default;
  };
  struct ReplyKey {
    MerchantId merchant;
    std::string key;
    friend auto operator<=>(const ReplyKey&, const ReplyKey&) = default;
  };
  struct CounterKey {
    MerchantId merchant;
    std::string key;
    friend auto operator<=>(const CounterKey&, const CounterKey&) = default;
  };
  struct CredentialKey {
    std::string dialect, kind, name;
    friend auto operator<=>(const CredentialKey&, const CredentialKey&) = default;
  };

  std::vector<LinkKey> links;            // each with contact, last fund account and last payout
  std::vector<ReferenceKey> references;  // the newest link with it, loaded whole as above
  std::vector<PayoutKey> payouts;        // each with its link, loaded whole as above
  std::vector<ContactKey> contacts;
  std::vector<TaskKey> tasks;
  std::vector<LinkKey> lanes;           // deliveries of these links that are not done, whole
  std::vector<DeliveryKey> deliveries;  // whole
  std::vector<MerchantId> merchants;    // each with balances and endpoints
  // Of them, those whose balances the command changes: a store that several processes write keeps
  // them to itself until the commit. Nothing is loaded for this list.
  std::vector<MerchantId> money;
  std::vector<ReplyKey> replies;
  std::vector<CounterKey> counters;
  std::vector<CredentialKey> credentials;
  std::vector<std::string> refresh_tokens;  // by hash

  void clear();
};

// Adds what the command needs.
void add_keys(const Command& command, Keys& keys);

// Read access to what was loaded, with what earlier commands of the batch decided on top. nullptr:
// there is none.
class Loaded {
 public:
  virtual ~Loaded() = default;
  virtual const Merchant* merchant(MerchantId id) const = 0;
  virtual const Balances* balances(MerchantId id) const = 0;
  virtual const Link* link(MerchantId merchant, LinkId id) const = 0;
  virtual const Link* link_by_reference(MerchantId merchant, std::string_view reference) const = 0;
  virtual const Contact* contact(MerchantId merchant, ContactId id) const = 0;
  virtual const FundAccount* fund_account(MerchantId merchant, FundAccountId id) const = 0;
  virtual const Payout* payout(MerchantId merchant, PayoutId id) const = 0;
  virtual const Task* task(MerchantId merchant, TaskId id) const = 0;
  virtual std::vector<const Delivery*> lane(MerchantId merchant, LinkId link,
                                            EndpointId endpoint) const = 0;
  virtual const Delivery* delivery(MerchantId merchant, DeliveryId id) const = 0;
  virtual std::vector<const Endpoint*> endpoints(MerchantId merchant) const = 0;
  virtual const Counter* counter(MerchantId merchant, std::string_view key) const = 0;
  virtual const Credential* credential(std::string_view dialect, std::string_view kind,
                                       std::string_view name) const = 0;
  virtual const RefreshToken* refresh_token(std::string_view hash) const = 0;
};

// Adds what can be named only after the first load: counters by contact need the contact.
void add_late_keys(const Command& command, const Loaded& loaded, const KeyedHash& hash, Keys& keys);

// What is written, and what the caller is told. A refusal that must be remembered (a wrong OTP) has
// changes too.
struct Decision {
  Changes changes;
  Result<Reply> reply = Reply{Done{}};
};

Result<Decision> decide(const Command& command, const Loaded& loaded, const Means& means);

// The hash that chains an audit row to the one before it.
std::string audit_hash(const KeyedHash& hash, std::string_view before, const AuditRow& row);

// Puts a loaded link together with what belongs to it.
LinkView view_of(const Loaded& loaded, const Link& link);

}  // namespace disburse::core
