// Looks for secrets where none may be.
#include "sim/words.hpp"

#include <algorithm>
#include <cctype>

namespace disburse::sim {
namespace {

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

bool holds(std::string_view text, std::string_view secret) {
  const bool short_number = secret.size() <= 6 && std::all_of(secret.begin(), secret.end(), is_digit);
  for (std::size_t at = text.find(secret); at != std::string_view::npos;
       at = text.find(secret, at + 1)) {
    const std::size_t end = at + secret.size();
    const bool inside = (at > 0 && is_digit(text[at - 1])) || (end < text.size() && is_digit(text[end]));
    if (!short_number || !inside) return true;
  }
  return false;
}

}  // namespace

void check_words(Model& model, std::string_view text, std::string_view where) {
  if (text.empty()) return;
  for (const std::string& secret : model.secrets) {
    if (holds(text, secret))
      model.blame(8, "the secret " + secret + " stands in " + std::string(where) + ": " +
                         std::string(text.substr(0, 600)));
  }
}

}  // namespace disburse::sim
