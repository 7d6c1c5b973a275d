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
  model_.keep_secret(Secret::account, chosen.first);
  return chosen;
}

std::string Life::name_of_holder() { return dice_.chance(85) ? "Gaurav Kumar" : "Another Name"; }

const notify::Message* Life::newest_otp(const KnownLink& link) const {
  const auto at = heard_otps_.find(link.phone);
  return at == heard_otps_.end() ? nullptr : &at->second;
}

void Life::send_otp(std::size_t number) {
  KnownLink& link = model_.links[number];
  const auto story = story_of(link);
  const bool known = is_alone() && story;
  const bool expected = story && may_send_otp(*story, world_.now());
  ++link.otps.unheard;
  const notify::Message* const newest = newest_otp(link);
  link.otp_before = newest == nullptr ? "" : newest->otp.expose();
  send(shapes_.send_otp(model_.shops[link.shop], link.id), "send otp of " + link.reference,
       [this, &link, known, expected](const wire::Response& response) {
         --link.otps.unheard;
         const bool sent = response.status == 202;
         const bool too_many = Shapes::member(response.body, "code") == "otp_too_many_sends";
         if (known && !too_many && sent != expected)
           model_.blame(3, link.reference + " was " + (sent ? "" : "not ") +
                               "sent a one-time password against the rules: " + response.body);
         if (!sent) return;
         ++link.otps.acknowledged;
         model_.count("otps sent");
       });
}

void Life::verify_otp(std::size_t number, bool right) {
  KnownLink& link = model_.links[number];
  const notify::Message* const newest = newest_otp(link);
  const std::string newest_digits = newest == nullptr ? "" : newest->otp.expose();
  std::string otp = newest_digits;
  if (otp.empty()) right = false;
  if (!right) {
    if (otp.empty()) otp = "123456";
    otp[dice_.below(6)] = otp[0] == '9' ? '0' : '9';
    if (otp == newest_digits) otp[0] = otp[0] == '7' ? '1' : '7';
  }
  const auto story = story_of(link);
  // What was heard may be for another link of the same person, or not the last that was sent.
  const bool is_last = newest != nullptr && story && newest->at >= read_otps(*story).sent_at &&
                       newest_digits != link.otp_before && link.otps.unheard == 0 &&
                       model_.set_back == core::Duration::zero() &&
                       std::count_if(model_.links.begin(), model_.links.end(),
                                     [&](const auto& one) { return one.phone == link.phone; }) == 1;
  const bool known = right && is_alone() && is_last;
  const bool expected = story && may_verify(*story, world_.now());
  ++link.wrong_otps.unheard;
  ++link.proofs.unheard;
  send(shapes_.verify_otp(model_.shops[link.shop], link.id, otp),
       std::string("verify ") + (right ? "" : "wrong ") + "otp of " + link.reference,
       [this, &link, right, known, expected, asked_at = world_.now()](const auto& response) {
         const std::string code = Shapes::member(response.body, "code");
         --link.proofs.unheard;
         // Whether this try locked the link, or found it locked, the answer does not say.
         if (code != "otp_locked") --link.wrong_otps.unheard;
         if (code == "otp_wrong") ++link.wrong_otps.acknowledged;
         const bool taken = response.status == 200;
         if (known && taken != expected)
           model_.blame(2, link.reference + " " + (taken ? "took" : "refused") +
                               " its one-time password against the rules: " + response.body);
         if (!taken) return;
         if (!right) model_.blame(2, link.reference + " took a wrong one-time password");
         ++link.proofs.acknowledged;
         link.tokens.push_back(
             {Shapes::member(response.body, "claim_token"), asked_at, world_.now()});
         model_.keep_secret(Secret::claim_token, link.tokens.back().token);
         model_.count("otps verified");
       });
}

