// Looks for secrets where none may be.
#include "sim/words.hpp"

#include <algorithm>
#include <cctype>

namespace disburse::sim {
namespace {

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

// Six digits, as a one-time password has them: only when they stand alone. Longer numbers and ids
// hold all sorts of six digits.
bool is_short_number(std::string_view text) {
  return text.size() <= 6 && std::all_of(text.begin(), text.end(), is_digit);
}

bool holds(std::string_view text, std::string_view secret) {
  const bool alone = is_short_number(secret);
  for (std::size_t at = text.find(secret); at != std::string_view::npos;
       at = text.find(secret, at + 1)) {
    const std::size_t end = at + secret.size();
    const bool inside =
        (at > 0 && is_word(text[at - 1])) || (end < text.size() && is_word(text[end]));
    if (!alone || !inside) return true;
  }
  return false;
}

// In a thousand lives some sum of money is also somebody's one-time password.
bool is_a_sum(const Model& model, std::string_view secret) {
  return is_short_number(secret) &&
         std::any_of(model.sums.begin(), model.sums.end(), [secret](std::int64_t paise) {
           return std::to_string(paise) == secret || std::to_string(paise / 100) == secret;
         });
}

}  // namespace

void check_words(Model& model, std::string_view text, std::string_view where) {
  check_words(
      model, text, where,
      {Secret::otp, Secret::claim_token, Secret::account, Secret::signing, Secret::credential});
}

void check_words(Model& model, std::string_view text, std::string_view where, SecretKinds kinds) {
  if (text.empty()) return;
  for (const auto& [secret, kind] : model.secrets) {
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) continue;
    if (holds(text, secret) && !is_a_sum(model, secret))
      model.blame(8, "the secret " + secret + " stands in " + std::string(where) + ": " +
                         std::string(text.substr(0, 600)));
  }
}

}  // namespace disburse::sim
