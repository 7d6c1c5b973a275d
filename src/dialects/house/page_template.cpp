// Filling templates in one pass.
#include "dialects/house/page_template.hpp"

#include <cassert>
#include <optional>

#include "wire/html.hpp"

namespace disburse::dialects::house {
namespace {

constexpr std::string_view kTextPrefix = "t:";

std::string_view value_of(const Values& values, std::string_view name) {
  const std::string* value = values.find(name);
  return value == nullptr ? std::string_view() : std::string_view(*value);
}

// A condition that is not met leaves out everything up to its own end; conditions do not nest under
// the same name.
std::size_t end_of_section(std::string_view text, std::string_view name, std::size_t from) {
  const std::string mark = "{{/" + std::string(name) + "}}";
  const std::size_t at = text.find(mark, from);
  assert(at != std::string_view::npos);
  return at + mark.size();
}

void append_value(std::string& out, std::string_view name, const Values& values,
                  Language language) {
  if (!name.starts_with(kTextPrefix)) {
    wire::append_escaped_html(out, value_of(values, name));
    return;
  }
  const std::optional<Text> text = find_text(name.substr(kTextPrefix.size()));
  assert(text);
  wire::append_escaped_html(out, say(*text, values, language));
}

}  // namespace

Values& Values::set(std::string_view name, std::string value) {
  values_.emplace_back(name, std::move(value));
  return *this;
}

const std::string* Values::find(std::string_view name) const {
  for (auto pair = values_.rbegin(); pair != values_.rend(); ++pair) {
    if (pair->first == name) return &pair->second;
  }
  return nullptr;
}

std::string fill(std::string_view page_template, const Values& values, Language language) {
  std::string out;
  std::size_t at = 0;
  while (true) {
    const std::size_t open = page_template.find("{{", at);
    out.append(page_template.substr(at, open - at));
    if (open == std::string_view::npos) return out;
    const std::size_t close = page_template.find("}}", open);
    assert(close != std::string_view::npos);
    const std::string_view tag = page_template.substr(open + 2, close - open - 2);
    at = close + 2;
    if (tag.starts_with('{')) {
      out.append(value_of(values, tag.substr(1)));
      ++at;  // the third brace
    } else if (tag.starts_with('#') || tag.starts_with('^')) {
      const bool there = !value_of(values, tag.substr(1)).empty();
      if (there != tag.starts_with('#')) at = end_of_section(page_template, tag.substr(1), at);
    } else if (!tag.starts_with('/')) {
      append_value(out, tag, values, language);
    }
  }
}

std::string say(Text text, const Values& values, Language language) {
  const std::string_view words = text_in(language, text);
  std::string out;
  std::size_t at = 0;
  while (true) {
    const std::size_t open = words.find('{', at);
    out.append(words.substr(at, open - at));
    if (open == std::string_view::npos) return out;
    const std::size_t close = words.find('}', open);
    assert(close != std::string_view::npos);
    out.append(value_of(values, words.substr(open + 1, close - open - 1)));
    at = close + 1;
  }
}

}  // namespace disburse::dialects::house
