#include "wire/form.hpp"

#include <utility>

#include "wire/hex.hpp"

namespace disburse::wire {

using core::Code;
using core::fail;
using core::Result;

namespace {

Result<std::string> decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return fail(Code::malformed_request, {}, "form: percent cut off");
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return fail(Code::malformed_request, {}, "form: percent digit");
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

}  // namespace

Result<Form> Form::parse(std::string_view text, FormLimits limits) {
  Form form;
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);

    const std::size_t equals = pair.find('=');
    std::string name = TRY(decode(pair.substr(0, equals)));
    if (name.empty()) continue;
    if (form.pairs_.size() == limits.pairs) {
      return fail(Code::malformed_request, {}, "form: too many pairs");
    }
    std::string value;
    if (equals != std::string_view::npos) value = TRY(decode(pair.substr(equals + 1)));
    form.add(std::move(name), std::move(value));
  }
  return form;
}

void Form::add(std::string name, std::string value) {
  pairs_.push_back({std::move(name), std::move(value)});
}

const std::string* Form::find(std::string_view name) const {
  for (const FormPair& pair : pairs_) {
    if (pair.name == name) return &pair.value;
  }
  return nullptr;
}

std::string_view Form::get(std::string_view name) const {
  const std::string* value = find(name);
  return value == nullptr ? std::string_view() : *value;
}

std::vector<std::string_view> Form::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const FormPair& pair : pairs_) {
    if (pair.name == name) values.push_back(pair.value);
  }
  return values;
}

std::vector<FormChild> Form::children(std::string_view parent) const {
  std::vector<FormChild> found;
  for (const FormPair& pair : pairs_) {
    std::string_view rest = pair.name;
    if (!rest.starts_with(parent)) continue;
    rest.remove_prefix(parent.size());
    const std::size_t close = rest.find(']');
    if (!rest.starts_with('[') || close == std::string_view::npos) continue;
    found.push_back({rest.substr(1, close - 1), rest.substr(close + 1), pair.value});
  }
  return found;
}

}  // namespace disburse::wire
