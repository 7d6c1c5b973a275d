#include "outbox/notice.hpp"

#include <optional>

#include "core/limits.hpp"
#include "core/otp.hpp"

namespace disburse::outbox {
namespace {

using core::Notice;

// An OTP that was replaced, used or locked away, or that is past its life, would only confuse.
std::optional<std::string> why_otp_is_pointless(const core::Task& task, const core::Link& link,
                                                core::Instant now) {
  if (link.otp.nonce == 0 || link.otp.nonce != task.otp_nonce) {
    return "the one-time password is not the open one any more";
  }
  if (now - link.otp.sent_at >= core::limits::kOtpLife) return "the one-time password has expired";
  return std::nullopt;
}

std::optional<std::string> why_pointless(const core::Task& task, const core::LinkView& view,
                                         core::Instant now) {
  if (!view.contact.has(task.channel)) return "the link has no such channel";
  switch (task.notice) {
    case Notice::none:
      return "there is nothing to say";
    case Notice::otp:
      return why_otp_is_pointless(task, view.link, now);
    case Notice::link_issued:
    case Notice::link_failed:
      if (core::state_at(view.link, now) != core::LinkState::issued) {
        return "the link cannot be claimed any more";
      }
      return std::nullopt;
    case Notice::link_paid:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::variant<notify::Message, Pointless> message_of(const core::Task& task,
                                                    const core::LinkView& view,
                                                    const core::Merchant& merchant, std::string url,
                                                    const core::KeyedHash& hash,
                                                    const notify::Dlt& dlt, core::Instant now) {
  if (auto why = why_pointless(task, view, now)) return Pointless{std::move(*why)};
  notify::Facts facts;
  facts.notice = task.notice;
  facts.channel = task.channel;
  facts.id = std::to_string(task.id.value);
  facts.to = task.channel == core::Channel::sms ? view.contact.phone : view.contact.email;
  facts.merchant_name = merchant.name;
  facts.amount = view.link.amount;
  facts.url = std::move(url);
  if (task.notice == Notice::otp) {
    facts.otp = core::otp_digits(hash, view.link.id, task.otp_nonce);
  }
  facts.otp_life = core::limits::kOtpLife;
  facts.support = merchant.settings.support_contact;
  facts.at = now;
  return notify::render(facts, dlt);
}

}  // namespace disburse::outbox
