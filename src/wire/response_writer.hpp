// Writes responses as bytes.
//
// Threads: pure functions. Internal to the server.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "wire/http.hpp"

namespace disburse::wire {

struct Framing {
  std::string_view date_line;  // as from date_line()
  bool http_11 = true;         // what the client speaks
  bool keep_alive = true;
  bool head_only = false;  // the answer to HEAD
};

void append_response(std::string& out, const Response& response, const Framing& framing);

std::string_view reason(int status);  // "Not Found"

// "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
std::string date_line(std::time_t time);

}  // namespace disburse::wire
