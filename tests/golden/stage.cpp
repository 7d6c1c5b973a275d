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

// "link dialect=payu name=\"Gaurav Kumar\"" as words.
Words words_of(std::string_view text) {
  Words words;
  std::size_t at = 0;
  while (at < text.size()) {
    while (at < text.size() && text[at] == ' ') ++at;
    const std::size_t equals = text.find_first_of("= ", at);
    if (equals == std::string_view::npos || text[equals] == ' ') {
      at = equals;
      continue;
    }
    const std::string name(text.substr(at, equals - at));
    at = equals + 1;
    const bool quoted = at < text.size() && text[at] == '"';
    if (quoted) ++at;
    const std::size_t end = std::min(text.find(quoted ? '"' : ' ', at), text.size());
    words[name] = text.substr(at, end - at);
    at = end + 1;
  }
  return words;
}

std::string word(const Words& words, std::string_view name, std::string_view usual = {}) {
  const auto found = words.find(name);
  return found == words.end() ? std::string(usual) : found->second;
}

std::string told(const core::Error& error) {
  return std::string(name(error.code)) + " " + std::string(error.field) + " " + error.detail;
}

wire::Method method_of(std::string_view text) {
  for (const wire::Method method : {wire::Method::get, wire::Method::head, wire::Method::post, wire::Method::put,
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

Stage::Stage(std::string dialect) : dialect_(std::move(dialect)) {
  world_.clock().set(*core::parse_rfc3339("2024-01-15T10:00:00+05:30"));
}

std::string Stage::play(Block& block) {
  switch (block.kind) {
    case BlockKind::comment: return {};
    case BlockKind::given: return given(block.head);
    case BlockKind::now: {
      const auto at = core::parse_rfc3339(block.head);
      if (!at) return "not a time: " + block.head;
      world_.clock().set(*at);
      return {};
    }
    case BlockKind::advance: world_.advance(std::chrono::seconds(std::atoll(block.head.c_str()))); return {};
    case BlockKind::settle: world_.settle(); return {};
    case BlockKind::request: return request(block);
    case BlockKind::answer: return answer(block);
    case BlockKind::webhook: return webhook(block);
  }
  return {};
}

std::string Stage::given(std::string_view head) {
  const std::size_t blank = head.find(' ');
  const std::string_view what = head.substr(0, blank);
  const Words words = words_of(blank == std::string_view::npos ? "" : head.substr(blank + 1));
  if (what == "settings") return given_settings(words);
  if (what == "link") return given_link(words);
  if (what == "endpoint") return given_endpoint(words);
  if (what == "balance") {
    const auto amount = core::Money::parse_paise(word(words, "paise"));
    if (!amount) return "paise= is no sum";
    // Only a sum below what is there can be asked for by tests of low balance: a link takes the rest away.
    const auto view = world_.reader().find_merchant(world_.merchant());
    const std::int64_t excess = (*view)->balances.available - amount->paise();
    if (excess < 0) {
      const auto done = world_.command(core::Deposit{world_.merchant(), *core::Money::from_paise(-excess), "golden"});
      return done ? "" : told(done.error());
    }
    if (excess == 0) return {};
    const Words drain{{"dialect", dialect_}, {"amount", std::to_string(excess)}, {"state", "processed"}, {"reference", "golden-drain"}};
    return given_link(drain);
  }
  return "no such thing is given: " + std::string(what);
}

std::string Stage::given_settings(const Words& words) {
  std::string wrong;
  world_.change_settings([&](core::Settings& settings) {
    for (const auto& [name, value] : words) {
      if (name == "otp") settings.otp = value == "always" ? core::OtpRule::always : core::OtpRule::as_asked;
      else if (name == "expiry_feature") settings.expiry_feature = value == "on";
      else if (name == "hold") settings.hold = value == "issue" ? core::HoldAt::issue : core::HoldAt::claim;
      else if (name == "approval_above") {
        settings.approval_above.reset();
        if (value != "none") settings.approval_above = *core::Money::parse_paise(value);
      } else if (name == "purposes") settings.purposes = {value};
      else if (name == "contact_types") settings.contact_types = {value};
      else if (name == "support") settings.support_contact = value;
      else wrong = "no such setting: " + name;
    }
  });
  return wrong;
}

std::string Stage::given_link(const Words& words) {
  const std::string state = word(words, "state", "issued");
  core::CreateLink create;
  create.merchant = world_.merchant();
  create.dialect = word(words, "dialect", dialect_);
  create.variant = create.dialect == "payu" ? "v1" : "";
  create.amount = *core::Money::parse_paise(word(words, "amount", "1000"));
  create.reference = word(words, "reference");
  create.purpose = word(words, "purpose", "refund");
  create.description = word(words, "description", "Refund");
  create.contact_name = word(words, "name");
  create.phone = word(words, "phone");
  create.email = word(words, "email");
  if (create.phone.empty() && create.email.empty() && words.count("phone") == 0) create.phone = "9999999999";
  create.contact_type = word(words, "type");
  create.verify_beneficiary = word(words, "verify") == "on";
  create.send_sms = word(words, "send_sms") == "on";
  create.send_email = word(words, "send_email") == "on";
  if (words.count("methods") != 0) {
    const std::string methods = word(words, "methods");
    create.methods = 0;
    if (methods.find("bank") != std::string::npos) create.methods |= static_cast<core::PayMethods>(core::PayMethod::bank);
    if (methods.find("upi") != std::string::npos) create.methods |= static_cast<core::PayMethods>(core::PayMethod::upi);
  }
  if (words.count("expires") != 0) create.expires_at = core::parse_rfc3339(word(words, "expires"));
  if (words.count("activates") != 0) create.activates_at = core::parse_rfc3339(word(words, "activates"));
  const core::Instant began = world_.now();
  if (state == "expired" && !create.expires_at) create.expires_at = began + std::chrono::seconds(1);
  if (state == "scheduled" && !create.activates_at) create.activates_at = began + std::chrono::hours(24);
  const bool needs_approval = state == "pending" || state == "rejected";
  std::optional<core::Money> approval;
  if (needs_approval) {
    world_.change_settings([&](core::Settings& settings) {
      approval = settings.approval_above;
      settings.approval_above = core::Money();
    });
  }
  const auto made = world_.command(std::move(create));
  if (needs_approval) world_.change_settings([&](core::Settings& settings) { settings.approval_above = approval; });
  if (!made) return "given link: " + told(made.error());
  const core::LinkId id = std::get<core::LinkView>(*made).link.id;
  if (words.count("as") != 0) links_[word(words, "as")] = id;
  return bring_to(id, state);
}

std::string Stage::bring_to(core::LinkId link, const std::string& state) {
  if (state == "issued" || state == "pending" || state == "scheduled") return {};
  if (state == "processing") return claim(link, "61234567890");
  if (state == "processed") return claim(link, "51234567890");
  if (state == "failed") return claim(link, "41234567890");
  if (state == "reversed") return claim(link, "71234567890");
  core::Result<core::Reply> done = core::Reply{core::Done{}};
  if (state == "cancelled") {
    done = world_.command(core::CancelLink{world_.merchant(), {link, {}}, core::CancelRule::before_claim, "golden"});
  } else if (state == "rejected") {
    done = world_.command(core::RejectLink{world_.merchant(), {link, {}}, "golden", {}});
  } else if (state == "expired") {
    const core::Instant before = world_.now();
    const auto view = world_.reader().find_link(world_.merchant(), link);
    world_.advance(*(*view)->link.expires_at - before);
    world_.clock().set(before);
  } else {
    return "no such state: " + state;
  }
  return done ? "" : told(done.error());
}

std::string Stage::claim(core::LinkId link, const std::string& account) {
  const core::Claim claim{world_.merchant(), link};
  auto view = world_.reader().find_link(world_.merchant(), link);
  core::SubmitClaim submit{claim, {}, core::PayMethod::bank, "Gaurav Kumar", core::SecretText(account), "HDFC0001234", {}, {}};
  if ((*view)->link.otp_required) {
    const core::Channel channel = (*view)->contact.phone.empty() ? core::Channel::email : core::Channel::sms;
    const auto sent = world_.command(core::SendOtp{claim, channel, {}});
    if (!sent) return "otp: " + told(sent.error());
    view = world_.reader().find_link(world_.merchant(), link);
    const auto otp = core::otp_digits(world_.keys().hash, link, (*view)->link.otp.nonce);
    const auto proven = world_.command(core::VerifyOtp{claim, otp, {}});
    if (!proven) return "otp: " + told(proven.error());
    submit.claim_token = std::get<core::OtpVerified>(*proven).claim_token;
  }
  const auto submitted = world_.command(std::move(submit));
  if (!submitted) return "claim: " + told(submitted.error());
  world_.settle();
  return {};
}

std::string Stage::given_endpoint(const Words& words) {
  core::AddEndpoint add;
  add.merchant = world_.merchant();
  add.dialect = word(words, "dialect", dialect_);
  add.url = word(words, "url", "http://127.0.0.1:9/hook");
  add.secret = core::SecretText(word(words, "secret"));
  add.authorization = core::SecretText(word(words, "authorization"));
  add.all_links = word(words, "links") == "all";
  std::string events = word(words, "events");
  while (!events.empty()) {
    const std::size_t comma = std::min(events.find(','), events.size());
    add.events.push_back(events.substr(0, comma));
    events.erase(0, comma + 1);
  }
  // What happened before there was an endpoint is nobody's business.
  world_.settle();
  world_.webhooks().clear();
  const auto added = world_.command(std::move(add));
  return added ? "" : "given endpoint: " + told(added.error());
}

std::string Stage::request(const Block& block) {
  const std::string head = fill(block.head);
  const std::size_t blank = head.find(' ');
  world::Headers headers;
  for (const auto& [name, value] : block.headers) headers.emplace_back(name, fill(value));
  response_ = world_.call(method_of(head.substr(0, blank)), head.substr(blank + 1), headers, fill(block.body));
  return {};
}

std::string Stage::answer(Block& block) {
  if (block.head != std::to_string(response_.status)) {
    return "status " + std::to_string(response_.status) + " where " + block.head + " was expected\n" + response_.body;
  }
  for (const auto& [name, value] : block.headers) {
    std::string actual = wire::equal_ignoring_case(name, "content-type") ? std::string(response_.content_type) : "";
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
  if (!complaint.empty() && updates()) block.head = head;
  else if (!complaint.empty()) return complaint;
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
  if (dialect_ == "razorpay") return "poutlk_" + core::base62(ids.seal83(core::IdKind::link, merchant, link.value), 14);
  if (dialect_ == "instantpay") {
    const auto sealed = ids.seal96(core::IdKind::link, merchant, link.value);
    return wire::hex_encode({reinterpret_cast<const char*>(sealed.data()), sealed.size()});
  }
  return core::claim_code(ids, {merchant, link});
}

std::string Stage::token() {
  if (!token_.empty()) return token_;
  const std::string body = "grant_type=client_credentials&scope=create_payout_transactions&client_id=" +
                           world_.sheet("payu", "client_id") + "&client_secret=" + world_.sheet("payu", "client_secret");
  const wire::Response response = world_.call(wire::Method::post, "/oauth/token", {{"content-type", "application/x-www-form-urlencoded"}}, body);
  const auto json = wire::parse_json(response.body);
  const wire::JsonValue* found = json ? json->find("access_token") : nullptr;
  token_ = found == nullptr ? "no token" : std::string(found->text());
  return token_;
}

std::string Stage::fill(std::string_view text) {
  const auto value_of = [this](std::string_view name) -> std::optional<std::string> {
    if (name == "token") return token();
    if (name == "pid") return world_.sheet("payu", "payout_merchant_id");
    for (const std::string_view field : {"public_client_id", "client_id", "client_secret", "username", "password"}) {
      if (name == field) return world_.sheet("payu", field);
    }
    if (name == "account_number") return world_.sheet("razorpay", "account_number");
    if (name == "webhook_secret") return world_.sheet("razorpay", "webhook_secret");
    if (name == "basic") {
      return "Basic " + wire::base64_encode(world_.sheet("razorpay", "key_id") + ":" + world_.sheet("razorpay", "key_secret"));
    }
    if (name == "key_id") return world_.sheet("razorpay", "key_id");
    if (name == "ipay_client_id") return world_.sheet("instantpay", "client_id");
    if (name == "ipay_client_secret") return world_.sheet("instantpay", "client_secret");
    if (name == "house_token") return world_.sheet("house", "token");
    return std::nullopt;
  };
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at).starts_with("{{")) {
      const std::size_t end = text.find("}}", at);
      std::string_view name = text.substr(at + 2, end - at - 2);
      const bool url = name.ends_with("|url");
      if (url) name.remove_suffix(4);
      std::string value;
      if (name == "otp") {
        const auto inbox = wire::parse_json(world_.inbox().json({}));
        for (const wire::JsonValue& message : *inbox->find("messages")) {
          if (message.find("otp")->is_string()) {
            value = message.find("otp")->text();
            break;
          }
        }
      } else if (name.starts_with("link:")) {
        const auto found = links_.find(name.substr(5));
        value = found == links_.end() ? "no-such-link" : public_id(found->second);
      } else if (name.starts_with("claim:")) {
        const auto found = links_.find(name.substr(6));
        value = found == links_.end() ? "no-such-link" : core::claim_code(world_.keys().ids, {world_.merchant(), found->second});
      } else if (const auto found = captured_.find(name); found != captured_.end()) {
        value = found->second;
      }
      out += url ? wire::percent_encode(value) : value;
      at = end + 2;
      continue;
    }
    const std::size_t close = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
    const auto value = close == std::string_view::npos ? std::nullopt : value_of(text.substr(at + 1, close - at - 1));
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
    return "expected\n" + std::string(pattern) + "\nbut was\n" + std::string(actual) + "\nfrom here on\n" +
           std::string(actual.substr(std::min(a, actual.size()), 120));
  };
  while (p < pattern.size()) {
    const bool hole = pattern.substr(p).starts_with("{{");
    if (!hole) {
      // {pid} and the like stand in expected texts too.
      const std::size_t close = pattern[p] == '{' ? pattern.find('}', p) : std::string_view::npos;
      const std::string_view word = close == std::string_view::npos ? "" : pattern.substr(p, close - p + 1);
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
