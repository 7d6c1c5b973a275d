// What the tests of this folder have in common: a server's keys, a merchant, and requests that go
// through the dialect's own route table. Tests only.
//
// Threads: one.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/calendar.hpp"
#include "dialects/instantpay/instantpay.hpp"
#include "wire/json.hpp"
#include "wire/path.hpp"

namespace disburse::dialects::instantpay::testing {

// A Feistel permutation in place of AES: good enough to see forgeries refused.
class TestCipher final : public core::BlockCipher {
 public:
  core::Block16 encrypt(const core::Block16& block) const override {
    core::Block16 out = block;
    for (std::uint8_t round = 0; round < kRounds; ++round) out = step(out, round);
    return swapped(out);
  }
  core::Block16 decrypt(const core::Block16& block) const override {
    core::Block16 out = block;
    for (std::uint8_t round = kRounds; round > 0; --round) {
      out = step(out, static_cast<std::uint8_t>(round - 1));
    }
    return swapped(out);
  }

 private:
  static constexpr std::uint8_t kRounds = 8;
  static core::Block16 swapped(const core::Block16& in) {
    core::Block16 out{};
    for (std::size_t i = 0; i < 16; ++i) out[i] = in[(i + 8) % 16];
    return out;
  }
  static core::Block16 step(const core::Block16& in, std::uint8_t round) {
    const core::Key16 key = {round, 7, 7};
    const std::uint64_t mask = core::siphash24(key, in.data() + 8, 8);
    core::Block16 out = swapped(in);
    for (std::size_t i = 0; i < 8; ++i) {
      out[8 + i] = static_cast<std::uint8_t>(in[i] ^ (mask >> (8 * i)));
    }
    return out;
  }
};

inline core::PublicIds make_ids() {
  std::vector<core::PublicIds::Keys> versions;
  versions.push_back({core::Key16{1, 2, 3, 4}, std::make_unique<TestCipher>()});
  return core::PublicIds(std::move(versions));
}

using Headers = std::vector<std::pair<std::string, std::string>>;

inline Headers good_headers() {
  return {{"X-Ipay-Auth-Code", "1"},
          {"X-Ipay-Client-Id", "client"},
          {"X-Ipay-Client-Secret", "secret"},
          {"X-Ipay-Endpoint-Ip", "125.0.0.1"},
          {"Content-Type", "application/json"}};
}

struct Sent {
  wire::Method method = wire::Method::post;
  std::string path;  // with query
  std::string body = {};
  Headers headers = good_headers();
};

class Server {
 public:
  Server() {
    merchant.id = core::MerchantId{1};
    merchant.mode = core::Mode::live;
  }

  core::PublicIds ids = make_ids();
  core::Merchant merchant;
  core::Instant now = *core::parse_rfc3339("2024-01-15T10:00:00+05:30");
  bool sandbox = false;
  std::array<std::uint64_t, 2> random = {0x0123456789abcdef, 0xfedcba9876543210};

  Context context() const {
    return {.ids = ids,
            .public_url = "http://127.0.0.1:8080",
            .now = now,
            .sandbox = sandbox,
            .random = random};
  }
  Caller caller() const { return {.merchant = &merchant, .credential = nullptr, .address = {}}; }

  core::Result<Call> parse(const Sent& sent) const {
    const Prepared prepared = prepare(sent);
    return prepared.route->parse(prepared.request, prepared.path, caller(), context());
  }
  wire::Response render(const Sent& sent, const core::Result<Answer>& answer) const {
    const Prepared prepared = prepare(sent);
    return prepared.route->render(answer, prepared.request, prepared.path, caller(), context());
  }
  // What the caller sees of a request that parse refuses.
  std::string refusal(const Sent& sent) const {
    const core::Result<Call> call = parse(sent);
    if (call) return "accepted";
    return text(render(sent, tl::unexpected<core::Error>(call.error())), "status");
  }
  std::string refusal_code(const Sent& sent) const {
    const core::Result<Call> call = parse(sent);
    if (call) return "accepted";
    return text(render(sent, tl::unexpected<core::Error>(call.error())), "statuscode");
  }
  template <class Command>
  Command command(const Sent& sent) const {
    const core::Result<Call> call = parse(sent);
    EXPECT_TRUE(call) << refusal(sent);
    return std::get<Command>(std::get<core::Command>(call->what));
  }
  template <class Query>
  Query query(const Sent& sent) const {
    const core::Result<Call> call = parse(sent);
    EXPECT_TRUE(call) << refusal(sent);
    return std::get<Query>(std::get<core::Query>(call->what));
  }

  static std::string text(const wire::Response& response, std::string_view key) {
    const auto body = wire::parse_json(response.body);
    EXPECT_TRUE(body) << response.body;
    const wire::JsonValue* member = body ? body->find(key) : nullptr;
    return member == nullptr ? "" : std::string(member->text());
  }

 private:
  struct Prepared {
    const Route* route = nullptr;
    std::vector<wire::Header> headers;
    wire::Request request;
    PathArguments path;
  };

  static Prepared prepare(const Sent& sent) {
    Prepared prepared;
    for (const auto& [name, value] : sent.headers) prepared.headers.push_back({name, value});
    wire::Request& request = prepared.request;
    request.method = sent.method;
    request.target = sent.path;
    request.path = sent.path.substr(0, sent.path.find('?'));
    request.query = request.target.substr(std::min(request.path.size() + 1, sent.path.size()));
    request.headers = prepared.headers;
    request.body = sent.body;
    for (const Route& route : kDialect.routes) {
      wire::PathCaptures captures;
      if (route.method != sent.method) continue;
      if (!wire::match_path(route.pattern, request.path, captures)) continue;
      prepared.route = &route;
      for (const std::string_view name : {"linkId", "code"}) {
        const std::string value(captures.get(name));
        if (!value.empty()) prepared.path.values[prepared.path.count++] = {name, value};
      }
      return prepared;
    }
    ADD_FAILURE() << "no route for " << sent.path;
    prepared.route = &kDialect.routes.front();
    return prepared;
  }
};

// A link of the merchant, with both contacts, made half a second before the server's now.
inline core::LinkView link_view(const Server& server, std::uint64_t number = 7) {
  core::IdMaker maker;
  core::LinkView view;
  core::Link& link = view.link;
  link.merchant = server.merchant.id;
  link.created_at = server.now - std::chrono::milliseconds(500);
  link.id = core::LinkId{maker.make<core::LinkId>(link.created_at).value + number};
  link.state = core::LinkState::issued;
  link.amount = *core::Money::from_paise(12011);
  link.dialect = "instantpay";
  link.purpose = "refund";
  link.description = "Giving captch payment";
  link.verify_beneficiary = true;
  link.methods = 15;
  link.activates_at = *core::parse_rfc3339("2023-11-20T14:02:00+05:30");
  link.expires_at = link.created_at + std::chrono::hours(24 * 90);
  view.contact.name = "Instantpay India Limited";
  view.contact.phone = "9876543742";
  view.contact.email = "help@instantpay.in";
  return view;
}

inline core::Result<Answer> answered(core::Reply reply) { return Answer{std::move(reply)}; }

}  // namespace disburse::dialects::instantpay::testing
