// What the relay's tests stand on: a memory store with one link, a rail, a gateway and receivers
// that answer when the test says so, and a dialect of the test's own.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "outbox/relay.hpp"
#include "store/memory/memory_store.hpp"
#include "sys/clock.hpp"
#include "sys/crypto.hpp"
#include "sys/random.hpp"

namespace disburse::outbox::testing {

inline constexpr core::MerchantId kMerchant{1};
inline constexpr core::LinkId kLink{1000};
inline constexpr core::ContactId kContact{1001};
inline constexpr core::FundAccountId kFundAccount{1002};
inline constexpr core::PayoutId kPayout{1003};

class TestHash final : public core::KeyedHash {
 public:
  Hash operator()(std::string_view bytes) const override { return sys::hmac_sha256("test", bytes); }
};

inline core::PublicIds test_ids() {
  const sys::SecretKey key(sys::SecretKey::Array{7});
  core::PublicIds::Keys first{};
  first.claim_cipher = std::make_unique<sys::Aes256Block>(key);
  std::vector<core::PublicIds::Keys> keys;
  keys.push_back(std::move(first));
  return core::PublicIds(std::move(keys));
}

class HeldRail final : public rails::Rail {
 public:
  std::string_view name() const override { return "held"; }
  void submit(const rails::Order& order, std::function<void(rails::RailReply)> answer) override {
    orders.push_back(order);
    answers.push_back(std::move(answer));
  }
  void verify(const rails::Order& order, std::function<void(rails::HolderReply)> answer) override {
    verified.push_back(order);
    holders.push_back(std::move(answer));
  }
  void listen(Listener heard) override { listener = std::move(heard); }

  std::vector<rails::Order> orders;
  std::vector<std::function<void(rails::RailReply)>> answers;
  std::vector<rails::Order> verified;
  std::vector<std::function<void(rails::HolderReply)>> holders;
  Listener listener;
};

class HeldNotifier final : public notify::Notifier {
 public:
  void send(const notify::Message& message, Answer answer) override {
    messages.push_back(message);
    answers.push_back(std::move(answer));
  }
  std::vector<notify::Message> messages;
  std::vector<Answer> answers;
};

// A language in which an event is its topic's name and the link's state.
namespace plain {
inline std::vector<dialects::Event> events(const core::Task& task, const core::LinkView& view,
                                           const core::Merchant& merchant,
                                           const dialects::Context& context) {
  dialects::Event event;
  event.name = core::name(task.topic);
  event.event_id = "ev" + std::to_string(task.id.value);
  event.body = merchant.name + ":" +
               std::string(core::name(core::state_at(view.link, context.now))) +
               (view.payout ? ":" + view.payout->utr : "");
  event.query = {{"event", event.name}};
  return {event};
}
inline bool wants(const core::Endpoint& endpoint, std::span<const core::Endpoint>,
                  std::string_view event) {
  return endpoint.events.empty() || endpoint.events.front() == event;
}
inline std::string link_url(const core::Link&, const dialects::Context& context) {
  return std::string(context.public_url) + "/i/code";
}
inline std::optional<core::Duration> retry_after(std::uint32_t tries, core::Duration) {
  if (tries >= 3) return std::nullopt;
  return std::chrono::minutes(tries);
}
constexpr dialects::Dialect dialect(std::string_view name) {
  dialects::Dialect made{};
  made.name = name;
  made.link_url = link_url;
  made.events = events;
  made.wants = wants;
  made.webhook.method = "POST";
  made.webhook.time_limit = std::chrono::seconds(5);
  made.webhook.signature_header = "x-signature";
  made.webhook.retry_after = retry_after;
  made.webhook.giving_up_disables_endpoint = true;
  return made;
}
inline constexpr dialects::Dialect kDialect = dialect("plain");
inline constexpr dialects::Dialect kOther = dialect("other");
}  // namespace plain

inline const dialects::Dialect* find_test_dialect(std::string_view name) {
  if (name == "plain") return &plain::kDialect;
  if (name == "other") return &plain::kOther;
  return nullptr;
}

// A relay whose commands are kept instead of carried out. The engine's answers come when the test
// gives them, or at once while `engine_answers` is set.
class World {
 public:
  World() : reader(*store->reader()) {
    core::Changes changes;
    core::Merchant merchant;
    merchant.id = kMerchant;
    merchant.name = "Acme";
    changes.merchants.push_back(merchant);
    changes.balances.push_back({.merchant = kMerchant, .version = 1});
    core::Contact contact;
    contact.merchant = kMerchant;
    contact.id = kContact;
    contact.name = "Gaurav Kumar";
    contact.phone = "9876543210";
    contact.email = "gaurav.kumar@example.com";
    changes.contacts.push_back(contact);
    changes.fund_accounts.push_back(account());
    put(std::move(changes));
    link.merchant = kMerchant;
    link.id = kLink;
    link.state = core::LinkState::processing;
    link.amount = *core::Money::from_paise(1000);
    link.dialect = "plain";
    link.contact = kContact;
    link.fund_account = kFundAccount;
    link.payout = kPayout;
    link.attempts = 1;
    payout.merchant = kMerchant;
    payout.id = kPayout;
    payout.link = kLink;
    payout.fund_account = kFundAccount;
    payout.state = core::PayoutState::sent;
    payout.amount = link.amount;
    payout.mode = "IMPS";
    payout.rail = "held";
    payout.key = "DSB1";
    payout.created_at = clock.now();
    payout.sent_at = clock.now();
    save();
  }

