// The relay: takes committed outbox rows to a bank, a gateway or a receiver, and brings the answer
// back as a Command. The only caller of Rail::submit.
//
// Promise: a task is never carried twice at the same time; one that is lost (crash, refusal of the
// engine) is carried again, because its row is still there; a receiver or rail that hangs holds
// only its own few calls. Whatever is carried twice has the same key, event id or nonce.
//
// Where several nodes work on one store, what is taken from it is leased, and the leases of what is
// open, waits or rests are renewed. A task whose lease was lost is another node's: it is not begun
// any more. A call that is open then cannot be taken back; its answer is true all the same.
//
// Waiting is measured in time elapsed, so that a clock that is set times no open call out.
//
// Threads: a plain object without any. poll(), in_flight() and next_wake() belong to one thread.
// Answers may come on any: they are put in a mailbox, `wake` is called, and the next poll hands
// them on. The relay may go while calls are open: what is answered then is dropped.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/command.hpp"
#include "core/decide.hpp"
#include "core/public_id.hpp"
#include "notify/notifier.hpp"
#include "notify/templates.hpp"
#include "outbox/lanes.hpp"
#include "outbox/limits.hpp"
#include "outbox/mailbox.hpp"
#include "outbox/records.hpp"
#include "rails/rail.hpp"
#include "store/store.hpp"
#include "sys/clock.hpp"
#include "sys/random.hpp"
#include "webhook/sender.hpp"

namespace disburse::outbox {

// To the engine. The callback may come on any thread, also before submit returns.
using Submit =
    std::function<void(core::Command, std::function<void(const core::Result<core::Reply>&)>)>;
using FindDialect = std::function<const dialects::Dialect*(std::string_view name)>;

struct Parts {
  store::Reader& reader;  // the relay's own
  std::vector<rails::Rail*> rails;
  notify::Notifier& notifier;
  webhook::HttpSend http;
  const core::PublicIds& ids;
  const core::KeyedHash& hash;
  sys::Random& random;
  Submit submit;
  FindDialect find_dialect;  // dialects::find
  std::string public_url;
  bool sandbox = false;
  wire::AddressRule webhook_addresses = wire::AddressRule::public_only;
  notify::Dlt dlt = {};
  std::function<void()> wake = {};  // poll soon; any thread; must not block or call the relay
  Limits limits = {};
};

struct Counters {
  std::uint64_t carried = 0;    // tasks started
  std::uint64_t handed_on = 0;  // tasks that the engine took the answer of
  std::uint64_t timed_out = 0;
  std::uint64_t refused = 0;  // answers that the engine refused for good, or too often
  std::uint64_t unasked = 0;  // words of banks without a question
  std::uint64_t read_errors = 0;
  std::uint64_t leases_lost = 0;
};

class Relay {
 public:
  explicit Relay(Parts parts);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // Hands on what has come, gives up on what took too long, and starts what is due.
  void poll(sys::Moment now);
  // When to poll again though nobody wakes it, in time elapsed; none: only when something is
  // committed or answered.
  std::optional<core::Duration> next_wake() const { return next_wake_; }
  // Calls that are open or whose answer the engine has not taken yet.
  std::size_t in_flight() const { return open_.size(); }
  // Starts nothing more; poll() goes on to hand on answers. For stopping.
  void drain();
  // After the last poll: what is still open may be taken up elsewhere at once.
  void let_go();
  const Counters& counters() const { return counters_; }

 private:
  // An answer on its way to the engine.
  struct Answered {
    std::optional<core::Command> command;
    std::uint32_t submits = 0;
    std::optional<core::Duration> resubmit_at;
  };
  // A task that is being carried.
  struct Open {
    core::Task task;
    std::optional<LaneKey> lane;
    sys::Moment started;
    core::Duration deadline;
    std::optional<DeliveryPlan> delivery = {};  // of a `deliver` task
    Answered answered = {};
  };
  using OpenTasks = std::map<Run, Open>;  // in the order of starting, so that a seed repeats

