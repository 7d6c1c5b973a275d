#include "wire/server_core.hpp"

#include <boost/asio/post.hpp>

#include <exception>
#include <iterator>
#include <utility>

#include "wire/response_writer.hpp"
#include "wire/stream_connection.hpp"

namespace disburse::wire {

using core::Code;
using core::fail;
using core::Result;

namespace {

// When the process has no file descriptors left, accepting again at once would only spin.
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::size_t kLettersAtOnce = 64;

std::string peer_text(const tcp::socket& socket) {
  boost::system::error_code error;
  const tcp::endpoint endpoint = socket.remote_endpoint(error);
  if (error) return {};
  const asio::ip::address address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

}  // namespace

ServerCore::ServerCore(ServerOptions given, Handler handle)
    : ServerState(std::move(given), std::move(handle)) {}

Result<void> ServerCore::load_certificate() {
  if (options.certificate_file.empty() && options.key_file.empty()) return {};
  boost::system::error_code error;
  tls_.emplace(asio::ssl::context::tls_server);
  if (SSL_CTX_set_min_proto_version(tls_->native_handle(), TLS1_2_VERSION) != 1) {
    return fail(Code::configuration_invalid, "tls", "TLS 1.2 is not available");
  }
  // Renegotiation costs a client nothing and us a handshake each.
  SSL_CTX_set_options(tls_->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  tls_->use_certificate_chain_file(options.certificate_file, error);
  if (error) return fail(Code::configuration_invalid, "tls.certificate", error.message());
  tls_->use_private_key_file(options.key_file, asio::ssl::context::pem, error);
  if (error) return fail(Code::configuration_invalid, "tls.key", error.message());
  return {};
}

Result<void> ServerCore::listen() {
  CHECK(load_certificate());
  boost::system::error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return fail(Code::configuration_invalid, "address", options.address);
  return open(tcp::endpoint(address, options.port));
}

Result<void> ServerCore::open(const tcp::endpoint& endpoint) {
  boost::system::error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (!error) acceptor_.non_blocking(true, error);
  if (error) return fail(Code::io_failed, "listen", error.message());
  port_ = acceptor_.local_endpoint(error).port();
  return {};
}

void ServerCore::run() {
  socket_thread_ = std::this_thread::get_id();
  const auto work = asio::make_work_guard(io_);
  on_tick();
  accept();
  while (!io_.stopped()) {
    try {
      io_.run();
    } catch (const std::exception&) {
      // Thread entry: a task or timer of somebody else failed, or memory ran out for one
      // connection. The loop is whole, and the other connections with it.
    }
  }
}

void ServerCore::accept() {
  if (draining || !acceptor_.is_open()) return;
  acceptor_.async_accept(
      [this](ErrorCode error, tcp::socket socket) { on_accepted(error, std::move(socket)); });
}

void ServerCore::on_accepted(ErrorCode error, tcp::socket socket) {
  if (!error) {
    accept();  // first: whatever becomes of this one, the next is accepted
    return add(std::move(socket));
  }
  if (error == asio::error::operation_aborted) return;
  accept_timer_.expires_after(kAcceptPause);
  accept_timer_.async_wait([this](ErrorCode cancelled) {
    if (!cancelled) accept();
  });
}

void ServerCore::add(tcp::socket socket) {
  if (connections_.size() >= options.limits.connections) return turn_away(std::move(socket));
  std::string peer = peer_text(socket);
  ConnectionPtr connection;
  if (tls_) {
    connection = std::make_shared<StreamConnection<TlsStream>>(shared_from_this(), std::move(peer),
                                                               std::move(socket), *tls_);
  } else {
    connection = std::make_shared<StreamConnection<PlainStream>>(
        shared_from_this(), std::move(peer), std::move(socket));
  }
  connection->place = connections_.size();
  connections_.push_back(connection);
  totals.connections_accepted.fetch_add(1, std::memory_order_relaxed);
  totals.connections_open.store(connections_.size(), std::memory_order_relaxed);
  connection->begin();
}

void ServerCore::turn_away(tcp::socket socket) {
  totals.connections_refused.fetch_add(1, std::memory_order_relaxed);
  if (tls_) return;  // closed: not worth a handshake
  std::string out;
  append_response(out,
                  {.status = 503, .content_type = "text/plain", .body = "too many connections"},
                  {.date_line = date, .keep_alive = false});
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(out), ignored);
}

bool ServerCore::on_socket_thread() const {
  return socket_thread_.load(std::memory_order_relaxed) == std::this_thread::get_id();
}

void ServerCore::deliver(ConnectionPtr connection, Response&& response) {
  put({std::move(connection), std::move(response), {}});
}

void ServerCore::post(std::function<void()> task) { put({nullptr, {}, std::move(task)}); }

void ServerCore::defer(std::function<void()> task) { asio::post(io_, std::move(task)); }

ServerCore::Bundle*& ServerCore::open_bundle() {
  thread_local Bundle* bundle = nullptr;
  return bundle;
}

void ServerCore::together(const std::function<void()>& task) {
  Bundle bundle{this, {}};
  // What was written before the task failed goes, too.
  struct Closing {
    Bundle& bundle;
    ServerCore& server;
    Bundle* const before = std::exchange(open_bundle(), &bundle);
    ~Closing() {
      open_bundle() = before;
      server.put(std::move(bundle.letters));
    }
  };
  const Closing closing{bundle, *this};
  task();
}

void ServerCore::put(Letter&& letter) {
  Bundle* const bundle = open_bundle();
  if (bundle != nullptr && bundle->server == this)
    return bundle->letters.push_back(std::move(letter));
  const std::lock_guard lock(letters_mutex_);
  if (shut_) return;
  letters_.push_back(std::move(letter));
  call_for_letters();
}

void ServerCore::put(std::vector<Letter>&& letters) {
  if (letters.empty()) return;
  const std::lock_guard lock(letters_mutex_);
  if (shut_) return;
  if (letters_.empty()) {
    letters_.swap(letters);
  } else {
    letters_.insert(letters_.end(), std::make_move_iterator(letters.begin()),
                    std::make_move_iterator(letters.end()));
  }
  call_for_letters();
}

void ServerCore::call_for_letters() {
  if (!std::exchange(letters_called_, true)) asio::post(io_, [this] { take_letters(); });
}

void ServerCore::take_letters() {
  if (opened_ == taken_.size()) {
    taken_.clear();
    opened_ = 0;
    const std::lock_guard lock(letters_mutex_);
    taken_.swap(letters_);
    letters_called_ = !taken_.empty();
    if (!letters_called_) return;
  }
  // Who is to be read from waits for no more than these.
  asio::post(io_, [this] { take_letters(); });
  for (const std::size_t end = std::min(taken_.size(), opened_ + kLettersAtOnce); opened_ < end;)
    open(std::move(taken_[opened_++]));
}

void ServerCore::open(Letter&& letter) {
  if (letter.connection) return letter.connection->deliver(std::move(letter.response));
  if (over_) return;
  try {
    letter.task();
  } catch (const std::exception&) {
    // The socket thread's entry into code that is not ours: the other letters are still opened.
  }
}

void ServerCore::run_after(std::chrono::milliseconds delay, std::function<void()> task) {
  auto timer = std::make_shared<asio::steady_timer>(io_, delay);  // owners: its own handler
  timer->async_wait([this, timer, task = std::move(task)](ErrorCode error) {
    if (!error && !over_) task();
  });
}

void ServerCore::forget(Connection& connection) {
  const std::size_t place = connection.place;
  connections_.back()->place = place;
  std::swap(connections_[place], connections_.back());
  // The caller may be using the connection that we let go of here; it holds it as well.
  connections_.pop_back();
  totals.connections_open.store(connections_.size(), std::memory_order_relaxed);
  stop_if_drained();
}

void ServerCore::start_tick() {
  tick_timer_.expires_after(tick_length);
  tick_timer_.async_wait([this](ErrorCode error) {
    if (!error) on_tick();
  });
}

void ServerCore::on_tick() {
  start_tick();
  ++tick;
  const std::time_t now = std::time(nullptr);
  if (now != date_time_) {
    date_time_ = now;
    date = date_line(now);
  }
  // Backwards, because a connection that closes is replaced by the last.
  for (std::size_t i = connections_.size(); i-- > 0;) {
    if (i >= connections_.size()) continue;
    const ConnectionPtr connection = connections_[i];  // it may close
    connection->check_deadline();
  }
}

template <class Condition>
void ServerCore::close_where(Condition condition) {
  for (std::size_t i = connections_.size(); i-- > 0;) {
    if (i >= connections_.size()) continue;
    const ConnectionPtr connection = connections_[i];  // it may close
    if (condition(*connection)) connection->close();
  }
}

void ServerCore::drain(std::chrono::milliseconds grace) {
  asio::post(io_, [this, grace] { begin_drain(grace); });
}

void ServerCore::begin_drain(std::chrono::milliseconds grace) {
  if (draining) return;
  // The kernel has accepted these for us; closing the acceptor would reset them.
  boost::system::error_code error;
  while (acceptor_.is_open() && !error) {
    tcp::socket socket(io_);
    acceptor_.accept(socket, error);
    if (!error) add(std::move(socket));
  }
  draining = true;
  acceptor_.close(error);
  accept_timer_.cancel();
  run_after(std::min(grace, options.limits.drain_quiet), [this] {
    close_where([](const Connection& connection) { return connection.is_quiet(); });
  });
  run_after(grace, [this] {
    close_where([](const Connection&) { return true; });
    stop_if_drained();
  });
  stop_if_drained();
}

void ServerCore::stop_if_drained() {
  if (draining && connections_.empty()) io_.stop();
}

void ServerCore::shut() {
  // Destroyed after the lock is given back.
  std::vector<Letter> letters;
  const std::vector<Letter> taken = std::exchange(taken_, {});
  opened_ = 0;
  {
    const std::lock_guard lock(letters_mutex_);
    shut_ = true;
    letters.swap(letters_);
  }
  over_ = true;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  tick_timer_.cancel();
  close_where([](const Connection&) { return true; });
  // Operations that were cut off hold their connections, and those hold this.
  io_.restart();
  io_.poll();
  // So do tasks of run_after() whose time has not come, when they hold an answer.
  io_.shutdown();
}

}  // namespace disburse::wire
