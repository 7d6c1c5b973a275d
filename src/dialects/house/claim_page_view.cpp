// The recipient's page as HTML: one step of the claim, or where the link stands.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "core/calendar.hpp"
#include "dialects/house/claim_code.hpp"
#include "dialects/house/claim_page.hpp"
#include "dialects/house/claim_state.hpp"
#include "dialects/house/page_form.hpp"
#include "dialects/house/page_shell.hpp"
#include "generated/claim_web.hpp"

namespace disburse::dialects::house {
namespace {

using core::PayMethod;

constexpr Language kLanguage = Language::english;

// All that the page is made from.
struct Page {
  const core::ClaimView& claim;
  const wire::Request& request;
  const Context& context;
  wire::Form query;
  std::vector<Mistake> mistakes;
  Values values;

  const core::Link& link() const { return claim.view.link; }
};

std::string words(Text text) { return std::string(text_in(kLanguage, text)); }

std::string in_india(core::Instant at, std::string_view pattern) {
  std::string text = core::format_time(at, core::kIndia, pattern);
  if (text.starts_with('0')) text.erase(0, 1);
  return text;
}

// "9:30 AM", on one line: recipients are in India.
std::string time_of_day(core::Instant at) { return in_india(at, "%I:%M\u00a0%p"); }
// "15 January 2024, 9:30 AM"
std::string when(core::Instant at) { return in_india(at, "%d %B %Y") + ", " + time_of_day(at); }
// "15 Jan 2024, 9:30 AM", where there is little room.
std::string when_shortly(core::Instant at) {
  return in_india(at, "%d %b %Y") + ", " + time_of_day(at);
}

// The first letter, for the mark beside the name.
std::string initial(std::string_view name) {
  if (name.empty()) return {};
  const auto lead = static_cast<unsigned char>(name[0]);
  const std::size_t size = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  std::string letter(name.substr(0, size));
  if (letter[0] >= 'a' && letter[0] <= 'z') letter[0] = static_cast<char>(letter[0] - 'a' + 'A');
  return letter;
}

std::string capitalised_purpose(std::string_view purpose) {
  std::string text(purpose);
  std::replace(text.begin(), text.end(), '_', ' ');
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

Values common_values(const core::ClaimView& claim, std::string path) {
  const core::Link& link = claim.view.link;
  const std::string amount = core::rupees_for_people(link.amount);
  const std::size_t point = std::min(amount.find('.'), amount.size());
  Values values;
  values.set("path", std::move(path));
  values.set("merchant", claim.merchant_name).set("initial", initial(claim.merchant_name));
  values.set("amount", "₹" + amount);
  values.set("rupees", "₹" + amount.substr(0, point)).set("paise", amount.substr(point));
  values.set("why",
             link.description.empty() ? capitalised_purpose(link.purpose) : link.description);
  values.set("support", claim.support_contact);
  values.set("deadline", link.expires_at ? when(*link.expires_at) : std::string());
  return values;
}

// ---- an open claim
// --------------------------------------------------------------------------------------------

// "SMS to *******999"
std::string target_text(const OtpTarget& target) {
  const bool sms = target.channel == core::Channel::sms;
  Values values;
  values.set("target", target.masked);
  return say(sms ? Text::send_to_sms : Text::send_to_email, values, kLanguage);
}

std::string send_code_step(Page& page, const std::vector<OtpTarget>& targets) {
  Values& values = page.values;
  values.set("channel", std::string(core::name(targets.front().channel)));
  values.set("only_target", target_text(targets.front()));
  if (targets.size() > 1) {
    values.set("choice", "yes");
    values.set("sms_target", target_text(targets[0])).set("email_target", target_text(targets[1]));
  }
  return fill(embedded::send_code_html, values, kLanguage);
}

// Seconds until another code may be sent.
std::string seconds_to_wait(const core::Link& link, core::Instant now) {
  const core::Duration left = link.otp.sent_at + core::limits::kOtpSendGap - now;
  return std::to_string(std::max<std::int64_t>(0, (left.count() + 999) / 1000));
}

std::string enter_code_step(Page& page, const std::vector<OtpTarget>& targets) {
  Values& values = page.values;
  const core::Channel channel = page.link().otp.channel;
  for (const OtpTarget& target : targets) {
    if (target.channel == channel) {
      values.set("target", target.masked);
    } else {
      values.set("other_channel", std::string(core::name(target.channel)));
      values.set("other_text", words(target.channel == core::Channel::sms ? Text::resend_sms
                                                                          : Text::resend_email));
    }
  }
  const Text sent = channel == core::Channel::sms ? Text::code_sent_sms : Text::code_sent_email;
  values.set("sent_to", say(sent, values, kLanguage));
  values.set("channel", std::string(core::name(channel)));
  values.set("wait", seconds_to_wait(page.link(), page.context.now)).set("seconds", "%");
  const FormHtml form = form_html(kOtpFields, page.mistakes, {}, kLanguage);
  values.set("fields", form.fields);
  if (form.wrong) values.set("title", say(Text::title_error, values, kLanguage));
  return fill(embedded::enter_code_html, values, kLanguage);
}

PayMethod chosen_method(const Page& page) {
  const core::PayMethods methods = offered(page.link());
  if (!core::has(methods, PayMethod::upi)) return PayMethod::bank;
  const bool asked = page.query.get("method") == "upi";
  return asked || !core::has(methods, PayMethod::bank) ? PayMethod::upi : PayMethod::bank;
}

std::string details_step(Page& page) {
  Values& values = page.values;
  const bool upi = chosen_method(page) == PayMethod::upi;
  const FormHtml form = form_html(upi ? kUpiFields : kBankFields, page.mistakes,
                                  typed_before(page.request), kLanguage);
  values.set("verified", page.link().otp_required ? "yes" : "");
  values.set("choice", offered(page.link()) == (PayMethod::bank | PayMethod::upi) ? "yes" : "");
  values.set("bank", upi ? "" : "yes")
      .set("upi", upi ? "yes" : "")
      .set("method", upi ? "upi" : "bank");
  values.set("fields", form.fields).set("summary", form.summary);
  if (form.wrong) values.set("title", say(Text::title_error, values, kLanguage));
  return fill(embedded::details_html, values, kLanguage);
}

void tell_last_failure(Page& page) {
  const std::optional<Failure> failure = last_failure(page.claim.view);
  if (!failure || !page.mistakes.empty()) return;
  std::string_view reason = failure->text;
  if (reason.ends_with('.')) reason.remove_suffix(1);  // the text ends the sentence
  const bool known = !reason.empty();
  page.values.set("reason", std::string(reason));
  page.values.set("failed_before", say(known ? Text::failed_before : Text::failed_before_plain,
                                       page.values, kLanguage));
}

wire::Response open_claim(Page& page, const std::vector<OtpTarget>& targets) {
  const bool proven = page.claim.otp_verified || !page.link().otp_required;
  const bool waiting = !proven && otp_is_open(page.link(), page.context.now);
  page.values.set("title", say(Text::title_open, page.values, kLanguage));
  tell_last_failure(page);
  std::string step = proven    ? details_step(page)
                     : waiting ? enter_code_step(page, targets)
                               : send_code_step(page, targets);
  const std::span<const Field> fields =
      proven    ? (chosen_method(page) == PayMethod::upi ? kUpiFields : kBankFields)
      : waiting ? kOtpFields
                : std::span<const Field>();
  page.values.set("notice", notice_of(fields, page.mistakes, kLanguage));
  page.values.set("step", std::move(step)).set("safety", "yes");
  const std::string content = fill(embedded::offer_html, page.values, kLanguage);
  return html_page(200, content, std::move(page.values), page.context);
}

// ---- where it stands
// ------------------------------------------------------------------------------------------

struct Standing {
  std::string_view tone;  // "good", "wait", "stop"
  Text headline;
  Text text;
};

wire::Response standing(Page& page, const Standing& what) {
  Values& values = page.values;
  values.set("tone", std::string(what.tone)).set(what.tone, "yes");
  // The amount stands large only where money comes: elsewhere it would promise what is not.
  if (what.tone == "stop") values.set("amount", "");
  values.set("headline", say(what.headline, values, kLanguage));
  values.set("text", say(what.text, values, kLanguage));
  const std::string content = fill(embedded::status_html, values, kLanguage);
  return html_page(200, content, std::move(values), page.context);
}

void add_row(std::string& rows, Text label, std::string value) {
  if (value.empty()) return;
  Values values;
  values.set("label", words(label)).set("value", std::move(value));
  rows += fill("<dt>{{label}}</dt><dd>{{value}}</dd>\n", values, kLanguage);
}

// Only for whom proved to be the recipient: the account's last digits are theirs.
std::string paid_to(const Page& page) {
  const bool proven = page.claim.otp_verified || !page.link().otp_required;
  const auto& account = page.claim.view.fund_account;
  if (!proven || !account) return {};
  const bool upi = account->method == PayMethod::upi;
  if (upi) return core::masked_email(account->vpa.expose());
  return core::masked(account->account_number.expose());
}

wire::Response paid(Page& page) {
  const auto& payout = page.claim.view.payout;
  std::string rows;
  add_row(rows, Text::from_label, page.claim.merchant_name);
  add_row(rows, Text::to_label, paid_to(page));
  if (payout) {
    add_row(rows, Text::date_label,
            payout->ended_at ? when_shortly(*payout->ended_at) : std::string());
    add_row(rows, Text::utr_label, payout->utr);
  }
  page.values.set("rows", "<dl>" + rows + "</dl>\n");
  return standing(page, {"good", Text::paid_title, Text::paid_text});
}

// Seconds between two looks at a payout: often at first, when most settle, then seldom.
std::string_view seconds_to_next_look(const Page& page) {
  const auto& payout = page.claim.view.payout;
  const core::Duration age = payout ? page.context.now - payout->created_at : core::Duration(0);
  if (age < std::chrono::minutes(1)) return "3";
  return age < std::chrono::minutes(10) ? "15" : "60";
}

wire::Response submitted(Page& page) {
  const std::string* path = page.values.find("path");
  page.values.set("refresh", std::string(seconds_to_next_look(page)) + ";url=" + *path);
  page.values.set("link", *path).set("link_text", words(Text::submitted_link));
  return standing(page, {"wait", Text::submitted_title, Text::submitted_text});
}

wire::Response scheduled(Page& page) {
  if (page.link().activates_at) page.values.set("opens", when(*page.link().activates_at));
  return standing(page, {"wait", Text::scheduled_title, Text::scheduled_text});
}

wire::Response locked(Page& page) {
  const core::Instant until = page.link().otp.locked_until;
  page.values.set("until", time_of_day(until));
  return standing(page, {"stop", Text::locked_title, Text::locked_text});
}

wire::Response open_or_stopped(Page& page) {
  const bool proven = page.claim.otp_verified || !page.link().otp_required;
  const std::vector<OtpTarget> targets = otp_targets(page.claim.view);
  if (!proven && targets.empty()) {
    return standing(page, {"stop", Text::no_contact_title, Text::no_contact_text});
  }
  if (offered(page.link()) == 0) {
    return standing(page, {"stop", Text::no_contact_title, Text::no_method_text});
  }
  if (!proven && is_locked(page.link(), page.context.now)) return locked(page);
  return open_claim(page, targets);
}

}  // namespace

wire::Response claim_page(const core::ClaimView& claim, const wire::Request& request,
                          const core::Claim& id, const Context& context) {
  core::Result<wire::Form> query = wire::Form::parse(request.query);
  Page page{claim,   request,
            context, query ? std::move(*query) : wire::Form(),
            {},      common_values(claim, page_path(context.ids, id))};
  page.mistakes = mistakes_in(page.query);

  switch (claim_state(claim.view, context.now)) {
    case ClaimState::open:
      return open_or_stopped(page);
    case ClaimState::scheduled:
      return scheduled(page);
    case ClaimState::approval:
      return standing(page, {"wait", Text::approval_title, Text::approval_text});
    case ClaimState::submitted:
      return submitted(page);
    case ClaimState::paid:
      return paid(page);
    case ClaimState::failed:
      return standing(page, {"stop", Text::returned_title, Text::returned_text});
    case ClaimState::expired:
      return standing(page, {"stop", Text::expired_title, Text::expired_text});
    case ClaimState::cancelled:
      return standing(page, {"stop", Text::cancelled_title, Text::cancelled_text});
    case ClaimState::rejected:
      return standing(page, {"stop", Text::rejected_title, Text::rejected_text});
  }
  return error_page(core::Error{}, "", context);
}

}  // namespace disburse::dialects::house
