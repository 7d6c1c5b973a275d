#include "wire/server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "wire/test_client.hpp"

namespace disburse::wire {
namespace {

using namespace std::chrono_literals;
using testing::Answer;
using testing::eventually;
using testing::RunningServer;
using testing::TestClient;

// Tells what was understood: "POST /a?b=1 [body]".
void echo(const Request& request, Respond respond) {
  std::string text(name(request.method));
  text += " " + request.path;
  if (!request.query.empty()) text += "?" + std::string(request.query);
  text += " [" + std::string(request.body) + "]";
  respond({.content_type = "text/plain", .body = text});
}

std::string get(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

std::string post(std::string_view target, std::string_view body) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

TEST(Server, answers_a_request_with_length_and_date_and_without_a_server_header) {
  RunningServer server({}, echo);
  TestClient client(server.port());
  const Answer answer = client.ask(get("/a?b=1"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "GET /a?b=1 []");
  EXPECT_TRUE(answer.has("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(answer.has("Content-Type: text/plain\r\n"));
  EXPECT_TRUE(answer.has("Content-Length: 13\r\n"));
  EXPECT_TRUE(answer.has("\r\nDate: ") && answer.has(" GMT\r\n"));
  EXPECT_FALSE(answer.has("Server:"));
  EXPECT_FALSE(answer.has("Connection:"));
}

TEST(Server, keeps_a_connection_for_many_requests) {
  RunningServer server({}, echo);
  TestClient client(server.port());
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(client.ask(post("/n", std::to_string(i))).body,
              "POST /n [" + std::to_string(i) + "]");
  }
  EXPECT_EQ(server->counters().connections_accepted, 1U);
  EXPECT_EQ(server->counters().requests, 100U);
}

TEST(Server, answers_pipelined_requests_in_order) {
  RunningServer server({}, echo);
  TestClient client(server.port());
  std::string requests;
  for (int i = 0; i < 500; ++i) requests += post("/" + std::to_string(i), std::string(50, 'x'));
  ASSERT_TRUE(client.send(requests));
  for (int i = 0; i < 500; ++i) {
    ASSERT_EQ(client.receive().body,
              "POST /" + std::to_string(i) + " [" + std::string(50, 'x') + "]");
  }
}

TEST(Server, answers_pipelined_requests_in_order_when_some_are_answered_elsewhere) {
  std::vector<std::thread> threads;
  RunningServer server({}, [&threads](const Request& request, Respond respond) {
    if (request.path.size() % 2 == 0) return echo(request, std::move(respond));
    threads.emplace_back([&request, respond = std::move(respond)]() mutable {
      std::this_thread::yield();
      Respond last = std::move(respond);
      echo(request, std::move(last));  // valid until answered
    });
  });
  TestClient client(server.port());
  std::string requests;
  for (int i = 0; i < 200; i += 7) requests += get("/" + std::to_string(i));
  client.send(requests);
  for (int i = 0; i < 200; i += 7)
    ASSERT_EQ(client.receive().body, "GET /" + std::to_string(i) + " []");
  server.stop(1s);
  for (std::thread& thread : threads) thread.join();
}

TEST(Server, reads_a_request_that_comes_byte_by_byte) {
  RunningServer server({}, echo);
  TestClient client(server.port());
  for (const char c : post("/slow", "body")) client.send(std::string_view(&c, 1));
  EXPECT_EQ(client.receive().body, "POST /slow [body]");
}

TEST(Server, passes_over_an_empty_line_before_a_request_also_when_it_comes_in_two_pieces) {
  RunningServer server({}, echo);
  TestClient client(server.port());
  EXPECT_EQ(client.ask("\r\n\r\n" + get("/whole")).body, "GET /whole []");
  // The answer says that the half line behind its request has been read on its own.
  EXPECT_EQ(client.ask(get("/first") + "\r").body, "GET /first []");
  EXPECT_EQ(client.ask("\n" + get("/second")).body, "GET /second []");
}

TEST(Server, refuses_a_method_that_begins_with_no_letter_however_it_comes) {
  RunningServer server({}, echo);
  for (const std::string_view request : {"'OST /x HTTP/1.1\r\nHost: x\r\n\r\n", "'"}) {
    TestClient client(server.port());
    EXPECT_EQ(client.ask(request).status, 400) << request;
  }
}

TEST(Server, collapses_slashes_and_drops_one_at_the_end) {
  RunningServer server({}, echo);
  TestClient client(server.port());
  EXPECT_EQ(client.ask(get("//a//things/?a=//")).body, "GET /a/things?a=// []");
  EXPECT_EQ(client.ask(get("http://example.com/a/b/?q")).body, "GET /a/b?q []");
  EXPECT_EQ(client.ask(get("/")).body, "GET / []");
}

TEST(Server, finds_headers_in_any_case_and_tells_the_peer) {
  RunningServer server({}, [](const Request& request, Respond respond) {
    respond({.body = std::string(request.header("X-Any-Case")) + " " + std::string(request.peer) +
                     (request.secure ? " tls" : " plain")});
  });
  TestClient client(server.port());
  EXPECT_EQ(client.ask("GET / HTTP/1.1\r\nhOsT: x\r\nx-ANY-cASE:  1111122 \r\n\r\n").body,
            "1111122 127.0.0.1 plain");
}

TEST(Server, answers_head_without_a_body) {
  RunningServer server({}, echo);
  TestClient client(server.port());
  client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n");
  const Answer answer = client.receive(true);
  EXPECT_TRUE(answer.has("Content-Length: 10\r\n"));
  EXPECT_EQ(client.ask(get("/b")).body, "GET /b []");  // nothing came between
}

TEST(Server, takes_chunked_bodies) {
  RunningServer server({}, echo);
  TestClient client(server.port());
  const std::string head = "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(client.ask(head + "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nTrailer: z\r\n\r\n").body,
            "POST /c [abcdefg]");
  EXPECT_EQ(client.ask(head + "0\r\n\r\n").body, "POST /c []");
  for (const char c : head + "2\r\nhi\r\n0\r\n\r\n") client.send(std::string_view(&c, 1));
  EXPECT_EQ(client.receive().body, "POST /c [hi]");
  // Two in one packet, so that the second begins where the chunks of the first end.
  client.send(head + "1\r\na\r\n0\r\n\r\n" + get("/next"));
  EXPECT_EQ(client.receive().body, "POST /c [a]");
  EXPECT_EQ(client.receive().body, "GET /next []");
}

TEST(Server, takes_long_bodies_of_either_kind_whole) {
  RunningServer server({}, [](const Request& request, Respond respond) {
    // The head's views must have stayed right while the buffers grew.
    respond({.body = request.path + std::string(request.query) +
                     std::string(request.header("x-long")) + std::string(request.body)});
  });
  TestClient client(server.port());
  const std::string body(700'000, 'b');
  const std::string header(7'000, 'h');
  const std::string head = "POST /p?q HTTP/1.1\r\nHost: x\r\nX-Long: " + header + "\r\n";
  const std::string expected = "/pq" + header + body;
  EXPECT_EQ(client.ask(head + "Content-Length: 700000\r\n\r\n" + body).body, expected);
  EXPECT_EQ(
      client.ask(head + "Transfer-Encoding: chunked\r\n\r\naae60\r\n" + body + "\r\n0\r\n\r\n")
          .body,
      expected);
  std::string small_chunks;
  for (int i = 0; i < 1'000; ++i) small_chunks += "2bc\r\n" + std::string(700, 'b') + "\r\n";
  EXPECT_EQ(
      client.ask(head + "Transfer-Encoding: chunked\r\n\r\n" + small_chunks + "0\r\n\r\n").body,
      expected);
}

TEST(Server, takes_a_get_with_a_body) {
  RunningServer server({}, echo);
  TestClient client(server.port());
  EXPECT_EQ(client.ask("GET /g HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi").body,
            "GET /g [hi]");
  EXPECT_EQ(client
                .ask("GET /g HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "2\r\nhi\r\n0\r\n\r\n")
                .body,
            "GET /g [hi]");
}

TEST(Server, asks_for_the_body_of_who_expects_to_be_asked) {
  RunningServer server({}, echo);
  TestClient client(server.port());
  client.send("POST /e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.receive().status, 100);
  EXPECT_EQ(client.ask("hi").body, "POST /e [hi]");
}

TEST(Server, closes_when_the_client_wants_it_closed) {
  RunningServer server({}, echo);
  TestClient client(server.port());
  const Answer answer = client.ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.has("Connection: close\r\n"));
  EXPECT_TRUE(client.closed());
}

TEST(Server, closes_after_http_1_0_unless_asked_to_keep_it) {
  RunningServer server({}, echo);
  TestClient keeps(server.port());
  EXPECT_TRUE(
      keeps.ask("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").has("Connection: keep-alive"));
  EXPECT_EQ(keeps.ask("GET /2 HTTP/1.0\r\n\r\n").body, "GET /2 []");
  EXPECT_TRUE(keeps.closed());
}

TEST(Server, answers_a_client_that_has_shut_its_side) {
  RunningServer server({}, echo);
  TestClient client(server.port());
  client.send(get("/half"));
  ::shutdown(client.native(), SHUT_WR);
  EXPECT_EQ(client.receive().body, "GET /half []");
  EXPECT_TRUE(client.closed());
}

TEST(Server, answers_500_when_a_handler_forgets_or_throws) {
  RunningServer server({}, [](const Request& request, Respond) {
    if (request.path == "/throw") throw std::runtime_error("a handler's mistake");
  });
  TestClient client(server.port());
  EXPECT_EQ(client.ask(get("/forget")).status, 500);
  EXPECT_EQ(client.ask(get("/throw")).status, 500);
  EXPECT_EQ(client.ask(get("/throw")).status, 500);
}

TEST(Server, answers_500_when_a_response_is_dropped_on_another_thread) {
  std::thread thread;
  RunningServer server({}, [&thread](const Request&, Respond respond) {
    thread =
        std::thread([dropped = std::move(respond)]() mutable { Respond last(std::move(dropped)); });
  });
  TestClient client(server.port());
  EXPECT_EQ(client.ask(get("/")).status, 500);
  thread.join();
}

TEST(Server, takes_answers_from_another_thread) {
  std::vector<std::thread> threads;
  RunningServer server({}, [&threads](const Request&, Respond respond) {
    threads.emplace_back([respond = std::move(respond)]() mutable {
      respond({.status = 201, .body = "elsewhere"});
    });
  });
  TestClient client(server.port());
  for (int i = 0; i < 20; ++i) {
    const Answer answer = client.ask(get("/"));
    ASSERT_EQ(answer.status, 201);
    ASSERT_EQ(answer.body, "elsewhere");
  }
  server.stop(1s);
  for (std::thread& thread : threads) thread.join();
}

TEST(Server, takes_answers_that_another_thread_gives_together) {
  std::mutex mutex;
  std::vector<Respond> waiting;
  RunningServer server({}, [&](const Request&, Respond respond) {
    const std::lock_guard lock(mutex);
    waiting.push_back(std::move(respond));
  });
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(std::make_unique<TestClient>(server.port()));
    clients.back()->send(get("/"));
  }
  ASSERT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return waiting.size() == clients.size();
  }));
  // What a task that fails has answered goes, too.
  const auto give_all = [&] {
    for (Respond& respond : waiting) respond({.body = "together"});
    throw std::runtime_error("after the last");
  };
  EXPECT_THROW(server->together(give_all), std::runtime_error);
  for (const auto& client : clients) EXPECT_EQ(client->receive().body, "together");
}

TEST(Server, runs_what_is_deferred_after_what_has_come_in) {
  std::vector<std::string> order;
  std::unique_ptr<RunningServer> server;
  server = std::make_unique<RunningServer>(
      ServerOptions{}, [&](const Request& request, Respond respond) {
        order.emplace_back(request.path);
        if (request.path == "/a") (*server)->defer([&order] { order.emplace_back("deferred"); });
        respond({});
      });
  TestClient client(server->port());
  client.send(get("/a") + get("/b") + get("/c"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.receive().status, 200);
  EXPECT_EQ(client.ask(get("/d")).status, 200);
  (*server).stop(1s);
  EXPECT_EQ(order, (std::vector<std::string>{"/a", "/b", "/c", "deferred", "/d"}));
}

TEST(Server, a_header_value_cannot_begin_a_header_of_its_own) {
  RunningServer server({}, [](const Request&, Respond respond) {
    respond({.body = "", .headers = {{"X-A", "a\r\nX-Evil: b"}, {"Content-Length", "9"}}});
  });
  TestClient client(server.port());
  const Answer answer = client.ask(get("/"));
  EXPECT_TRUE(answer.has("X-A: a  X-Evil: b\r\n"));
  EXPECT_FALSE(answer.has("Content-Length: 9"));
}

TEST(Server, runs_tasks_and_timers_on_its_thread) {
  RunningServer server({}, echo);
  std::atomic<int> ran{0};
  std::mutex mutex;
  std::vector<std::thread::id> ids;
  const auto note = [&] {
    const std::lock_guard lock(mutex);
    ids.push_back(std::this_thread::get_id());
    ++ran;
  };
  server->post(note);
  server->run_after(2ms, note);
  EXPECT_TRUE(eventually([&] { return ran == 2; }));
  EXPECT_EQ(ids[0], ids[1]);
  EXPECT_NE(ids[0], std::this_thread::get_id());
}

TEST(Server, refuses_to_listen_where_it_cannot) {
  RunningServer first({}, echo);
  Server second({.port = first.port()}, echo);
  const auto taken = second.listen();
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, core::Code::io_failed);
  EXPECT_FALSE(Server({.address = "nowhere"}, echo).listen());
  EXPECT_FALSE(Server({.certificate_file = "/none", .key_file = "/none"}, echo).listen());
}

}  // namespace
}  // namespace disburse::wire
