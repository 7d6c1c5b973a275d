#include "wire/http.hpp"

#include <algorithm>

namespace disburse::wire {

std::string_view name(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::delete_:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      return "OTHER";
  }
  return "OTHER";
}

static constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower(x) == lower(y); });
}

static const Header* find_header(std::span<const Header> headers, std::string_view wanted) {
  for (const Header& header : headers) {
    if (equal_ignoring_case(header.name, wanted)) return &header;
  }
  return nullptr;
}

std::string_view Request::header(std::string_view wanted) const {
  const Header* found = find_header(headers, wanted);
  return found == nullptr ? std::string_view() : found->value;
}

bool Request::has_header(std::string_view wanted) const {
  return find_header(headers, wanted) != nullptr;
}

}  // namespace disburse::wire
