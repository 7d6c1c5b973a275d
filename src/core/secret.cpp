// Showing just enough of a contact that its owner knows it.
#include "core/secret.hpp"

#include <algorithm>

namespace disburse::core {
namespace {
constexpr std::size_t kStars = 7;
}

std::string masked(std::string_view text, std::size_t shown) {
  std::string stars(kStars, '*');
  if (text.size() <= shown) return stars;
  return stars.append(text.substr(text.size() - shown));
}

std::string masked_email(std::string_view email) {
  const std::size_t at = email.rfind('@');
  if (at == std::string_view::npos) return std::string(kStars, '*');
  const std::string_view local = email.substr(0, at);
  // At least half of the local part stays hidden.
  const std::size_t shown = std::min<std::size_t>(2, local.size() / 2);
  return std::string(local.substr(0, shown)) + "****" + std::string(email.substr(at));
}

}  // namespace disburse::core
