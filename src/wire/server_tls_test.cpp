#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <memory>

#include "wire/server.hpp"
#include "wire/test_certificate.hpp"
#include "wire/test_client.hpp"

namespace disburse::wire {
namespace {

using namespace std::chrono_literals;
using testing::eventually;
using testing::RunningServer;
using testing::TestCertificate;
using testing::TestClient;

// A TLS session over a test client's socket.
class TlsClient {
 public:
  TlsClient(std::uint16_t port, int newest_version) : socket_(port) {
    SSL_CTX_set_max_proto_version(context_.get(), newest_version);
    SSL_CTX_set_security_level(context_.get(), 0);  // old versions must fail at the server
    SSL_CTX_set_cipher_list(context_.get(), "ALL:@SECLEVEL=0");
    session_.reset(SSL_new(context_.get()));
    SSL_set_fd(session_.get(), socket_.native());
    connected_ = SSL_connect(session_.get()) == 1;
  }

  bool connected() const { return connected_; }
  const char* version() const { return SSL_get_version(session_.get()); }

  void send(std::string_view bytes) {
    SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size()));
  }
  // Until this many bytes have come, or the end.
  std::string receive(std::size_t count) {
    std::string read;
    char bytes[16 * 1024];
    while (read.size() < count) {
      const int got = SSL_read(session_.get(), bytes, sizeof bytes);
      if (got <= 0) break;
      read.append(bytes, static_cast<std::size_t>(got));
    }
    return read;
  }
  // True when the server said goodbye as TLS wants it, and did not just hang up.
  bool said_goodbye() {
    receive(1);
    return (SSL_get_shutdown(session_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }

 private:
  TestClient socket_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{SSL_CTX_new(TLS_client_method()),
                                                             SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> session_{nullptr, SSL_free};
  bool connected_ = false;
};

void echo(const Request& request, Respond respond) {
  respond({.body = (request.secure ? "tls " : "plain ") + std::to_string(request.body.size())});
}

class ServerTls : public ::testing::Test {
 protected:
  ServerOptions options() const {
    return {.certificate_file = certificate_.certificate_file(),
            .key_file = certificate_.key_file()};
  }

 private:
  TestCertificate certificate_{::testing::TempDir()};
};

TEST_F(ServerTls, answers_over_tls_1_2_and_1_3) {
  RunningServer server(options(), echo);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server.port(), version);
    ASSERT_TRUE(client.connected());
    EXPECT_STREQ(client.version(), version == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3");
    for (int i = 0; i < 3; ++i) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      std::string answer;
      while (!answer.ends_with("tls 0")) {
        const std::string more = client.receive(1);
        ASSERT_NE(more, "");
        answer += more;
      }
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    }
  }
}

TEST_F(ServerTls, refuses_older_versions_and_plain_http) {
  RunningServer server(options(), echo);
  EXPECT_FALSE(TlsClient(server.port(), TLS1_1_VERSION).connected());
  EXPECT_FALSE(TlsClient(server.port(), TLS1_VERSION).connected());
  TestClient plain(server.port());
  EXPECT_EQ(plain.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 0);
}

TEST_F(ServerTls, takes_long_bodies_gives_long_answers_and_says_goodbye) {
  RunningServer server(options(), [](const Request& request, Respond respond) {
    respond({.body = std::string(request.body) + std::string(request.body)});
  });
  TlsClient client(server.port(), TLS1_3_VERSION);
  client.send("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 800000\r\n\r\n" +
              std::string(800'000, 'x'));
  const std::string answer = client.receive(1'600'000 + 100);
  EXPECT_TRUE(answer.ends_with(std::string(1'600'000, 'x')));
  EXPECT_TRUE(client.said_goodbye());
}

TEST_F(ServerTls, cuts_off_who_does_not_finish_the_handshake) {
  ServerOptions quick = options();
  quick.limits.header_timeout = 30ms;
  RunningServer server(quick, echo);
  TestClient client(server.port());
  client.send("\x16\x03\x01");
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(eventually([&] { return server->counters().connections_open == 0; }));
}

TEST_F(ServerTls, refuses_files_that_are_not_what_they_should_be) {
  ServerOptions mixed = options();
  EXPECT_TRUE(Server(mixed, echo).listen());
  mixed.key_file = mixed.certificate_file;
  EXPECT_FALSE(Server(mixed, echo).listen());
  mixed = options();
  mixed.key_file.clear();
  EXPECT_FALSE(Server(mixed, echo).listen());
}

}  // namespace
}  // namespace disburse::wire
