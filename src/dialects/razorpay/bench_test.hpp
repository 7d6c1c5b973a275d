// What the tests of this dialect share: a merchant, keys, and requests that live long enough.
//
// Threads: tests only.
#pragma once

#include <string>
#include <vector>

#include "dialects/razorpay/razorpay.hpp"
#include "dialects/razorpay/sealed_ids.hpp"

namespace disburse::dialects::razorpay {

// Turns blocks over: enough to make claim codes that open again.
class FlippingCipher final : public core::BlockCipher {
 public:
  core::Block16 encrypt(const core::Block16& block) const override { return flipped(block); }
  core::Block16 decrypt(const core::Block16& block) const override { return flipped(block); }

 private:
  static core::Block16 flipped(core::Block16 block) {
    for (auto& byte : block) byte ^= 0xA5;
    return block;
  }
};

inline core::PublicIds test_ids() {
  std::vector<core::PublicIds::Keys> keys;
  core::PublicIds::Keys first;
  first.id_key = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  first.claim_cipher = std::make_unique<FlippingCipher>();
  keys.push_back(std::move(first));
  return core::PublicIds(std::move(keys));
}

struct Bench {
  Bench() {
    merchant.id = core::MerchantId{1};
    merchant.name = "Acme Refunds Pvt. Ltd.";
    merchant.account_number = "7878780080857996";
  }

  Context context() const {
    return {.ids = ids, .public_url = "https://pay.example.com", .now = now};
  }
  Caller caller() const { return {.merchant = &merchant, .address = "127.0.0.1"}; }

  std::string link_id(std::uint64_t id) const { return print_id(kLinkIds, ids, merchant.id, id); }
  std::string contact_id(std::uint64_t id) const {
    return print_id(kContactIds, ids, merchant.id, id);
  }

  // The documented sample's link, issued at its time.
  core::LinkView issued_link() const {
    core::LinkView view;
    view.link.merchant = merchant.id;
    view.link.id = core::LinkId{77};
    view.link.contact = core::ContactId{55};
    view.link.state = core::LinkState::issued;
    view.link.amount = *core::Money::from_paise(1000);
    view.link.reference = "Receipt No. 1";
    view.link.purpose = "refund";
    view.link.description = "Payout link for Gaurav Kumar";
    view.link.created_at = now;
    view.contact.name = "Gaurav Kumar";
    view.contact.type = "customer";
    view.contact.phone = "912345678";
    view.contact.email = "gaurav.kumar@example.com";
    return view;
  }

  core::PublicIds ids = test_ids();
  core::Merchant merchant;
  core::Instant now = core::Instant::from_ms(1'545'383'037'250);
};

// A request that owns its parts.
struct Asked {
  Asked(wire::Method method, std::string path_and_query, std::string text = {},
        std::vector<wire::Header> sent = {})
      : target(std::move(path_and_query)), body(std::move(text)), headers(std::move(sent)) {
    request.method = method;
    request.target = target;
    const std::size_t question = target.find('?');
    request.path = target.substr(0, question);
    if (question != std::string::npos) {
      request.query = std::string_view(target).substr(question + 1);
    }
    request.body = body;
    request.headers = headers;
  }
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;

  std::string target;
  std::string body;
  std::vector<wire::Header> headers;
  wire::Request request;
};

// The text of an error body's description, as it is written.
inline std::string described(const wire::Response& response) {
  const std::string_view key = "\"description\":\"";
  const std::size_t from = response.body.find(key);
  if (from == std::string::npos) return {};
  const std::size_t begin = from + key.size();
  return response.body.substr(begin, response.body.find("\"", begin) - begin);
}

}  // namespace disburse::dialects::razorpay
