// Everything that the recipient's page says, in one catalogue. Another language is another column
// of the table. {name} in a text is a value that the page gives.
//
// Threads: immutable.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace disburse::dialects::house {

enum class Language : std::uint8_t { english };
std::string_view tag(Language language);  // "en", for the page's lang attribute

enum class Text : std::uint8_t {
  title_open,
  title_error,
  is_sending_you,
  reason_label,
  claim_by,
  sandbox,
  sandbox_messages,
  safety,
  support,
  support_plain,
  powered,
  problem_title,
  send_title,
  send_text,
  send_to_sms,
  send_to_email,
  send_where,
  send_button,
  code_title,
  code_sent_sms,
  code_sent_email,
  code_label,
  code_missing,
  code_button,
  code_nothing_came,
  resend_button,
  resend_wait,
  resend_sms,
  resend_email,
  locked_title,
  locked_text,
  details_title,
  verified_note,
  choose_method,
  method_bank,
  method_upi,
  name_label,
  name_hint,
  name_missing,
  account_label,
  account_missing,
  account_again_label,
  account_again_missing,
  ifsc_label,
  ifsc_hint,
  ifsc_missing,
  vpa_label,
  vpa_hint,
  vpa_missing,
  submit_button,
  submit_button_upi,
  submit_once,
  error_name,
  error_account,
  error_account_again,
  error_ifsc,
  error_vpa,
  error_otp_wrong,
  error_otp_expired,
  error_otp_not_sent,
  error_otp_too_soon,
  error_otp_too_many,
  error_otp_channel,
  error_otp_required,
  error_method,
  error_balance,
  error_too_many,
  failed_before,
  failed_before_plain,
  scheduled_title,
  scheduled_text,
  approval_title,
  approval_text,
  submitted_title,
  submitted_text,
  submitted_link,
  paid_title,
  paid_text,
  utr_label,
  to_label,
  from_label,
  date_label,
  returned_title,
  returned_text,
  expired_title,
  expired_text,
  cancelled_title,
  cancelled_text,
  rejected_title,
  rejected_text,
  no_contact_title,
  no_contact_text,
  no_method_text,
  missing_title,
  missing_text,
  busy_title,
  busy_text,
  slow_title,
  slow_text,
  refused_title,
  refused_text,
  broken_title,
  broken_text,
  unreadable_title,
  unreadable_text,
  back_link,
};

struct TextRow {
  Text text;
  std::string_view name;  // as templates write it: {{t:send_title}}
  std::string_view english;
};
std::span<const TextRow> all_texts();

std::string_view text_in(Language language, Text text);
std::optional<Text> find_text(std::string_view name);

}  // namespace disburse::dialects::house
