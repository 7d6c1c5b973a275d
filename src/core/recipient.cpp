// Checks of recipients' details. Sources of the rules: docs/recipient-details.md.
#include "core/recipient.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "core/limits.hpp"

namespace disburse::core {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// The digits, and "+" where it stands first; empty when there is anything else than digits and
// usual separators.
std::string phone_digits(std::string_view text) {
  std::string digits;
  for (const char c : trimmed(text)) {
    if (is_digit(c) || (c == '+' && digits.empty()))
      digits += c;
    else if (c != ' ' && c != '-' && c != '(' && c != ')')
      return {};
  }
  return digits;
}

std::string mapped(std::string_view text, char (*map)(char)) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), map);
  return out;
}

}  // namespace

Result<std::string> parse_indian_mobile(std::string_view text) {
  const std::string digits = phone_digits(text);
  std::string_view rest = digits;
  for (const std::string_view prefix : {"+91", "0091", "91", "0"}) {
    if (rest.size() > 10 && rest.starts_with(prefix)) {
      rest.remove_prefix(prefix.size());
      break;
    }
  }
  // Only digits are left, but for a "+" in front, which is below '6'.
  if (rest.size() != 10 || rest[0] < '6') return fail(Code::phone_invalid, "phone");
  return "+91" + std::string(rest);
}

Result<std::string> parse_phone(std::string_view text) {
  const std::string digits = phone_digits(text);
  const std::size_t count = digits.size() - (digits.starts_with('+') ? 1 : 0);
  if (text.size() > limits::kPhoneLength || count < 6 || count > 15)
    return fail(Code::phone_invalid, "phone");
  return std::string(trimmed(text));
}

Result<std::string> parse_email(std::string_view text) {
  const std::string_view email = trimmed(text);
  const std::size_t at = email.find('@');
  if (email.size() > limits::kEmailLength || at == std::string_view::npos || at == 0 || at > 64) {
    return fail(Code::email_invalid, "email");
  }
  const std::string_view domain = email.substr(at + 1);
  const bool domain_good = domain.find('.') != std::string_view::npos &&
                           domain.find("..") == std::string_view::npos &&
                           std::all_of(domain.begin(), domain.end(), [](char c) {
                             return is_letter(c) || is_digit(c) || c == '.' || c == '-' ||
                                    static_cast<unsigned char>(c) >= 0x80;
                           });
  const bool ends_good = !domain.empty() && domain.front() != '.' && domain.back() != '.' &&
                         domain.front() != '-' && domain.back() != '-';
  const bool local_good =
      std::all_of(email.begin(), email.begin() + static_cast<std::ptrdiff_t>(at), [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && c != 0x7f &&
               std::string_view("\"(),:;<>[\\]").find(c) == std::string_view::npos;
      });
  // Internationalised addresses are UTF-8 (RFC 6531); other bytes are no text.
  if (!domain_good || !ends_good || !local_good || !is_clean_text(email))
    return fail(Code::email_invalid, "email");
  return std::string(email);
}

Result<std::string> parse_account_number(std::string_view text) {
  const std::string_view number = trimmed(text);
  const bool good = number.size() >= 9 && number.size() <= 18 &&
                    std::all_of(number.begin(), number.end(), is_digit);
  if (!good) return fail(Code::account_number_invalid, "account_number");
  return std::string(number);
}

Result<std::string> parse_ifsc(std::string_view text) {
  std::string code = mapped(trimmed(text), upper);
  const bool good =
      code.size() == 11 && std::all_of(code.begin(), code.begin() + 4, is_letter) &&
      code[4] == '0' &&
      std::all_of(code.begin() + 5, code.end(), [](char c) { return is_letter(c) || is_digit(c); });
  if (!good) return fail(Code::ifsc_invalid, "ifsc");
  return code;
}

Result<std::string> parse_vpa(std::string_view text) {
  std::string vpa = mapped(trimmed(text), lower);
  const std::size_t at = vpa.find('@');
  if (at == std::string::npos || at < 2 || vpa.size() > 255) return fail(Code::vpa_invalid, "vpa");
  const std::string_view handle = std::string_view(vpa).substr(at + 1);
  const bool local_good =
      (is_letter(vpa[0]) || is_digit(vpa[0])) &&
      std::all_of(vpa.begin(), vpa.begin() + static_cast<std::ptrdiff_t>(at), [](char c) {
        return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
      });
  const bool handle_good =
      handle.size() >= 2 && handle.size() <= 64 && is_letter(handle[0]) &&
      std::all_of(handle.begin(), handle.end(), [](char c) { return is_letter(c) || is_digit(c); });
  if (!local_good || !handle_good) return fail(Code::vpa_invalid, "vpa");
  return vpa;
}

