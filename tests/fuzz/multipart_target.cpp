// multipart/form-data: whole or in pieces it is the same, and parts written are the parts read.
#include <algorithm>
#include <string>
#include <vector>

#include "fuzz/oracle.hpp"
#include "fuzz/targets.hpp"
#include "wire/multipart.hpp"

namespace disburse::fuzz {
namespace {

constexpr wire::MultipartLimits kLimits{.parts = 6, .head_bytes = 256};

struct Part {
  std::string name;
  std::string filename;
  std::string content_type;
  std::string content;
  bool ended = false;
  friend bool operator==(const Part&, const Part&) = default;
};

struct Read {
  bool accepted = false;
  std::vector<Part> parts;
};

// The body fed in pieces of `step` bytes, or whole.
Read read(std::string_view boundary, std::string_view body, std::size_t step) {
  Read out;
  wire::MultipartParser parser(
      boundary,
      {.on_part =
           [&out](const wire::PartHead& head) {
             require(out.parts.empty() || out.parts.back().ended, "one part after another");
             out.parts.push_back({std::string(head.name), std::string(head.filename),
                                  std::string(head.content_type), "", false});
           },
       .on_bytes =
           [&out](std::string_view bytes) {
             require(!bytes.empty(), "content that is told is not empty");
             require(!out.parts.empty() && !out.parts.back().ended, "content is of a part");
             out.parts.back().content += bytes;
           },
       .on_part_end =
           [&out] {
             require(!out.parts.empty() && !out.parts.back().ended, "a part ends once");
             out.parts.back().ended = true;
           }},
      kLimits);
  bool good = true;
  for (std::size_t at = 0; good && at < body.size(); at += step)
    good = parser.feed(body.substr(at, step)).has_value();
  out.accepted = good && parser.finish().has_value();
  require(out.parts.size() <= kLimits.parts, "parts have a limit");
  return out;
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

bool can_be_written(const Part& part) {
  const auto line = [](std::string_view text) {
    return text.find_first_of("\r\n") == std::string_view::npos;
  };
  // Lines of a head may have a lone carriage return in them; what is written here has none.
  return line(part.name) && line(part.filename) && line(part.content_type) &&
         part.name.size() + part.filename.size() + part.content_type.size() < 60;
}

void check_writing(const Read& read_before) {
  constexpr std::string_view kBoundary = "a-boundary-that-no-input-has-0123456789";
  std::string body;
  for (const Part& part : read_before.parts) {
    if (!can_be_written(part) || part.content.find(kBoundary) != std::string::npos) return;
    body += "--" + std::string(kBoundary) +
            "\r\nContent-Disposition: form-data; name=" + in_quotes(part.name);
    if (!part.filename.empty()) body += "; filename=" + in_quotes(part.filename);
    if (!part.content_type.empty()) body += "\r\nContent-Type: " + part.content_type;
    body += "\r\n\r\n" + part.content + "\r\n";
  }
  body += "--" + std::string(kBoundary) + "--\r\n";
  const Read again = read(kBoundary, body, body.size());
  require(again.accepted && again.parts == read_before.parts, "parts written are the parts read",
          body);
}

}  // namespace

void fuzz_multipart(std::string_view input) {
  Choices choices(input);
  const std::size_t step = 1 + choices.below(7);
  const std::string_view rest = choices.rest();
  const std::string_view header = rest.substr(0, rest.find('\n'));
  const std::string_view body = rest.substr(std::min(header.size() + 1, rest.size()));
  const auto boundary = wire::multipart_boundary(header);
  if (!boundary) return;
  require(!boundary->empty() && boundary->size() <= 70, "a boundary has a length", *boundary);
  const Read whole = read(*boundary, body, std::max<std::size_t>(body.size(), 1));
  const Read pieces = read(*boundary, body, step);
  require(whole.accepted == pieces.accepted, "pieces do not matter to what is accepted", body);
  if (!whole.accepted) return;
  require(whole.parts == pieces.parts, "pieces do not matter to what is read", body);
  for (const Part& part : whole.parts) require(part.ended, "every part of a good body ends", body);
  check_writing(whole);
}

}  // namespace disburse::fuzz
