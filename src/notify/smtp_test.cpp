#include "notify/smtp.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <map>

#include "notify/templates.hpp"
#include "notify/test_server.hpp"

namespace disburse::notify {
namespace {

using testing::Connection;
using testing::Heard;
using testing::TestServer;

// A mail server that says 250 to everything, but for what the test gives for a verb; "hang" says
// nothing.
struct MailServer {
  std::map<std::string, std::string> answers;
  Heard heard;

  std::string answer_to(const std::string& verb, std::string usual) const {
    const auto at = answers.find(verb);
    return at == answers.end() ? usual : at->second;
  }

  void serve(Connection& connection) {
    connection.say(answer_to("hello", "220 test ready") + "\r\n");
    for (std::string line; connection.hear_line(line);) {
      heard.add(line);
      const std::string verb = line.substr(0, 4);
      const std::string usual = verb == "DATA"   ? "354 go on"
                                : verb == "QUIT" ? "221 bye"
                                                 : "250 ok";
      const std::string answer = answer_to(verb, usual);
      if (answer == "hang") return connection.hang();
      connection.say(answer + "\r\n");
      if (verb == "QUIT") return;
      if (verb == "DATA" && answer.starts_with("354")) take_mail(connection);
    }
  }

  void take_mail(Connection& connection) {
    for (std::string line; connection.hear_line(line);) {
      heard.add(line);
      if (line == ".") break;
    }
    connection.say(answer_to("mail", "250 taken") + "\r\n");
  }
};

class SmtpTest : public ::testing::Test {
 protected:
  static Message message(std::string to = "gaurav.kumar@example.com") {
    Facts facts;
    facts.notice = core::Notice::otp;
    facts.channel = core::Channel::email;
    facts.id = "77";
    facts.to = std::move(to);
    facts.merchant_name = "Acme Refunds";
    facts.amount = *core::Money::from_paise(100);
    facts.otp = core::SecretText("123456");
    facts.otp_life = std::chrono::minutes(10);
    facts.at = core::Instant::from_seconds(1'705'293'000);
    return render(facts, {});
  }

  static SmtpOptions options(const TestServer& server) {
    SmtpOptions made;
    made.url = "smtp://" + server.address();
    made.start_tls = StartTls::off;
    made.from = {.address = "payments@example.com", .name = "Acme"};
    made.time_limit = std::chrono::seconds(10);
    return made;
  }

  static NotifyResult wait_for(Smtp& smtp, const Message& made) {
    std::promise<NotifyResult> promise;
    smtp.send(made, [&promise](NotifyResult result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  }

  NotifyResult send(SmtpOptions made, const Message& what = message()) {
    Smtp smtp(std::move(made));
    return wait_for(smtp, what);
  }

  bool has_heard(std::string_view line) const {
    const auto lines = mail_.heard.lines();
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  }

  MailServer mail_;
  TestServer server_{[this](Connection& connection) { mail_.serve(connection); }};
};

TEST_F(SmtpTest, AMessageIsHandedOver) {
  const NotifyResult result = send(options(server_));
  EXPECT_TRUE(result.sent) << result.error;
  EXPECT_TRUE(has_heard("MAIL FROM:<payments@example.com>"));
  EXPECT_TRUE(has_heard("RCPT TO:<gaurav.kumar@example.com>"));
  EXPECT_TRUE(has_heard("Subject: Your one-time password for Acme Refunds"));
  EXPECT_TRUE(has_heard("To: <gaurav.kumar@example.com>"));
  EXPECT_TRUE(has_heard("."));
}

TEST_F(SmtpTest, OneConnectionServesSeveralMessages) {
  Smtp smtp(options(server_));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(wait_for(smtp, message()).sent);
  const auto lines = mail_.heard.lines();
  const auto hellos = std::count_if(
      lines.begin(), lines.end(), [](const std::string& line) { return line.starts_with("EHLO"); });
  EXPECT_EQ(hellos, 1);
}

TEST_F(SmtpTest, AnUnknownRecipientIsRefusedForGood) {
  mail_.answers["RCPT"] = "550 no such user 123456";
  const NotifyResult result = send(options(server_));
  EXPECT_FALSE(result.sent);
  EXPECT_FALSE(result.worth_retrying);
  EXPECT_EQ(result.error.find("123456"), std::string::npos) << "the server's words are not kept";
}

TEST_F(SmtpTest, AFullMailboxIsWorthAnotherTry) {
  mail_.answers["RCPT"] = "452 mailbox full";
  const NotifyResult result = send(options(server_));
  EXPECT_FALSE(result.sent);
  EXPECT_TRUE(result.worth_retrying);
}

TEST_F(SmtpTest, AMailThatIsRefusedAsAWholeIsRefusedForGood) {
  mail_.answers["mail"] = "554 looks like spam";
  const NotifyResult result = send(options(server_));
  EXPECT_FALSE(result.sent);
  EXPECT_FALSE(result.worth_retrying);
}

TEST_F(SmtpTest, AServerThatWantsTlsIsOurMistakeNotTheMessages) {
  mail_.answers["MAIL"] = "530 Must issue a STARTTLS command first";
  const NotifyResult result = send(options(server_));
  EXPECT_FALSE(result.sent);
  EXPECT_TRUE(result.worth_retrying);
}

TEST_F(SmtpTest, WithoutTheTlsThatIsRequiredNothingIsSent) {
  SmtpOptions made = options(server_);
  made.start_tls = StartTls::required;
  const NotifyResult result = send(std::move(made));
  EXPECT_FALSE(result.sent);
  EXPECT_TRUE(result.worth_retrying);
  for (const std::string& line : mail_.heard.lines())
    EXPECT_FALSE(line.starts_with("MAIL")) << line;
}

TEST_F(SmtpTest, AServerThatHangsCostsTheTimeLimit) {
  mail_.answers["DATA"] = "hang";
  SmtpOptions made = options(server_);
  made.time_limit = std::chrono::milliseconds(200);
  const NotifyResult result = send(std::move(made));
  EXPECT_FALSE(result.sent);
  EXPECT_TRUE(result.worth_retrying);
}

TEST_F(SmtpTest, NobodyThereIsWorthAnotherTry) {
  SmtpOptions made = options(server_);
  made.url = "smtp://127.0.0.1:1";
  const NotifyResult result = send(std::move(made));
  EXPECT_FALSE(result.sent);
  EXPECT_TRUE(result.worth_retrying);
}

TEST_F(SmtpTest, AnAddressWithALineEndNeverReachesTheServer) {
  const NotifyResult result =
      send(options(server_), message("a@example.com>\r\nRCPT TO:<b@example.com"));
  EXPECT_FALSE(result.sent);
  EXPECT_FALSE(result.worth_retrying);
  EXPECT_TRUE(mail_.heard.lines().empty());
}

TEST_F(SmtpTest, AFullQueueRefusesAtOnceAndStoppingAnswersWhatWaits) {
  mail_.answers["DATA"] = "hang";
  SmtpOptions made = options(server_);
  made.time_limit = std::chrono::milliseconds(300);
  made.queue = 2;
  std::mutex mutex;
  std::vector<NotifyResult> results;
  {
    Smtp smtp(std::move(made));
    for (int i = 0; i < 6; ++i) {
      smtp.send(message(), [&](NotifyResult result) {
        const std::lock_guard lock(mutex);
        results.push_back(std::move(result));
      });
    }
    const std::lock_guard lock(mutex);
    EXPECT_GE(results.size(), 3u) << "at most one is being sent and two wait";
  }
  ASSERT_EQ(results.size(), 6u) << "each is answered once";
  for (const NotifyResult& result : results) {
    EXPECT_FALSE(result.sent);
    EXPECT_TRUE(result.worth_retrying);
  }
}

TEST(SmtpOptionsCheck, RefusesWhatCannotWork) {
  SmtpOptions good;
  good.url = "smtp://mail.example.com:587";
  good.from.address = "payments@example.com";
  good.username = "u";
  EXPECT_TRUE(check(good));
  SmtpOptions other = good;
  other.url = "http://mail.example.com";
  EXPECT_FALSE(check(other));
  other = good;
  other.url = "smtp://u:p@mail.example.com";
  EXPECT_FALSE(check(other));
  other = good;
  other.from.address = "nobody";
  EXPECT_FALSE(check(other));
  other = good;
  other.start_tls = StartTls::when_offered;
  EXPECT_FALSE(check(other)) << "a password would go in the open";
}

}  // namespace
}  // namespace disburse::notify
