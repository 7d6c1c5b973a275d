// multipart/form-data (RFC 7578), read as it arrives: bytes are fed in any pieces, parts are told
// by callbacks, and nothing but a part's head and one boundary's length is kept.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace disburse::wire {

struct MultipartLimits {
  std::size_t parts = 100;            // more are refused
  std::size_t head_bytes = 8 * 1024;  // of one part's headers
};

// Views into the parser, valid during the callback only.
struct PartHead {
  std::string_view name;          // of the form field
  std::string_view filename;      // empty when the part is not a file
  std::string_view content_type;  // empty when not sent
};

struct MultipartCallbacks {
  std::function<void(const PartHead&)> on_part;    // a part begins
  std::function<void(std::string_view)> on_bytes;  // some of its content, never empty
  std::function<void()> on_part_end;
};

// The boundary of a Content-Type such as `multipart/form-data; boundary="x"`.
core::Result<std::string> multipart_boundary(std::string_view content_type);

class MultipartParser {
 public:
  MultipartParser(std::string_view boundary, MultipartCallbacks callbacks,
                  MultipartLimits limits = {});

  core::Result<void> feed(std::string_view bytes);
  core::Result<void> finish();  // the input is over; refused when the last boundary is missing

 private:
  enum class State { preamble, after_boundary, head, content, done, failed };

  core::Result<void> step(bool& needs_more);
  core::Result<void> refuse(std::string_view why);
  bool take_preamble();
  core::Result<void> take_after_boundary(bool& needs_more);
  core::Result<void> take_head(bool& needs_more);
  bool take_content();

  std::string delimiter_;  // "\r\n--boundary"
  MultipartCallbacks callbacks_;
  MultipartLimits limits_;
  State state_ = State::preamble;
  std::size_t parts_ = 0;
  std::string pending_;  // fed, and not yet understood
};

}  // namespace disburse::wire
