// What the connections of one server share: options, totals, the tick and the date.
//
// Threads: the socket thread, but for the totals and deliver(). Internal to the server.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "wire/server.hpp"

namespace disburse::wire {

class Connection;
using ConnectionPtr = std::shared_ptr<Connection>;  // owners: the server, its I/O, its Respond

// Written by the socket thread, read by any.
struct ServerTotals {
  std::atomic<std::uint64_t> connections_open{0};
  std::atomic<std::uint64_t> connections_accepted{0};
  std::atomic<std::uint64_t> connections_refused{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> requests_in_flight{0};
  std::atomic<std::uint64_t> refusals{0};
  std::atomic<std::uint64_t> bytes_in{0};
  std::atomic<std::uint64_t> bytes_out{0};
};

// What a connection needs of its server. Deadlines are counted in ticks of the server's one timer:
// cheaper than a timer each, and no clock is read for a request.
class ServerState {
 public:
  ServerState(ServerOptions given, Handler handle);
  virtual ~ServerState() = default;

  virtual bool on_socket_thread() const = 0;
  // Brings an answer to the socket thread. Any thread.
  virtual void deliver(ConnectionPtr connection, Response&& response) = 0;
  virtual void forget(Connection& connection) = 0;  // it has closed

  // The tick at which something that begins now and takes this long is late.
  std::uint64_t tick_after(std::chrono::milliseconds time) const;

  const ServerOptions options;
  const Handler handler;
  const std::chrono::milliseconds tick_length;
  std::uint64_t tick = 1;
  std::string date;  // the header line
  bool draining = false;
  std::size_t buffered = 0;  // bytes that the connections hold; ServerLimits::buffered_bytes
  ServerTotals totals;
};

using ServerStatePtr = std::shared_ptr<ServerState>;  // owners: the server, its connections

}  // namespace disburse::wire
