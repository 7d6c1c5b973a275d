#include "fuzz/door.hpp"

#include <algorithm>
#include <array>

#include "dialects/house/house.hpp"
#include "dialects/instantpay/ids.hpp"
#include "dialects/payu/identifiers.hpp"
#include "dialects/razorpay/sealed_ids.hpp"
#include "fuzz/oracle.hpp"
#include "wire/json.hpp"
#include "wire/path.hpp"

namespace disburse::fuzz {
namespace {

constexpr std::uint64_t kSeed = 4711;
constexpr int kMostSteps = 100;
constexpr std::string_view kStates[] = {"issued",    "pending", "scheduled", "processing",
                                        "processed", "failed",  "reversed",  "cancelled",
                                        "rejected",  "expired"};

wire::Method method_of(std::string_view text) {
  for (const wire::Method method :
       {wire::Method::get, wire::Method::head, wire::Method::post, wire::Method::put,
        wire::Method::patch, wire::Method::delete_, wire::Method::options}) {
    if (wire::name(method) == text) return method;
  }
  return wire::Method::other;
}

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return line;
}

// What the server's reader lets through.
bool is_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::string Asked::whole() const {
  std::string text = target + "\n";
  for (const auto& [name, value] : headers) text += name + ": " + value + "\n";
  return text + "\n" + body;
}

Door::Door(std::string_view dialect, Credentials credentials)
    : stage_(std::string(dialect)), random_(kSeed) {
  make_world();
  find_words();
  remember_secrets();
  open_door();
  if (credentials == Credentials::sent) choose_credentials(dialect);
}

// As the world's own, over the store that forgets.
void Door::open_door() {
  world::World& world = stage_.world();
  store_ = std::make_unique<ForgetfulStore>(
      world.store(), [this](const core::Changes& changes) { look(changes); });
  reader_ = *store_->reader();
  engine_ = std::make_unique<engine::Engine>(*store_, world.clock(), random_, world.keys().hash,
                                             engine::EngineOptions{});
  require(engine_->start().has_value(), "the engine starts");
  router_ = std::make_unique<front_door::Router>(dialects::all(), &dialects::house::kClaimPage,
                                                 &dialects::house::kDialect);
  sign_in_ = std::make_unique<front_door::SignInDesk>(*engine_, *store_->reader(), world.clock(),
                                                      random_, world.keys().tokens, false);
  door_ = std::make_unique<front_door::FrontDoor>(
      front_door::FrontDoor::Parts{*engine_, *reader_, world.keys().ids, world.keys().hash,
                                   world.clock(), random_, world.keys().tokens, *sign_in_,
                                   *router_},
      front_door::FrontDoorOptions{"http://127.0.0.1:8080", true},
      [this](const std::function<void()>& task) { posted_.push_back(task); },
      [](const std::function<void()>& task) { task(); });
}

void Door::choose_credentials(std::string_view dialect) {
  if (dialect == "payu") {
    credentials_ = {{"authorization", fill("Bearer {token}")}, {"payoutmerchantid", fill("{pid}")}};
  } else if (dialect == "razorpay") {
    credentials_ = {{"authorization", fill("{basic}")}};
  } else if (dialect == "instantpay") {
    credentials_ = {{"x-ipay-auth-code", "1"},
                    {"x-ipay-client-id", fill("{ipay_client_id}")},
                    {"x-ipay-client-secret", fill("{ipay_client_secret}")},
                    {"x-ipay-endpoint-ip", "127.0.0.1"}};
  } else {
    credentials_ = {{"authorization", fill("Bearer {house_token}")}};
  }
}

void Door::make_world() {
  const auto given = [this](const std::string& what) {
    golden::Block block{.kind = golden::BlockKind::given, .head = what, .headers = {}, .body = {}};
    const std::string wrong = stage_.play(block);
    require(wrong.empty(), "the world can be made", wrong);
  };
  given("settings otp=always expiry_feature=on");
  for (const std::string_view state : kStates) {
    const std::string name(state);
    given("link as=" + name + " state=" + name + " reference=ref-" + name +
          " name=\"Gaurav Kumar\" phone=9999999999 email=gaurav.kumar@example.com");
  }
  given("link as=asked reference=ref-asked phone=9999999998");
  given("link as=proven reference=ref-proven phone=9999999997");
  given("settings otp=as_asked");
  given("link as=free reference=ref-free phone=9999999996");
  given("endpoint url=http://127.0.0.1:9/hook secret=webhook-secret-of-ours");
}

void Door::find_words() {
  const core::PublicIds& ids = stage_.world().keys().ids;
  const core::MerchantId merchant = stage_.world().merchant();
  std::vector<std::string> names(std::begin(kStates), std::end(kStates));
  names.insert(names.end(), {"asked", "proven", "free"});
  for (const std::string& name : names) {
    const std::string code = stage_.fill("{{claim:" + name + "}}");
    const auto claim = core::parse_claim_code(ids, code);
    require(claim.has_value(), "a link of the world has a claim code", name);
    words_["code:" + name] = code;
    words_["payu:" + name] = dialects::payu::link_id(ids, merchant, claim->link);
    words_["rzp:" + name] = dialects::razorpay::print_id(dialects::razorpay::kLinkIds, ids,
                                                         merchant, claim->link.value);
    words_["ipay:" + name] = dialects::instantpay::link_id_text(ids, merchant, claim->link);
  }
  for (const std::string_view word :
       {"token", "pid", "public_client_id", "client_id", "client_secret", "username", "password",
        "account_number", "webhook_secret", "key_id", "basic", "ipay_client_id",
        "ipay_client_secret", "house_token"}) {
    words_[std::string(word)] = stage_.fill("{" + std::string(word) + "}");
  }
  const auto view = *stage_.world().reader().find_link_by_reference(merchant, "ref-processed");
  words_["rzp:contact"] = dialects::razorpay::print_id(dialects::razorpay::kContactIds, ids,
                                                       merchant, view->contact.id.value);
  words_["rzp:fund"] = dialects::razorpay::print_id(dialects::razorpay::kFundAccountIds, ids,
                                                    merchant, view->fund_account->id.value);
  const auto send = [this](std::string_view name) {
    const std::string target = "/api/v1/claims/" + words_["code:" + std::string(name)] + "/otp";
    stage_.world().call(wire::Method::post, target, {{"content-type", "application/json"}},
                        R"({"channel":"sms"})");
    stage_.world().settle();
    return stage_.fill("{{otp}}");
  };
  const std::string proven = send("proven");
  const auto verified = stage_.world().call(
      wire::Method::post, "/api/v1/claims/" + words_["code:proven"] + "/otp/verify",
      {{"content-type", "application/json"}}, R"({"otp":")" + proven + R"("})");
  const auto json = wire::parse_json(verified.body);
  require(json && json->find("claim_token") != nullptr, "a right otp is taken", verified.body);
  words_["claim_token"] = json->find("claim_token")->text();
  words_["otp"] = send("asked");
}

void Door::remember_secrets() {
  for (const std::string_view word : {"token", "client_secret", "password", "webhook_secret",
                                      "ipay_client_secret", "claim_token", "house_token"}) {
    secrets_.push_back(words_[std::string(word)]);
  }
  secrets_.push_back(words_["basic"].substr(std::string_view("Basic ").size()));
  secrets_.push_back(stage_.world().sheet("razorpay", "key_secret"));
  secrets_.push_back(stage_.world().sheet("instantpay", "encryption_key"));
  secrets_.push_back("webhook-secret-of-ours");
  for (const std::string& secret : secrets_)
    require(secret.size() >= 8, "a secret of the world is there", secret);
}

std::string Door::fill(std::string_view text) const {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t close = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
    const auto word = close == std::string_view::npos
                          ? words_.end()
                          : words_.find(text.substr(at + 1, close - at - 1));
    if (word == words_.end()) {
      out += text[at++];
      continue;
    }
    out += word->second;
    at = close + 1;
  }
  return out;
}

