// The fields of a new Smart Send link: all problems are found and listed at once, in the order of
// PayU's list of codes.
#include <vector>

#include "core/recipient.hpp"
#include "dialects/payu/errors.hpp"
#include "dialects/payu/requests.hpp"
#include "dialects/payu/smart_send.hpp"

namespace disburse::dialects::payu {

using core::Code;
using core::Result;
namespace limits = core::limits;

namespace {

using Problems = std::vector<Problem>;

void add(Problems& problems, Code code) { problems.push_back(problem_of(code)); }

std::string read_reference(const Field& field, Problems& problems) {
  if (!field.given) {
    add(problems, Code::reference_required);
  } else if (!field.readable || !core::is_clean_text(field.text)) {
    problems.push_back({error_row(Code::reference_required).number, "merchantRefId is invalid"});
  } else if (field.text.size() > limits::kReferenceLength) {
    add(problems, Code::reference_too_long);
  }
  return std::string(field.text);
}

// Double(20,2): rupees with at most two decimals. "1.000" is refused although it is whole paise,
// and so is an exponent: what is unclear about money is not guessed.
Result<core::Money> parse_amount(const Field& field) {
  constexpr std::size_t kDecimals = 2;
  const std::string_view text = trimmed(field.text);
  const std::size_t point = text.find('.');
  const bool fine = point == std::string_view::npos || text.size() - point - 1 <= kDecimals;
  if (!field.given || !field.readable || !fine) return core::fail(Code::amount_invalid);
  const core::Money amount = TRY(core::Money::parse_rupees(text));
  if (amount.is_zero()) return core::fail(Code::amount_invalid);
  if (amount.paise() > limits::kLargestLinkPaise) return core::fail(Code::amount_too_large);
  return amount;
}

core::Money read_amount(const Field& field, Problems& problems) {
  const Result<core::Money> amount = parse_amount(field);
  if (amount) return *amount;
  add(problems, amount.error().code);
  return {};
}

// Kept as given: what the merchant wrote is what the merchant finds again.
std::string read_mobile(const Field& field, Problems& problems) {
  if (!field.given) return {};
  const std::string_view text = trimmed(field.text);
  const bool good = field.readable && text.size() <= limits::kPhoneLength &&
                    core::parse_indian_mobile(text).has_value();
  if (!good) add(problems, Code::phone_invalid);
  return std::string(text);
}

std::string read_email(const Field& field, Problems& problems) {
  if (!field.given) return {};
  const Result<std::string> email = core::parse_email(field.text);
  if (field.readable && email) return *email;
  add(problems, Code::email_invalid);
  return {};
}

std::string read_description(const Field& field, Problems& problems) {
  if (!field.given) {
    add(problems, Code::description_required);
    return {};
  }
  const bool good = field.readable && core::is_clean_text(field.text, true) &&
                    field.text.size() <= limits::kDescriptionLength;
  if (!good) {
    problems.push_back({error_row(Code::description_required).number, "description is invalid"});
  }
  return std::string(field.text);
}

std::string read_name(const Field& field, Problems& problems) {
  if (!field.given) return {};
  const bool good =
      field.readable && core::is_clean_text(field.text) && field.text.size() <= limits::kNameLength;
  if (!good) add(problems, Code::contact_name_invalid);
  return std::string(trimmed(field.text));
}

std::optional<bool> read_otp_flag(const wire::JsonValue& body, Problems& problems) {
  const Result<std::optional<bool>> flag = flag_field(body, "verifyOtp");
  if (flag) return *flag;
  problems.push_back({0, "verifyOtp is invalid"});
  return std::nullopt;
}

core::CreateLink read_link(const wire::JsonValue& body, Problems& problems) {
  core::CreateLink link;
  link.reference = read_reference(text_field(body, "merchantRefId"), problems);
  link.amount = read_amount(text_field(body, "amount"), problems);
  const Field mobile = text_field(body, "custMobile");
  const Field email = text_field(body, "custEmail");
  link.phone = read_mobile(mobile, problems);
  link.email = read_email(email, problems);
  if (!mobile.given && !email.given) add(problems, Code::contact_required);
  link.description = read_description(text_field(body, "description"), problems);
  link.contact_name = read_name(text_field(body, "custName"), problems);
  link.otp_required = read_otp_flag(body, problems);
  return link;
}

}  // namespace

Result<Call> parse_create(const wire::Request& request, const PathArguments&, const Caller& caller,
                          const Context& context) {
  const wire::Form parameters = TRY(query_only(request));
  CHECK(check_merchant(request, parameters, caller));
  const wire::JsonDocument body = TRY(wire::parse_json(request.body));
  if (!body.root().is_object()) return core::fail(Code::malformed_request);

  Problems problems;
  core::CreateLink link = read_link(body.root(), problems);
  if (!problems.empty()) return Call{refusals(problems)};

  link.merchant = caller.merchant->id;
  link.dialect = "payu";
  link.variant = kVariantV1;
  link.reference_unique = true;  // code 1103
  link.send_sms = !link.phone.empty();
  link.send_email = !link.email.empty();
  // v1 has no expiry field: the account's setting, seven days unless it was changed.
  link.expires_at = context.now + caller.merchant->settings.link_life;
  return Call{core::Command(std::move(link))};
}

}  // namespace disburse::dialects::payu
