// Requests in the providers' shapes.
#include "sim/shapes.hpp"

#include <algorithm>
#include <array>

#include "core/calendar.hpp"
#include "wire/base64.hpp"
#include "wire/hex.hpp"
#include "wire/json.hpp"
#include "wire/url.hpp"

namespace disburse::sim {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

std::string rupees(std::int64_t paise) {
  const std::string fraction = std::to_string(paise % 100);
  return std::to_string(paise / 100) + "." + (fraction.size() < 2 ? "0" : "") + fraction;
}

std::string two(int value) { return (value < 10 ? "0" : "") + std::to_string(value); }

// "2024-01-15 10:00:00", in India.
std::string local_time(core::Instant at) {
  const core::Civil day = core::civil(at, core::kIndia);
  return std::to_string(day.year) + "-" + two(day.month) + "-" + two(day.day) + " " +
         two(day.hour) + ":" + two(day.minute) + ":" + two(day.second);
}

template <std::size_t size>
std::string text_of(const std::array<std::uint8_t, size>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string payu_body(const CreateWish& wish) {
  std::string body;
  wire::JsonWriter json(body);
  json.begin_object().key("amount").raw(rupees(wish.paise));
  json.field("merchantRefId", wish.reference).field("custName", wish.name);
  json.field("custMobile", wish.phone).field("description", "a refund");
  if (wish.asks_otp) json.field("verifyOtp", true);
  json.end_object();
  return body;
}

std::string razorpay_body(const CreateWish& wish, const std::string& account) {
  std::string body;
  wire::JsonWriter json(body);
  json.begin_object().field("account_number", account);
  json.key("contact").begin_object().field("name", wish.name).field("contact", wish.phone);
  json.field("type", "customer").end_object();
  json.field("amount", wish.paise).field("currency", "INR").field("purpose", "refund");
  json.field("description", "a refund").field("receipt", wish.reference);
  json.field("send_sms", wish.notices).field("send_email", false);
  if (wish.expires_at) json.field("expire_by", wish.expires_at->seconds());
  json.end_object();
  return body;
}

std::string instantpay_body(const CreateWish& wish) {
  std::string body;
  wire::JsonWriter json(body);
  json.begin_object().key("contactDetails").begin_object().field("name", wish.name);
  json.field("mobile", wish.phone).field("email", "someone@example.com").end_object();
  json.field("verifyBene", wish.verify).field("amount", rupees(wish.paise));
  json.field("purpose", "Refund").field("description", "a refund");
  json.field("referenceNo", wish.reference);
  json.field("activatedAt", wish.activates_at ? local_time(*wish.activates_at) : "");
  json.field("expiredAt", wish.expires_at ? local_time(*wish.expires_at) : "");
  json.key("paymentModes").begin_array().string("ACCOUNT").string("VPA").end_array();
  json.field("sendAlert", wish.notices).end_object();
  return body;
}

const wire::JsonValue* find_in(const wire::JsonDocument& document, std::string_view outer,
                               std::string_view name) {
  const wire::JsonValue* found = document.find(outer);
  return found == nullptr ? nullptr : found->find(name);
}

}  // namespace

world::Headers Shapes::credentials(std::string_view dialect, const Shop& shop) const {
  const auto sheet = [&](std::string_view field) { return world_.sheet(shop.id, dialect, field); };
  if (dialect == "payu") {
    return {{"authorization", "bearer " + shop.token},
            {"payoutmerchantid", sheet("payout_merchant_id")}};
  }
  if (dialect == "razorpay") {
    const std::string basic = wire::base64_encode(sheet("key_id") + ":" + sheet("key_secret"));
    return {{"authorization", "Basic " + basic}};
  }
  return {{"x-ipay-auth-code", "1"},
          {"x-ipay-client-id", sheet("client_id")},
          {"x-ipay-client-secret", sheet("client_secret")},
          {"x-ipay-endpoint-ip", "125.0.0.1"}};
}

std::string Shapes::public_id(std::string_view dialect, const Shop& shop, core::LinkId link) const {
  const core::PublicIds& ids = world_.keys().ids;
  if (dialect == "payu")
    return wire::base64_encode(text_of(ids.seal384(core::IdKind::link, shop.id, link.value)));
  if (dialect == "razorpay")
    return "poutlk_" + core::base62(ids.seal83(core::IdKind::link, shop.id, link.value), 14);
  return wire::hex_encode(text_of(ids.seal96(core::IdKind::link, shop.id, link.value)));
}

Ask Shapes::create(std::string_view dialect, const Shop& shop, const CreateWish& wish) const {
  Ask ask;
  ask.headers = credentials(dialect, shop);
  ask.headers.emplace_back("content-type", kJson);
  if (dialect == "payu") {
    ask.target = "/payout/smartPay";
    ask.body = payu_body(wish);
  } else if (dialect == "razorpay") {
    ask.target = "/v1/payout-links";
    ask.body = razorpay_body(wish, world_.sheet(shop.id, "razorpay", "account_number"));
    if (!wish.idempotency_key.empty())
      ask.headers.emplace_back("x-payout-idempotency", wish.idempotency_key);
  } else {
    ask.target = "/payments/payout/link/create";
    ask.body = instantpay_body(wish);
  }
  return ask;
}

std::optional<core::LinkId> Shapes::created(std::string_view dialect, const Shop& shop,
                                            const wire::Response& response) const {
  if (!is_good(dialect, response)) return std::nullopt;
  const core::PublicIds& ids = world_.keys().ids;
  const auto json = wire::parse_json(response.body);
  std::optional<std::uint64_t> opened;
  if (dialect == "payu") {
    const auto bytes = wire::base64_decode(find_in(*json, "data", "linkId")->text());
    if (!bytes || bytes->size() != 48) return std::nullopt;
    std::array<std::uint8_t, 48> sealed{};
    std::copy(bytes->begin(), bytes->end(), sealed.begin());
    const auto claim = ids.open384(core::IdKind::link, sealed);
    if (claim) opened = claim->link.value;
  } else if (dialect == "razorpay") {
    const auto sealed = core::parse_base62(json->find("id")->text().substr(7), 14);
    if (sealed) opened = ids.open83(core::IdKind::link, shop.id, *sealed);
  } else {
    const auto bytes = wire::hex_decode(find_in(*json, "data", "linkId")->text());
    if (!bytes || bytes->size() != 12) return std::nullopt;
    std::array<std::uint8_t, 12> sealed{};
    std::copy(bytes->begin(), bytes->end(), sealed.begin());
    opened = ids.open96(core::IdKind::link, shop.id, sealed);
  }
  if (!opened) return std::nullopt;
  return core::LinkId{*opened};
}

std::string Shapes::amount_text(std::string_view dialect, std::int64_t paise) {
  if (dialect == "razorpay") return std::to_string(paise);
  // As numbers are printed: "5", "5.1", "5.12"; PayU's have a decimal always.
  std::string text = rupees(paise);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.' && dialect == "payu") text += '0';
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string_view Shapes::echoed(std::string_view dialect, const wire::Response& response,
                                const CreateWish& wish) const {
  if (dialect == "payu") return "";
  const auto json = wire::parse_json(response.body);
  const auto says = [&json, dialect](std::string_view name, std::string_view text) {
    const wire::JsonValue* found =
        dialect == "razorpay" ? json->find(name) : find_in(*json, "data", name);
    return found != nullptr && found->text() == text;
  };
  if (!says("amount", amount_text(dialect, wish.paise))) return "amount";
  if (!says(dialect == "razorpay" ? "receipt" : "referenceNo", wish.reference)) return "reference";
  if (!says("description", "a refund")) return "description";
  if (dialect == "instantpay") return says("status", "ISSUED") ? "" : "status";
  return says("status", "issued") || says("status", "pending") ? "" : "status";
}

Shapes::Seen Shapes::seen(std::string_view dialect, const wire::Response& response) {
  const auto json = wire::parse_json(response.body);
  const auto text = [&json](std::string_view outer, std::string_view name) {
    const wire::JsonValue* found = outer.empty() ? json->find(name) : find_in(*json, outer, name);
    return found == nullptr ? std::string() : std::string(found->text());
  };
  if (!json) return {"no JSON", {}, {}};
  if (dialect == "razorpay") return {text("", "status"), text("", "amount"), {}};
  if (dialect == "payu") return {text("", "code"), text("data", "amount"), {}};
  return {text("data", "status"), text("data", "amount"), text("", "environment")};
}

Ask Shapes::cancel(std::string_view dialect, const Shop& shop, core::LinkId link,
                   const std::string& reference) const {
  Ask ask;
  ask.headers = credentials(dialect, shop);
  const std::string id = public_id(dialect, shop, link);
  if (dialect == "payu") {
    ask.target = "/payout/smartPay/cancel";
    ask.headers.emplace_back("content-type", kForm);
    ask.body = "merchantRefId=" + wire::percent_encode(reference);
  } else if (dialect == "razorpay") {
    ask.target = "/v1/payout-links/" + id + "/cancel";
  } else {
    ask.target = "/payments/payout/link/cancel";
    ask.headers.emplace_back("content-type", kJson);
    ask.body = R"({"linkId":")" + id + R"("})";
  }
  return ask;
}

Ask Shapes::look_up(std::string_view dialect, const Shop& shop, core::LinkId link) const {
  Ask ask{wire::Method::get, {}, credentials(dialect, shop), {}};
  const std::string id = public_id(dialect, shop, link);
  if (dialect == "payu")
    ask.target = "/payout/smartPay/status?linkId=" + wire::percent_encode(id);
  else if (dialect == "razorpay")
    ask.target = "/v1/payout-links/" + id;
  else
    ask.target = "/payments/payout/link/track/" + id;
  return ask;
}

bool Shapes::is_good(std::string_view dialect, const wire::Response& response) {
  if (response.status < 200 || response.status >= 300) return false;
  if (dialect == "payu") return member(response.body, "status") == "0";
  if (dialect == "instantpay") return member(response.body, "statuscode") == "TXN";
  return true;
}

std::string Shapes::claim_path(const Shop& shop, core::LinkId link) const {
  return "/api/v1/claims/" + core::claim_code(world_.keys().ids, {shop.id, link});
}

Ask Shapes::list(std::string_view dialect, const Shop& shop) const {
  Ask ask{wire::Method::get, "/payments/payout/link/list", credentials(dialect, shop), {}};
  if (dialect == "razorpay")
    ask.target = "/v1/payout-links?count=100&account_number=" +
                 world_.sheet(shop.id, "razorpay", "account_number");
  return ask;
}

std::string Shapes::listed(std::string_view dialect, const wire::Response& response) {
  if (dialect == "razorpay") return member(response.body, "count");
  const auto json = wire::parse_json(response.body);
  const wire::JsonValue* meta = json ? find_in(*json, "data", "meta") : nullptr;
  const wire::JsonValue* total = meta == nullptr ? nullptr : meta->find("totalRecords");
  return total == nullptr ? "" : std::string(total->text());
}

Ask Shapes::look_at_claim(const Shop& shop, core::LinkId link) const {
  return {wire::Method::get, claim_path(shop, link), {}, {}};
}

Ask Shapes::send_otp(const Shop& shop, core::LinkId link) const {
  return {wire::Method::post,
          claim_path(shop, link) + "/otp",
          {{"content-type", std::string(kJson)}},
          R"({"channel":"sms"})"};
}

Ask Shapes::verify_otp(const Shop& shop, core::LinkId link, const std::string& otp) const {
  return {wire::Method::post,
          claim_path(shop, link) + "/otp/verify",
          {{"content-type", std::string(kJson)}},
          R"({"otp":")" + otp + R"("})"};
}

Ask Shapes::submit(const Shop& shop, core::LinkId link, const std::string& token, bool upi,
                   const std::string& account, const std::string& name) const {
  Ask ask{wire::Method::post,
          claim_path(shop, link) + "/submit",
          {{"content-type", std::string(kJson)}},
          {}};
  if (!token.empty()) ask.headers.emplace_back("authorization", "Bearer " + token);
  wire::JsonWriter json(ask.body);
  json.begin_object().field("method", upi ? "upi" : "bank");
  if (upi) {
    json.field("vpa", account);
  } else {
    json.field("name", name).field("account_number", account);
    json.field("account_number_again", account).field("ifsc", "HDFC0001234");
  }
  json.end_object();
  return ask;
}

Ask Shapes::sign_in(const Shop& shop) const {
  const auto sheet = [&](std::string_view field) { return world_.sheet(shop.id, "payu", field); };
  return {wire::Method::post,
          "/oauth/token",
          {{"content-type", std::string(kForm)}},
          "grant_type=client_credentials&scope=create_payout_transactions&client_id=" +
              sheet("client_id") + "&client_secret=" + sheet("client_secret")};
}

std::string Shapes::member(const std::string& body, std::string_view name) {
  const auto json = wire::parse_json(body);
  const wire::JsonValue* found = json ? json->find(name) : nullptr;
  return found == nullptr ? "" : std::string(found->text());
}

}  // namespace disburse::sim
