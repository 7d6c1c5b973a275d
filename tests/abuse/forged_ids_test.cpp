// Ids that nobody made, of every shape and at every door that takes one: each is refused as an
// unknown one is, and the store is never asked.
#include <gtest/gtest.h>

#include <cstdlib>

#include "abuse/counting_store.hpp"
#include "dialects/house/house.hpp"
#include "wire/base64.hpp"
#include "wire/hex.hpp"
#include "wire/path.hpp"
#include "wire/url.hpp"
#include "world/world.hpp"

namespace disburse::abuse {
namespace {

using core::IdKind;
using core::MerchantId;
using world::Headers;

// The one seed: a forgery of 83 bits opens with a chance of 2^-27, so a free seed would fail in
// one run of a hundred and thirty.
constexpr std::uint64_t kSeed = 4711;

// Under sanitizers and counters each costs a hundred times as much, and shows as much with fewer.
std::uint64_t forgeries() {
  return std::getenv("DISBURSE_SANITIZED") == nullptr ? 1'000'000 : 20'000;
}

enum class Shape { digits14, hex24, base64, digits22 };

struct Door {
  wire::Method method;
  std::string_view target;  // "@" is the id
  std::string_view body;    // "@" is the id
  std::string_view caller;  // whose credentials; empty: nobody's
  Shape shape;
  std::string_view prefix;
  IdKind kind;
  std::string_view refused;  // every refusal has these words in it
};

constexpr std::string_view kOtp = R"({"channel":"sms"})";
constexpr std::string_view kVerify = R"({"otp":"123456"})";
constexpr std::string_view kSubmit =
    R"({"method":"bank","name":"Gaurav Kumar","account_number":"51234567890",)"
    R"("account_number_again":"51234567890","ifsc":"HDFC0001234"})";
constexpr std::string_view kNewLink =
    R"({"account_number":"~","contact":{"id":"@"},"amount":1000,"currency":"INR",)"
    R"("purpose":"refund","description":"Order 4711"})";

using enum wire::Method;
using enum Shape;
// clang-format off
constexpr Door kDoors[] = {
    {get,  "/v1/payout-links/@",                     "", "razorpay", digits14, "poutlk_", IdKind::link, "The id provided does not exist"},
    {post, "/v1/payout-links/@/cancel",              "", "razorpay", digits14, "poutlk_", IdKind::link, "The id provided does not exist"},
    {get,  "/v1/payout-links?id=@",                  "", "razorpay", digits14, "poutlk_", IdKind::link, R"("count":0)"},
    {get,  "/v1/payout-links?contact_id=@",          "", "razorpay", digits14, "cont_", IdKind::contact, R"("count":0)"},
    {get,  "/v1/payout-links?fund_account_id=@",     "", "razorpay", digits14, "fa_", IdKind::fund_account, R"("count":0)"},
    {get,  "/v1/payout-links?short_url=http://127.0.0.1:8080/i/@", "", "razorpay", digits22, "", IdKind::link, R"("count":0)"},
    {post, "/v1/payout-links",                 kNewLink, "razorpay", digits14, "cont_", IdKind::contact, "BAD_REQUEST_ERROR"},
    {get,  "/payout/smartPay/status?linkId=@",       "", "payu", base64, "", IdKind::link, R"("code":1112)"},
    {get,  "/payments/payout/link/track/@",          "", "instantpay", hex24, "", IdKind::link, "ERR"},
    {post, "/payments/payout/link/cancel", R"({"linkId":"@"})", "instantpay", hex24, "", IdKind::link, "ERR"},
    {post, "/payments/payout/link/notify", R"({"linkId":"@","mode":"SMS"})", "instantpay", hex24, "", IdKind::link, "ERR"},
    {post, "/payments/payout/link/list", R"({"filters":{"linkId":"@"}})", "instantpay", hex24, "", IdKind::link, R"("records":[])"},
    {get,  "/payment/payout/link/qr/@",              "", "", digits22, "", IdKind::link, "ERR"},
    {get,  "/api/v1/webhooks/@/deliveries",          "", "house", digits14, "whep_", IdKind::endpoint, "not_found"},
    {get,  "/api/v1/claims/@",                       "", "", digits22, "", IdKind::link, "link_not_found"},
    {get,  "/api/v1/claims/@",                       "", "", base64, "", IdKind::link, "link_not_found"},
    {post, "/api/v1/claims/@/otp",                 kOtp, "", digits22, "", IdKind::link, "link_not_found"},
    {post, "/api/v1/claims/@/otp/verify",       kVerify, "", digits22, "", IdKind::link, "link_not_found"},
    {post, "/api/v1/claims/@/submit",           kSubmit, "", digits22, "", IdKind::link, "link_not_found"},
    {get,  "/c/@",                                   "", "", digits22, "", IdKind::link, "<html"},
    {get,  "/i/@",                                   "", "", digits22, "", IdKind::link, "<html"},
    {get,  "/l/@",                                   "", "", digits22, "", IdKind::link, "<html"},
    {get,  "/smartPay?id=@",                         "", "", base64, "", IdKind::link, "<html"},
    {post, "/c/@/otp",                     "channel=sms", "", digits22, "", IdKind::link, "<html"},
    {post, "/c/@/otp/verify",               "otp=123456", "", digits22, "", IdKind::link, "<html"},
};
// clang-format on

std::string with(std::string_view pattern, char mark, std::string_view text) {
  std::string out(pattern);
  const std::size_t at = out.find(mark);
  return at == std::string::npos ? out : out.replace(at, 1, text);
}

std::string raw(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

// A front door and an engine of their own over the world's store, which is counted.
class House {
 public:
  House()
      : random_(kSeed), store_(world_.store()), reader_(*store_.reader()), engine_(make_engine()) {
    router_ = std::make_unique<front_door::Router>(dialects::all(), &dialects::house::kClaimPage,
                                                   &dialects::house::kDialect);
    sign_in_ = std::make_unique<front_door::SignInDesk>(*engine_, *store_.reader(), world_.clock(),
                                                        random_, world_.keys().tokens, false);
    door_ = std::make_unique<front_door::FrontDoor>(
        front_door::FrontDoor::Parts{*engine_, *reader_, world_.keys().ids, world_.keys().hash,
                                     world_.clock(), random_, world_.keys().tokens, *sign_in_,
                                     *router_},
        front_door::FrontDoorOptions{"http://127.0.0.1:8080", true},
        [this](const std::function<void()>& task) { posted_.push_back(task); },
        [](const std::function<void()>& task) { task(); });
    sign_in();
  }

  world::World& world() { return world_; }
  CountingStore& store() { return store_; }
  sys::SeededRandom& random() { return random_; }

  wire::Response call(const Door& door, std::string_view id) {
    const std::string target = with(door.target, '@', wire::percent_encode(id));
    const std::string body = with(
        with(door.body, '@', id), '~',
        door.caller == "razorpay" ? world_.sheet("razorpay", "account_number") : std::string());
    Headers headers = credentials_[std::string(door.caller)];
    const bool form = !body.empty() && body.front() != '{';
    headers.emplace_back("content-type",
                         form ? "application/x-www-form-urlencoded" : "application/json");
    return ask(door.method, target, headers, body);
  }

 private:
  std::unique_ptr<engine::Engine> make_engine() {
    auto engine = std::make_unique<engine::Engine>(store_, world_.clock(), random_,
                                                   world_.keys().hash, engine::EngineOptions{});
    EXPECT_TRUE(engine->start());
    return engine;
  }

  wire::Response ask(wire::Method method, const std::string& target, const Headers& headers,
                     std::string_view body) {
    std::vector<wire::Header> views;
    for (const auto& [name, value] : headers) views.push_back({name, value});
    wire::Request request;
    request.method = method;
    request.target = target;
    EXPECT_TRUE(wire::normalise_target(target, request.path, request.query)) << target;
    request.headers = views;
    request.body = body;
    request.peer = "127.0.0.1";
    std::optional<wire::Response> response;
    door_->handle(request, wire::respond_to([&response](wire::Response&& answer) {
                    response = std::move(answer);
                  }));
    for (int i = 0; !response && i < 100; ++i) {
      engine_->run_batch();
      std::vector<std::function<void()>> posted = std::exchange(posted_, {});
      for (const auto& task : posted) task();
    }
    EXPECT_TRUE(response) << target;
    return response.value_or(wire::Response{});
  }

  void sign_in() {
    const auto sheet = [this](std::string_view dialect, std::string_view field) {
      return world_.sheet(dialect, field);
    };
    credentials_["razorpay"] = {
        {"authorization", "Basic " + wire::base64_encode(sheet("razorpay", "key_id") + ":" +
                                                         sheet("razorpay", "key_secret"))}};
    credentials_["house"] = {{"authorization", "Bearer " + sheet("house", "token")}};
    credentials_["instantpay"] = {{"x-ipay-auth-code", "1"},
                                  {"x-ipay-client-id", sheet("instantpay", "client_id")},
                                  {"x-ipay-client-secret", sheet("instantpay", "client_secret")},
                                  {"x-ipay-endpoint-ip", "127.0.0.1"}};
    const wire::Response answer =
        ask(post, "/oauth/token", {{"content-type", "application/x-www-form-urlencoded"}},
            "grant_type=client_credentials&scope=create_payout_transactions&client_id=" +
                sheet("payu", "client_id") + "&client_secret=" + sheet("payu", "client_secret"));
    const std::string_view mark = R"("access_token":")";
    const std::size_t at = answer.body.find(mark);
    EXPECT_NE(at, std::string::npos) << answer.body;
    credentials_["payu"] = {{"authorization", "Bearer " + answer.body.substr(at + mark.size(), 64)},
                            {"payoutMerchantId", sheet("payu", "payout_merchant_id")}};
  }

  world::World world_;
  sys::SeededRandom random_;
  CountingStore store_;
  std::unique_ptr<store::Reader> reader_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<front_door::Router> router_;
  std::unique_ptr<front_door::SignInDesk> sign_in_;
  std::unique_ptr<front_door::FrontDoor> door_;
  std::vector<std::function<void()>> posted_;
  std::map<std::string, Headers> credentials_;
};

// Makes ids that this server never gave to this merchant.
class Forger {
 public:
  explicit Forger(House& house)
      : house_(house),
        random_(house.random()),
        other_merchant_(house.world().add_merchant("Another Shop")) {
    sys::SecretKey::Array bytes{};
    bytes.fill(0x5a);
    other_server_ = std::make_unique<cli::ServerKeys>(sys::SecretKey(bytes));
  }

