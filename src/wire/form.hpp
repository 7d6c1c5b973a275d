// application/x-www-form-urlencoded bodies and query strings.
//
// Threads: values only.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace disburse::wire {

struct FormPair {
  std::string name;  // as written, decoded: "notes[city]", "expand[]"
  std::string value;
};

// A child of a bracketed name: of "contact[name]=Asha", child "name" with value "Gaurav".
struct FormChild {
  std::string_view key;   // what stands in the first brackets after the parent; empty for "[]"
  std::string_view rest;  // what follows them: "[city]" of "contact[address][city]"
  std::string_view value;
};

struct FormLimits {
  std::size_t pairs = 1'000;  // more make the form malformed: each costs memory and a search
};

class Form {
 public:
  // "+" is a blank, %XX is decoded; pairs with an empty name are left out, "a" alone is "a=".
  // Refused: a "%" without two digits, and more pairs than the limit.
  static core::Result<Form> parse(std::string_view text, FormLimits limits = {});

  std::span<const FormPair> pairs() const { return pairs_; }
  bool empty() const { return pairs_.empty(); }

  // The first pair of this name, or nothing.
  const std::string* find(std::string_view name) const;
  std::string_view get(std::string_view name) const;  // empty when there is none
  bool has(std::string_view name) const { return find(name) != nullptr; }
  std::vector<std::string_view> all(std::string_view name) const;  // "expand[]" may come often

  // What is nested under a name, in the order sent. parent may have brackets: "contact[address]".
  std::vector<FormChild> children(std::string_view parent) const;

  void add(std::string name, std::string value);

 private:
  std::vector<FormPair> pairs_;
};

}  // namespace disburse::wire
