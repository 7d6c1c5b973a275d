// One connection of the server: HTTP/1.1 as a state machine over an abstract stream.
//
// It reads a request, gives it to the handler, and only after the answer looks at the next; answers
// that are given at once are collected and written together. Reading and writing alternate, so a
// client that does not read its answers is not read from either.
// Threads: the socket thread, but for answer() and abandon(). Internal to the server.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "wire/http.hpp"
#include "wire/input_buffer.hpp"
#include "wire/request_parser.hpp"
#include "wire/server.hpp"
#include "wire/server_state.hpp"

namespace disburse::wire {

class Connection : public Answerable, public std::enable_shared_from_this<Connection> {
 public:
  Connection(ServerStatePtr server, std::string peer, bool secure);

  void begin();
  void answer(Response&& response) override;
  void abandon() override;
  void deliver(Response&& response);  // an answer, now on the socket thread
  void check_deadline();              // at each tick
  bool is_quiet() const { return phase_ == Phase::idle && !writing_; }
  void close();

  std::size_t place = 0;  // in the server's list

 protected:
  // The stream underneath. Each start_ is followed by one on_, later and never from within.
  virtual void start_handshake() = 0;
  virtual void start_read(std::span<char> space) = 0;
  virtual void start_write(std::string_view bytes) = 0;
  // How much could be written without waiting; 0 where that is not to be had.
  virtual std::size_t write_now(std::string_view bytes) = 0;
  virtual bool start_goodbye() = 0;  // TLS: tells the end; false when there is nothing to tell
  virtual void shut_sending() = 0;
  virtual void close_stream() = 0;

  void on_handshake(bool failed);
  void on_read(bool failed, std::size_t count);
  void on_written(bool failed, std::size_t count);
  void on_goodbye() { close(); }

 private:
  enum class Phase : std::uint8_t {
    handshaking,
    idle,       // nothing of the next request is there
    head,       // some of it is
    body,       // the head has been understood
    handling,   // the handler has it
    closing,    // the last answer waits to be written
    lingering,  // it is written; takes what still comes, so that the answer is not lost to a reset
    closed,
  };

  void advance();
  bool step();
  bool take_head();
  bool take_parsed_head(std::size_t head_bytes);
  bool await_more_head();
  int understand_head(std::string_view bytes);
  std::size_t body_limit() const;
  bool take_body();
  bool take_sized_body();
  bool take_chunks();
  bool dispatch(std::size_t request_bytes);
  void finish(const Response& response);
  bool refuse(int status);
  Response refusal(int status);
  void read();
  void reserve_input(std::size_t count);
  bool flush(bool later);
  void start_sending();
  void end();
  void enter(Phase phase, std::chrono::milliseconds time);
  // Somebody who sends or takes many bytes gets a second more for each bytes_per_second of them.
  std::uint64_t tick_after(std::chrono::milliseconds time, std::size_t bytes) const {
    const std::size_t rate = std::max<std::size_t>(limits_.bytes_per_second, 1);
    return server_->tick_after(time + std::chrono::milliseconds(bytes * 1000 / rate));
  }
  // Counts what this connection holds. True when all of them together hold more than they may.
  bool holds_too_much() {
    // What is taken from memory, which is up to twice what is in it.
    const std::size_t held =
        body_.capacity() + (writing_ ? sending_.capacity() + out_.capacity() : 0);
    server_->buffered += held - held_;  // unsigned: less than before is right as well
    held_ = held;
    return server_->buffered > limits_.buffered_bytes;
  }

  const ServerStatePtr server_;
  const ServerLimits& limits_;
  const std::string peer_;
  const bool secure_;

  Phase phase_ = Phase::handshaking;
  bool advancing_ = false;  // on the stack already: an answer given at once must not recurse
  bool reading_ = false;
  bool writing_ = false;
  bool linger_ = false;         // input has not been read to its end
  bool own_body_ = false;       // the body is in body_, not behind the head
  std::uint64_t deadline_ = 0;  // of the phase; 0: none
  std::uint64_t write_deadline_ = 0;

  InputBuffer input_;
  std::size_t searched_ = 0;        // of the input, for the end of the head
  std::size_t head_bytes_ = 0;      // of the request at hand
  std::size_t request_bytes_ = 0;   // of the input, to be used up with the answer
  std::uint64_t body_started_ = 0;  // tick
  std::size_t body_most_ = 0;
  std::string body_;
  std::size_t body_filled_ = 0;
  RequestParser parser_;
  RequestHead head_;
  Request request_;

  std::string out_;      // answers not yet being written
  std::string sending_;  // being written
  std::size_t sent_ = 0;
  std::uint64_t write_started_ = 0;  // tick
  std::size_t held_ = 0;             // of the server's buffered bytes
};

}  // namespace disburse::wire
