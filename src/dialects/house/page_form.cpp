// Fields, mistakes and cookies of the recipient's page.
#include "dialects/house/page_form.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "dialects/house/errors.hpp"
#include "generated/claim_web.hpp"
#include "wire/base64.hpp"
#include "wire/url.hpp"

namespace disburse::dialects::house {
namespace {

using core::Code;

constexpr Field kBank[] = {
    {"name", Text::name_label, Text::name_hint, Text::name_missing, Text::error_name, true,
     R"(maxlength="100" autocomplete="name" spellcheck="false")"},
    {"account_number", Text::account_label, std::nullopt, Text::account_missing,
     Text::error_account, false,
     R"(pattern="\s*(\d\s*){9,18}" maxlength="40" inputmode="numeric" autocomplete="off")"},
    {"account_number_again", Text::account_again_label, std::nullopt, Text::account_again_missing,
     Text::error_account_again, false, R"(maxlength="40" inputmode="numeric" autocomplete="off")"},
    {"ifsc", Text::ifsc_label, Text::ifsc_hint, Text::ifsc_missing, Text::error_ifsc, true,
     R"(pattern="\s*[A-Za-z]{4}0[A-Za-z0-9]{6}\s*" maxlength="20" autocapitalize="characters" )"
     R"(autocomplete="off" spellcheck="false")"},
};
constexpr Field kUpi[] = {
    {"vpa", Text::vpa_label, Text::vpa_hint, Text::vpa_missing, Text::error_vpa, true,
     R"(pattern="\s*[A-Za-z0-9][A-Za-z0-9._\-]+@[A-Za-z][A-Za-z0-9]+\s*" maxlength="255" inputmode="email" )"
     R"(autocapitalize="none" autocomplete="off" spellcheck="false")"},
};
constexpr Field kOtp[] = {
    {"otp", Text::code_label, std::nullopt, Text::code_missing, Text::code_missing, false,
     R"(pattern="\s*(\d\s*){6}" maxlength="12" inputmode="numeric" autocomplete="one-time-code")"},
};

// The refusals that the page tells beside the form.
struct MistakeRow {
  Code code;
  Text text;
};
constexpr MistakeRow kMistakes[] = {
    {Code::field_required, Text::problem_title},  // the field's own text is used
    {Code::field_invalid, Text::problem_title},
    {Code::field_too_long, Text::problem_title},
    {Code::method_unknown, Text::error_method},
    {Code::otp_required, Text::error_otp_required},
    {Code::otp_channel_unknown, Text::error_otp_channel},
    {Code::otp_too_soon, Text::error_otp_too_soon},
    {Code::otp_too_many_sends, Text::error_otp_too_many},
    {Code::otp_not_sent, Text::error_otp_not_sent},
    {Code::otp_expired, Text::error_otp_expired},
    {Code::otp_wrong, Text::error_otp_wrong},
    {Code::account_number_invalid, Text::error_account},
    {Code::account_numbers_differ, Text::error_account_again},
    {Code::ifsc_invalid, Text::error_ifsc},
    {Code::vpa_invalid, Text::error_vpa},
    {Code::holder_name_invalid, Text::error_name},
    {Code::method_not_offered, Text::error_method},
    {Code::balance_too_low, Text::error_balance},
    {Code::too_many_requests, Text::error_too_many},
};

const Field* find_field(std::string_view name) {
  for (const std::span<const Field> fields : {kBankFields, kUpiFields, kOtpFields}) {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [name](const Field& field) { return field.name == name; });
    if (found != fields.end()) return &*found;
  }
  return nullptr;
}

std::optional<Mistake> mistake(std::string_view code, std::string_view field_name) {
  const Field* field = find_field(field_name);
  for (const MistakeRow& row : kMistakes) {
    if (core::name(row.code) != code) continue;
    if (field == nullptr) return Mistake{{}, row.text};
    if (row.code == Code::field_required) return Mistake{field->name, field->missing};
    const bool vague = row.code == Code::field_invalid || row.code == Code::field_too_long;
    return Mistake{field->name, vague ? field->wrong : row.text};
  }
  return std::nullopt;
}

const Mistake* mistake_in(std::span<const Mistake> mistakes, const Field& field) {
  const auto found = std::find_if(mistakes.begin(), mistakes.end(),
                                  [&field](const Mistake& m) { return m.field == field.name; });
  return found == mistakes.end() ? nullptr : &*found;
}

Values field_values(const Field& field, const Mistake* wrong, const wire::Form& typed,
                    Language language) {
  Values values;
  const auto words = [language](Text text) { return std::string(text_in(language, text)); };
  values.set("name", std::string(field.name)).set("label", words(field.label));
  if (field.hint) values.set("hint", words(*field.hint));
  values.set("missing", words(field.missing)).set("wrong", words(field.wrong));
  values.set("attributes", std::string(field.attributes));
  if (field.kept) values.set("value", std::string(typed.get(field.name)));
  if (wrong != nullptr) values.set("error", words(wrong->text));
  return values;
}

constexpr int kMostMistakes = 8;  // in one query; ours never has as many

}  // namespace

