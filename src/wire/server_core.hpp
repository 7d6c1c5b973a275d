// The server's thread: accepts, ticks, carries answers over from other threads, drains.
//
// Includes Asio: for server.cpp and server_core.cpp only.
// Threads: run() on one; deliver(), post(), run_after(), drain() from any.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <ctime>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "wire/connection.hpp"

namespace disburse::wire {

class ServerCore final : public ServerState, public std::enable_shared_from_this<ServerCore> {
 public:
  ServerCore(ServerOptions options, Handler handler);

  core::Result<void> listen();
  std::uint16_t port() const { return port_; }
  void run();
  void drain(std::chrono::milliseconds grace);
  void post(std::function<void()> task);
  void defer(std::function<void()> task);
  void together(const std::function<void()>& task);
  void run_after(std::chrono::milliseconds delay, std::function<void()> task);
  void shut();  // after run(): closes everything and takes no more answers

  bool on_socket_thread() const override;
  void deliver(ConnectionPtr connection, Response&& response) override;
  void forget(Connection& connection) override;

 private:
  using ErrorCode = boost::system::error_code;
  // An answer for a connection, or a task without one.
  struct Letter {
    ConnectionPtr connection;
    Response response;
    std::function<void()> task;
  };

  // Where a thread's letters wait until it has written the last of them.
  struct Bundle {
    const ServerCore* server;
    std::vector<Letter> letters;
  };
  static Bundle*& open_bundle();

  core::Result<void> load_certificate();
  core::Result<void> open(const boost::asio::ip::tcp::endpoint& endpoint);
  void accept();
  void on_accepted(ErrorCode error, boost::asio::ip::tcp::socket socket);
  void add(boost::asio::ip::tcp::socket socket);
  void turn_away(boost::asio::ip::tcp::socket socket);
  void put(Letter&& letter);
  void put(std::vector<Letter>&& letters);
  void call_for_letters();  // under letters_mutex_
  void take_letters();
  void open(Letter&& letter);
  void start_tick();
  void on_tick();
  void begin_drain(std::chrono::milliseconds grace);
  void stop_if_drained();
  template <class Condition>
  void close_where(Condition condition);

  // An io_context that lets go of what it waits for while this is still whole.
  struct Loop : boost::asio::io_context {
    using boost::asio::execution_context::shutdown;
    using boost::asio::io_context::io_context;
  };

  Loop io_{1};  // first: what is below uses it until it is gone
  boost::asio::ip::tcp::acceptor acceptor_{io_};
  boost::asio::steady_timer tick_timer_{io_};
  boost::asio::steady_timer accept_timer_{io_};
  std::optional<boost::asio::ssl::context> tls_;
  std::uint16_t port_ = 0;
  std::atomic<std::thread::id> socket_thread_{};
  std::time_t date_time_ = 0;
  bool over_ = false;  // nobody's tasks run any more: what they use may be gone
  std::vector<ConnectionPtr> connections_;

  // Answers of one engine batch come together: they share one wake-up of the socket thread.
  std::mutex letters_mutex_;  // guards the next three
  std::vector<Letter> letters_;
  bool letters_called_ = false;  // take_letters() will run
  bool shut_ = false;
  // Of the socket thread: taken, and opened up to here.
  std::vector<Letter> taken_;
  std::size_t opened_ = 0;
};

}  // namespace disburse::wire
