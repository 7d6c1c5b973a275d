// Requests as clients of the three providers and of the claim page write them, and what their
// answers mean. Written from the providers' documentation, not from the dialects' code.
//
// Threads: one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/model.hpp"
#include "world/world.hpp"

namespace disburse::sim {

inline constexpr std::string_view kDialects[] = {"payu", "razorpay", "instantpay"};

struct Ask {
  wire::Method method = wire::Method::post;
  std::string target;
  world::Headers headers = {};
  std::string body = {};
};

struct CreateWish {
  std::int64_t paise = 0;
  std::string phone;
  std::string name;
  std::string reference;
  std::optional<core::Instant> activates_at;  // instantpay
  std::optional<core::Instant> expires_at;    // razorpay, instantpay
  bool verify = false;                        // instantpay
  bool notices = false;                       // razorpay, instantpay
  bool asks_otp = false;                      // payu
  std::string idempotency_key;                // razorpay
};

class Shapes {
 public:
  explicit Shapes(world::World& world) : world_(world) {}

  Ask create(std::string_view dialect, const Shop& shop, const CreateWish& wish) const;
  // The link that was made; none: refused.
  std::optional<core::LinkId> created(std::string_view dialect, const Shop& shop,
                                      const wire::Response& response) const;
  Ask cancel(std::string_view dialect, const Shop& shop, core::LinkId link,
             const std::string& reference) const;
  Ask look_up(std::string_view dialect, const Shop& shop, core::LinkId link) const;
  // What the answer to a create says of another link than was asked for; empty: nothing.
  std::string_view echoed(std::string_view dialect, const wire::Response& response,
                          const CreateWish& wish) const;
  // What an answer to a lookup says.
  struct Seen {
    std::string status;  // as expect.hpp's status_word() names it
    std::string amount;  // empty: not told
    std::string environment;
  };
  static Seen seen(std::string_view dialect, const wire::Response& response);
  static std::string amount_text(std::string_view dialect, std::int64_t paise);
  bool is_sandbox() const { return world_.is_sandbox(); }
  // Whether the dialect did what it was asked.
  static bool is_good(std::string_view dialect, const wire::Response& response);

  Ask list(std::string_view dialect, const Shop& shop) const;
  // How many links a list says that there are.
  static std::string listed(std::string_view dialect, const wire::Response& response);

  Ask look_at_claim(const Shop& shop, core::LinkId link) const;
  Ask send_otp(const Shop& shop, core::LinkId link) const;
  Ask verify_otp(const Shop& shop, core::LinkId link, const std::string& otp) const;
  Ask submit(const Shop& shop, core::LinkId link, const std::string& token, bool upi,
             const std::string& account, const std::string& name) const;
  Ask sign_in(const Shop& shop) const;

  // The value of a top-level member, or "".
  static std::string member(const std::string& body, std::string_view name);

 private:
  std::string public_id(std::string_view dialect, const Shop& shop, core::LinkId link) const;
  world::Headers credentials(std::string_view dialect, const Shop& shop) const;
  std::string claim_path(const Shop& shop, core::LinkId link) const;

  world::World& world_;
};

}  // namespace disburse::sim