std::optional<Asked> Door::read(std::string_view input) const {
  const std::string_view first = take_line(input);
  const std::size_t blank = first.find(' ');
  if (blank == std::string_view::npos || !is_line(first)) return std::nullopt;
  Asked asked;
  asked.method = method_of(first.substr(0, blank));
  asked.target = fill(first.substr(blank + 1));
  if (asked.target.find_first_of(" \t") != std::string::npos) return std::nullopt;
  for (std::string_view line = take_line(input); !line.empty(); line = take_line(input)) {
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos || !is_line(line)) continue;
    asked.headers.emplace_back(line.substr(0, colon), fill(trimmed(line.substr(colon + 1))));
  }
  asked.body = fill(input);
  for (const auto& [name, value] : credentials_) {
    const auto same = [&name = name](const auto& header) {
      return wire::equal_ignoring_case(header.first, name);
    };
    if (std::none_of(asked.headers.begin(), asked.headers.end(), same))
      asked.headers.emplace_back(name, value);
  }
  return asked;
}

wire::Response Door::ask(const Asked& asked) {
  committed_ = {};
  std::vector<wire::Header> views;
  for (const auto& [name, value] : asked.headers) views.push_back({name, value});
  wire::Request request;
  request.method = asked.method;
  request.target = asked.target;
  request.headers = views;
  request.body = asked.body;
  request.peer = "127.0.0.1";
  if (!wire::normalise_target(asked.target, request.path, request.query))
    return door_->refuse(400, request);
  std::optional<wire::Response> response;
  int answers = 0;
  door_->handle(request, wire::respond_to([&response, &answers](wire::Response&& answer) {
                  ++answers;
                  response = std::move(answer);
                }));
  for (int i = 0; i < kMostSteps && (!response || !posted_.empty()); ++i) {
    engine_->run_batch();
    for (const auto& task : std::exchange(posted_, {})) task();
  }
  require(answers == 1, "one request has one answer");
  return std::move(*response);
}

std::string_view Door::owner(const Asked& asked) const {
  wire::Request request;
  request.method = asked.method;
  if (!wire::normalise_target(asked.target, request.path, request.query)) return "house";
  return router_->find(request).dialect->name;
}

bool Door::has_secret(std::string_view text) const {
  return std::any_of(secrets_.begin(), secrets_.end(), [text](const std::string& secret) {
    return text.find(secret) != std::string_view::npos;
  });
}

std::string Door::leaked(const Asked& asked, std::string_view answer) const {
  const std::string whole = asked.whole();
  for (const std::string& secret : secrets_) {
    if (answer.find(secret) != std::string_view::npos && whole.find(secret) == std::string::npos)
      return secret;
  }
  return {};
}

void Door::look(const core::Changes& changes) {
  committed_.links.insert(committed_.links.end(), changes.links.begin(), changes.links.end());
  committed_.contacts.insert(committed_.contacts.end(), changes.contacts.begin(),
                             changes.contacts.end());
  committed_.fund_accounts.insert(committed_.fund_accounts.end(), changes.fund_accounts.begin(),
                                  changes.fund_accounts.end());
  committed_.payouts.insert(committed_.payouts.end(), changes.payouts.begin(),
                            changes.payouts.end());
  committed_.endpoints.insert(committed_.endpoints.end(), changes.endpoints.begin(),
                              changes.endpoints.end());
}

}  // namespace disburse::fuzz
