#include "wire/multipart.hpp"

#include <algorithm>
#include <utility>

#include "wire/http.hpp"

namespace disburse::wire {

using core::Code;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kLongestBoundary = 70;  // RFC 2046 section 5.1.1

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The text of `"a \"b\""` up to its closing quote; `rest` becomes what follows.
std::string take_quoted(std::string_view& rest) {
  std::string value;
  std::size_t i = 1;
  for (; i < rest.size() && rest[i] != '"'; ++i) {
    // Browsers send a backslash as it is and a quote as %22; only `\"` and `\\` are escapes.
    const bool escape =
        rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\');
    if (escape) ++i;
    value += rest[i];
  }
  rest.remove_prefix(std::min(i + 1, rest.size()));
  return value;
}

// A parameter of a header such as `form-data; name="a"; filename="b"`. False when it is not there.
bool find_parameter(std::string_view header, std::string_view wanted, std::string& value) {
  std::size_t semicolon = header.find(';');
  std::string_view rest =
      semicolon == std::string_view::npos ? std::string_view() : header.substr(semicolon + 1);
  while (!rest.empty()) {
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string_view key = trimmed(rest.substr(0, equals));
    rest = rest.substr(equals + 1);
    std::string found;
    if (rest.starts_with('"')) {
      found = take_quoted(rest);
    } else {
      found = trimmed(rest.substr(0, rest.find(';')));
    }
    if (equal_ignoring_case(key, wanted)) {
      value = std::move(found);
      return true;
    }
    semicolon = rest.find(';');
    rest = semicolon == std::string_view::npos ? std::string_view() : rest.substr(semicolon + 1);
  }
  return false;
}

struct ReadHead {
  std::string name;
  std::string filename;
  std::string_view content_type;
};

// Lines, each with its line end in front. False when they do not name the part.
bool read_head(std::string_view lines, ReadHead& head) {
  bool named = false;
  while (!lines.empty()) {
    lines.remove_prefix(2);
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    lines.remove_prefix(line.size());
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (equal_ignoring_case(line.substr(0, colon), "content-type")) head.content_type = value;
    if (!equal_ignoring_case(line.substr(0, colon), "content-disposition")) continue;
    named = find_parameter(value, "name", head.name);
    find_parameter(value, "filename", head.filename);
  }
  return named;
}

}  // namespace

Result<std::string> multipart_boundary(std::string_view content_type) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  std::string boundary;
  if (!equal_ignoring_case(type, "multipart/form-data") ||
      !find_parameter(content_type, "boundary", boundary)) {
    return fail(Code::malformed_request, {}, "multipart: not multipart/form-data with a boundary");
  }
  if (boundary.empty() || boundary.size() > kLongestBoundary) {
    return fail(Code::malformed_request, {}, "multipart: length of the boundary");
  }
  return boundary;
}

MultipartParser::MultipartParser(std::string_view boundary, MultipartCallbacks callbacks,
                                 MultipartLimits limits)
    : delimiter_("\r\n--" + std::string(boundary)),
      callbacks_(std::move(callbacks)),
      limits_(limits),
      // The first boundary has no line end before it when it begins the body.
      pending_("\r\n") {}

Result<void> MultipartParser::feed(std::string_view bytes) {
  if (state_ == State::failed) return refuse("fed after a failure");
  if (state_ == State::done) return {};  // the epilogue is nobody's
  pending_ += bytes;
  bool needs_more = false;
  while (!needs_more) {
    CHECK(step(needs_more));
  }
  return {};
}

Result<void> MultipartParser::finish() {
  if (state_ != State::done) return refuse("the last boundary is missing");
  return {};
}

Result<void> MultipartParser::refuse(std::string_view why) {
  state_ = State::failed;
  pending_.clear();
  return fail(Code::malformed_request, {}, "multipart: " + std::string(why));
}

Result<void> MultipartParser::step(bool& needs_more) {
  switch (state_) {
    case State::preamble:
      needs_more = !take_preamble();
      return {};
    case State::after_boundary:
      return take_after_boundary(needs_more);
    case State::head:
      return take_head(needs_more);
    case State::content:
      needs_more = !take_content();
      return {};
    case State::done:
      needs_more = true;
      pending_.clear();
      return {};
    case State::failed:
      return refuse("fed after a failure");
  }
  return {};
}

bool MultipartParser::take_preamble() {
  const std::size_t at = pending_.find(delimiter_);
  if (at == std::string::npos) {
    // All but what may be the beginning of a boundary is passed over.
    if (pending_.size() >= delimiter_.size()) {
      pending_.erase(0, pending_.size() - delimiter_.size() + 1);
    }
    return false;
  }
  pending_.erase(0, at + delimiter_.size());
  state_ = State::after_boundary;
  return true;
}

Result<void> MultipartParser::take_after_boundary(bool& needs_more) {
  if (pending_.size() < 2) {
    needs_more = true;
    return {};
  }
  if (pending_.starts_with("--")) {
    state_ = State::done;
    return {};
  }
  // RFC 2046 allows blanks here; nobody sends them.
  if (!pending_.starts_with("\r\n")) return refuse("no line end after a boundary");
  if (parts_ == limits_.parts) return refuse("too many parts");
  ++parts_;
  state_ = State::head;  // its line end stays: a head without headers is an empty line
  return {};
}

Result<void> MultipartParser::take_head(bool& needs_more) {
  const std::size_t end = pending_.find("\r\n\r\n");
  // The last three bytes may belong to its end: the limit is the same in whatever pieces it comes.
  const std::size_t least = pending_.size() - std::min<std::size_t>(pending_.size(), 3);
  if (std::min(end, least) > limits_.head_bytes) return refuse("a part's head is too long");
  if (end == std::string::npos) {
    needs_more = true;
    return {};
  }
  ReadHead head;
  if (!read_head(std::string_view(pending_).substr(0, end), head)) {
    return refuse("a part without a name");
  }
  if (callbacks_.on_part) callbacks_.on_part({head.name, head.filename, head.content_type});
  pending_.erase(0, end + 4);
  state_ = State::content;
  return {};
}

// True when a part ended. What may be the beginning of a boundary is kept back.
bool MultipartParser::take_content() {
  const std::size_t at = pending_.find(delimiter_);
  const bool ended = at != std::string::npos;
  const std::size_t kept = std::min(pending_.size(), delimiter_.size() - 1);
  const std::size_t count = ended ? at : pending_.size() - kept;
  if (count > 0 && callbacks_.on_bytes) {
    callbacks_.on_bytes(std::string_view(pending_).substr(0, count));
  }
  pending_.erase(0, ended ? at + delimiter_.size() : count);
  if (!ended) return false;
  if (callbacks_.on_part_end) callbacks_.on_part_end();
  state_ = State::after_boundary;
  return true;
}

}  // namespace disburse::wire
