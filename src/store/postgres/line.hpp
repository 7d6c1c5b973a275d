// A connection that comes back: what was lost is opened again, not in a loop but when somebody
// wants it, and not before a moment has passed since the last try failed.
//
// Threads: one for each line.
#pragma once

#include <memory>

#include "store/postgres/shared.hpp"

namespace disburse::store::postgres {

class Line {
 public:
  // `round_trips`: where those of this line are counted, if anywhere.
  explicit Line(Shared& shared, std::atomic<std::uint64_t>* round_trips = nullptr)
      : shared_(shared), options_(shared.connection) {
    options_.round_trips = round_trips;
  }

  // The connection, opened if it must be. store_unavailable: not now.
  core::Result<Connection*> get(Deadline deadline);
  // True once after the connection was made anew.
  bool take_renewed() { return std::exchange(renewed_, false); }
  bool usable() const { return connection_ && connection_->usable(); }
  Connection* connection() { return connection_.get(); }
  // Notes whether the connection was lost.
  void look_after(const core::Error& error);
  void drop() { connection_.reset(); }
  // How long until the next try makes sense.
  core::Duration rest() const;

 private:
  Shared& shared_;
  ConnectionOptions options_;
  std::unique_ptr<Connection> connection_;
  bool renewed_ = false;
  core::Duration not_before_{0};  // by elapsed()
  core::Duration pause_{0};
};

}  // namespace disburse::store::postgres
