// A blocking client that says exactly the bytes it is told to, and a server in a thread, for tests.
//
// Threads: each object belongs to one.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "wire/server.hpp"

namespace disburse::wire::testing {

inline constexpr std::chrono::seconds kPatience{10};  // longer than any test should take

struct Answer {
  int status = 0;  // 0: the connection ended before an answer
  std::string head;
  std::string body;

  bool has(std::string_view line) const { return head.find(line) != std::string::npos; }
};

class TestClient {
 public:
  explicit TestClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{.tv_sec = kPatience.count(), .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~TestClient() { ::close(socket_); }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  bool connected() const { return connected_; }
  int native() const { return socket_; }
  std::string_view rest() const { return read_; }  // read and not taken

  // False when the other side has gone before it took everything.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  Answer receive(bool head_only = false) {
    Answer answer;
    std::size_t end = 0;
    while ((end = read_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more()) return answer;
    }
    answer.head = read_.substr(0, end + 2);
    read_.erase(0, end + 4);
    const std::size_t at = answer.head.find("Content-Length: ");
    const std::size_t length =
        at == std::string::npos || head_only ? 0 : std::stoul(answer.head.substr(at + 16));
    while (read_.size() < length) {
      if (!read_more()) return answer;
    }
    answer.body = read_.substr(0, length);
    read_.erase(0, length);
    answer.status = std::stoi(answer.head.substr(9));
    return answer;
  }

  Answer ask(std::string_view request) {
    send(request);
    return receive();
  }

  // True when the server closes, within our patience, and sends nothing more before it does.
  bool closed() {
    while (read_more()) {
    }
    return at_end_ && read_.empty();
  }

 private:
  bool read_more() {
    char bytes[16 * 1024];
    const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
    if (count <= 0) {
      at_end_ = count == 0 || errno == ECONNRESET;
      return false;
    }
    read_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int socket_;
  bool connected_ = false;
  bool at_end_ = false;
  std::string read_;
};

// Listens on a free loopback port, and runs until it goes.
class RunningServer {
 public:
  RunningServer(ServerOptions options, Handler handler)
      : server_(std::move(options), std::move(handler)), listening_(server_.listen().has_value()) {
    if (listening_) {
      thread_ = std::thread([this] { server_.run(); });
    }
  }
  ~RunningServer() { stop(std::chrono::milliseconds(0)); }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  Server& operator*() { return server_; }
  Server* operator->() { return &server_; }
  std::uint16_t port() const { return listening_ ? server_.port() : std::uint16_t{0}; }

  void stop(std::chrono::milliseconds grace) {
    if (!thread_.joinable()) return;
    server_.drain(grace);
    thread_.join();
  }

 private:
  Server server_;
  bool listening_;
  std::thread thread_;
};

// Looks again and again until it holds. False after our patience.
inline bool eventually(const std::function<bool()>& holds) {
  for (std::chrono::milliseconds waited{0}; waited < kPatience;
       waited += std::chrono::milliseconds(1)) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return holds();
}

}  // namespace disburse::wire::testing
