#include "fuzz/page.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "core/recipient.hpp"
#include "fuzz/oracle.hpp"

namespace disburse::fuzz {
namespace {

constexpr std::string_view kTags[] = {
    "a",       "body",  "button", "circle", "dd",    "div",    "dl",   "dt",    "fieldset",
    "footer",  "form",  "h1",     "h2",     "head",  "header", "html", "input", "label",
    "legend",  "li",    "link",   "main",   "meta",  "nav",    "p",    "path",  "script",
    "section", "small", "span",   "svg",    "title", "ul"};
constexpr std::string_view kEmptyTags[] = {"input", "link", "meta", "path", "circle"};

template <std::size_t size>
bool one_of(const std::string_view (&all)[size], std::string_view word) {
  return std::find(std::begin(all), std::end(all), word) != std::end(all);
}

// An attribute's value leads to this page or this server, and nothing is run.
void check_attribute(std::string_view name, std::string_view value) {
  require(
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-:ABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
          std::string_view::npos,
      "an attribute has a name", name);
  require(!name.starts_with("on") && name != "style" && name != "srcdoc", "nothing is inline",
          name);
  if (name == "href" || name == "action" || name == "src")
    require(value.starts_with('#') || (value.starts_with('/') && !value.starts_with("//")),
            "all is of this server", value);
}

// The attributes of a tag: name, or name="value".
void check_attributes(std::string_view rest) {
  while (true) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n/"), rest.size()));
    if (rest.empty()) return;
    const std::size_t end = std::min(rest.find_first_of("= \t\r\n"), rest.size());
    const std::string_view name = rest.substr(0, end);
    rest.remove_prefix(end);
    if (!rest.starts_with('=')) {
      check_attribute(name, "");
      continue;
    }
    require(rest.starts_with("=\""), "a value is in quotes", name);
    const std::size_t close = rest.find('"', 2);
    require(close != std::string_view::npos, "a quote is closed", name);
    check_attribute(name, rest.substr(2, close - 2));
    rest.remove_prefix(close + 1);
  }
}

// Where the tag that begins here ends: a ">" in quotes is none.
std::size_t end_of_tag(std::string_view html) {
  bool quoted = false;
  for (std::size_t i = 0; i < html.size(); ++i) {
    if (html[i] == '"') quoted = !quoted;
    if (html[i] == '>' && !quoted) return i;
  }
  broken("a tag ends", html);
}

}  // namespace

void check_page(std::string_view html) {
  require(core::is_clean_text(html, true), "a page is UTF-8", html);
  std::vector<std::string_view> open;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at)) {
    html.remove_prefix(at + 1);
    at = end_of_tag(html);
    std::string_view tag = html.substr(0, at);
    if (tag.starts_with('!')) continue;
    const bool closing = tag.starts_with('/');
    if (closing) tag.remove_prefix(1);
    const std::string_view name = tag.substr(0, tag.find_first_of(" \t\r\n/"));
    require(one_of(kTags, name), "a tag is of our templates", tag);
    if (closing) {
      require(!open.empty() && open.back() == name, "tags close in order", name);
      open.pop_back();
      continue;
    }
    check_attributes(tag.substr(name.size()));
    if (!one_of(kEmptyTags, name)) open.push_back(name);
  }
  require(open.empty(), "every tag is closed", open.empty() ? "" : open.back());
}

}  // namespace disburse::fuzz
