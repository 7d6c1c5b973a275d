#include "store/postgres/line.hpp"

#include <poll.h>

#include <algorithm>

namespace disburse::store::postgres {

using core::Duration;
using core::fail;
using core::Result;

namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(50);
constexpr Duration kLongestPause = std::chrono::seconds(1);
constexpr Duration kMoment = std::chrono::milliseconds(20);

}  // namespace

void pause(Duration wait) {
  // Nothing to wait for but the time.
  poll(nullptr, 0, static_cast<int>(std::max(wait, kMoment).count()));
}

Duration Line::rest() const {
  return std::max(not_before_ - sys::RealClock().elapsed(), Duration::zero());
}

Result<Connection*> Line::get(Deadline deadline) {
  if (usable()) return connection_.get();
  connection_.reset();
  if (rest() > Duration::zero())
    return fail(core::Code::store_unavailable, {}, "the database was away a moment ago");
  auto opened = Connection::open(shared_.target, options_, deadline);
  if (!opened) {
    shared_.reached = false;
    pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
    not_before_ = sys::RealClock().elapsed() + pause_;
    return tl::unexpected(opened.error());
  }
  pause_ = Duration::zero();
  connection_ = std::move(*opened);
  renewed_ = true;
  shared_.reached = true;
  return connection_.get();
}

void Line::look_after(const core::Error& error) {
  if (error.code == core::Code::store_unavailable && !usable()) shared_.reached = false;
}

}  // namespace disburse::store::postgres
