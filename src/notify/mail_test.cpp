#include "notify/mail.hpp"

#include <gtest/gtest.h>

#include "wire/base64.hpp"

namespace disburse::notify {
namespace {

const MailFrom kFrom{.address = "payments@example.com", .name = "Acme"};

Message message(std::string subject, std::string text,
                std::string to = "gaurav.kumar@example.com") {
  Message made;
  made.id = "77";
  made.channel = core::Channel::email;
  made.to = std::move(to);
  made.subject = std::move(subject);
  made.text = core::SecretText(std::move(text));
  made.at = core::Instant::from_seconds(1'705'293'000);
  return made;
}

TEST(Mail, HasTheHeadersAndTheTextOfAPlainMessage) {
  const auto mail = compose_mail(message("Hello", "One\nTwo\n"), kFrom);
  ASSERT_TRUE(mail);
  EXPECT_EQ(*mail,
            "Date: 15 Jan 2024 04:30:00 +0000\r\n"
            "From: \"Acme\" <payments@example.com>\r\n"
            "To: <gaurav.kumar@example.com>\r\n"
            "Message-ID: <77@example.com>\r\n"
            "Subject: Hello\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\n"
            "One\r\nTwo\r\n");
}

TEST(Mail, ASubjectCannotAddAHeader) {
  const auto mail = compose_mail(message("a\r\nBcc: all@example.com\r\n\r\nbody", "t"), kFrom);
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->find("\r\nBcc:"), std::string::npos);
  EXPECT_NE(mail->find("Subject: a  Bcc: all@example.com"), std::string::npos);
}

TEST(Mail, ASendersNameCannotAddAHeaderOrAnAddress) {
  const auto mail =
      compose_mail(message("s", "t"), {.address = "p@example.com", .name = "A\" <x@y>\r\nBcc: z"});
  ASSERT_TRUE(mail);
  EXPECT_NE(mail->find("From: \"A\\\" <x@y>  Bcc: z\" <p@example.com>\r\n"), std::string::npos);
}

TEST(Mail, AnIdCannotAddAHeader) {
  Message made = message("s", "t");
  made.id = "7>\r\nBcc: <z";
  const auto mail = compose_mail(made, kFrom);
  ASSERT_TRUE(mail);
  EXPECT_NE(mail->find("Message-ID: <7---Bcc---z@example.com>\r\n"), std::string::npos) << *mail;
}

TEST(Mail, AnAddressThatCouldBeSeveralIsRefused) {
  for (const char* to : {"", "a", "a@", "@b", "a@b,c@d", "a@b\r\nRCPT TO:<c@d>", "a@b> <c@d",
                         "a b@c", "\"a\"@b", "-a@b"}) {
    EXPECT_FALSE(compose_mail(message("s", "t", to), kFrom)) << to;
  }
}

TEST(Mail, ASubjectInAnotherScriptIsEncodedAndFolded) {
  std::string subject;
  for (int i = 0; i < 30; ++i) subject += "भुगतान ";
  const std::string encoded = encode_header_text(subject);
  std::string decoded;
  std::size_t at = 0;
  while (at < encoded.size()) {
    const std::size_t end = std::min(encoded.find("\r\n ", at), encoded.size());
    const std::string word = encoded.substr(at, end - at);
    EXPECT_LE(word.size(), 75u);
    ASSERT_TRUE(word.starts_with("=?UTF-8?B?") && word.ends_with("?=")) << word;
    const auto part = wire::base64_decode(word.substr(10, word.size() - 12));
    ASSERT_TRUE(part);
    EXPECT_NE(static_cast<unsigned char>((*part)[0]) & 0xc0, 0x80) << "a character was cut";
    decoded += *part;
    at = end + 3;
  }
  EXPECT_EQ(decoded, subject);
}

TEST(Mail, TextThatLooksEncodedIsEncoded) {
  EXPECT_EQ(encode_header_text("=?x").substr(0, 10), "=?UTF-8?B?");
}

TEST(QuotedPrintable, KeepsLinesShortAndTextWhole) {
  const std::string text = std::string(200, 'a') + "₹ = end \nnext\ttab";
  const std::string encoded = quoted_printable(text);
  std::string decoded;
  std::size_t at = 0;
  while (at < encoded.size()) {
    const std::size_t end = encoded.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    std::string line = encoded.substr(at, end - at);
    EXPECT_LE(line.size(), 76u);
    const bool soft = !line.empty() && line.back() == '=';
    if (soft) line.pop_back();
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] != '=') {
        decoded += line[i];
        continue;
      }
      decoded += static_cast<char>(std::stoi(line.substr(i + 1, 2), nullptr, 16));
      i += 2;
    }
    if (!soft) decoded += '\n';
    at = end + 2;
  }
  EXPECT_EQ(decoded, text + "\n");
  EXPECT_NE(encoded.find("end=20\r\n"), std::string::npos) << "a blank at a line's end is escaped";
}

}  // namespace
}  // namespace disburse::notify
