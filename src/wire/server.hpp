// The HTTP/1.1 server: one thread, all sockets, with or without TLS.
//
// Promise: every request that was read whole is answered exactly once and in order; a slow, silent
// or hostile client costs no more than the limits say; nothing here throws.
// Threads: run() makes its caller the socket thread. Handlers and timers run on it and must not
// block. drain(), post(), run_after(), counters() and Respond may be called from any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "wire/http.hpp"

namespace disburse::wire {

struct ServerLimits {
  std::size_t header_bytes = 16 * 1024;     // request line and headers together; beyond: 431
  std::size_t target_bytes = 8 * 1024;      // of the request line's target; beyond: 414
  std::size_t header_count = 100;           // beyond: 431
  std::size_t body_bytes = 1024 * 1024;     // where no body_limit says otherwise; beyond: 413
  std::size_t connections = 10'000;         // beyond: 503 and closed at once
  std::size_t requests_in_flight = 10'000;  // with handlers; beyond: 503
  std::size_t pipelined_answer_bytes = 256 * 1024;  // kept back before the client must read
  // Of all connections together: bodies that are not whole yet or being worked on, and answers that
  // their clients do not take. Beyond: a body that needs more is refused with 503, and a client
  // that does not take its answer is cut off.
  std::size_t buffered_bytes = 64 * 1024 * 1024;

  std::chrono::milliseconds idle_timeout{75'000};    // between two requests
  std::chrono::milliseconds header_timeout{10'000};  // first byte to last header; TLS handshake
  std::chrono::milliseconds body_timeout{30'000};    // end of headers to end of body, and ...
  std::chrono::milliseconds write_timeout{30'000};   // start to end of a write, and ...
  std::size_t bytes_per_second = 16 * 1024;  // ... a second more for each of these that passed
  std::chrono::milliseconds linger{2'000};  // after an early refusal: time to take what still comes
  std::chrono::milliseconds drain_quiet{100};  // when draining: silent connections live this long
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free port
  // Both or neither: PEM files. With them the port speaks TLS 1.2 and later only.
  std::string certificate_file = {};
  std::string key_file = {};
  ServerLimits limits = {};

  // The most bytes that a body may have on this route; called once the headers are there. Must not
  // throw.
  std::function<std::size_t(Method, std::string_view path)> body_limit = {};
  // Shapes what the server itself refuses (400, 408, 413, 414, 417, 431, 500, 501, 503, 505). Of
  // the request only what was understood is set. Without it, or when it fails: text/plain.
  std::function<Response(int status, const Request&)> error_response = {};
};

// Where an answer goes.
class Answerable {
 public:
  virtual ~Answerable() = default;
  virtual void answer(Response&& response) = 0;  // any thread
  virtual void abandon() = 0;                    // nobody will answer; any thread
};

using AnswerablePtr = std::shared_ptr<Answerable>;  // owners: its I/O, and whoever will answer

// Answers one request, once, from any thread. Dropped without a call, the server answers 500.
class Respond {
 public:
  Respond() = default;
  explicit Respond(AnswerablePtr target) : target_(std::move(target)) {}
  Respond(Respond&&) noexcept = default;
  Respond& operator=(Respond&& other) noexcept;
  ~Respond();

  void operator()(Response&& response);
  explicit operator bool() const { return target_ != nullptr; }  // still to be answered

 private:
  AnswerablePtr target_;
};

// A Respond without a connection, for tests and benchmarks of handlers.
Respond respond_to(std::function<void(Response&&)> answer);

// The request stays valid until the answer is given.
using Handler = std::function<void(const Request&, Respond)>;

struct ServerCounters {
  std::uint64_t connections_open = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_refused = 0;  // beyond the limit
  std::uint64_t requests = 0;             // given to the handler
  std::uint64_t requests_in_flight = 0;
  std::uint64_t refusals = 0;  // answered by the server itself: malformed, too large, too slow
  std::uint64_t bytes_in = 0;  // after decryption
  std::uint64_t bytes_out = 0;
};

class Server {
 public:
  Server(ServerOptions options, Handler handler);
  ~Server();  // after run() has returned, or when it was never called
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  core::Result<void> listen();  // binds; clients may connect, and wait until run()
  std::uint16_t port() const;   // the real one, after listen()
  void run();                   // the socket thread; returns once drained

  // Stops accepting, finishes what was accepted, then makes run() return. What is not finished
  // within the grace is cut off. Does not wait itself.
  void drain(std::chrono::milliseconds grace);

  void post(std::function<void()> task);  // runs it on the socket thread
  // There, too, once what has come in so far has been looked at. From the socket thread.
  void defer(std::function<void()> task);
  // Runs it at once, here; what it posts and answers is carried to the socket thread together.
  void together(const std::function<void()>& task);
  void run_after(std::chrono::milliseconds delay, std::function<void()> task);  // once, there too
  ServerCounters counters() const;

 private:
  std::shared_ptr<class ServerCore> core_;  // owners: this, and each of its connections
};

}  // namespace disburse::wire
