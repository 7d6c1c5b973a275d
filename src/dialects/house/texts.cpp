// The words of the recipient's page.
#include "dialects/house/texts.hpp"

#include <cstddef>
#include <iterator>

namespace disburse::dialects::house {
namespace {

// In the order of the enumerators.
constexpr TextRow kTexts[] = {
    // clang-format off
    {Text::title_open, "title_open", "{amount} from {merchant}"},
    {Text::title_error, "title_error", "Check what you entered: {amount} from {merchant}"},
    {Text::is_sending_you, "is_sending_you", "{merchant} is sending you"},
    {Text::reason_label, "reason_label", "For"},
    {Text::claim_by, "claim_by", "Claim it by {deadline}"},
    {Text::sandbox, "sandbox", "Sandbox: no real money moves."},
    {Text::sandbox_messages, "sandbox_messages", "See the messages"},
    {Text::safety, "safety",
     "We never ask for a UPI PIN, a card number or a password. You pay nothing to receive "
     "this money."},
    {Text::support, "support", "Questions? Contact {merchant}: {support}"},
    {Text::support_plain, "support_plain", "Questions? Contact {merchant}."},
    {Text::powered, "powered", "Sent with Disburse"},
    {Text::problem_title, "problem_title", "Please check this"},
    {Text::send_title, "send_title", "First, confirm it is you"},
    {Text::send_text, "send_text",
     "We will send a one-time code to the contact that {merchant} gave us for you."},
    {Text::send_to_sms, "send_to_sms", "SMS to {target}"},
    {Text::send_to_email, "send_to_email", "E-mail to {target}"},
    {Text::send_where, "send_where", "Where should we send the code?"},
    {Text::send_button, "send_button", "Send me a code"},
    {Text::code_title, "code_title", "Enter your code"},
    {Text::code_sent_sms, "code_sent_sms",
     "We sent a code by SMS to {target}. It works for 10 minutes."},
    {Text::code_sent_email, "code_sent_email",
     "We sent a code by e-mail to {target}. It works for 10 minutes."},
    {Text::code_label, "code_label", "One-time code"},
    {Text::code_missing, "code_missing", "Enter the 6 digits of the code."},
    {Text::code_button, "code_button", "Confirm"},
    {Text::code_nothing_came, "code_nothing_came", "No code yet?"},
    {Text::resend_button, "resend_button", "Send a new code"},
    {Text::resend_wait, "resend_wait", "You can send a new code in {seconds} s"},
    {Text::resend_sms, "resend_sms", "Send it by SMS"},
    {Text::resend_email, "resend_email", "Send it by e-mail"},
    {Text::locked_title, "locked_title", "Locked for a while"},
    {Text::locked_text, "locked_text",
     "There were too many wrong codes. For your safety, this link can be used again "
     "{until}. Nothing is lost."},
    {Text::details_title, "details_title", "Where should the money go?"},
    {Text::verified_note, "verified_note", "Confirmed: it is you."},
    {Text::choose_method, "choose_method", "How to be paid"},
    {Text::method_bank, "method_bank", "Bank account"},
    {Text::method_upi, "method_upi", "UPI"},
    {Text::name_label, "name_label", "Account holder’s name"},
    {Text::name_hint, "name_hint", "As your bank has it"},
    {Text::name_missing, "name_missing", "Enter the account holder’s name."},
    {Text::account_label, "account_label", "Account number"},
    {Text::account_missing, "account_missing", "Enter the account number."},
    {Text::account_again_label, "account_again_label", "Account number again"},
    {Text::account_again_missing, "account_again_missing",
     "Enter the account number a second time."},
    {Text::ifsc_label, "ifsc_label", "IFSC"},
    {Text::ifsc_hint, "ifsc_hint",
     "11 characters, on your cheque book or in your bank’s app, like HDFC0000001"},
    {Text::ifsc_missing, "ifsc_missing", "Enter the IFSC of your branch."},
    {Text::vpa_label, "vpa_label", "UPI ID"},
    {Text::vpa_hint, "vpa_hint", "Like name@bank, shown in your UPI app"},
    {Text::vpa_missing, "vpa_missing", "Enter your UPI ID."},
    {Text::submit_button, "submit_button", "Send {amount} to my account"},
    {Text::submit_button_upi, "submit_button_upi", "Send {amount} to my UPI ID"},
    {Text::submit_once, "submit_once",
     "Check the details: a payment to the wrong account cannot be called back."},
    {Text::error_name, "error_name",
     "Enter the name as your bank has it, in at most 100 characters."},
    {Text::error_account, "error_account", "An account number has 9 to 18 digits."},
    {Text::error_account_again, "error_account_again", "The two account numbers are not the same."},
    {Text::error_ifsc, "error_ifsc", "An IFSC has 4 letters, a zero and 6 letters or digits."},
    {Text::error_vpa, "error_vpa", "A UPI ID looks like name@bank."},
    {Text::error_otp_wrong, "error_otp_wrong",
     "That code is not right. Check the latest message and try again."},
    {Text::error_otp_expired, "error_otp_expired", "That code has expired. Send a new one."},
    {Text::error_otp_not_sent, "error_otp_not_sent", "No code is open. Send a new one."},
    {Text::error_otp_too_soon, "error_otp_too_soon",
     "A code was sent a moment ago. Wait half a minute before you send another."},
    {Text::error_otp_too_many, "error_otp_too_many",
     "Too many codes were sent. Try again in an hour."},
    {Text::error_otp_channel, "error_otp_channel",
     "The code cannot be sent there. Choose another way."},
    {Text::error_otp_required, "error_otp_required",
     "Some time has passed, so please confirm again that it is you. Account numbers have to "
     "be entered again."},
    {Text::error_method, "error_method", "The money cannot be sent that way. Choose another."},
    {Text::error_balance, "error_balance",
     "The sender’s account cannot pay this just now. Try again later, or contact the "
     "sender."},
    {Text::error_too_many, "error_too_many", "Too many tries. Wait a minute and try again."},
    {Text::failed_before, "failed_before", "The last payment did not arrive: {reason}."},
    {Text::failed_before_plain, "failed_before_plain",
     "The last payment did not arrive. Check the details, or use another account."},
    {Text::scheduled_title, "scheduled_title", "Not open yet"},
    {Text::scheduled_text, "scheduled_text",
     "You can claim this from {opens}. Keep the link and come back then."},
    {Text::approval_title, "approval_title", "Waiting for the sender"},
    {Text::approval_text, "approval_text",
     "{merchant} has not released this payment yet. Keep the link and come back later."},
    {Text::submitted_title, "submitted_title", "On its way"},
    {Text::submitted_text, "submitted_text",
     "Your bank usually gets it within minutes. This page looks again by itself; you can "
     "also close it."},
    {Text::submitted_link, "submitted_link", "Look again"},
    {Text::paid_title, "paid_title", "Paid"},
    {Text::paid_text, "paid_text",
     "Your bank has received the money. It may take a moment to show in your account."},
    {Text::utr_label, "utr_label", "Bank reference (UTR)"},
    {Text::to_label, "to_label", "Paid to"},
    {Text::from_label, "from_label", "From"},
    {Text::date_label, "date_label", "Date"},
    {Text::returned_title, "returned_title", "The bank sent it back"},
    {Text::returned_text, "returned_text",
     "The payment was made, but your bank returned it to {merchant}. Ask them for a new "
     "link."},
    {Text::expired_title, "expired_title", "This link has expired"},
    {Text::expired_text, "expired_text",
     "It had to be used by {deadline}. Ask {merchant} for a new one."},
    {Text::cancelled_title, "cancelled_title", "This link was cancelled"},
    {Text::cancelled_text, "cancelled_text",
     "{merchant} has taken it back. Nothing was sent to you. If that is a surprise, ask "
     "them."},
    {Text::rejected_title, "rejected_title", "This payment was not approved"},
    {Text::rejected_text, "rejected_text",
     "{merchant} decided not to send it. If that is a surprise, ask them."},
    {Text::no_contact_title, "no_contact_title", "This link cannot be used"},
    {Text::no_contact_text, "no_contact_text",
     "It has no phone number or e-mail address to confirm who you are. Ask {merchant} for a "
     "new one."},
    {Text::no_method_text, "no_method_text",
     "The amount is too much for the only way of paying that it allows. Ask {merchant} for a new one."},
    {Text::missing_title, "missing_title", "There is nothing here"},
    {Text::missing_text, "missing_text",
     "Check that the whole link was opened: copy it again from the message. If it still "
     "does not work, ask the sender for a new one."},
    {Text::busy_title, "busy_title", "Not just now"},
    {Text::busy_text, "busy_text",
     "We could not do that at the moment, and nothing was changed. Try again in a minute."},
    {Text::slow_title, "slow_title", "Too many tries"},
    {Text::slow_text, "slow_text", "Wait a minute, then try again."},
    {Text::refused_title, "refused_title", "That did not come from this page"},
    {Text::refused_text, "refused_text",
     "Open the link from your message again, and continue there."},
    {Text::broken_title, "broken_title", "Something went wrong"},
    {Text::broken_text, "broken_text",
     "It is our mistake, and nothing was changed. Try again in a minute."},
    {Text::unreadable_title, "unreadable_title", "We could not read that"},
    {Text::unreadable_text, "unreadable_text", "Go back and try again."},
    {Text::back_link, "back_link", "Back to the payment"},
    // clang-format on
};

constexpr bool complete() {
  for (std::size_t i = 0; i < std::size(kTexts); ++i) {
    if (static_cast<std::size_t>(kTexts[i].text) != i) return false;
  }
  return std::size(kTexts) == static_cast<std::size_t>(Text::back_link) + 1;
}
static_assert(complete());

}  // namespace

std::string_view tag(Language language) {
  switch (language) {
    case Language::english:
      return "en";
  }
  return "";
}

std::span<const TextRow> all_texts() { return kTexts; }

std::string_view text_in(Language language, Text text) {
  const TextRow& row = kTexts[static_cast<std::size_t>(text)];
  switch (language) {
    case Language::english:
      return row.english;
  }
  return {};
}

std::optional<Text> find_text(std::string_view name) {
  for (const TextRow& row : kTexts) {
    if (row.name == name) return row.text;
  }
  return std::nullopt;
}

}  // namespace disburse::dialects::house
