// What the tests of this folder stand on: requests made by hand, one merchant, ids under a fixed
// key.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/calendar.hpp"
#include "dialects/dialect.hpp"
#include "dialects/payu/identifiers.hpp"
#include "dialects/payu/payu.hpp"

namespace disburse::dialects::payu::testing {

// Enough for ids that are only made and read again here.
class PlainCipher final : public core::BlockCipher {
 public:
  core::Block16 encrypt(const core::Block16& block) const override { return flipped(block); }
  core::Block16 decrypt(const core::Block16& block) const override { return flipped(block); }

 private:
  static core::Block16 flipped(core::Block16 block) {
    for (std::uint8_t& byte : block) byte = static_cast<std::uint8_t>(byte ^ 0x5a);
    return block;
  }
};

inline core::PublicIds make_fixed_ids() {
  std::vector<core::PublicIds::Keys> keys(1);
  keys[0].id_key = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  keys[0].claim_cipher = std::make_unique<PlainCipher>();
  return core::PublicIds(std::move(keys));
}

inline const core::PublicIds& fixed_ids() {
  static const core::PublicIds ids = make_fixed_ids();
  return ids;
}

inline core::Instant time_of(std::string_view rfc3339) {
  return core::parse_rfc3339(rfc3339).value_or(core::Instant());
}

// A route of the dialect with its request, as the front door would call it.
class Call {
 public:
  Call(wire::Method method, std::string path, std::string query = {}, std::string body = {})
      : path_(std::move(path)), query_(std::move(query)), body_(std::move(body)) {
    merchant.id = core::MerchantId{1};
    merchant.name = "Acme Refunds";
    header("payoutMerchantId", "1111122");
    request_.method = method;
  }

  Call& header(std::string name, std::string value) {
    for (auto& [known, old] : headers_) {
      if (wire::equal_ignoring_case(known, name)) {
        old = std::move(value);
        return *this;
      }
    }
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  Call& without_merchant() {
    headers_.clear();
    return *this;
  }

  const wire::Request& request() {
    views_.clear();
    for (const auto& [name, value] : headers_) views_.push_back({name, value});
    request_.path = path_;
    request_.target = path_;
    request_.query = query_;
    request_.body = body_;
    request_.headers = views_;
    return request_;
  }

  const Route& route() const {
    for (const Route& route : kDialect.routes) {
      if (route.method == request_.method && route.pattern == path_) return route;
    }
    return kDialect.routes.front();
  }

  core::Result<dialects::Call> parse() {
    const Caller caller{.merchant = &merchant, .credential = nullptr, .address = "127.0.0.1"};
    return route().parse(request(), PathArguments{}, caller, context());
  }
  wire::Response render(const core::Result<Answer>& answer) {
    const Caller caller{.merchant = &merchant, .credential = nullptr, .address = "127.0.0.1"};
    return route().render(answer, request(), PathArguments{}, caller, context());
  }
  wire::Response refused(core::Code code) { return render(core::Result<Answer>(core::fail(code))); }

  // What the caller sees of a request that asks nothing of the engine.
  std::string answer() {
    const core::Result<dialects::Call> parsed = parse();
    if (!parsed) return render(core::Result<Answer>(tl::unexpected(parsed.error()))).body;
    const auto* response = std::get_if<wire::Response>(&parsed->what);
    return response == nullptr ? "asks the engine" : response->body;
  }

  template <class Command>
  Command command() {
    const core::Result<dialects::Call> parsed = parse();
    if (!parsed) return {};
    const auto* command = std::get_if<core::Command>(&parsed->what);
    const auto* wanted = command == nullptr ? nullptr : std::get_if<Command>(command);
    return wanted == nullptr ? Command{} : *wanted;
  }

  Context context() const {
    return {.ids = ids, .public_url = "http://127.0.0.1:8080", .now = now, .sandbox = true};
  }

  const core::PublicIds& ids = fixed_ids();
  core::Merchant merchant;
  core::Instant now = time_of("2024-01-15T04:30:00Z");

 private:
  std::string path_, query_, body_;
  std::vector<std::pair<std::string, std::string>> headers_;
  std::vector<wire::Header> views_;
  wire::Request request_;
};

inline core::LinkView open_link() {
  core::LinkView view;
  view.link.merchant = core::MerchantId{1};
  view.link.id = core::LinkId{0x1234567890};
  view.link.state = core::LinkState::issued;
  view.link.amount = core::Money::from_paise(100).value_or(core::Money());
  view.link.dialect = "payu";
  view.link.variant = "v1";
  view.link.reference = "smart_pay_30_jul_test";
  view.link.expires_at = time_of("2024-01-22T04:30:00Z");
  view.contact.name = "test";
  view.contact.phone = "9999999999";
  return view;
}

}  // namespace disburse::dialects::payu::testing
