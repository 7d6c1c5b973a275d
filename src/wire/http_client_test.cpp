#include "wire/http_client.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <future>
#include <mutex>
#include <set>
#include <vector>

#include "wire/server.hpp"
#include "wire/test_certificate.hpp"
#include "wire/test_client.hpp"

namespace disburse::wire {
namespace {

using namespace std::chrono_literals;
using testing::eventually;
using testing::RunningServer;
using testing::TestCertificate;

OutgoingAnswer ask(HttpClient& client, OutgoingRequest request) {
  std::promise<OutgoingAnswer> answered;
  client.send(std::move(request),
              [&answered](OutgoingAnswer answer) { answered.set_value(std::move(answer)); });
  return answered.get_future().get();
}

OutgoingRequest to(const RunningServer& server, std::string_view path,
                   std::string_view host = "127.0.0.1") {
  return {.method = Method::get,
          .url = "http://" + std::string(host) + ":" + std::to_string(server.port()) +
                 std::string(path),
          .addresses = AddressRule::any};
}

void echo(const Request& request, Respond respond) {
  std::string text = std::string(name(request.method)) + " " + std::string(request.target);
  for (const Header& header : request.headers) {
    text += "\n" + std::string(header.name) + ": " + std::string(header.value);
  }
  respond({.status = 201,
           .body = text + "\n\n" + std::string(request.body),
           .headers = {{"X-Answer", "yes"}}});
}

// Answers nobody until it is let go.
class Hanging {
 public:
  Handler handler() {
    return [this](const Request& request, Respond respond) {
      if (request.path == "/quick") return respond({.body = "quick"});
      const std::lock_guard lock(mutex_);
      held_.push_back(std::move(respond));
    };
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return held_.size();
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    for (Respond& respond : held_) respond({.body = "slow"});
    held_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<Respond> held_;
};

TEST(HttpClient, sends_what_it_is_told_and_answers_with_what_came) {
  RunningServer server({}, echo);
  HttpClient client;
  OutgoingRequest request = to(server, "/hook?a=b");
  request.method = Method::post;
  request.headers = {{"X-Sign", "abc"}, {"X-Empty", ""}, {"Content-Type", "application/json"}};
  request.body = std::string("{\"a\":\0}", 7);
  const OutgoingAnswer answer = ask(client, request);
  EXPECT_EQ(answer.failure, Failure::none) << answer.error;
  EXPECT_EQ(answer.error, "");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("x-ANSWER"), "yes");
  EXPECT_TRUE(answer.sent);
  EXPECT_TRUE(answer.body.starts_with("POST /hook?a=b\n"));
  EXPECT_TRUE(answer.body.ends_with(std::string("\n\n{\"a\":\0}", 9)));
  for (const char* line : {"\nX-Sign: abc\n", "\nX-Empty: \n", "\nContent-Type: application/json\n",
                           "\nUser-Agent: Disburse\n", "\nContent-Length: 7\n"}) {
    EXPECT_NE(answer.body.find(line), std::string::npos) << line;
  }
  EXPECT_EQ(answer.body.find("Expect"), std::string::npos);
}

TEST(HttpClient, sends_every_method) {
  RunningServer server({}, echo);
  HttpClient client;
  for (const Method method : {Method::get, Method::put, Method::patch, Method::delete_}) {
    OutgoingRequest request = to(server, "/m");
    request.method = method;
    EXPECT_TRUE(ask(client, request).body.starts_with(std::string(name(method)) + " /m\n"));
    request.body = "b";
    EXPECT_TRUE(ask(client, request).body.ends_with("\n\nb"));
  }
  OutgoingRequest head = to(server, "/m");
  head.method = Method::head;
  EXPECT_EQ(ask(client, head).status, 201);
}

TEST(HttpClient, calls_no_private_address_when_only_public_ones_are_allowed) {
  RunningServer server({}, echo);
  HttpClient client;
  for (const char* host : {"127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "0.0.0.0",
                           "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.169.254"}) {
    OutgoingRequest request = to(server, "/", host);
    request.addresses = AddressRule::public_only;
    const OutgoingAnswer answer = ask(client, request);
    EXPECT_EQ(answer.failure, Failure::forbidden_address) << host << ": " << answer.error;
    EXPECT_FALSE(answer.sent);
    EXPECT_EQ(answer.status, 0);
    EXPECT_NE(answer.error, "");
  }
  EXPECT_EQ(server->counters().connections_accepted, 0U);
}

TEST(HttpClient, does_not_use_a_kept_connection_that_another_rule_has_made) {
  RunningServer server({}, echo);
  HttpClient client;
  OutgoingRequest request = to(server, "/");
  EXPECT_EQ(ask(client, request).status, 201);
  request.addresses = AddressRule::public_only;
  EXPECT_EQ(ask(client, request).failure, Failure::forbidden_address);
  EXPECT_EQ(server->counters().requests, 1U);
}

TEST(HttpClient, keeps_connections) {
  RunningServer server({}, echo);
  HttpClient client;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(client, to(server, "/")).status, 201);
  EXPECT_EQ(server->counters().connections_accepted, 1U);
}

TEST(HttpClient, follows_no_redirect_and_keeps_no_cookie) {
  RunningServer server({}, [](const Request& request, Respond respond) {
    respond({.status = request.has_header("cookie") ? 500 : 302,
             .body = "",
             .headers = {{"Location", "/elsewhere"}, {"Set-Cookie", "a=b"}}});
  });
  HttpClient client;
  for (int i = 0; i < 2; ++i) {
    const OutgoingAnswer answer = ask(client, to(server, "/"));
    EXPECT_EQ(answer.status, 302);
    EXPECT_EQ(answer.header("location"), "/elsewhere");
  }
}

TEST(HttpClient, uses_no_proxy_of_the_environment) {
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  ::setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
  RunningServer server({}, echo);
  HttpClient client;
  EXPECT_EQ(ask(client, to(server, "/")).status, 201);
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
}

TEST(HttpClient, gives_up_after_the_timeout) {
  Hanging hanging;
  RunningServer server({}, hanging.handler());
  HttpClient client;
  OutgoingRequest request = to(server, "/");
  request.timeout = 50ms;
  const OutgoingAnswer answer = ask(client, request);
  EXPECT_EQ(answer.failure, Failure::timeout);
  EXPECT_TRUE(answer.sent);
  EXPECT_GE(answer.took, 45ms);
}

TEST(HttpClient, tells_when_nobody_is_there) {
  std::uint16_t port = 0;
  {
    RunningServer gone({}, echo);
    port = gone.port();
  }
  HttpClient client;
  const OutgoingAnswer answer =
      ask(client,
          {.url = "http://127.0.0.1:" + std::to_string(port) + "/", .addresses = AddressRule::any});
  EXPECT_EQ(answer.failure, Failure::connect);
  EXPECT_FALSE(answer.sent);
}

TEST(HttpClient, takes_no_longer_answer_than_allowed) {
  RunningServer server({}, [](const Request& request, Respond respond) {
    respond({.body = std::string(request.path == "/fits" ? 100 : 101, 'x')});
  });
  HttpClient client;
  OutgoingRequest request = to(server, "/fits");
  request.max_answer_bytes = 100;
  EXPECT_EQ(ask(client, request).body.size(), 100U);
  request = to(server, "/not");
  request.max_answer_bytes = 100;
  EXPECT_EQ(ask(client, request).failure, Failure::too_large);
}

TEST(HttpClient, speaks_nothing_but_http) {
  HttpClient client;
  for (const char* url :
       {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "", "nonsense:"}) {
    const OutgoingAnswer answer = ask(client, {.url = url, .addresses = AddressRule::any});
    EXPECT_NE(answer.failure, Failure::none) << url;
    EXPECT_EQ(answer.status, 0);
  }
}

TEST(HttpClient, sends_no_header_that_carries_another) {
  RunningServer server({}, echo);
  HttpClient client;
  OutgoingRequest request = to(server, "/");
  request.headers = {{"X-A", "b\r\nX-Evil: c"}};
  EXPECT_EQ(ask(client, request).failure, Failure::other);
  EXPECT_EQ(server->counters().requests, 0U);
}

TEST(HttpClient, verifies_who_answers) {
  const TestCertificate certificate(::testing::TempDir());
  RunningServer server(
      {.certificate_file = certificate.certificate_file(), .key_file = certificate.key_file()},
      echo);
  OutgoingRequest request = to(server, "/");
  request.url.replace(0, 4, "https");
  HttpClient strict;
  const OutgoingAnswer refused = ask(strict, request);
  EXPECT_EQ(refused.failure, Failure::tls);
  EXPECT_FALSE(refused.sent);
  HttpClient trusting({.ca_file = certificate.certificate_file()});
  const OutgoingAnswer answer = ask(trusting, request);
  EXPECT_EQ(answer.status, 201) << answer.error;
}

TEST(HttpClient, a_receiver_that_hangs_does_not_hold_up_others) {
  Hanging hanging;
  RunningServer server({}, hanging.handler());
  HttpClient client({.connections_per_host = 2, .connections = 4});
  std::atomic<int> slow{0};
  for (int i = 0; i < 10; ++i) {
    client.send(to(server, "/slow"), [&slow](OutgoingAnswer answer) {
      if (answer.body == "slow") ++slow;
    });
  }
  ASSERT_TRUE(eventually([&] { return hanging.size() == 2; }));
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(ask(client, to(server, "/quick", "localhost")).body, "quick");
  EXPECT_EQ(hanging.size(), 2U);  // eight more wait here, not there
  EXPECT_EQ(client.open(), 10U);
  EXPECT_TRUE(eventually([&] {
    hanging.let_go();
    return slow == 10;
  }));
  EXPECT_EQ(client.open(), 0U);
}

TEST(HttpClient, has_a_limit_to_what_is_open) {
  Hanging hanging;
  RunningServer server({}, hanging.handler());
  HttpClient client({.open = 1});
  std::atomic<bool> answered{false};
  client.send(to(server, "/"), [&answered](OutgoingAnswer) { answered = true; });
  EXPECT_EQ(ask(client, to(server, "/")).failure, Failure::other);
  EXPECT_FALSE(answered);
  client.stop();
  EXPECT_TRUE(answered);
}

TEST(HttpClient, answers_everything_when_it_stops) {
  Hanging hanging;
  RunningServer server({}, hanging.handler());
  HttpClient client({.connections_per_host = 3});
  std::atomic<int> stopped{0};
  const auto count = [&stopped](OutgoingAnswer answer) {
    if (answer.failure == Failure::other && answer.error == "stopped") ++stopped;
  };
  for (int i = 0; i < 10; ++i) client.send(to(server, "/"), count);
  ASSERT_TRUE(eventually([&] { return hanging.size() == 3; }));
  client.stop();
  EXPECT_EQ(stopped, 10);
  client.send(to(server, "/"), count);
  EXPECT_EQ(stopped, 11);
  client.stop();
}

TEST(HttpClient, has_another_name_for_each_failure) {
  using enum Failure;
  std::set<std::string_view> names;
  for (const Failure failure : {none, timeout, connect, tls, forbidden_address, too_large, other})
    names.insert(name(failure));
  EXPECT_EQ(names.size(), 7U);
}

TEST(HttpClient, may_be_stopped_and_used_by_an_answer) {
  RunningServer server({}, echo);
  HttpClient client;
  std::promise<void> done;
  client.send(to(server, "/"), [&](OutgoingAnswer) {
    client.send(to(server, "/"), [&](OutgoingAnswer) {
      client.stop();
      done.set_value();
    });
  });
  done.get_future().get();
}

}  // namespace
}  // namespace disburse::wire