  // A real id as the door takes it.
  std::string sealed(const Door& door, IdKind kind, MerchantId merchant,
                     const core::PublicIds& ids) {
    const std::uint64_t id = core::IdMaker(0).make<core::LinkId>(house_.world().now()).value;
    switch (door.shape) {
      case digits14:
        return core::base62(ids.seal83(kind, merchant, id), 14);
      case hex24: {
        const auto bytes = raw(ids.seal96(kind, merchant, id));
        return wire::hex_encode(bytes);
      }
      case base64:
        return wire::base64_encode(raw(ids.seal384(kind, merchant, id)));
      case digits22:
        return core::claim_code(ids, {merchant, core::LinkId{id}});
    }
    return {};
  }

  std::string forge(const Door& door) {
    const core::PublicIds& ids = house_.world().keys().ids;
    const MerchantId own = house_.world().merchant();
    // Claim codes name their merchant and their kind: there is no other of the same bytes.
    const bool tweaked = door.shape == digits14 || door.shape == hex24;
    switch (random_.next_u64() % 8) {
      case 0:
        return sealed(door, door.kind, own, other_server_->ids);
      case 1:
        if (tweaked) return sealed(door, door.kind, other_merchant_, ids);
        [[fallthrough]];
      case 2:
        if (tweaked) return sealed(door, IdKind::file, own, ids);
        [[fallthrough]];
      case 3:
        return one_letter_changed(door, sealed(door, door.kind, own, ids));
      default:
        return anything(door);
    }
  }