const std::span<const Field> kBankFields = kBank;
const std::span<const Field> kUpiFields = kUpi;
const std::span<const Field> kOtpFields = kOtp;

std::string query_of(std::span<const core::Error> errors) {
  std::string query;
  for (const core::Error& error : errors) {
    if (!query.empty()) query += '&';
    query.append("error=").append(core::name(error.code));
    const std::string_view field = field_of(error);
    if (!field.empty()) query.append(".").append(wire::percent_encode(field));
  }
  return query;
}

std::vector<Mistake> mistakes_in(const wire::Form& query) {
  std::vector<Mistake> mistakes;
  for (const std::string_view word : query.all("error")) {
    const std::size_t dot = std::min(word.find('.'), word.size());
    const std::string_view field = word.substr(std::min(dot + 1, word.size()));
    const std::optional<Mistake> found = mistake(word.substr(0, dot), field);
    if (found) mistakes.push_back(*found);
    if (mistakes.size() == kMostMistakes) break;
  }
  return mistakes;
}

bool is_mistake(Code code) {
  return std::any_of(std::begin(kMistakes), std::end(kMistakes),
                     [code](const MistakeRow& row) { return row.code == code; });
}

FormHtml form_html(std::span<const Field> fields, std::span<const Mistake> mistakes,
                   const wire::Form& typed, Language language) {
  FormHtml html;
  std::string list;
  int count = 0;
  for (const Field& field : fields) {
    const Mistake* wrong = mistake_in(mistakes, field);
    Values values = field_values(field, wrong, typed, language);
    if (wrong != nullptr) {
      if (count == 0) values.set("focus", "yes");
      list += fill(R"(<li><a href="#{{name}}">{{error}}</a></li>)", values, language);
      ++count;
    }
    html.fields += fill(embedded::field_html, values, language);
  }
  html.wrong = count > 0;
  Values values;
  values.set("list", std::move(list));
  constexpr std::string_view kSummary =
      "<div class=\"summary\" role=\"alert\"><p>{{t:problem_title}}</p><ul>{{{list}}}</ul></div>\n";
  // One mistake stands beside its field, which has the focus; a list of one would say it twice.
  if (count > 1) html.summary = fill(kSummary, values, language);
  return html;
}

std::string notice_of(std::span<const Field> fields, std::span<const Mistake> mistakes,
                      Language language) {
  std::string notice;
  for (const Mistake& m : mistakes) {
    const bool shown = std::any_of(fields.begin(), fields.end(),
                                   [&m](const Field& field) { return field.name == m.field; });
    const bool other_form = !m.field.empty() && m.field != "otp";
    if (shown || other_form) continue;
    if (!notice.empty()) notice += ' ';
    notice += text_in(language, m.text);
  }
  return notice;
}

// ---- cookies
// --------------------------------------------------------------------------------------------------

std::string cookie(const wire::Request& request, std::string_view name) {
  for (const wire::Header& header : request.headers) {
    if (!wire::equal_ignoring_case(header.name, "cookie")) continue;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      std::string_view pair = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      while (pair.starts_with(' ')) pair.remove_prefix(1);
      const std::size_t equal = pair.find('=');
      if (equal == std::string_view::npos || pair.substr(0, equal) != name) continue;
      core::Result<std::string> value = wire::percent_decode(pair.substr(equal + 1));
      return value ? std::move(*value) : std::string();
    }
  }
  return {};
}

std::pair<std::string, std::string> set_cookie(std::string_view name, std::string_view value,
                                               std::string_view path, int seconds, bool secure) {
  std::string line(name);
  line.append("=").append(wire::percent_encode(value));
  line.append("; Path=").append(path);
  line.append("; Max-Age=").append(std::to_string(seconds));
  line.append("; HttpOnly; SameSite=Lax");
  if (secure) line.append("; Secure");
  return {"Set-Cookie", std::move(line)};
}

std::string remembered(const wire::Form& form) {
  std::string pairs;
  for (const std::span<const Field> fields : {kBankFields, kUpiFields}) {
    for (const Field& field : fields) {
      const std::string_view value = form.get(field.name);
      // Longer ones are refused anyway, and a browser drops cookies above 4 KiB.
      if (!field.kept || value.empty() || value.size() > 300) continue;
      if (!pairs.empty()) pairs += '&';
      pairs.append(field.name).append("=").append(wire::percent_encode(value));
    }
  }
  return wire::base64url_encode(pairs);
}

wire::Form typed_before(const wire::Request& request) {
  const core::Result<std::string> pairs = wire::base64url_decode(cookie(request, kTypedCookie));
  if (!pairs) return {};
  core::Result<wire::Form> form = wire::Form::parse(*pairs);
  return form ? std::move(*form) : wire::Form();
}

}  // namespace disburse::dialects::house
