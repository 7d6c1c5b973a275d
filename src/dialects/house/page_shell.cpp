// Documents, error pages and the files that they name.
#include "dialects/house/page_shell.hpp"

#include <cstdint>
#include <utility>

#include "dialects/house/errors.hpp"
#include "generated/claim_web.hpp"
#include "wire/hex.hpp"

namespace disburse::dialects::house {
namespace {

// Nothing comes from elsewhere, nothing is inline, nobody frames us, forms go only to us. The
// page's own script and style are files, so that neither needs an exception.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'";

// Changes whenever one of the files does, so that browsers may keep them for ever.
std::string version_of_files() {
  std::uint32_t hash = 2166136261;  // FNV-1a
  for (const std::string_view file :
       {embedded::claim_css, embedded::claim_js, embedded::icon_svg}) {
    for (const char c : file) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
  }
  std::string bytes;
  for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(hash >> shift & 0xff);
  return wire::hex_encode(bytes);
}

struct ErrorWords {
  Text headline;
  Text text;
};

ErrorWords words_for(int status) {
  if (status == 404 || status == 405) return {Text::missing_title, Text::missing_text};
  if (status == 403) return {Text::refused_title, Text::refused_text};
  if (status == 429) return {Text::slow_title, Text::slow_text};
  if (status == 503) return {Text::busy_title, Text::busy_text};
  if (status >= 500) return {Text::broken_title, Text::broken_text};
  return {Text::unreadable_title, Text::unreadable_text};
}

}  // namespace

wire::Response html_page(int status, std::string_view content, Values values,
                         const Context& context) {
  static const std::string version = version_of_files();
  constexpr Language kLanguage = Language::english;
  const std::string* headline = values.find("headline");
  if (values.find("title") == nullptr && headline != nullptr) values.set("title", *headline);
  values.set("lang", std::string(tag(kLanguage)));
  values.set("version", version);
  values.set("sandbox", context.sandbox ? "yes" : "");
  values.set("content", std::string(content));

  wire::Response response{.status = status,
                          .content_type = "text/html; charset=utf-8",
                          .body = fill(embedded::page_html, values, kLanguage)};
  response.headers.emplace_back("Content-Security-Policy", kContentSecurityPolicy);
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Robots-Tag", "noindex, nofollow");
  return response;
}

wire::Response error_page(const core::Error& error, std::string_view back, const Context& context) {
  const int status = error_row(error.code).status;
  const ErrorWords words = words_for(status);
  Values values;
  values.set("tone", "stop").set("stop", "yes");
  values.set("headline", std::string(text_in(Language::english, words.headline)));
  values.set("text", std::string(text_in(Language::english, words.text)));
  values.set("link", std::string(back));
  values.set("link_text", std::string(text_in(Language::english, Text::back_link)));
  const std::string content = fill(embedded::status_html, values, Language::english);
  wire::Response response = html_page(status, content, std::move(values), context);

  // Whatever else the refusal carries (Allow, Retry-After) is the same for programs and people.
  for (auto& header : problem(error).headers) {
    if (header.first != "Cache-Control") response.headers.push_back(std::move(header));
  }
  return response;
}

// ---- files
// ----------------------------------------------------------------------------------------------------

namespace {

core::Result<Call> file(std::string_view bytes, std::string_view content_type) {
  wire::Response response{.content_type = content_type, .body = std::string(bytes)};
  response.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return Call{std::move(response)};
}

core::Result<Call> style(const wire::Request&, const PathArguments&, const Caller&,
                         const Context&) {
  return file(embedded::claim_css, "text/css; charset=utf-8");
}
core::Result<Call> script(const wire::Request&, const PathArguments&, const Caller&,
                          const Context&) {
  return file(embedded::claim_js, "text/javascript; charset=utf-8");
}
core::Result<Call> icon(const wire::Request&, const PathArguments&, const Caller&, const Context&) {
  return file(embedded::icon_svg, "image/svg+xml");
}

// Files are answered by parse; this is for an error before it.
wire::Response render_file(const core::Result<Answer>& result, const wire::Request&,
                           const PathArguments&, const Caller&, const Context& context) {
  return error_page(result ? core::Error{} : result.error(), "", context);
}

}  // namespace

// A code has 22 or 64 characters, so "-" is none.
constinit const std::array<Route, 3> kPageFiles = {{
    {wire::Method::get, "/c/-/claim.css", Access::open, style, render_file},
    {wire::Method::get, "/c/-/claim.js", Access::open, script, render_file},
    {wire::Method::get, "/c/-/icon.svg", Access::open, icon, render_file},
}};

}  // namespace disburse::dialects::house
