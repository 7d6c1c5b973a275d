// Checks of what a recipient typed.
#include "dialects/house/payout_details.hpp"

#include <string>
#include <utility>

#include "core/recipient.hpp"

namespace disburse::dialects::house {
namespace {

using core::Code;
using core::Error;

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// People copy account numbers in groups, as cheque books print them.
std::string without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\t') out += c;
  }
  return out;
}

// The parsed text; empty, and one more error, when there is none or it is wrong.
std::string checked(std::string_view text, std::string_view field,
                    core::Result<std::string> (*parse)(std::string_view),
                    std::vector<Error>& errors) {
  if (is_blank(text)) {
    errors.push_back({Code::field_required, field});
    return {};
  }
  core::Result<std::string> parsed = parse(text);
  if (parsed) return std::move(*parsed);
  errors.push_back({parsed.error().code, field});
  return {};
}

void read_bank(const TypedDetails& typed, core::SubmitClaim& out, std::vector<Error>& errors) {
  out.method = core::PayMethod::bank;
  out.holder_name = checked(typed.name, "name", core::parse_holder_name, errors);
  std::string number = checked(without_blanks(typed.account_number), "account_number",
                               core::parse_account_number, errors);
  if (is_blank(typed.account_number_again)) {
    errors.push_back({Code::field_required, "account_number_again"});
  } else if (!number.empty() && without_blanks(typed.account_number_again) != number) {
    errors.push_back({Code::account_numbers_differ, "account_number_again"});
  }
  out.account_number = core::SecretText(std::move(number));
  out.ifsc = checked(typed.ifsc, "ifsc", core::parse_ifsc, errors);
}

}  // namespace

std::vector<Error> read_details(const TypedDetails& typed, core::SubmitClaim& out) {
  std::vector<Error> errors;
  if (typed.method == "bank") {
    read_bank(typed, out, errors);
  } else if (typed.method == "upi") {
    out.method = core::PayMethod::upi;
    out.vpa = core::SecretText(checked(typed.vpa, "vpa", core::parse_vpa, errors));
    // The bank tells whose UPI id it is, so a name is taken where it is given but not asked for.
    if (!is_blank(typed.name))
      out.holder_name = checked(typed.name, "name", core::parse_holder_name, errors);
  } else {
    errors.push_back(
        {typed.method.empty() ? Code::field_required : Code::method_unknown, "method"});
  }
  return errors;
}

}  // namespace disburse::dialects::house