Result<std::string> parse_holder_name(std::string_view text) {
  const std::string_view holder = trimmed(text);
  const bool good =
      !holder.empty() && holder.size() <= limits::kNameLength && is_clean_text(holder);
  if (!good) return fail(Code::holder_name_invalid, "name");
  return std::string(holder);
}

std::string contact_key(std::string_view phone_or_email) {
  if (phone_or_email.find('@') != std::string_view::npos)
    return mapped(trimmed(phone_or_email), lower);
  std::string digits;
  for (const char c : phone_or_email) {
    if (is_digit(c)) digits += c;
  }
  return digits.size() > 10 ? digits.substr(digits.size() - 10) : digits;
}

namespace {

// A name's words in upper case, without titles and punctuation.
std::vector<std::string> name_words(std::string_view name) {
  constexpr std::array<std::string_view, 12> kTitles = {
      "MR", "MRS", "MS", "DR", "SHRI", "SMT", "KUMARI", "M/S", "S/O", "D/O", "W/O", "PROF"};
  std::vector<std::string> words;
  std::string word;
  const auto finish = [&words, &word, &kTitles] {
    const bool title = std::find(kTitles.begin(), kTitles.end(), word) != kTitles.end();
    std::erase(word, '/');
    if (!word.empty() && !title) words.push_back(word);
    word.clear();
  };
  for (const char c : name) {
    const bool part =
        is_letter(c) || is_digit(c) || c == '/' || static_cast<unsigned char>(c) >= 0x80;
    if (part)
      word += upper(c);
    else if (c != '\'')
      finish();
  }
  finish();
  return words;
}

// How many characters must change to make b of a.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
      corner = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

// 0 to 100 for two words; an initial is worth most of the word that it begins.
int word_match(const std::string& a, const std::string& b) {
  if (a == b) return 100;
  if (a[0] == b[0] && (a.size() == 1 || b.size() == 1)) return 90;
  const std::size_t longer = std::max(a.size(), b.size());
  return static_cast<int>(100 - 100 * edit_distance(a, b) / longer);
}

}  // namespace

int name_match(std::string_view a, std::string_view b) {
  std::vector<std::string> few = name_words(a);
  std::vector<std::string> many = name_words(b);
  if (few.size() > many.size()) std::swap(few, many);
  if (few.empty()) return 0;
  // Each word of the shorter name takes its best partner; words left over count against it, a
  // middle name only little.
  std::vector<bool> taken(many.size(), false);
  std::int64_t sum = 0;
  for (const std::string& word : few) {
    std::size_t best = many.size();
    int best_score = -1;
    for (std::size_t i = 0; i < many.size(); ++i) {
      const int score = taken[i] ? -1 : word_match(word, many[i]);
      if (score > best_score) {
        best_score = score;
        best = i;
      }
    }
    taken[best] = true;
    sum += best_score;
  }
  const auto words = static_cast<std::int64_t>(few.size());
  const auto left_over = static_cast<std::int64_t>(many.size() - few.size());
  return static_cast<int>(
      std::max<std::int64_t>(0, sum / words - left_over * (words == 1 ? 30 : 10)));
}

bool is_clean_text(std::string_view text, bool lines) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x20 && !(lines && (lead == '\n' || lead == '\r' || lead == '\t'))) return false;
    if (lead == 0x7f) return false;
    const std::size_t size = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead >= 0x80 && (lead < 0xc2 || lead > 0xf4)) return false;
    if (i + size > text.size()) return false;
    std::uint32_t point = size == 1 ? lead : lead & (0xffU >> (size + 1));
    for (std::size_t j = 1; j < size; ++j) {
      const auto byte = static_cast<unsigned char>(text[i + j]);
      if ((byte & 0xc0) != 0x80) return false;
      point = (point << 6) | (byte & 0x3fU);
    }
    constexpr std::array<std::uint32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
    if (point < kSmallest[size] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
      return false;
    i += size;
  }
  return true;
}

}  // namespace disburse::core
