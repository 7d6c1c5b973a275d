// What golden files are given: state brought about by real commands.
#include "core/calendar.hpp"
#include "core/otp.hpp"
#include "golden/stage.hpp"

namespace disburse::golden {
namespace {

// "link dialect=payu name=\"Gaurav Kumar\"" as words.
Words words_of(std::string_view text) {
  Words words;
  std::size_t at = 0;
  while (at < text.size()) {
    while (at < text.size() && text[at] == ' ') ++at;
    const std::size_t equals = text.find_first_of("= ", at);
    if (equals == std::string_view::npos || text[equals] == ' ') {
      at = equals;
      continue;
    }
    const std::string name(text.substr(at, equals - at));
    at = equals + 1;
    const bool quoted = at < text.size() && text[at] == '"';
    if (quoted) ++at;
    const std::size_t end = std::min(text.find(quoted ? '"' : ' ', at), text.size());
    words[name] = text.substr(at, end - at);
    at = end + 1;
  }
  return words;
}

std::string word(const Words& words, std::string_view name, std::string_view usual = {}) {
  const auto found = words.find(name);
  return found == words.end() ? std::string(usual) : found->second;
}

std::string told(const core::Error& error) {
  return std::string(name(error.code)) + " " + std::string(error.field) + " " + error.detail;
}

}  // namespace

std::string Stage::given(std::string_view head) {
  const std::size_t blank = head.find(' ');
  const std::string_view what = head.substr(0, blank);
  const Words words = words_of(blank == std::string_view::npos ? "" : head.substr(blank + 1));
  if (what == "settings") return given_settings(words);
  if (what == "link") return given_link(words);
  if (what == "endpoint") return given_endpoint(words);
  if (what == "balance") {
    const auto amount = core::Money::parse_paise(word(words, "paise"));
    if (!amount) return "paise= is no sum";
    // Only a sum below what is there can be asked for by tests of low balance: a link takes the
    // rest away.
    const auto view = world_.reader().find_merchant(world_.merchant());
    const std::int64_t excess = (*view)->balances.available - amount->paise();
    if (excess < 0) {
      const auto done = world_.command(
          core::Deposit{world_.merchant(), *core::Money::from_paise(-excess), "golden"});
      return done ? "" : told(done.error());
    }
    if (excess == 0) return {};
    const Words drain{{"dialect", dialect_},
                      {"amount", std::to_string(excess)},
                      {"state", "processed"},
                      {"reference", "golden-drain"}};
    return given_link(drain);
  }
  return "no such thing is given: " + std::string(what);
}

std::string Stage::given_settings(const Words& words) {
  std::string wrong;
  world_.change_settings([&](core::Settings& settings) {
    for (const auto& [name, value] : words) {
      if (name == "otp")
        settings.otp = value == "always" ? core::OtpRule::always : core::OtpRule::as_asked;
      else if (name == "expiry_feature")
        settings.expiry_feature = value == "on";
      else if (name == "hold")
        settings.hold = value == "issue" ? core::HoldAt::issue : core::HoldAt::claim;
      else if (name == "approval_above") {
        settings.approval_above.reset();
        if (value != "none") settings.approval_above = *core::Money::parse_paise(value);
      } else if (name == "purposes")
        settings.purposes = {value};
      else if (name == "contact_types")
        settings.contact_types = {value};
      else if (name == "support")
        settings.support_contact = value;
      else
        wrong = "no such setting: " + name;
    }
  });
  return wrong;
}

std::string Stage::given_link(const Words& words) {
  const std::string state = word(words, "state", "issued");
  core::CreateLink create;
  create.merchant = world_.merchant();
  create.dialect = word(words, "dialect", dialect_);
  create.variant = create.dialect == "payu" ? "v1" : "";
  create.amount = *core::Money::parse_paise(word(words, "amount", "1000"));
  create.reference = word(words, "reference");
  create.purpose = word(words, "purpose", "refund");
  create.description = word(words, "description", "Refund");
  create.contact_name = word(words, "name");
  create.phone = word(words, "phone");
  create.email = word(words, "email");
  if (create.phone.empty() && create.email.empty() && words.count("phone") == 0)
    create.phone = "9999999999";
  create.contact_type = word(words, "type");
  create.verify_beneficiary = word(words, "verify") == "on";
  create.send_sms = word(words, "send_sms") == "on";
  create.send_email = word(words, "send_email") == "on";
  if (words.count("methods") != 0) {
    const std::string methods = word(words, "methods");
    create.methods = 0;
    if (methods.find("bank") != std::string::npos)
      create.methods |= static_cast<core::PayMethods>(core::PayMethod::bank);
    if (methods.find("upi") != std::string::npos)
      create.methods |= static_cast<core::PayMethods>(core::PayMethod::upi);
  }
  if (words.count("expires") != 0) create.expires_at = core::parse_rfc3339(word(words, "expires"));
  if (words.count("activates") != 0)
    create.activates_at = core::parse_rfc3339(word(words, "activates"));
  const core::Instant began = world_.now();
  if (state == "expired" && !create.expires_at) create.expires_at = began + std::chrono::seconds(1);
  if (state == "scheduled" && !create.activates_at)
    create.activates_at = began + std::chrono::hours(24);
  const bool needs_approval = state == "pending" || state == "rejected";
  std::optional<core::Money> approval;
  if (needs_approval) {
    world_.change_settings([&](core::Settings& settings) {
      approval = settings.approval_above;
      settings.approval_above = core::Money();
    });
  }
  const auto made = world_.command(std::move(create));
  if (needs_approval)
    world_.change_settings([&](core::Settings& settings) { settings.approval_above = approval; });
  if (!made) return "given link: " + told(made.error());
  const core::LinkId id = std::get<core::LinkView>(*made).link.id;
  if (words.count("as") != 0) links_[word(words, "as")] = id;
  return bring_to(id, state);
}

std::string Stage::bring_to(core::LinkId link, const std::string& state) {
  if (state == "issued" || state == "pending" || state == "scheduled") return {};
  if (state == "processing") return claim(link, "61234567890");
  if (state == "processed") return claim(link, "51234567890");
  if (state == "failed") return claim(link, "41234567890");
  if (state == "reversed") return claim(link, "71234567890");
  core::Result<core::Reply> done = core::Reply{core::Done{}};
  if (state == "cancelled") {
    done = world_.command(
        core::CancelLink{world_.merchant(), {link, {}}, core::CancelRule::before_claim, "golden"});
  } else if (state == "rejected") {
    done = world_.command(core::RejectLink{world_.merchant(), {link, {}}, "golden", {}});
  } else if (state == "expired") {
    const core::Instant before = world_.now();
    const auto view = world_.reader().find_link(world_.merchant(), link);
    world_.advance(*(*view)->link.expires_at - before);
    world_.clock().set(before);
  } else {
    return "no such state: " + state;
  }
  return done ? "" : told(done.error());
}

std::string Stage::claim(core::LinkId link, const std::string& account) {
  const core::Claim claim{world_.merchant(), link};
  auto view = world_.reader().find_link(world_.merchant(), link);
  core::SubmitClaim submit{
      claim, {}, core::PayMethod::bank, "Gaurav Kumar", core::SecretText(account), "HDFC0001234",
      {},    {}};
  if ((*view)->link.otp_required) {
    const core::Channel channel =
        (*view)->contact.phone.empty() ? core::Channel::email : core::Channel::sms;
    const auto sent = world_.command(core::SendOtp{claim, channel, {}});
    if (!sent) return "otp: " + told(sent.error());
    view = world_.reader().find_link(world_.merchant(), link);
    const auto otp = core::otp_digits(world_.keys().hash, link, (*view)->link.otp.nonce);
    const auto proven = world_.command(core::VerifyOtp{claim, otp, {}});
    if (!proven) return "otp: " + told(proven.error());
    submit.claim_token = std::get<core::OtpVerified>(*proven).claim_token;
  }
  const auto submitted = world_.command(std::move(submit));
  if (!submitted) return "claim: " + told(submitted.error());
  world_.settle();
  return {};
}

std::string Stage::given_endpoint(const Words& words) {
  core::AddEndpoint add;
  add.merchant = world_.merchant();
  add.dialect = word(words, "dialect", dialect_);
  add.url = word(words, "url", "http://127.0.0.1:9/hook");
  add.secret = core::SecretText(word(words, "secret"));
  add.authorization = core::SecretText(word(words, "authorization"));
  add.all_links = word(words, "links") == "all";
  std::string events = word(words, "events");
  while (!events.empty()) {
    const std::size_t comma = std::min(events.find(','), events.size());
    add.events.push_back(events.substr(0, comma));
    events.erase(0, comma + 1);
  }
  // What happened before there was an endpoint is nobody's business.
  world_.settle();
  world_.webhooks().clear();
  const auto added = world_.command(std::move(add));
  return added ? "" : "given endpoint: " + told(added.error());
}

}  // namespace disburse::golden
