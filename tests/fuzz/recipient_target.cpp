// What people write about recipients: whatever is accepted is within its rules, and is accepted
// again as it was kept.
#include <algorithm>
#include <string>

#include "core/limits.hpp"
#include "core/recipient.hpp"
#include "fuzz/oracle.hpp"
#include "fuzz/targets.hpp"

namespace disburse::fuzz {
namespace {

using core::Result;
using Parse = Result<std::string> (*)(std::string_view);

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kBigLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool only(std::string_view text, std::string_view letters) {
  return text.find_first_not_of(letters) == std::string_view::npos;
}

// What was accepted, and is the same when it is read again; empty when it was refused.
std::string kept(Parse parse, std::string_view text) {
  const auto once = parse(text);
  if (!once) return {};
  require(!once->empty(), "what is accepted is not empty", text);
  const auto twice = parse(*once);
  require(twice && *twice == *once, "what was kept is accepted as it is", *once);
  return *once;
}

void check_phone(std::string_view text) {
  const std::string mobile = kept(core::parse_indian_mobile, text);
  if (!mobile.empty()) {
    require(mobile.size() == 13 && mobile.starts_with("+91") && mobile[3] >= '6' &&
                only(std::string_view(mobile).substr(1), kDigits),
            "a mobile number is +91 and ten digits", mobile);
    require(core::contact_key(text) == mobile.substr(3), "one number has one key", text);
  }
  const std::string phone = kept(core::parse_phone, text);
  require(phone.size() <= core::limits::kPhoneLength, "a phone number has a limit", phone);
  require(only(phone, "0123456789 +-()"), "a phone number has usual characters", phone);
  if (!mobile.empty() && text.size() <= core::limits::kPhoneLength)
    require(!phone.empty(), "a mobile number is a phone number", text);
}

void check_email(std::string_view text) {
  const std::string email = kept(core::parse_email, text);
  if (email.empty()) return;
  require(email.size() <= core::limits::kEmailLength, "an address has a limit", email);
  require(std::count(email.begin(), email.end(), '@') == 1, "an address has one @", email);
  const bool clean = std::none_of(email.begin(), email.end(), [](char c) {
    return (c >= 0 && c <= ' ') || c == 0x7f || c == ',' || c == ';' || c == '<' || c == '>';
  });
  require(clean, "an address cannot end a header line or a list of addresses", email);
  require(core::is_clean_text(email), "an address is UTF-8", email);
}

void check_bank(std::string_view text) {
  const std::string number = kept(core::parse_account_number, text);
  require(number.empty() || (number.size() >= 9 && number.size() <= 18 && only(number, kDigits)),
          "an account number has nine to eighteen digits", number);
  const std::string ifsc = kept(core::parse_ifsc, text);
  if (!ifsc.empty()) {
    require(ifsc.size() == 11 && ifsc[4] == '0' && only(ifsc.substr(0, 4), kBigLetters) &&
                only(ifsc, std::string(kDigits) + std::string(kBigLetters)),
            "an IFSC has its shape", ifsc);
  }
  const std::string vpa = kept(core::parse_vpa, text);
  if (!vpa.empty()) {
    require(std::count(vpa.begin(), vpa.end(), '@') == 1 && vpa.size() <= 255 &&
                only(vpa, "abcdefghijklmnopqrstuvwxyz0123456789.-_@"),
            "a UPI id has its shape", vpa);
  }
}

void check_names(std::string_view a, std::string_view b) {
  const std::string name = kept(core::parse_holder_name, a);
  require(name.size() <= core::limits::kNameLength && core::is_clean_text(name),
          "a name is clean and has a limit", name);
  if (a.size() > 200 || b.size() > 200) return;
  const int match = core::name_match(a, b);
  require(match >= 0 && match <= 100, "names match from 0 to 100");
  const int itself = core::name_match(a, a);
  require(itself == 0 || itself == 100, "a name without words matches nothing, others themselves",
          a);
}

}  // namespace

void fuzz_recipient(std::string_view input) {
  Choices choices(input);
  const std::string_view first = choices.text();
  const std::string_view second = choices.text();
  check_phone(first);
  check_email(first);
  check_bank(first);
  check_names(first, second);
  if (core::is_clean_text(first))
    require(core::is_clean_text(first, true), "text without lines is clean with them too", first);
  if (core::is_clean_text(first) && core::is_clean_text(second)) {
    require(core::is_clean_text(std::string(first) + std::string(second)),
            "two clean texts are one", first);
  }
}

}  // namespace disburse::fuzz