  // relay.cpp
  void hand_on(sys::Moment now);
  void give_up_on_the_late(sys::Moment now);
  void submit_again(sys::Moment now);
  void end_rests(sys::Moment now);
  void start_waiting(sys::Moment now);
  void load(sys::Moment now);
  void take(std::vector<core::Task> tasks, sys::Moment now);
  bool is_full() const;
  void start_or_rest(const core::Task& task, sys::Moment now);
  void rest(const core::Task& task, sys::Moment now);
  void plan_wake(sys::Moment now);
  void wake_for_due_tasks(sys::Moment now);
  void wake_at(core::Duration at);

  // relay_leases.cpp
  void keep_leases(sys::Moment now);
  void lose(std::unordered_set<core::TaskId> tasks);
  void give_back(bool also_open);
  std::unordered_set<core::TaskId> open_tasks() const;

  // relay_answers.cpp
  void on(const BankWord& word, sys::Moment now);
  void on(const HolderWord& word, sys::Moment now);
  void on(const NoticeWord& word, sys::Moment now);
  void on(const AttemptWord& word, sys::Moment now);
  void on(const EngineWord& word, sys::Moment now);
  Open* unanswered(Run run);
  void time_out(Run run, Open& open, sys::Moment now);
  void report(Run run, Open& open, core::Command command);
  void submit(Run run, Answered& answered);
  // True when the command is to be submitted again; its time is set then.
  bool is_retried(Answered& answered, core::Code refused, sys::Moment now) const;
  void pass_on_unasked(const BankWord& word);
  void close(OpenTasks::iterator at);

  // relay_carry.cpp
  enum class Start : std::uint8_t { started, lane_full, failed };
  Start start(const core::Task& task, sys::Moment now);
  Start start_announce(const core::Task& task, sys::Moment now);
  Start start_notice(const core::Task& task, sys::Moment now);
  Start start_bank(const core::Task& task, sys::Moment now);
  Start start_delivery(const core::Task& task, sys::Moment now);
  void ask_rail(rails::Rail& rail, const core::Task& task, const rails::Order& order, LaneKey lane,
                sys::Moment now);
  Start answer_at_once(const core::Task& task, sys::Moment now, core::Command command,
                       std::optional<LaneKey> lane = std::nullopt);
  Start failed(const core::Error& error);
  std::pair<Run, Open&> open(const core::Task& task, std::optional<LaneKey> lane, sys::Moment now,
                             core::Duration limit);
  // Whether the lane takes another; if not, the task waits in it.
  bool enters(const LaneKey& lane, const core::Task& task);
  std::size_t room_of(const LaneKey& lane) const;
  dialects::Context context(core::Instant now);
  std::optional<std::size_t> rail_number(std::string_view name) const;

  Parts parts_;
  webhook::Sender sender_;
  Records records_;
  Lanes lanes_;
  std::shared_ptr<Mailbox> mailbox_;  // owners: the relay and every open call
  OpenTasks open_;
  std::map<Run, Answered> unasked_;
  // Open, waiting or resting: not to be taken from a load. Whose they are names them to the store.
  std::unordered_map<core::TaskId, core::MerchantId> known_;
  std::multimap<core::Duration, core::TaskId> resting_;  // by the end of the rest
  // Links of which an announcement rests, with the end of its rest: later ones must not overtake
  // it.
  std::map<core::LinkId, core::Duration> resting_links_;
  Run last_run_ = 0;
  bool draining_ = false;
  bool more_to_load_ = false;
  bool found_nothing_ = false;  // at the last load
  const bool leased_;           // what is taken from the store is leased
  core::Duration kept_at_{};    // when the leases of everything known were last good
  core::Duration keep_at_{};
  core::Duration load_not_before_{};
  std::optional<core::Duration> next_wake_;
  Counters counters_;
};

}  // namespace disburse::outbox