  static core::FundAccount account() {
    core::FundAccount made;
    made.merchant = kMerchant;
    made.id = kFundAccount;
    made.contact = kContact;
    made.holder_name = "Gaurav Kumar";
    made.account_number = core::SecretText("123456789012");
    made.ifsc = "HDFC0000001";
    return made;
  }

  void put(core::Changes changes) { ASSERT_TRUE(store->commit(changes)); }

  // Stores the link and the payout as the test has changed them.
  void save() {
    ++link.version;
    ++payout.version;
    core::Changes changes;
    changes.links.push_back(link);
    changes.payouts.push_back(payout);
    put(std::move(changes));
  }

  core::Task task(core::TaskKind kind) {
    core::Task made;
    made.merchant = kMerchant;
    made.id = core::TaskId{++last_id};
    made.kind = kind;
    made.due_at = clock.now();
    made.link = kLink;
    if (kind == core::TaskKind::pay || kind == core::TaskKind::verify) made.payout = kPayout;
    return made;
  }

  core::TaskId add(core::Task made) {
    core::Changes changes;
    changes.tasks.push_back(made);
    put(std::move(changes));
    return made.id;
  }

  core::EndpointId add_endpoint(std::string dialect = "plain", bool all_links = false,
                                std::vector<std::string> events = {}) {
    core::Endpoint made;
    made.merchant = kMerchant;
    made.id = core::EndpointId{++last_id};
    made.dialect = std::move(dialect);
    made.url = "https://example.com/" + std::to_string(made.id.value);
    made.secret = core::SecretText("s");
    made.events = std::move(events);
    made.all_links = all_links;
    core::Changes changes;
    changes.endpoints.push_back(made);
    put(std::move(changes));
    endpoints[made.id] = made;
    return made.id;
  }

  // A delivery that is due, with its task.
  core::TaskId add_delivery(core::EndpointId endpoint, std::uint32_t tries = 0) {
    core::Delivery made;
    made.merchant = kMerchant;
    made.link = kLink;
    made.endpoint = endpoint;
    made.id = core::DeliveryId{++last_id};
    made.state = core::DeliveryState::due;
    made.url = endpoints[endpoint].url;
    made.body = "{}";
    made.secret = core::SecretText("s");
    made.tries = tries;
    made.created_at = clock.now();
    core::Task carried = task(core::TaskKind::deliver);
    carried.delivery = made.id;
    core::Changes changes;
    changes.deliveries.push_back(made);
    changes.tasks.push_back(carried);
    put(std::move(changes));
    return carried.id;
  }

  void remove(core::TaskId id) {
    core::Changes changes;
    changes.tasks_done.emplace_back(kMerchant, id);
    put(std::move(changes));
  }

  void poll() { relay->poll(clock.moment()); }
  void advance(core::Duration by) { clock.advance(by); }
  void set_the_clock(core::Duration by) { clock.jump(by); }

  // The engine's answer to the oldest command that has none.
  void answer(core::Result<core::Reply> reply = core::Reply{core::Done{}}) {
    auto done = std::move(waiting.front());
    waiting.pop_front();
    done(reply);
  }

  template <class Command>
  std::vector<Command> said() const {
    std::vector<Command> found;
    for (const core::Command& command : commands) {
      if (const auto* one = std::get_if<Command>(&command)) found.push_back(*one);
    }
    return found;
  }

  Parts parts() {
    return Parts{
        .reader = *reader,
        .rails = {&rail},
        .notifier = notifier,
        .http =
            [this](wire::OutgoingRequest request, std::function<void(wire::OutgoingAnswer)> done) {
              requests.push_back(std::move(request));
              receivers.push_back(std::move(done));
            },
        .ids = ids,
        .hash = hash,
        .random = random,
        .submit =
            [this](core::Command command,
                   std::function<void(const core::Result<core::Reply>&)> done) {
              commands.push_back(std::move(command));
              waiting.push_back(std::move(done));
              if (engine_answers) answer();
            },
        .find_dialect = find_test_dialect,
        .public_url = "https://pay.example.com",
        .wake = [this] { ++wakes; },
        .limits = limits};
  }

  // With other limits, or as after a restart.
  void make_relay() { relay = std::make_unique<Relay>(parts()); }

  sys::ManualClock clock;
  std::unique_ptr<store::MemoryStore> store = store::make_memory_store();
  std::unique_ptr<store::Reader> reader;
  core::PublicIds ids = test_ids();
  TestHash hash;
  sys::SeededRandom random{1};
  HeldRail rail;
  HeldNotifier notifier;
  Limits limits;
  core::Link link;
  core::Payout payout;
  std::map<core::EndpointId, core::Endpoint> endpoints;
  std::vector<wire::OutgoingRequest> requests;
  std::vector<std::function<void(wire::OutgoingAnswer)>> receivers;
  std::vector<core::Command> commands;
  std::deque<std::function<void(const core::Result<core::Reply>&)>> waiting;
  bool engine_answers = true;
  int wakes = 0;
  std::uint64_t last_id = 5000;
  std::unique_ptr<Relay> relay = std::make_unique<Relay>(parts());
};

inline wire::OutgoingAnswer http_answer(int status) {
  wire::OutgoingAnswer answer;
  answer.status = status;
  if (status == 0) answer.failure = wire::Failure::timeout;
  return answer;
}

inline rails::RailReply bank_reply(core::BankOutcome outcome, std::string utr = {}) {
  rails::RailReply reply;
  reply.outcome = outcome;
  reply.utr = std::move(utr);
  return reply;
}

}  // namespace disburse::outbox::testing
