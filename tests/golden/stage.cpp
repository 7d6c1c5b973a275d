// Plays golden blocks.
#include "golden/stage.hpp"

#include <cctype>
#include <cstdlib>

#include "core/calendar.hpp"
#include "core/otp.hpp"
#include "wire/base64.hpp"
#include "wire/hex.hpp"
#include "wire/json.hpp"
#include "wire/path.hpp"
#include "wire/url.hpp"

namespace disburse::golden {
namespace {

wire::Method method_of(std::string_view text) {
  for (const wire::Method method :
       {wire::Method::get, wire::Method::head, wire::Method::post, wire::Method::put,
        wire::Method::patch, wire::Method::delete_, wire::Method::options}) {
    if (wire::name(method) == text) return method;
  }
  return wire::Method::other;
}

bool is_capturable(char c, bool url) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-' ||
         c == '%' || (url ? c == '~' : c == '+' || c == '/' || c == '=' || c == ':');
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(wire::hex_digit(text[i + 1]) * 16 + wire::hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool updates() { return std::getenv("GOLDEN_UPDATE") != nullptr; }

}  // namespace

Stage::Stage(std::string dialect, world::WorldOptions options)
    : dialect_(std::move(dialect)), world_(std::move(options)) {
  world_.clock().set(*core::parse_rfc3339("2024-01-15T10:00:00+05:30"));
}

std::string Stage::play(Block& block) {
  switch (block.kind) {
    case BlockKind::comment:
      return {};
    case BlockKind::given:
      return given(block.head);
    case BlockKind::now: {
      const auto at = core::parse_rfc3339(block.head);
      if (!at) return "not a time: " + block.head;
      world_.clock().set(*at);
      return {};
    }
    case BlockKind::advance:
      world_.advance(std::chrono::seconds(std::atoll(block.head.c_str())));
      return {};
    case BlockKind::settle:
      world_.settle();
      return {};
    case BlockKind::request:
      return request(block);
    case BlockKind::answer:
      return answer(block);
    case BlockKind::webhook:
      return webhook(block);
  }
  return {};
}

std::string Stage::request(const Block& block) {
  const std::string head = fill(block.head);
  const std::size_t blank = head.find(' ');
  world::Headers headers;
  for (const auto& [name, value] : block.headers) headers.emplace_back(name, fill(value));
  response_ = world_.call(method_of(head.substr(0, blank)), head.substr(blank + 1), headers,
                          fill(block.body));
  return {};
}

std::string Stage::answer(Block& block) {
  if (block.head != std::to_string(response_.status)) {
    return "status " + std::to_string(response_.status) + " where " + block.head +
           " was expected\n" + response_.body;
  }
  for (const auto& [name, value] : block.headers) {
    std::string actual =
        wire::equal_ignoring_case(name, "content-type") ? std::string(response_.content_type) : "";
    for (const auto& [other, text] : response_.headers) {
      if (wire::equal_ignoring_case(name, other)) actual = text;
    }
    const std::string complaint = match(value, actual);
    if (!complaint.empty()) return "header " + name + ": " + complaint;
  }
  std::string body = response_.body;
  while (!body.empty() && body.back() == '\n') body.pop_back();
  const std::string complaint = match(block.body, body);
  if (complaint.empty() || !updates()) return complaint;
  block.body = body;
  return {};
}

std::string Stage::webhook(Block& block) {
  if (world_.webhooks().empty()) world_.settle();
  if (world_.webhooks().empty()) return "no webhook was sent";
  const wire::OutgoingRequest sent = world_.webhooks().front().request;
  world_.webhooks().pop_front();
  std::string head(wire::name(sent.method));
  const std::size_t query = sent.url.find('?');
  if (query != std::string::npos) head += " " + sent.url.substr(query + 1);
  std::string complaint = match(block.head, head);
  if (!complaint.empty() && updates())
    block.head = head;
  else if (!complaint.empty())
    return complaint;
  for (const auto& [name, value] : block.headers) {
    std::string actual;
    for (const auto& [other, text] : sent.headers) {
      if (wire::equal_ignoring_case(name, other)) actual = text;
    }
    complaint = match(value, actual);
    if (!complaint.empty()) return "header " + name + ": " + complaint;
  }
  complaint = match(block.body, sent.body);
  if (complaint.empty() || !updates()) return complaint;
  block.body = sent.body;
  return {};
}

std::string Stage::public_id(core::LinkId link) const {
  const core::PublicIds& ids = world_.keys().ids;
  const core::MerchantId merchant = world_.merchant();
  if (dialect_ == "payu") {
    const auto sealed = ids.seal384(core::IdKind::link, merchant, link.value);
    return wire::base64_encode({reinterpret_cast<const char*>(sealed.data()), sealed.size()});
  }
  if (dialect_ == "razorpay")
    return "poutlk_" + core::base62(ids.seal83(core::IdKind::link, merchant, link.value), 14);
  if (dialect_ == "instantpay") {
    const auto sealed = ids.seal96(core::IdKind::link, merchant, link.value);
    return wire::hex_encode({reinterpret_cast<const char*>(sealed.data()), sealed.size()});
  }
  return core::claim_code(ids, {merchant, link});
}

std::string Stage::token() {
  if (!token_.empty()) return token_;
  const std::string body =
      "grant_type=client_credentials&scope=create_payout_transactions&client_id=" +
      world_.sheet("payu", "client_id") + "&client_secret=" + world_.sheet("payu", "client_secret");
  const wire::Response response =
      world_.call(wire::Method::post, "/oauth/token",
                  {{"content-type", "application/x-www-form-urlencoded"}}, body);
  const auto json = wire::parse_json(response.body);
  const wire::JsonValue* found = json ? json->find("access_token") : nullptr;
  token_ = found == nullptr ? "no token" : std::string(found->text());
  return token_;
}

std::optional<std::string> Stage::sheet_word(std::string_view name) {
  if (name == "token") return token();
  if (name == "pid") return world_.sheet("payu", "payout_merchant_id");
  for (const std::string_view field :
       {"public_client_id", "client_id", "client_secret", "username", "password"}) {
    if (name == field) return world_.sheet("payu", field);
  }
  for (const std::string_view field : {"account_number", "webhook_secret", "key_id"}) {
    if (name == field) return world_.sheet("razorpay", field);
  }
  if (name == "basic") {
    return "Basic " + wire::base64_encode(world_.sheet("razorpay", "key_id") + ":" +
                                          world_.sheet("razorpay", "key_secret"));
  }
  if (name == "ipay_client_id") return world_.sheet("instantpay", "client_id");
  if (name == "ipay_client_secret") return world_.sheet("instantpay", "client_secret");
  if (name == "house_token") return world_.sheet("house", "token");
  return std::nullopt;
}

std::string Stage::last_otp() const {
  const auto inbox = wire::parse_json(world_.inbox().json({}));
  for (const wire::JsonValue& message : *inbox->find("messages")) {
    if (message.find("otp")->is_string()) return std::string(message.find("otp")->text());
  }
  return "no-otp-was-sent";
}

std::string Stage::hole_value(std::string_view name) {
  if (name == "otp") return last_otp();
  const bool claim = name.starts_with("claim:");
  if (claim || name.starts_with("link:")) {
    const auto found = links_.find(name.substr(name.find(':') + 1));
    if (found == links_.end()) return "no-such-link";
    return claim ? core::claim_code(world_.keys().ids, {world_.merchant(), found->second})
                 : public_id(found->second);
  }
  const auto found = captured_.find(name);
  return found == captured_.end() ? std::string() : found->second;
}

std::string Stage::fill(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at).starts_with("{{")) {
      const std::size_t end = text.find("}}", at);
      std::string_view name = text.substr(at + 2, end - at - 2);
      const bool url = name.ends_with("|url");
      if (url) name.remove_suffix(4);
      const std::string value = hole_value(name);
      out += url ? wire::percent_encode(value) : value;
      at = end + 2;
      continue;
    }
    const std::size_t close = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
    const auto value = close == std::string_view::npos
                           ? std::nullopt
                           : sheet_word(text.substr(at + 1, close - at - 1));
    if (value) {
      out += *value;
      at = close + 1;
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string Stage::match(std::string_view pattern, std::string_view actual) {
  std::size_t p = 0;
  std::size_t a = 0;
  const auto differs = [&] {
    return "expected\n" + std::string(pattern) + "\nbut was\n" + std::string(actual) +
           "\nfrom here on\n" + std::string(actual.substr(std::min(a, actual.size()), 120));
  };
  while (p < pattern.size()) {
    const bool hole = pattern.substr(p).starts_with("{{");
    if (!hole) {
      // {pid} and the like stand in expected texts too.
      const std::size_t close = pattern[p] == '{' ? pattern.find('}', p) : std::string_view::npos;
      const std::string_view word =
          close == std::string_view::npos ? "" : pattern.substr(p, close - p + 1);
      const bool known = !word.empty() && word.find_first_of("\":, ") == std::string_view::npos;
      const std::string value = known ? fill(word) : "";
      if (known && value != word) {
        if (!actual.substr(std::min(a, actual.size())).starts_with(value)) return differs();
        a += value.size();
        p = close + 1;
        continue;
      }
      if (a >= actual.size() || pattern[p] != actual[a]) return differs();
      ++p;
      ++a;
      continue;
    }
    const std::size_t end = pattern.find("}}", p);
    std::string_view name = pattern.substr(p + 2, end - p - 2);
    const bool url = name.ends_with("|url");
    if (url) name.remove_suffix(4);
    p = end + 2;
    const bool link = name.starts_with("link:") || name.starts_with("claim:");
    const auto known = captured_.find(name);
    if (link || (known != captured_.end() && name != "_")) {
      const std::string value = fill("{{" + std::string(name) + (url ? "|url}}" : "}}"));
      if (!actual.substr(std::min(a, actual.size())).starts_with(value)) return differs();
      a += value.size();
      continue;
    }
    const char stop = p < pattern.size() ? pattern[p] : '\0';
    const std::size_t begin = a;
    while (a < actual.size() && actual[a] != stop && is_capturable(actual[a], url)) ++a;
    if (a == begin) return differs();
    const std::string value(actual.substr(begin, a - begin));
    if (name != "_") captured_[std::string(name)] = url ? percent_decoded(value) : value;
  }
  return a == actual.size() ? "" : differs();
}

}  // namespace disburse::golden
