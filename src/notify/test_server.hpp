// Tiny servers on loopback for tests: one connection after the other, lines in, prepared answers
// out.
//
// Threads: each server has one of its own; what was heard is read after it was stopped, or under
// heard().
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace disburse::notify::testing {

class Connection {
 public:
  Connection(int socket, const std::atomic<bool>& stopping)
      : socket_(socket), stopping_(stopping) {}
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void say(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // False when the other side has gone or the test has ended. The line is without its end.
  bool hear_line(std::string& line) {
    for (;;) {
      const std::size_t end = buffer_.find("\r\n");
      if (end != std::string::npos) {
        line = buffer_.substr(0, end);
        buffer_.erase(0, end + 2);
        return true;
      }
      if (!hear_more()) return false;
    }
  }

  bool hear_bytes(std::size_t count, std::string& bytes) {
    while (buffer_.size() < count) {
      if (!hear_more()) return false;
    }
    bytes = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return true;
  }

  // Until the other side goes or the test ends.
  void hang() {
    while (hear_more()) buffer_.clear();
  }

 private:
  bool hear_more() {
    pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
    while (!stopping_) {
      if (::poll(&ready, 1, 20) <= 0) continue;
      char bytes[4096];
      const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
      if (got <= 0) return false;
      buffer_.append(bytes, static_cast<std::size_t>(got));
      return true;
    }
    return false;
  }

  const int socket_;
  const std::atomic<bool>& stopping_;
  std::string buffer_;
};

class TestServer {
 public:
  using Serve = std::function<void(Connection&)>;

  explicit TestServer(Serve serve)
      : serve_(std::move(serve)), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool listens = ::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                         ::listen(socket_, 8) == 0 &&
                         ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    assert(listens);
    static_cast<void>(listens);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }

  ~TestServer() {
    stopping_ = true;
    thread_.join();
    ::close(socket_);
  }

  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  void run() {
    pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
    while (!stopping_) {
      if (::poll(&ready, 1, 20) <= 0) continue;
      const int accepted = ::accept(socket_, nullptr, nullptr);
      if (accepted < 0) continue;
      Connection connection(accepted, stopping_);
      serve_(connection);
    }
  }

  const Serve serve_;
  const int socket_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

// What was heard, from the server's thread to the test's.
class Heard {
 public:
  void add(std::string line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
  }
  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

}  // namespace disburse::notify::testing