 private:
  static std::string_view letters(Shape shape) {
    constexpr std::string_view kBase64 =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return shape == hex24 ? "0123456789abcdef" : kBase64.substr(0, shape == base64 ? 64 : 62);
  }
  char letter(Shape shape) {
    const std::string_view all = letters(shape);
    return all[random_.next_u64() % all.size()];
  }

  std::string one_letter_changed(const Door& door, std::string id) {
    char& place = id[random_.next_u64() % id.size()];
    const char before = place;
    while (place == before) place = letter(door.shape);
    return id;
  }

  std::string anything(const Door& door) {
    const std::size_t length = door.shape == digits14   ? 14
                               : door.shape == digits22 ? 22
                               : door.shape == base64   ? 64
                                                        : 24;
    std::string id(length, '0');
    for (char& place : id) place = letter(door.shape);
    if (door.shape != hex24) return id;
    // The time in front is public: a forger would get it right.
    std::string now;
    const auto seconds = static_cast<std::uint64_t>(house_.world().now().seconds());
    for (int shift = 24; shift >= 0; shift -= 8) now += static_cast<char>(seconds >> shift);
    return wire::hex_encode(now) + id.substr(8);
  }

  House& house_;
  sys::SeededRandom& random_;
  MerchantId other_merchant_;
  std::unique_ptr<cli::ServerKeys> other_server_;
};

TEST(ForgedIds, AMillionAreRefusedAtEveryDoorAndTheStoreIsNeverAsked) {
  House house;
  Forger forger(house);
  // Callers are looked up once and remembered for a moment; the clock stands still.
  for (const Door& door : kDoors) house.call(door, std::string(door.prefix) + forger.forge(door));
  const std::uint64_t reads = house.store().reads();
  const std::uint64_t commits = house.store().commits();

  const std::uint64_t forged = forgeries();
  for (std::uint64_t i = 0; i < forged; ++i) {
    const Door& door = kDoors[i % std::size(kDoors)];
    const std::string id = std::string(door.prefix) + forger.forge(door);
    const wire::Response answer = house.call(door, id);
    ASSERT_NE(answer.body.find(door.refused), std::string::npos)
        << door.target << " " << id << "\n"
        << answer.status << " " << answer.body;
    ASSERT_EQ(house.store().reads(), reads) << door.target << " " << id;
  }
  EXPECT_EQ(house.store().commits(), commits);
}

// The test above can fail: a real id of nothing is looked for.
TEST(ForgedIds, RealIdsAreLookedForAtEveryDoor) {
  House house;
  Forger forger(house);
  const core::PublicIds& ids = house.world().keys().ids;
  for (const Door& door : kDoors) house.call(door, std::string(door.prefix) + forger.forge(door));
  for (const Door& door : kDoors) {
    const std::uint64_t reads = house.store().reads();
    const std::string id = forger.sealed(door, door.kind, house.world().merchant(), ids);
    const wire::Response answer = house.call(door, std::string(door.prefix) + id);
    EXPECT_GT(house.store().reads(), reads) << door.target << "\n" << answer.body;
  }
}

}  // namespace
}  // namespace disburse::abuse
