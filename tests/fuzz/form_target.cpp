// Forms and query strings, against a reader of its own that is as slow as it is plain.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/oracle.hpp"
#include "fuzz/targets.hpp"
#include "wire/form.hpp"
#include "wire/url.hpp"

namespace disburse::fuzz {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kPairs = 40;  // the limit here, so that it is met

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == at)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

// "+" is made "%20" first, so that the rest is percent decoding.
std::optional<std::string> decoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) encoded += c == '+' ? "%20" : std::string(1, c);
  auto plain = wire::percent_decode(encoded);
  if (!plain) return std::nullopt;
  return std::move(*plain);
}

std::optional<Pairs> read_plainly(std::string_view text) {
  Pairs pairs;
  for (const std::string& pair : split(text, '&')) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = decoded(std::string_view(pair).substr(0, equals));
    if (!name) return std::nullopt;
    if (name->empty()) continue;
    if (pairs.size() == kPairs) return std::nullopt;
    const auto value =
        decoded(equals == pair.size() ? "" : std::string_view(pair).substr(equals + 1));
    if (!value) return std::nullopt;
    pairs.emplace_back(*name, *value);
  }
  return pairs;
}

std::string written(const Pairs& pairs) {
  std::string text;
  for (const auto& [name, value] : pairs)
    text += wire::percent_encode(name) + "=" + wire::percent_encode(value) + "&";
  return text;
}

Pairs pairs_of(const wire::Form& form) {
  Pairs pairs;
  for (const wire::FormPair& pair : form.pairs()) pairs.emplace_back(pair.name, pair.value);
  return pairs;
}

void check_looking(const wire::Form& form, const Pairs& pairs) {
  for (const auto& [name, value] : pairs) {
    require(form.has(name) && form.find(name) != nullptr, "what was sent is found", name);
    const auto all = form.all(name);
    require(!all.empty() && all.front() == form.get(name), "the first of a name is got", name);
    const std::size_t open = name.find('[');
    if (open == std::string::npos || open == 0) continue;
    if (name.find(']', open) == std::string::npos) continue;
    bool found = false;
    for (const wire::FormChild& child : form.children(name.substr(0, open))) {
      const std::string whole =
          name.substr(0, open) + "[" + std::string(child.key) + "]" + std::string(child.rest);
      found = found || (whole == name && child.value == value);
    }
    require(found, "what is in brackets is found under its parent", name);
  }
}

}  // namespace

void fuzz_form(std::string_view input) {
  const auto form = wire::Form::parse(input, {.pairs = kPairs});
  const auto pairs = read_plainly(input);
  require(form.has_value() == pairs.has_value(), "two readers take the same forms", input);
  if (!form) return;
  require(pairs_of(*form) == *pairs, "two readers read the same", input);
  const auto again = wire::Form::parse(written(*pairs), {.pairs = kPairs});
  require(again && pairs_of(*again) == *pairs, "a form written is read as the same one", input);
  check_looking(*form, *pairs);
}

}  // namespace disburse::fuzz
