#include "store/contract/cutting_proxy.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cstring>

namespace disburse::store {
namespace {

const std::string kSocketName = "/.s.PGSQL.5432";

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  assert(path.size() < sizeof(address.sun_path));
  std::memcpy(address.sun_path, path.c_str(), path.size());
  return address;
}

int connect_to(const std::string& path) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = address_of(path);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0)
    return socket;
  ::close(socket);
  return -1;
}

bool send_all(int socket, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(socket, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

}  // namespace

CuttingProxy::CuttingProxy(const std::string& folder) : target_(folder + kSocketName) {
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = address_of(folder_.path().string() + kSocketName);
  const int bound = ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  assert(bound == 0 && ::listen(listener_, 64) == 0);
  const int piped = ::pipe2(wake_, O_CLOEXEC);
  assert(piped == 0);
  static_cast<void>(bound);
  static_cast<void>(piped);
  thread_ = std::thread([this] { run(); });
}

CuttingProxy::~CuttingProxy() {
  stopping_ = true;
  ::close(wake_[1]);
  thread_.join();
  for (const Pair& pair : pairs_) close_both(pair);
  ::close(wake_[0]);
  ::close(listener_);
}

std::string CuttingProxy::through(std::string url) const {
  const std::string folder = target_.substr(0, target_.size() - kSocketName.size());
  const std::size_t at = url.find(folder);
  assert(at != std::string::npos);
  return url.replace(at, folder.size(), folder_.path().string());
}

void CuttingProxy::close_both(const Pair& pair) {
  ::close(pair.client);
  ::close(pair.server);
}

void CuttingProxy::accept_one() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int server = loses_ == Loses::everything ? -1 : connect_to(target_);
  if (server < 0) {
    ::close(client);
    return;
  }
  pairs_.push_back({.client = client, .server = server});
}

bool CuttingProxy::carry(Pair& pair, bool from_client) {
  char bytes[16384];
  const ssize_t size = ::recv(from_client ? pair.client : pair.server, bytes, sizeof(bytes), 0);
  if (size <= 0) return false;
  const Loses loses = loses_;
  if (loses == Loses::everything || (loses == Loses::next_request && from_client)) {
    if (loses == Loses::next_request) loses_ = Loses::nothing;
    ++lost_;
    return false;
  }
  if (loses == Loses::next_answer && from_client) pair.asked = true;
  if (pair.asked && !from_client) {
    loses_ = Loses::nothing;
    ++lost_;
    return false;
  }
  return send_all(from_client ? pair.server : pair.client, bytes, static_cast<std::size_t>(size));
}

void CuttingProxy::run() {
  while (!stopping_) {
    std::vector<pollfd> sockets = {{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Pair& pair : pairs_) {
      sockets.push_back({pair.client, POLLIN, 0});
      sockets.push_back({pair.server, POLLIN, 0});
    }
    if (::poll(sockets.data(), sockets.size(), -1) < 0 || sockets[0].revents != 0) continue;
    std::vector<Pair> kept;
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      Pair& pair = pairs_[i];
      bool whole = true;
      if (sockets[2 + 2 * i].revents != 0) whole = carry(pair, true);
      if (whole && sockets[3 + 2 * i].revents != 0) whole = carry(pair, false);
      if (whole)
        kept.push_back(pair);
      else
        close_both(pair);
    }
    pairs_ = std::move(kept);
    if (sockets[1].revents != 0) accept_one();
  }
}

}  // namespace disburse::store
