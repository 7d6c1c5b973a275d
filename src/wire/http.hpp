// HTTP requests and responses as values. Knows no word of payments.
//
// A Request is views into the connection's buffer; it lives until its response has been given.
// Threads: values only.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace disburse::wire {

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, other };

std::string_view name(Method method);

struct Header {
  std::string_view name;
  std::string_view value;
};

struct Request {
  Method method = Method::get;
  std::string_view target = {};  // as sent: "//a/things/status?id=a%2Bb"
  std::string path =
      {};  // without query; "//" collapsed, one trailing slash dropped, still percent-encoded
  std::string_view query = {};  // after "?", undecoded, empty when there is none
  std::span<const Header> headers = {};
  std::string_view body = {};
  std::string_view peer = {};  // the caller's address as text, without port: "127.0.0.1", "::1"
  bool secure = false;         // over TLS

  // The first header with this name in any case; empty when there is none.
  std::string_view header(std::string_view name) const;
  bool has_header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string_view content_type = "application/json";  // a literal; no header when empty
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
};

// True when a and b are equal but for the case of ASCII letters.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace disburse::wire
