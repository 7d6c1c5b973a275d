#include "wire/connection.hpp"

#include <algorithm>
#include <cassert>
#include <exception>

#include "wire/path.hpp"
#include "wire/response_writer.hpp"

namespace disburse::wire {

namespace {

constexpr std::size_t kReadBytes = 8 * 1024;       // a request rarely needs more
constexpr std::size_t kLeastSpace = 2 * 1024;      // less is not worth a read
constexpr std::size_t kBodyStepBytes = 64 * 1024;  // a long body's memory grows as it arrives
constexpr std::size_t kKeptBytes = 16 * 1024;      // larger buffers are given back
constexpr std::chrono::milliseconds kForever{0};
constexpr int kNobodyAnswered = 0;  // in place of a status

// Methods begin with a letter. What begins otherwise is another protocol, most often TLS.
bool may_be_method(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

void give_back(std::string& buffer) {
  buffer.clear();
  if (buffer.capacity() > kKeptBytes) std::string().swap(buffer);
}

}  // namespace

Connection::Connection(ServerStatePtr server, std::string peer, bool secure)
    : server_(std::move(server)),
      limits_(server_->options.limits),
      peer_(std::move(peer)),
      secure_(secure) {}

void Connection::begin() {
  enter(Phase::handshaking, limits_.header_timeout);
  if (secure_) return start_handshake();
  on_handshake(false);
}

void Connection::on_handshake(bool failed) {
  if (phase_ == Phase::closed) return;
  if (failed) return close();
  // Who connects has something to say: the first request gets less time than later ones.
  enter(Phase::idle, limits_.header_timeout);
  read();
}

void Connection::answer(Response&& response) {
  if (server_->on_socket_thread()) return deliver(std::move(response));
  server_->deliver(shared_from_this(), std::move(response));
}

void Connection::abandon() { answer(Response{.status = kNobodyAnswered}); }

void Connection::deliver(Response&& response) {
  if (phase_ != Phase::handling) return;  // cut off meanwhile
  const bool valid = response.status >= 200 && response.status <= 999;
  if (!valid) response = refusal(500);
  finish(response);
  advance();
}

void Connection::check_deadline() {
  const auto passed = [this](std::uint64_t deadline) {
    return deadline != 0 && server_->tick >= deadline;
  };
  if (passed(write_deadline_)) return close();
  if (!passed(deadline_)) return;
  if (writing_ || (phase_ != Phase::head && phase_ != Phase::body)) return close();
  refuse(408);
  advance();
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  if (phase_ == Phase::handling) server_->totals.requests_in_flight.fetch_sub(1);
  phase_ = Phase::closed;
  deadline_ = write_deadline_ = 0;
  close_stream();
  server_->buffered -= held_;
  server_->forget(*this);
}

// Does all that can be done without waiting, then starts to wait for the one thing that is next.
void Connection::advance() {
  if (advancing_) return;
  advancing_ = true;
  bool others_turn = false;  // after one buffer full: a long pipeline must not hold everybody up
  do {
    while (out_.size() < limits_.pipelined_answer_bytes && step()) {
    }
  } while (!out_.empty() && flush(std::exchange(others_turn, true)));
  advancing_ = false;

  if (phase_ == Phase::closed) return;
  if (holds_too_much() && writing_ && held_ > kKeptBytes) return close();
  if (writing_) return;
  if (phase_ == Phase::closing) return end();
  if (phase_ == Phase::idle || phase_ == Phase::head || phase_ == Phase::body) read();
}

// True when something was done and there may be more to do.
bool Connection::step() {
  switch (phase_) {
    case Phase::idle:
    case Phase::head:
      return take_head();
    case Phase::body:
      return take_body();
    case Phase::handshaking:
    case Phase::handling:
    case Phase::closing:
    case Phase::lingering:
    case Phase::closed:
      return false;
  }
  return false;
}

bool Connection::take_head() {
  if (phase_ == Phase::idle) {
    // RFC 9112 section 2.2: empty lines before a request are passed over.
    while (input_.readable().starts_with("\r\n")) input_.consume(2);
    if (input_.size() == 0 || input_.readable() == "\r") {
      if (!server_->draining) return false;
      linger_ = true;
      enter(Phase::closing, kForever);
      return false;
    }
    searched_ = 0;
    enter(Phase::head, limits_.header_timeout);
    if (!may_be_method(input_.readable().front())) return refuse(400);
  }
  const std::size_t end = input_.readable().find("\r\n\r\n", searched_);
  if (end == std::string_view::npos) return await_more_head();
  return take_parsed_head(end + 4);
}

bool Connection::await_more_head() {
  const std::string_view bytes = input_.readable();
  if (bytes.find("\n\n", searched_) != std::string_view::npos) return refuse(400);
  if (bytes.size() > limits_.header_bytes) {
    return refuse(bytes.find("\r\n") > limits_.target_bytes ? 414 : 431);
  }
  searched_ = bytes.size() < 3 ? 0 : bytes.size() - 3;
  return false;
}

// The status to refuse the head with, or 0. Sets the request, as far as it is understood.
int Connection::understand_head(std::string_view bytes) {
  if (bytes.size() > limits_.header_bytes) return 431;
  const int status = parser_.parse_head(bytes, limits_.header_count, head_);
  if (status != 0) return status;
  if (head_.target.size() > limits_.target_bytes) return 414;
  request_.method = head_.method;
  request_.target = head_.target;
  request_.headers = head_.headers;
  request_.peer = peer_;
  request_.secure = secure_;
  if (!normalise_target(head_.target, request_.path, request_.query)) return 400;
  if (head_.chunked || head_.content_length.value_or(0) > 0) {
    body_most_ = body_limit();
    if (head_.content_length.value_or(0) > body_most_) return 413;
  }
  return 0;
}

bool Connection::take_parsed_head(std::size_t head_bytes) {
  const int status = understand_head(input_.readable().substr(0, head_bytes));
  if (status != 0) return refuse(status);
  head_bytes_ = head_bytes;
  if (!head_.chunked && head_.content_length.value_or(0) == 0) return dispatch(head_bytes);

  body_filled_ = 0;
  own_body_ = head_.chunked;
  body_started_ = server_->tick;
  enter(Phase::body, limits_.body_timeout);
  if (head_.expects_continue && head_.http_11 && input_.size() == head_bytes) {
    out_ += "HTTP/1.1 100 Continue\r\n\r\n";
  }
  return true;
}

std::size_t Connection::body_limit() const {
  const auto& limit = server_->options.body_limit;
  return limit ? limit(request_.method, request_.path) : limits_.body_bytes;
}

bool Connection::take_body() { return head_.chunked ? take_chunks() : take_sized_body(); }

bool Connection::take_sized_body() {
  const auto length = static_cast<std::size_t>(*head_.content_length);
  if (own_body_) {
    if (body_filled_ < length) return false;
    request_.body = body_;
    return dispatch(head_bytes_);
  }
  const std::string_view after_head = input_.readable().substr(head_bytes_);
  if (after_head.size() >= length) {
    request_.body = after_head.substr(0, length);
    return dispatch(head_bytes_ + length);
  }
  if (head_bytes_ + length <= kReadBytes) return false;  // will fit behind the head
  own_body_ = true;
  body_.assign(after_head);
  body_filled_ = body_.size();
  input_.erase(head_bytes_, body_filled_);
  return false;
}

bool Connection::take_chunks() {
  const std::string_view after_head = input_.readable().substr(head_bytes_);
  const auto progress = parser_.feed_chunks(after_head, body_most_, body_);
  if (progress.refusal != 0) return refuse(progress.refusal);
  input_.erase(head_bytes_, progress.consumed);
  body_filled_ = body_.size();
  if (progress.done) {
    request_.body = body_;
    return dispatch(head_bytes_);
  }
  // A chunk's line or trailers that do not end.
  if (input_.size() - head_bytes_ > limits_.header_bytes) return refuse(431);
  return false;
}

bool Connection::dispatch(std::size_t request_bytes) {
  request_bytes_ = request_bytes;
  enter(Phase::handling, kForever);
  server_->totals.requests.fetch_add(1, std::memory_order_relaxed);
  const auto in_flight = server_->totals.requests_in_flight.fetch_add(1, std::memory_order_relaxed);
  if (in_flight >= limits_.requests_in_flight) {
    finish(refusal(503));
    return true;
  }
  try {
    server_->handler(request_, Respond(shared_from_this()));
  } catch (const std::exception&) {
    // The socket thread's entry into code that is not ours: one bad request must not end the
    // server. The Respond was dropped on the way here, so this request has its 500.
  }
  return true;
}

void Connection::finish(const Response& response) {
  assert(phase_ == Phase::handling);
  server_->totals.requests_in_flight.fetch_sub(1, std::memory_order_relaxed);
  const bool head_only = request_.method == Method::head;
  request_.body = {};
  request_.headers = {};
  request_.path.clear();
  input_.consume(request_bytes_);
  give_back(body_);
  // When draining, what was sent along with this request is still answered.
  const bool keep = head_.keep_alive && (!server_->draining || input_.size() > 0);
  append_response(out_, response,
                  {.date_line = server_->date,
                   .http_11 = head_.http_11,
                   .keep_alive = keep,
                   .head_only = head_only});
  linger_ = !keep && head_.keep_alive;
  enter(keep ? Phase::idle : Phase::closing, keep ? limits_.idle_timeout : kForever);
}

// The server's own answer to the request at hand.
Response Connection::refusal(int status) {
  server_->totals.refusals.fetch_add(1, std::memory_order_relaxed);
  Response plain{
      .status = status, .content_type = "text/plain", .body = std::string(reason(status))};
  if (!server_->options.error_response) return plain;
  try {
    Response shaped = server_->options.error_response(status, request_);
    if (shaped.status >= 200 && shaped.status <= 999) return shaped;
  } catch (const std::exception&) {
    // As in dispatch.
  }
  return plain;
}

// Answers what cannot be read any further, and closes. Always true: there is something to write.
bool Connection::refuse(int status) {
  if (request_.path.empty()) {  // not understood
    request_ = Request{};
    request_.peer = peer_;
    request_.secure = secure_;
    peek_request_line(input_.readable(), request_.method, request_.target);
    // Best effort: the words of the refusal may depend on the path, the refusal does not.
    if (!normalise_target(request_.target, request_.path, request_.query)) request_.path = "/";
  }
  append_response(out_, refusal(status),
                  {.date_line = server_->date,
                   .keep_alive = false,
                   .head_only = request_.method == Method::head});
  give_back(body_);
  linger_ = true;
  enter(Phase::closing, kForever);
  return true;
}

void Connection::read() {
  if (reading_) return;
  if (phase_ == Phase::body && own_body_ && holds_too_much()) {
    refuse(503);
    return advance();
  }
  reading_ = true;
  if (phase_ == Phase::body && own_body_ && !head_.chunked) {
    const auto left = static_cast<std::size_t>(*head_.content_length) - body_filled_;
    body_.resize(body_filled_ + std::min(left, kBodyStepBytes));
    holds_too_much();  // counts what there is room for now
    return start_read(std::span(body_).subspan(body_filled_));
  }
  reserve_input(input_.capacity() == 0 ? kReadBytes : kLeastSpace);
  start_read(input_.space());
}

void Connection::reserve_input(std::size_t count) {
  const InputBuffer::Moved moved = input_.reserve_space(count);
  if (moved.from == moved.to || phase_ != Phase::body) return;  // nobody holds views
  for (Header& header : head_.headers) header = {moved(header.name), moved(header.value)};
  request_.target = moved(request_.target);
  request_.query = moved(request_.query);
}

void Connection::on_read(bool failed, std::size_t count) {
  reading_ = false;
  if (phase_ == Phase::closed) return;
  if (failed) return close();
  server_->totals.bytes_in.fetch_add(count, std::memory_order_relaxed);
  if (phase_ == Phase::closing) return;           // refused while this was read; end() reads on
  if (phase_ == Phase::lingering) return read();  // over what was read before
  if (phase_ == Phase::body) {
    if (own_body_ && !head_.chunked) {
      body_filled_ += count;
    } else {
      input_.commit(count);
    }
    const std::size_t received = own_body_ ? body_filled_ : input_.size() - head_bytes_;
    deadline_ = body_started_ + tick_after(limits_.body_timeout, received) - server_->tick;
  } else {
    input_.commit(count);
  }
  advance();
}

// Writes what has collected, at once or when it is its turn. True when all of it is out already.
bool Connection::flush(bool later) {
  if (writing_) return false;
  const std::size_t count = later ? 0 : write_now(out_);
  server_->totals.bytes_out.fetch_add(count, std::memory_order_relaxed);
  if (count == out_.size()) {
    give_back(out_);
    return true;
  }
  sending_.swap(out_);
  sent_ = count;
  write_started_ = server_->tick;
  start_sending();
  return false;
}

void Connection::start_sending() {
  writing_ = true;
  write_deadline_ = write_started_ + tick_after(limits_.write_timeout, sent_) - server_->tick;
  start_write(std::string_view(sending_).substr(sent_));
}

void Connection::on_written(bool failed, std::size_t count) {
  writing_ = false;
  write_deadline_ = 0;
  if (phase_ == Phase::closed) return;
  if (failed) return close();
  server_->totals.bytes_out.fetch_add(count, std::memory_order_relaxed);
  sent_ += count;
  if (sent_ < sending_.size()) return start_sending();
  give_back(sending_);
  advance();
}

// The last answer is written.
void Connection::end() {
  if (linger_) {
    enter(Phase::lingering, limits_.linger);
    shut_sending();
    return read();
  }
  enter(Phase::lingering, limits_.linger);
  if (!start_goodbye()) close();
}

void Connection::enter(Phase phase, std::chrono::milliseconds time) {
  phase_ = phase;
  deadline_ = time == kForever ? 0 : server_->tick_after(time);
}

}  // namespace disburse::wire
