// The templates of web/claim/, filled. What a template can say:
//   {{name}}            a value, escaped
//   {{{name}}}          HTML that the page itself made
//   {{t:name}}          a text of the catalogue; the values in it are escaped
//   {{#name}}…{{/name}} only when the value is not empty;  {{^name}}…{{/name}} only when it is
// A name that is not known is our own mistake; a test fills every template with every name.
//
// Threads: pure functions; Values belongs to one thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialects/house/texts.hpp"

namespace disburse::dialects::house {

class Values {
 public:
  Values& set(std::string_view name, std::string value);  // the last one with a name counts
  // nullptr when there is none.
  const std::string* find(std::string_view name) const;

 private:
  std::vector<std::pair<std::string_view, std::string>> values_;
};

std::string fill(std::string_view page_template, const Values& values, Language language);

// A text of the catalogue with the values that it names, not escaped.
std::string say(Text text, const Values& values, Language language);

}  // namespace disburse::dialects::house
