// What the server refuses, cuts off and finishes: limits, timeouts, draining.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "wire/server.hpp"
#include "wire/test_client.hpp"

namespace disburse::wire {
namespace {

using namespace std::chrono_literals;
using testing::Answer;
using testing::eventually;
using testing::RunningServer;
using testing::TestClient;

void size_of_body(const Request& request, Respond respond) {
  respond({.body = std::to_string(request.body.size())});
}

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::string_view kSmallPost =
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";

// Keeps what it is asked until the test answers.
class Waiting {
 public:
  Handler handler() {
    return [this](const Request&, Respond respond) {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(respond));
    };
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
  }
  void answer_all() {
    std::vector<Respond> waiting;
    {
      const std::lock_guard lock(mutex_);
      waiting.swap(waiting_);
    }
    for (Respond& respond : waiting) respond({.body = "late"});
  }

 private:
  std::mutex mutex_;
  std::vector<Respond> waiting_;
};

TEST(ServerRefuses, what_is_not_http) {
  RunningServer server({}, size_of_body);
  for (const char* text : {
           "nonsense\r\n\r\n",
           "GET /\r\n\r\n",
           "GET / HTTP/1.1\r\nHost x\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
           "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
           "GET a HTTP/1.1\r\nHost: x\r\n\r\n",
           "GET / HTTP/1.1\nHost: x\n\n",
           "\x16\x03\x01\x02\x01",
           "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
           "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
       }) {
    TestClient client(server.port());
    const Answer answer = client.ask(text);
    EXPECT_EQ(answer.status, 400) << text;
    EXPECT_TRUE(answer.has("Connection: close\r\n"));
    EXPECT_TRUE(client.closed());
  }
}

TEST(ServerRefuses, what_it_does_not_speak) {
  RunningServer server({}, size_of_body);
  const auto status = [&server](std::string_view request) {
    return TestClient(server.port()).ask(request).status;
  };
  EXPECT_EQ(status("GET / HTTP/2.0\r\nHost: x\r\n\r\n"), 505);
  EXPECT_EQ(status("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"), 501);
  EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"), 501);
  EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n"), 501);
  EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n"), 417);
}

TEST(ServerRefuses, heads_that_are_too_large) {
  RunningServer server(
      {.limits = {.header_bytes = 4'000, .target_bytes = 1'000, .header_count = 10}}, size_of_body);
  const auto status = [&server](const std::string& request) {
    return TestClient(server.port()).ask(request).status;
  };
  const std::string head = "GET / HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(status(head + "A: " + std::string(3'900, 'a') + "\r\n\r\n"), 200);
  EXPECT_EQ(status(head + "A: " + std::string(4'000, 'a') + "\r\n\r\n"), 431);
  EXPECT_EQ(status(head + "A: " + std::string(40'000, 'a')), 431);
  std::string many = head;
  for (int i = 0; i < 10; ++i) many += "A: b\r\n";
  EXPECT_EQ(status(many + "\r\n"), 431);
  EXPECT_EQ(status("GET /" + std::string(1'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"), 414);
  EXPECT_EQ(status("GET /" + std::string(9'000, 'a')), 414);
}

TEST(ServerRefuses, more_unfinished_bodies_than_it_has_memory_for) {
  RunningServer server({.limits = {.buffered_bytes = 200'000}}, size_of_body);
  const std::string unfinished =
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + std::string(90'000, 'a');
  {
    TestClient first(server.port());
    TestClient second(server.port());
    EXPECT_TRUE(first.send(unfinished) && second.send(unfinished));
    ASSERT_TRUE(eventually([&] { return server->counters().bytes_in == 2 * unfinished.size(); }));
    EXPECT_EQ(TestClient(server.port()).ask(unfinished).status, 503);
    // What fits behind its head is always taken.
    EXPECT_EQ(TestClient(server.port()).ask(kSmallPost).status, 200);
  }
  // Who goes gives it back.
  const std::string whole = unfinished + std::string(10'000, 'a');
  EXPECT_TRUE(eventually([&] { return TestClient(server.port()).ask(whole).status == 200; }));
}

TEST(ServerCutsOff, clients_that_take_no_answers_when_they_hold_too_much) {
  RunningServer server(
      {.limits = {.buffered_bytes = 4'000'000}}, [](const Request& request, Respond respond) {
        respond({.body = std::string(request.path == "/large" ? 200'000 : 1, 'a')});
      });
  std::string large;
  for (int i = 0; i < 100; ++i) large += "GET /large HTTP/1.1\r\nHost: x\r\n\r\n";
  std::vector<std::unique_ptr<TestClient>> greedy;
  for (int i = 0; i < 40; ++i) {
    greedy.push_back(std::make_unique<TestClient>(server.port()));
    greedy.back()->send(large);
  }
  // Forty of them would hold eight megabytes and more.
  EXPECT_TRUE(eventually([&] { return server->counters().connections_open < 40; }));
  EXPECT_EQ(TestClient(server.port()).ask(kGet).status, 200);
}

TEST(ServerRefuses, ten_megabytes_before_they_are_read) {
  RunningServer server({}, size_of_body);
  TestClient client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10485760\r\n\r\n");
  const Answer answer = client.receive();  // nothing of the body was sent
  EXPECT_EQ(answer.status, 413);
  EXPECT_TRUE(answer.has("Connection: close"));

  // Who sends it all before reading gets the answer as well, and not a reset.
  TestClient sender(server.port());
  EXPECT_TRUE(sender.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10485760\r\n\r\n" +
                          std::string(10'485'760, 'x')));
  EXPECT_EQ(sender.receive().status, 413);
}

TEST(ServerRefuses, chunks_that_add_up_to_too_much) {
  RunningServer server({.limits = {.body_bytes = 10}}, size_of_body);
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(TestClient(server.port()).ask(head + "a\r\n0123456789\r\n0\r\n\r\n").body, "10");
  EXPECT_EQ(TestClient(server.port()).ask(head + "9\r\n012345678\r\n2\r\n01\r\n0\r\n\r\n").status,
            413);
  EXPECT_EQ(TestClient(server.port()).ask(head + "ffffffffffffffff\r\n").status, 413);
}

TEST(ServerRefuses, what_is_too_large_for_its_route_only) {
  RunningServer server({.body_limit =
                            [](Method method, std::string_view path) {
                              return method == Method::post && path == "/bulk" ? 2'000'000U : 5U;
                            }},
                       size_of_body);
  const auto ask = [&server](std::string_view path, std::size_t size) {
    return TestClient(server.port())
        .ask("POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nContent-Length: " +
             std::to_string(size) + "\r\n\r\n" + std::string(size, 'x'));
  };
  EXPECT_EQ(ask("/a", 5).status, 200);
  EXPECT_EQ(ask("/a", 6).status, 413);
  EXPECT_EQ(ask("//bulk/", 2'000'000).body, "2000000");
}

TEST(ServerRefuses, in_the_words_of_the_caller) {
  RunningServer server({.error_response =
                            [](int status, const Request& request) {
                              return Response{.status = status,
                                              .body = request.path + " " + std::to_string(status)};
                            }},
                       [](const Request&, Respond) {});
  const auto body = [&server](const std::string& request) {
    return TestClient(server.port()).ask(request).body;
  };
  EXPECT_EQ(body("POST //a/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n"), "/a 413");
  EXPECT_EQ(body("GET /b?c HTTP/1.1\r\nno header\r\n\r\n"), "/b 400");
  EXPECT_EQ(body("GET /d HTTP/1.1\r\nA: " + std::string(20'000, 'a')), "/d 431");
  EXPECT_EQ(body("GET /e HTTP/1.1\r\nHost: x\r\n\r\n"), "/e 500");
  EXPECT_EQ(body("?\r\n\r\n"), "/ 400");
}

TEST(ServerRefuses, more_in_flight_than_allowed_and_keeps_the_connection) {
  Waiting waiting;
  RunningServer server({.limits = {.requests_in_flight = 1}}, waiting.handler());
  TestClient first(server.port());
  TestClient second(server.port());
  first.send(kGet);
  ASSERT_TRUE(eventually([&] { return waiting.size() == 1; }));
  EXPECT_EQ(second.ask(kGet).status, 503);
  waiting.answer_all();
  EXPECT_EQ(first.receive().body, "late");
  second.send(kGet);
  ASSERT_TRUE(eventually([&] { return waiting.size() == 1; }));
  waiting.answer_all();
  EXPECT_EQ(second.receive().body, "late");
}

TEST(ServerRefuses, more_connections_than_allowed) {
  RunningServer server({.limits = {.connections = 2}}, size_of_body);
  TestClient first(server.port());
  auto second = std::make_unique<TestClient>(server.port());
  ASSERT_EQ(first.ask(kGet).status, 200);
  ASSERT_EQ(second->ask(kGet).status, 200);
  TestClient third(server.port());
  EXPECT_EQ(third.receive().status, 503);
  EXPECT_TRUE(third.closed());
  EXPECT_EQ(server->counters().connections_refused, 1U);
  second.reset();
  ASSERT_TRUE(eventually([&] { return server->counters().connections_open == 1; }));
  EXPECT_EQ(TestClient(server.port()).ask(kGet).status, 200);
  EXPECT_EQ(first.ask(kGet).status, 200);
}

TEST(ServerCutsOff, who_is_slow_with_the_head) {
  RunningServer server({.limits = {.header_timeout = 30ms}}, size_of_body);
  TestClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHo");
  EXPECT_EQ(client.receive().status, 408);
  EXPECT_TRUE(client.closed());
  TestClient silent(server.port());
  EXPECT_TRUE(silent.closed());  // without a word
}

TEST(ServerCutsOff, who_drips_the_head) {
  RunningServer server({.limits = {.header_timeout = 50ms}}, size_of_body);
  TestClient client(server.port());
  client.send("GET / HTTP/1.1\r\n");
  // Each byte comes in time, all of them do not.
  while (server->counters().refusals == 0 && client.send("a")) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(client.receive().status, 408);
}

TEST(ServerCutsOff, who_is_slow_with_the_body) {
  RunningServer server({.limits = {.body_timeout = 30ms}}, size_of_body);
  TestClient client(server.port());
  EXPECT_EQ(client.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc").status, 408);
  EXPECT_TRUE(client.closed());
  TestClient large(server.port());
  EXPECT_EQ(large.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\nabc").status,
            408);
}

TEST(ServerCutsOff, who_is_silent_between_requests) {
  RunningServer server({.limits = {.idle_timeout = 30ms}}, size_of_body);
  TestClient client(server.port());
  EXPECT_EQ(client.ask(kGet).status, 200);
  EXPECT_TRUE(client.closed());
}

TEST(ServerCutsOff, who_does_not_read_the_answer) {
  RunningServer server(
      {.limits = {.write_timeout = 30ms, .bytes_per_second = 1'000'000'000}},
      [](const Request&, Respond respond) { respond({.body = std::string(50'000'000, 'x')}); });
  TestClient client(server.port());
  client.send(kGet);
  EXPECT_TRUE(eventually([&] {
    return server->counters().requests == 1 && server->counters().connections_open == 0;
  }));
}

TEST(ServerCutsOff, nobody_whose_answer_takes_long) {
  Waiting waiting;
  RunningServer server(
      {.limits = {.idle_timeout = 5ms, .header_timeout = 5ms, .body_timeout = 5ms}},
      waiting.handler());
  TestClient client(server.port());
  client.send(kGet);
  ASSERT_TRUE(eventually([&] { return waiting.size() == 1; }));
  std::this_thread::sleep_for(50ms);
  waiting.answer_all();
  EXPECT_EQ(client.receive().body, "late");
}

TEST(ServerWrites, long_answers_to_slow_readers_whole) {
  RunningServer server(
      {}, [](const Request&, Respond respond) { respond({.body = std::string(5'000'000, 'x')}); });
  TestClient client(server.port());
  client.send(std::string(kGet) + std::string(kGet) + std::string(kGet));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.receive().body.size(), 5'000'000U);
}

TEST(ServerDrains, what_is_in_flight_and_then_stops) {
  Waiting waiting;
  RunningServer server({.limits = {.drain_quiet = 1ms}}, waiting.handler());
  TestClient idle(server.port());
  TestClient busy(server.port());
  busy.send(kGet);
  ASSERT_TRUE(eventually([&] { return waiting.size() == 1; }));
  server->drain(10s);
  EXPECT_TRUE(idle.closed());
  EXPECT_FALSE(TestClient(server.port()).connected());
  waiting.answer_all();
  const Answer answer = busy.receive();
  EXPECT_EQ(answer.body, "late");
  EXPECT_TRUE(answer.has("Connection: close"));
  EXPECT_TRUE(busy.closed());
  ::shutdown(busy.native(), SHUT_WR);
  server.stop(10s);
  EXPECT_EQ(server->counters().connections_open, 0U);
}

TEST(ServerDrains, cuts_off_what_does_not_finish_in_time) {
  Waiting waiting;
  RunningServer server({}, waiting.handler());
  TestClient client(server.port());
  client.send(kGet);
  ASSERT_TRUE(eventually([&] { return waiting.size() == 1; }));
  server.stop(10ms);
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(server->counters().requests_in_flight, 0U);
  waiting.answer_all();  // to nobody
}

TEST(ServerDrains, an_answer_may_outlive_the_server) {
  Waiting waiting;
  {
    RunningServer server({}, waiting.handler());
    TestClient client(server.port());
    client.send(kGet);
    ASSERT_TRUE(eventually([&] { return waiting.size() == 1; }));
  }
  waiting.answer_all();
}

TEST(ServerDrains, lets_go_of_an_answer_that_waits_for_a_time_after_the_end) {
  std::weak_ptr<Respond> held;
  std::atomic<bool> asked{false};
  {
    RunningServer server({}, [&](const Request&, Respond respond) {
      auto answer = std::make_shared<Respond>(std::move(respond));  // owners: the timer
      held = answer;
      server->run_after(1h, [answer] { (*answer)({}); });
      asked = true;
    });
    TestClient client(server.port());
    client.send(kGet);
    ASSERT_TRUE(eventually([&] { return asked.load(); }));
  }
  EXPECT_TRUE(held.expired());
}

TEST(ServerDrains, answers_a_request_that_was_already_on_its_way) {
  RunningServer server({.limits = {.drain_quiet = 5s}}, size_of_body);
  TestClient client(server.port());
  ASSERT_EQ(client.ask(kGet).status, 200);
  server->drain(10s);
  const Answer answer = client.ask(kGet);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.has("Connection: close"));
}

}  // namespace
}  // namespace disburse::wire
