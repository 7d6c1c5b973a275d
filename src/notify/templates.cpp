#include "notify/templates.hpp"

#include <cassert>

namespace disburse::notify {
namespace {

using core::Channel;
using core::Notice;

struct Template {
  Notice notice;
  Channel channel;
  std::string_view subject;
  std::string_view text;
};

// English. The SMS texts are at most 160 characters with usual fillings, so one SMS each; they name
// the business, as the DLT registry asks for, and a text that asks for nothing carries no link.
constexpr Template kTemplates[] = {
    {Notice::link_issued, Channel::sms, "",
     "{merchant} is sending you Rs {amount}. Choose where to receive it: {url}"},
    {Notice::otp, Channel::sms, "",
     "{otp} is your OTP to receive Rs {amount} from {merchant}. Valid for {minutes} minutes. "
     "Do not share it with anyone."},
    {Notice::link_paid, Channel::sms, "",
     "{merchant} has paid Rs {amount} to the account you gave. It may take a little to show "
     "there."},
    {Notice::link_failed, Channel::sms, "",
     "Rs {amount} from {merchant} could not be paid to the account you gave. Please try again: "
     "{url}"},

    {Notice::link_issued, Channel::email, "{merchant} is sending you Rs {amount}",
     "Hello,\n\n"
     "{merchant} is sending you Rs {amount}. To receive it, open this page and choose a bank "
     "account "
     "or a UPI id:\n\n"
     "{url}\n\n"
     "The page asks for a one-time password that is sent to you. Nobody from {merchant} will ask "
     "you "
     "for that password, for a PIN or for a payment.\n"},
    {Notice::otp, Channel::email, "Your one-time password for {merchant}",
     "Hello,\n\n"
     "{otp} is your one-time password to receive Rs {amount} from {merchant}. It is valid for "
     "{minutes} minutes.\n\n"
     "Enter it only on the page that you opened from the message of {merchant}. Do not share it "
     "with "
     "anyone.\n"},
    {Notice::link_paid, Channel::email, "{merchant} has paid you Rs {amount}",
     "Hello,\n\n"
     "{merchant} has paid Rs {amount} to the account that you gave. It may take a little to show "
     "there.\n"},
    {Notice::link_failed, Channel::email, "Rs {amount} from {merchant} could not be paid",
     "Hello,\n\n"
     "Rs {amount} from {merchant} could not be paid to the account that you gave. Please open the "
     "page again, and check the details or choose another account:\n\n"
     "{url}\n"},
};

constexpr std::string_view kSupportLine = "\nQuestions? {support}\n";

const Template& template_for(Notice notice, Channel channel) {
  for (const Template& row : kTemplates) {
    if (row.notice == notice && row.channel == channel) return row;
  }
  assert(false && "every notice but none has a text for each channel");
  return kTemplates[0];
}

using Variables = std::vector<std::pair<std::string, core::SecretText>>;

// The text with each {name} that is a variable replaced. What is filled in is not looked at again.
template <class Value>
std::string filled(std::string_view text, const Value& value_of) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find('{', at);
    const std::size_t close = open == text.npos ? text.npos : text.find('}', open);
    if (close == text.npos) return out.append(text.substr(at));
    out.append(text.substr(at, open - at));
    out.append(value_of(text.substr(open + 1, close - open - 1)));
    at = close + 1;
  }
  return out;
}

std::string filled_with(std::string_view text, const Variables& variables) {
  return filled(text, [&variables](std::string_view name) -> std::string {
    for (const auto& [known, value] : variables) {
      if (known == name) return value.expose();
    }
    assert(false && "a text names only variables that there are");
    return {};
  });
}

Variables variables_of(const Facts& facts) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(facts.otp_life).count();
  return {
      {"merchant", core::SecretText(facts.merchant_name)},
      {"amount", core::SecretText(core::rupees_for_people(facts.amount))},
      {"url", core::SecretText(facts.url)},
      {"otp", facts.otp},
      {"minutes", core::SecretText(std::to_string(minutes))},
      {"support", core::SecretText(facts.support)},
  };
}

}  // namespace

std::string_view Dlt::template_id(Notice notice) const {
  if (notice == Notice::none) return {};
  return template_ids[static_cast<std::size_t>(notice) - 1];
}

Message render(const Facts& facts, const Dlt& dlt) {
  const Template& row = template_for(facts.notice, facts.channel);
  const bool is_sms = facts.channel == Channel::sms;
  Message message;
  message.id = facts.id;
  message.notice = facts.notice;
  message.channel = facts.channel;
  message.to = facts.to;
  message.merchant_name = facts.merchant_name;
  message.at = facts.at;
  message.variables = variables_of(facts);
  message.subject = filled_with(row.subject, message.variables);
  std::string text = filled_with(row.text, message.variables);
  if (!is_sms && !facts.support.empty()) text += filled_with(kSupportLine, message.variables);
  message.text = core::SecretText(std::move(text));
  if (row.text.find("{otp}") != row.text.npos) message.otp = facts.otp;
  if (row.text.find("{url}") != row.text.npos) message.url = facts.url;
  if (!is_sms) return message;
  message.dlt_header = dlt.header;
  message.dlt_entity_id = dlt.entity_id;
  message.dlt_template_id = std::string(dlt.template_id(facts.notice));
  return message;
}

std::vector<Registration> templates_for_registration() {
  std::vector<Registration> rows;
  for (const Template& row : kTemplates) {
    if (row.channel != Channel::sms) continue;
    rows.push_back({row.notice, filled(row.text, [](std::string_view) { return "{#var#}"; })});
  }
  return rows;
}

}  // namespace disburse::notify
