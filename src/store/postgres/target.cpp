#include "store/postgres/target.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>

namespace disburse::store::postgres {
namespace {

using core::Code;
using core::fail;

constexpr std::string_view kPrepared = "prepared=";

// Takes "prepared=on|off" out of the URL: the rest is libpq's.
core::Result<bool> take_prepared(std::string& url) {
  const std::size_t query = url.find('?');
  if (query == std::string::npos) return true;
  const std::size_t at = url.find(kPrepared, query);
  const bool begins_word = at != std::string::npos && (url[at - 1] == '?' || url[at - 1] == '&');
  if (!begins_word) return true;
  const std::size_t end = std::min(url.find('&', at), url.size());
  const std::string value = url.substr(at + kPrepared.size(), end - at - kPrepared.size());
  if (value != "on" && value != "off")
    return fail(Code::configuration_invalid, "store", "prepared is on or off");
  url.erase(at, std::min(end + 1, url.size()) - at);
  if (url.ends_with('&') || url.ends_with('?')) url.pop_back();
  return value == "on";
}

std::vector<std::string> parts_of(const std::string& list) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    parts.push_back(list.substr(begin, end - begin));
    if (end == list.size()) return parts;
    begin = end + 1;
  }
}

// The value of a keyword for one of several hosts; one value is for all of them.
std::string part_for(const std::string& list, std::size_t host) {
  const std::vector<std::string> parts = parts_of(list);
  return parts.size() == 1 ? parts[0] : host < parts.size() ? parts[host] : std::string();
}

bool is_list(const std::string& keyword) {
  return keyword == "host" || keyword == "hostaddr" || keyword == "port";
}

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

}  // namespace

core::Result<Target> parse_target(std::string_view given) {
  Target target;
  std::string url(given);
  target.keeps_session = TRY(take_prepared(url));
  char* why = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconninfoParse(url.c_str(), &why));
  if (!options) {
    std::string text = why != nullptr ? why : "cannot be read";
    PQfreemem(why);
    while (text.ends_with('\n')) text.pop_back();
    return fail(Code::configuration_invalid, "store", std::move(text));
  }
  Target::Keywords all;
  std::size_t hosts = 1;
  std::string host;
  std::string database;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    all.emplace_back(option->keyword, option->val);
    if (is_list(all.back().first)) hosts = std::max(hosts, parts_of(all.back().second).size());
    if (all.back().first == "host") host = option->val;
    if (all.back().first == "dbname") database = option->val;
  }
  for (std::size_t i = 0; i < hosts; ++i) {
    Target::Keywords one = all;
    for (auto& [keyword, value] : one) {
      if (is_list(keyword)) value = part_for(value, i);
    }
    target.hosts.push_back(std::move(one));
  }
  target.name = (host.empty() ? "the local server" : host) + "/" + database;
  return target;
}

}  // namespace disburse::store::postgres
