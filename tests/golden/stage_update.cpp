// Rewriting golden files: values that differ from run to run become holes again.
#include <regex>

#include "golden/stage.hpp"

namespace disburse::golden {
namespace {

void replace_all(std::string& text, std::string_view value, const std::string& with) {
  for (std::size_t at = text.find(value); at != std::string::npos;
       at = text.find(value, at + with.size())) {
    text.replace(at, value.size(), with);
  }
}

// Ids of the providers' shapes, the last part of a link's address, and what banks call payments.
const std::regex& new_ids() {
  static const std::regex ids(
      "(poutlk|cont|fa|pout|fav|txn|acc)_([0-9A-Za-z]{14})(?![0-9A-Za-z])"
      "|/(i)/([0-9A-Za-z]{22})(?![0-9A-Za-z])"
      "|\"(utr)\":\"([0-9]{12})\"");
  return ids;
}

// The name and the value of what was found.
std::pair<std::string, std::string> named(const std::smatch& found) {
  if (found[1].matched) return {found[1].str(), found[2].str()};
  if (found[3].matched) return {"code", found[4].str()};
  return {found[5].str(), found[6].str()};
}

}  // namespace

std::string Stage::with_holes(std::string text) {
  for (const auto& [name, link] : links_) {
    for (const std::string kind : {"link:", "claim:"}) {
      replace_all(text, hole_value(kind + name), "{{" + kind + name + "}}");
    }
  }
  if (dialect_ == "razorpay") {
    replace_all(text, world_.sheet("razorpay", "account_number"), "{account_number}");
  }
  constexpr std::size_t kTooShortToBeAnId = 12;
  for (const auto& [name, value] : captured_) {
    if (value.size() >= kTooShortToBeAnId) replace_all(text, value, "{{" + name + "}}");
  }
  std::smatch found;
  while (std::regex_search(text, found, new_ids())) {
    const auto [kind, value] = named(found);
    std::string name = kind + "_1";
    for (std::size_t i = 2; captured_.count(name) != 0; ++i) name = kind + "_" + std::to_string(i);
    captured_[name] = value;
    replace_all(text, value, "{{" + name + "}}");
  }
  return text;
}

}  // namespace disburse::golden
