// Outgoing HTTP and HTTPS.
//
// Promise: each send is answered exactly once, whatever happens; a receiver that hangs holds only
// its own few connections; no redirect, proxy or cookie; a name is resolved by the same call that
// connects, so that what was checked is what is called. A request may arrive twice, when a kept
// connection turns out to be dead after it was written: send a key with what must not happen twice.
// Threads: send() and stop() from any. Answers come on the client's one thread and must not block.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wire/http.hpp"

struct sockaddr;

namespace disburse::wire {

// Which addresses may be called. Targets that users choose must not reach inside.
enum class AddressRule : std::uint8_t { public_only, any };

// False for private, loopback, link-local (cloud metadata too), shared (CGNAT), multicast,
// documentation, benchmark, reserved and unspecified addresses, for IPv6 forms that carry such an
// IPv4 address (mapped, compatible, NAT64, 6to4, Teredo), and for anything that is not IPv4 or
// IPv6.
bool is_public_address(const sockaddr& address);
bool is_public_address(std::string_view text);  // "10.0.0.1", "fe80::1"; false when it is neither

struct OutgoingRequest {
  Method method = Method::post;
  std::string url;  // http and https only
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::chrono::milliseconds timeout{10'000};  // from its first byte to the answer's last
  std::chrono::milliseconds connect_timeout{5'000};
  std::size_t max_answer_bytes = 64 * 1024;  // a longer body is Failure::too_large
  AddressRule addresses = AddressRule::public_only;
};

enum class Failure : std::uint8_t {
  none,
  timeout,            // it may have arrived
  connect,            // no address, or nobody there: it was not sent
  tls,                // the other side is not who it should be: it was not sent
  forbidden_address,  // by the AddressRule: it was not sent
  too_large,          // it arrived; the answer is longer than allowed
  other,              // stopped, too many waiting, not HTTP, cut off: it may have arrived
};

std::string_view name(Failure failure);

struct OutgoingAnswer {
  int status = 0;  // 0 when there was no answer
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  Failure failure = Failure::none;
  std::string error = {};  // why, for the log; empty on success
  bool sent = false;       // false only when certainly nothing of the request left this machine
  std::chrono::milliseconds took{0};

  std::string_view header(std::string_view name) const;  // in any case; empty when not there
};

struct HttpClientOptions {
  std::size_t connections_per_host = 8;  // the rest for this host waits, and its time with it
  std::size_t connections = 256;         // at once, in all
  std::size_t open = 10'000;             // sent or waiting; beyond: Failure::other at once
  std::size_t answer_headers = 200;      // beyond: left out
  std::string user_agent = "Disburse";
  std::string ca_file = {};  // PEM; instead of the system's store
};

class HttpClient {
 public:
  using Answer = std::function<void(OutgoingAnswer)>;

  explicit HttpClient(HttpClientOptions options = {});
  ~HttpClient();  // stops; not from within an answer
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // After stop() the answer comes at once, on the calling thread.
  void send(OutgoingRequest request, Answer answer);

  // Answers all that is open with Failure::other and ends the thread; waits for it, except when
  // called by an answer.
  void stop();

  std::size_t open() const;  // sent and not yet answered

 private:
  std::unique_ptr<class HttpClientCore> core_;
};

}  // namespace disburse::wire
