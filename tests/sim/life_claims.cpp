// What recipients do, and those who would like to be.
#include <algorithm>

#include "sim/life.hpp"

namespace disburse::sim {
namespace {

using core::LinkState;

// What the sandbox's bank does is told by the account. The others settle.
constexpr std::string_view kRefused = "41234567890";
constexpr std::string_view kPending = "61234567890";
constexpr std::string_view kReversed = "71234567890";
constexpr std::string_view kAnotherHolder = "81234567890";
constexpr std::string_view kNoSuchAccount = "91234567890";

}  // namespace

std::pair<std::string, bool> Life::account() {
  const std::uint64_t which = dice_.below(20);
  std::pair<std::string, bool> chosen{"5" + dice_.digits(13), false};
  if (which < 4) chosen.first = kRefused;
  if (which == 4) chosen.first = kPending;
  if (which == 5) chosen.first = kReversed;
  if (which == 6) chosen.first = kAnotherHolder;
  if (which == 7) chosen.first = kNoSuchAccount;
  if (which == 8) chosen = {"failure@sandbox", true};
  if (which == 9) chosen = {"pending@sandbox", true};
  if (which > 9 && which < 14) chosen = {"payee" + dice_.digits(9) + "@okbank", true};
  model_.keep_secret(chosen.first);
  return chosen;
}

std::string Life::name_of_holder() { return dice_.chance(85) ? "Gaurav Kumar" : "Another Name"; }

std::string Life::newest_otp(const KnownLink& link) const {
  for (const notify::Message& message : world_.inbox().list(link.phone)) {
    if (!message.otp.empty()) return message.otp.expose();
  }
  return {};
}

void Life::send_otp(std::size_t number) {
  const KnownLink& link = model_.links[number];
  send(shapes_.send_otp(model_.shops[link.shop], link.id), "send otp of " + link.reference,
       [this](const wire::Response& response) {
         if (response.status == 202) model_.count("otps sent");
       });
}

void Life::verify_otp(std::size_t number, bool right) {
  KnownLink& link = model_.links[number];
  std::string otp = newest_otp(link);
  if (otp.empty()) right = false;
  if (!right) {
    if (otp.empty()) otp = "123456";
    otp[dice_.below(6)] = otp[0] == '9' ? '0' : '9';
    if (otp == newest_otp(link)) otp[0] = otp[0] == '7' ? '1' : '7';
  }
  send(shapes_.verify_otp(model_.shops[link.shop], link.id, otp),
       std::string("verify ") + (right ? "" : "wrong ") + "otp of " + link.reference,
       [this, &link, right](const wire::Response& response) {
         if (response.status != 200) return;
         if (!right) model_.blame(2, link.reference + " took a wrong one-time password");
         link.tokens.push_back(Shapes::member(response.body, "claim_token"));
         model_.keep_secret(link.tokens.back());
         model_.count("otps verified");
       });
}

void Life::submit(std::size_t number, std::string token, std::string to, bool upi) {
  KnownLink& link = model_.links[number];
  const auto view = view_of(link);
  const bool needs_proof = view && view->link.otp_required;
  ++link.claims.unheard;
  send(shapes_.submit(model_.shops[link.shop], link.id, token, upi, to, name_of_holder()),
       "submit " + link.reference + " to " + to + (token.empty() ? "" : " with a token"),
       [this, &link, needs_proof, token](const wire::Response& response) {
         --link.claims.unheard;
         if (response.status != 202) return;
         ++link.claims.acknowledged;
         model_.count("claims");
         if (needs_proof && (link.tokens.empty() || token != link.tokens.back()))
           model_.blame(2, link.reference + " was claimed with a token that is not the last");
       });
}

void Life::submit_any(std::size_t number) {
  const KnownLink& link = model_.links[number];
  std::string token;
  if (!link.tokens.empty() && !dice_.chance(10)) {
    token = dice_.chance(80) ? link.tokens.back() : link.tokens[dice_.below(link.tokens.size())];
  }
  if (dice_.chance(3)) token = dice_.digits(40);
  const auto [to, upi] = account();
  submit(number, token, to, upi);
}

void Life::do_send_otp() {
  const auto link = some_link_in(LinkState::issued);
  if (link) send_otp(*link);
}

void Life::do_verify_otp() {
  const auto link = some_link_in(LinkState::issued);
  if (!link) return;
  const std::uint64_t tries = dice_.chance(10) ? 6 : 1;
  for (std::uint64_t i = 0; i < tries; ++i) verify_otp(*link, tries == 1 && dice_.chance(75));
}

void Life::do_submit() {
  const auto link = some_link_in(LinkState::issued);
  if (!link) return;
  submit_any(*link);
  if (dice_.chance(20)) submit_any(*link);
}

void Life::do_claim_whole() {
  const auto number = some_link_in(LinkState::issued);
  if (!number) return;
  waits_ = false;
  const auto view = view_of(model_.links[*number]);
  if (view && view->link.otp_required) {
    send_otp(*number);
    world_.settle();
    verify_otp(*number, true);
  }
  submit_any(*number);
}

// Several people at the same link at once: their calls meet in one batch.
void Life::do_race() {
  const auto number = some_link_in(LinkState::issued);
  if (!number) return;
  const auto view = view_of(model_.links[*number]);
  if (view && view->link.otp_required && dice_.chance(70)) {
    waits_ = false;
    send_otp(*number);
    world_.settle();
    if (dice_.chance(70)) verify_otp(*number, true);
  }
  waits_ = true;
  for (std::uint64_t i = 2 + dice_.below(4); i > 0; --i) {
    const std::uint64_t what = dice_.below(10);
    if (what < 6)
      submit_any(*number);
    else if (what < 8)
      cancel(*number, some_dialect());
    else
      verify_otp(*number, dice_.chance(70));
  }
}

}  // namespace disburse::sim
