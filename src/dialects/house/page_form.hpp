// The page's form fields, the mistakes in them, and what the page remembers between a form and the
// page after it.
//
// A form that fails is answered by a redirect to the page, so that a reload never sends it again.
// The redirect names what was wrong in its query ("?error=ifsc_invalid.ifsc"): codes of a fixed
// list with texts of ours, so a made-up query shows nothing but those. What was typed comes back in
// a cookie that lives ten minutes on this link's path; account numbers and one-time passwords are
// not in it.
//
// Threads: pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "dialects/house/page_template.hpp"
#include "wire/form.hpp"
#include "wire/http.hpp"

namespace disburse::dialects::house {

struct Field {
  std::string_view name;
  Text label;
  std::optional<Text> hint;
  Text missing;
  Text wrong;
  bool kept;                    // its value comes back after a mistake
  std::string_view attributes;  // HTML of ours
};
extern const std::span<const Field> kBankFields;
extern const std::span<const Field> kUpiFields;
extern const std::span<const Field> kOtpFields;

struct Mistake {
  std::string_view field;  // a Field's name; empty: about no field
  Text text;
};

// "error=ifsc_invalid.ifsc&error=…"
std::string query_of(std::span<const core::Error> errors);
// What a query of ours says; whatever else it holds is left out.
std::vector<Mistake> mistakes_in(const wire::Form& query);
// Whether the page has a text for it. Everything else gets a page of its own.
bool is_mistake(core::Code code);

struct FormHtml {
  std::string fields;
  std::string summary;  // the list of mistakes, when there are several
  bool wrong = false;
};
// The fields with their mistakes and the values that were kept. Mistakes about other fields are
// left to `notice_of`.
FormHtml form_html(std::span<const Field> fields, std::span<const Mistake> mistakes,
                   const wire::Form& typed, Language language);
// The mistakes about no field of the form, in one line.
std::string notice_of(std::span<const Field> fields, std::span<const Mistake> mistakes,
                      Language language);

// ---- cookies
// --------------------------------------------------------------------------------------------------

inline constexpr std::string_view kTokenCookie = "claim_token";
inline constexpr std::string_view kTypedCookie = "claim_form";

// Decoded; empty when there is none.
std::string cookie(const wire::Request& request, std::string_view name);
// HttpOnly, for this link's path only; `seconds` 0 removes it.
std::pair<std::string, std::string> set_cookie(std::string_view name, std::string_view value,
                                               std::string_view path, int seconds, bool secure);

// The kept fields of a form, as a cookie's value, and back.
std::string remembered(const wire::Form& form);
wire::Form typed_before(const wire::Request& request);

}  // namespace disburse::dialects::house