void Life::submit(std::size_t number, std::string token, std::string to, bool upi) {
  KnownLink& link = model_.links[number];
  const auto story = story_of(link);
  const bool needs_proof = story && story->view.link.otp_required;
  const bool known = is_alone() && story;
  const bool expected = story && may_submit(link, *story, token, upi, world_.now());
  ++link.claims.unheard;
  send(shapes_.submit(model_.shops[link.shop], link.id, token, upi, to, name_of_holder()),
       "submit " + link.reference + " to " + to + (token.empty() ? "" : " with a token"),
       [this, &link, needs_proof, token, known, expected](const wire::Response& response) {
         --link.claims.unheard;
         const bool taken = response.status == 202;
         if (known && taken != expected)
           model_.blame(2, link.reference + " was " + (taken ? "" : "not ") +
                               "claimed against the rules: " + response.body);
         if (!taken) return;
         ++link.claims.acknowledged;
         model_.count("claims");
         if (needs_proof && (link.tokens.empty() || token != link.tokens.back().token))
           model_.blame(2, link.reference + " was claimed with a token that is not the last");
       });
}

void Life::submit_any(std::size_t number) {
  const KnownLink& link = model_.links[number];
  std::string token;
  if (!link.tokens.empty() && !dice_.chance(10)) {
    const bool last = dice_.chance(80);
    token = link.tokens[last ? link.tokens.size() - 1 : dice_.below(link.tokens.size())].token;
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
  if (!dice_.chance(12)) return verify_otp(*link, dice_.chance(75));
  // Somebody guesses, one after the other or all at once, and then the right one comes.
  waits_ = false;
  if (dice_.chance(70)) send_otp(*link);
  world_.settle();
  waits_ = dice_.chance(30);
  for (int i = 0; i < 6; ++i) verify_otp(*link, false);
  verify_otp(*link, true);
}

void Life::do_submit() {
  const auto link = some_link_in(LinkState::issued);
  if (!link) return;
  submit_any(*link);
  if (dice_.chance(20)) submit_any(*link);
}

// As an honest recipient does: the one-time password is asked for, comes, and is right.
void Life::prove(std::size_t number) {
  waits_ = false;
  send_otp(number);
  world_.settle();
  verify_otp(number, true);
}

void Life::do_claim_whole() {
  const auto number = some_link_in(LinkState::issued);
  if (!number) return;
  waits_ = false;
  const auto view = view_of(model_.links[*number]);
  if (view && view->link.otp_required) prove(*number);
  submit_any(*number);
}

// Several people at the same link at once: their calls meet in one batch.
void Life::race(std::size_t number) {
  waits_ = true;
  for (std::uint64_t i = 2 + dice_.below(4); i > 0; --i) {
    const std::uint64_t what = dice_.below(12);
    if (what < 6)
      submit_any(number);
    else if (what < 8)
      cancel(number, some_dialect());
    else if (what < 10)
      verify_otp(number, dice_.chance(70));
    else
      extend(number, world_.now() + dice_.seconds(60, 30 * 24 * 3'600));
  }
}

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
  race(*number);
}

// Claims, cancels and extensions just before a link's end, at it, and just after it, with the timer
// in the same batch.
void Life::do_deadline() {
  const auto number = some_link_in(LinkState::issued);
  if (!number) return;
  const auto view = view_of(model_.links[*number]);
  if (!view || !view->link.expires_at || view->link.state != LinkState::issued) return;
  const core::Duration left = *view->link.expires_at - world_.now();
  if (left <= std::chrono::minutes(2) || left > std::chrono::hours(24 * 31)) return;
  waits_ = false;
  pass(left - std::chrono::minutes(1));
  if (view->link.otp_required && dice_.chance(80)) prove(*number);
  const core::Duration rest = *view->link.expires_at - world_.now();
  if (rest > core::Duration(1)) world_.clock().advance(rest + core::Duration(dice_.between(-1, 1)));
  model_.count("deadlines");
  race(*number);
}

}  // namespace disburse::sim
