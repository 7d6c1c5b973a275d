// What the tests of this folder stand on: requests made by hand, one link, ids under a fixed key.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/calendar.hpp"
#include "dialects/dialect.hpp"
#include "dialects/house/claim_code.hpp"
#include "dialects/house/house.hpp"
#include "wire/base64.hpp"
#include "wire/path.hpp"

namespace disburse::dialects::house::testing {

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

inline constexpr core::Claim kClaim{core::MerchantId{1}, core::LinkId{0x1234567890}};

inline std::string short_code() { return core::claim_code(fixed_ids(), kClaim); }
inline std::string long_code() {
  const auto sealed = fixed_ids().seal384(core::IdKind::link, kClaim.merchant, kClaim.link.value);
  return wire::base64_encode({reinterpret_cast<const char*>(sealed.data()), sealed.size()});
}

inline core::ClaimView open_claim() {
  core::ClaimView claim;
  claim.merchant_name = "Acme Refunds";
  core::Link& link = claim.view.link;
  link.merchant = kClaim.merchant;
  link.id = kClaim.link;
  link.state = core::LinkState::issued;
  link.amount = core::Money::from_paise(125000).value_or(core::Money());
  link.dialect = "razorpay";
  link.purpose = "refund";
  link.description = "Order 4711, one item returned";
  link.expires_at = time_of("2024-01-22T04:30:00Z");
  claim.view.contact.name = "Gaurav Kumar";
  claim.view.contact.phone = "+919999999999";
  return claim;
}

// A request as the front door would give it to a route of ours.
class Call {
 public:
  Call(wire::Method method, std::string target, std::string body = {}) : body_(std::move(body)) {
    merchant.id = core::MerchantId{1};
    merchant.name = "Acme Refunds";
    const std::size_t mark = std::min(target.find('?'), target.size());
    path_ = target.substr(0, mark);
    query_ = mark < target.size() ? target.substr(mark + 1) : "";
    request_.method = method;
    find_route();
  }

  Call& header(std::string name, std::string value) {
    headers_.emplace_back(std::move(name), std::move(value));
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

  core::Result<dialects::Call> parse() {
    return route_->parse(request(), arguments_, caller(), context());
  }
  wire::Response render(const core::Result<Answer>& answer) {
    return route_->render(answer, request(), arguments_, caller(), context());
  }
  wire::Response render(core::Reply reply) {
    return render(core::Result<Answer>(Answer{std::move(reply)}));
  }
  wire::Response refused(core::Code code, std::string_view field = {}) {
    return render(core::Result<Answer>(core::fail(code, field)));
  }

  // What the caller sees of a request that does not reach the engine.
  wire::Response answer() {
    core::Result<dialects::Call> parsed = parse();
    if (!parsed) return render(core::Result<Answer>(tl::unexpected(parsed.error())));
    auto* response = std::get_if<wire::Response>(&parsed->what);
    return response == nullptr ? wire::Response{.status = 0, .body = "asks the engine"}
                               : std::move(*response);
  }

  // The command or query that the request becomes; a default one when it becomes another or none.
  template <class Wanted>
  Wanted asked() {
    core::Result<dialects::Call> parsed = parse();
    if (!parsed) return {};
    Wanted* found = nullptr;
    if constexpr (std::is_constructible_v<core::Query, Wanted>) {
      auto* query = std::get_if<core::Query>(&parsed->what);
      found = query == nullptr ? nullptr : std::get_if<Wanted>(query);
    } else {
      auto* command = std::get_if<core::Command>(&parsed->what);
      found = command == nullptr ? nullptr : std::get_if<Wanted>(command);
    }
    return found == nullptr ? Wanted{} : std::move(*found);
  }

  Caller caller() const {
    return {.merchant = &merchant, .credential = nullptr, .address = "203.0.113.9"};
  }
  Context context() const {
    return {.ids = fixed_ids(), .public_url = public_url, .now = now, .sandbox = sandbox};
  }

  core::Merchant merchant;
  core::Instant now = time_of("2024-01-15T04:30:00Z");
  std::string public_url = "http://127.0.0.1:8080";
  bool sandbox = false;

 private:
  void find_route() {
    const auto try_route = [this](const Route& route) {
      wire::PathCaptures captures;
      const bool matches =
          route.method == request_.method && wire::match_path(route.pattern, path_, captures);
      if (!matches || route_ != nullptr) return;
      route_ = &route;
      for (const std::string_view name : {"code", "id", "delivery"}) {
        const std::string_view value = captures.get(name);
        if (!value.empty()) arguments_.values[arguments_.count++] = {name, std::string(value)};
      }
    };
    for (const Route& route : kDialect.routes) try_route(route);
    try_route(kClaimPage);
  }

  std::string path_, query_, body_;
  std::vector<std::pair<std::string, std::string>> headers_;
  std::vector<wire::Header> views_;
  wire::Request request_;
  const Route* route_ = nullptr;
  PathArguments arguments_;
};

inline std::string header_of(const wire::Response& response, std::string_view name) {
  for (const auto& [known, value] : response.headers) {
    if (wire::equal_ignoring_case(known, name)) return value;
  }
  return {};
}

}  // namespace disburse::dialects::house::testing
