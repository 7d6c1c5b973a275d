// Reads request heads and chunked bodies with Boost.Beast's parser, and refuses what two readers of
// the same bytes could understand in two ways (request smuggling, RFC 9112 section 11.2).
//
// Threads: one. Internal to the server.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/http.hpp"

namespace disburse::wire {

// Views into the bytes that were parsed.
struct RequestHead {
  Method method = Method::other;
  std::string_view target;
  std::vector<Header> headers;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool http_11 = true;
  bool keep_alive = false;
  bool expects_continue = false;
};

class RequestParser {
 public:
  RequestParser();
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // Parses a whole head, its empty line included. Returns 0, or the status to refuse it with.
  int parse_head(std::string_view bytes, std::size_t most_headers, RequestHead& head);

  struct Progress {
    std::size_t consumed = 0;
    bool done = false;
    int refusal = 0;  // the status, or 0
  };
  // After a head with `chunked`: appends what the chunks carry to the body, at most this much.
  Progress feed_chunks(std::string_view bytes, std::size_t most, std::string& body);

 private:
  std::unique_ptr<class BeastParser> parser_;
};

// Method and target of a request line that may be cut off, so that even what cannot be read is
// refused in the words of the dialect it was meant for. Target is empty when there is none.
void peek_request_line(std::string_view bytes, Method& method, std::string_view& target);

}  // namespace disburse::wire
