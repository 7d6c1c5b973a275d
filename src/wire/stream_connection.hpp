// A connection over a TCP socket, plain or under TLS: the same code over either stream.
//
// Includes Asio: for server_core.cpp only.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "wire/connection.hpp"

namespace disburse::wire {

namespace asio = boost::asio;
using asio::ip::tcp;
using PlainStream = tcp::socket;
using TlsStream = asio::ssl::stream<tcp::socket>;

template <class Stream>
class StreamConnection final : public Connection {
 public:
  static constexpr bool kTls = std::is_same_v<Stream, TlsStream>;

  template <class... StreamArguments>
  StreamConnection(ServerStatePtr server, std::string peer, StreamArguments&&... arguments)
      : Connection(std::move(server), std::move(peer), kTls),
        stream_(std::forward<StreamArguments>(arguments)...) {
    boost::system::error_code ignored;
    socket().set_option(tcp::no_delay(true), ignored);
    socket().non_blocking(true, ignored);
  }

 private:
  tcp::socket& socket() {
    if constexpr (kTls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  // Keeps this alive for as long as the operation runs.
  auto self() { return std::static_pointer_cast<StreamConnection>(shared_from_this()); }

  void start_handshake() override {
    if constexpr (kTls) {
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = self()](boost::system::error_code error) {
                                self->on_handshake(static_cast<bool>(error));
                              });
    }
  }

  void start_read(std::span<char> space) override {
    stream_.async_read_some(asio::buffer(space.data(), space.size()),
                            [self = self()](boost::system::error_code error, std::size_t count) {
                              self->on_read(static_cast<bool>(error), count);
                            });
  }

  void start_write(std::string_view bytes) override {
    stream_.async_write_some(asio::buffer(bytes.data(), bytes.size()),
                             [self = self()](boost::system::error_code error, std::size_t count) {
                               self->on_written(static_cast<bool>(error), count);
                             });
  }

  std::size_t write_now(std::string_view bytes) override {
    if constexpr (kTls) {
      return 0;
    } else {
      // An error is not looked at: the asynchronous write that follows meets it again.
      boost::system::error_code ignored;
      return stream_.write_some(asio::buffer(bytes.data(), bytes.size()), ignored);
    }
  }

  bool start_goodbye() override {
    if constexpr (kTls) {
      stream_.async_shutdown([self = self()](boost::system::error_code) { self->on_goodbye(); });
    }
    return kTls;
  }

  void shut_sending() override {
    boost::system::error_code ignored;
    socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  void close_stream() override {
    boost::system::error_code ignored;
    socket().close(ignored);
  }

  Stream stream_;
};

}  // namespace disburse::wire
