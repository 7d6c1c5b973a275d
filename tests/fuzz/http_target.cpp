// The server's own reader, from bytes to requests: a real Connection over a stream of bytes that
// come in any pieces.
//
// The same bytes in other pieces must be the same requests; a request that was understood must be
// the same one when it is written down and read again (two readers of the same bytes is what
// request smuggling lives of); every request is answered once and in order.
#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/answers.hpp"
#include "fuzz/oracle.hpp"
#include "fuzz/targets.hpp"
#include "wire/connection.hpp"

namespace disburse::fuzz {
namespace {

using wire::Connection;
using wire::Request;
using wire::Respond;
using wire::Response;

// Small, so that inputs meet them.
wire::ServerOptions options() {
  wire::ServerOptions out;
  out.limits.header_bytes = 1'024;
  out.limits.target_bytes = 200;
  out.limits.header_count = 12;
  out.limits.body_bytes = 600;
  return out;
}

// What is written down may have a line more.
wire::ServerOptions wide_options() { return {}; }

// A request as text that another one can be compared with.
std::string told(const Request& request) {
  std::string out(wire::name(request.method));
  out.append(" ").append(request.target).append("\n");
  for (const wire::Header& header : request.headers)
    out.append(header.name).append("=").append(header.value).append("\n");
  return out.append("\n").append(request.body);
}

// The same request in the plainest way of writing it.
std::string written(const Request& request, std::string_view method) {
  std::string out(method);
  out.append(" ").append(request.target).append(" HTTP/1.1\r\n");
  for (const wire::Header& header : request.headers) {
    const bool framing = wire::equal_ignoring_case(header.name, "transfer-encoding") ||
                         wire::equal_ignoring_case(header.name, "content-length") ||
                         wire::equal_ignoring_case(header.name, "expect");
    if (!framing) out.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  if (!request.has_header("host")) out += "Host: a\r\n";
  out += "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n";
  return out.append(request.body);
}

struct Heard {
  std::vector<std::string> requests;
  std::vector<std::string> again;  // the same requests, to be sent once more
  std::vector<bool> head_only;
  std::string output;
};

class OneConnection final : public wire::ServerState {
 public:
  using wire::ServerState::ServerState;
  bool on_socket_thread() const override { return true; }
  void deliver(wire::ConnectionPtr connection, Response&& response) override {
    connection->deliver(std::move(response));
  }
  void forget(Connection&) override {}
};

// The client's side and the socket in one.
class Stream final : public Connection {
 public:
  Stream(wire::ServerStatePtr server, std::string& output, std::size_t at_once)
      : Connection(std::move(server), "127.0.0.1", false), output_(output), at_once_(at_once) {}

  // Gives it everything, in pieces, and takes what it writes.
  void play(std::string_view bytes, std::size_t piece, const std::function<bool()>& answer) {
    begin();
    while (!closed_ && (step(bytes, piece) || answer())) {
    }
    if (!closed_) close();
  }

 private:
  bool step(std::string_view& bytes, std::size_t piece) {
    if (!to_write_.empty()) {
      const std::size_t count = std::min(to_write_.size(), at_once_);
      output_ += to_write_.substr(0, count);
      to_write_ = {};
      on_written(false, count);
      return true;
    }
    if (!wants_read_) return false;
    require(!space_.empty(), "there is always room for a read");
    wants_read_ = false;
    const std::size_t count = std::min({piece, space_.size(), bytes.size()});
    if (count == 0) {  // the end of what the client sends
      on_read(true, 0);
      return true;
    }
    std::copy_n(bytes.begin(), count, space_.begin());
    bytes.remove_prefix(count);
    on_read(false, count);
    return true;
  }

  void start_handshake() override {}
  void start_read(std::span<char> space) override {
    require(!wants_read_, "one read at a time");
    wants_read_ = true;
    space_ = space;
  }
  void start_write(std::string_view bytes) override {
    require(to_write_.empty() && !bytes.empty(), "one write at a time, of something");
    to_write_ = bytes;
  }
  std::size_t write_now(std::string_view bytes) override {
    const std::size_t count = std::min(bytes.size(), at_once_);
    output_ += bytes.substr(0, count);
    return count;
  }
  bool start_goodbye() override { return false; }
  void shut_sending() override {}
  void close_stream() override { closed_ = true; }

  std::string& output_;
  std::size_t at_once_;
  std::span<char> space_;
  std::string_view to_write_;
  bool wants_read_ = false;
  bool closed_ = false;
};

void check_request(const Request& request, const wire::ServerLimits& limits) {
  require(request.target.size() <= limits.target_bytes, "a target has a limit");
  require(request.headers.size() <= limits.header_count, "headers have a limit");
  require(request.body.size() <= limits.body_bytes, "a body has a limit");
  require(request.path == "*" || request.path.starts_with('/'), "a path begins with a slash");
  require(!(request.has_header("transfer-encoding") && request.has_header("content-length")),
          "a body has one length");
  for (const wire::Header& header : request.headers) {
    require(!header.name.empty() && header.name.find_first_of(" \t\r\n:") == std::string_view::npos,
            "a header has a name", header.name);
    require(header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos,
            "a header is one line", header.value);
  }
}

std::string method_text(const Request& request) {
  // What is "other" had a name that the request does not keep.
  return request.method == wire::Method::other ? "OTHER" : std::string(wire::name(request.method));
}

// With `later` answers are given when nothing else is left to do, as the engine's are.
Heard play(std::string_view bytes, std::size_t piece, std::size_t at_once, bool later,
           const wire::ServerOptions& given = options()) {
  Heard heard;
  Respond waiting;
  const auto answer = [&heard, &waiting] {
    if (!waiting) return false;
    Respond respond = std::exchange(waiting, Respond());
    respond(Response{.content_type = "text/plain",
                     .body = "answer " + std::to_string(heard.requests.size())});
    return true;
  };
  const auto server = std::make_shared<OneConnection>(
      given, [&heard, &waiting, &answer, &given, later](const Request& request, Respond respond) {
        check_request(request, given.limits);
        heard.requests.push_back(told(request));
        heard.again.push_back(written(request, method_text(request)));
        heard.head_only.push_back(request.method == wire::Method::head);
        waiting = std::move(respond);
        if (!later) answer();
      });
  const auto stream = std::make_shared<Stream>(server, heard.output, at_once);
  stream->play(bytes, piece, answer);
  require(server->totals.requests_in_flight == 0, "no request stays in flight");
  require(server->buffered == 0, "nothing stays buffered");
  return heard;
}

}  // namespace

void fuzz_http(std::string_view input) {
  Choices choices(input);
  const std::size_t piece = 1 + choices.below(40);
  const std::size_t at_once = 1 + choices.below(255);
  const std::string_view bytes = choices.rest();
  const Heard whole = play(bytes, bytes.size() + 1, bytes.size() + 10'000, false);
  const Heard pieces = play(bytes, piece, at_once, true);
  require(whole.requests == pieces.requests, "pieces do not matter to what is understood", bytes);
  const auto statuses = read_answers(whole.output, whole.head_only);
  const auto statuses_of_pieces = read_answers(pieces.output, pieces.head_only);
  require(statuses.size() == statuses_of_pieces.size(), "pieces do not matter to refusals", bytes);
  // What is too long is seen sooner in pieces, and by another of its lengths; so are line ends that
  // are none in HTTP.
  const bool same_words =
      bytes.size() <= options().limits.header_bytes && bytes.find("\n\n") == std::string_view::npos;
  if (same_words)
    require(statuses == statuses_of_pieces, "pieces do not matter to how it is refused", bytes);
  require(statuses.size() <= whole.requests.size() + 1, "one answer each, and one refusal", bytes);
  require(statuses.size() >= whole.requests.size(), "every request is answered", bytes);
  for (std::size_t i = 0; i < whole.again.size(); ++i) {
    const Heard again = play(whole.again[i], 100'000, 100'000, false, wide_options());
    require(again.requests.size() == 1, "a request written is one request", whole.again[i]);
    require(again.again[0] == whole.again[i], "a request written is read as the same one",
            whole.again[i]);
  }
}

}  // namespace disburse::fuzz
