#include "fuzz/answers.hpp"

#include <charconv>
#include <string>

#include "fuzz/oracle.hpp"

namespace disburse::fuzz {
namespace {

std::size_t number(std::string_view digits) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), value);
  require(error == std::errc{} && end == digits.end(), "a number is digits", digits);
  return value;
}

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find("\r\n");
  require(end != std::string_view::npos, "a line ends", rest);
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 2);
  require(line.find_first_of("\r\n") == std::string_view::npos, "a line is one", line);
  return line;
}

}  // namespace

std::vector<int> read_answers(std::string_view output, const std::vector<bool>& head_only) {
  std::vector<int> statuses;
  while (!output.empty()) {
    const std::string_view line = take_line(output);
    require(line.size() > 12 && line.starts_with("HTTP/1.") && line[8] == ' ' && line[12] == ' ',
            "an answer begins with its status", line);
    const auto status = static_cast<int>(number(line.substr(9, 3)));
    std::size_t length = 0;
    for (std::string_view header = take_line(output); !header.empty(); header = take_line(output)) {
      constexpr std::string_view kLength = "Content-Length: ";
      require(header.find(": ") != std::string_view::npos, "a header has a value", header);
      if (header.starts_with(kLength)) length = number(header.substr(kLength.size()));
    }
    if (status == 100) continue;
    const bool head = statuses.size() < head_only.size() && head_only[statuses.size()];
    statuses.push_back(status);
    // A refusal of what may have been HEAD is the last one, with or without its body.
    const bool last_without_body = output.empty() && statuses.size() > head_only.size();
    if (head || last_without_body) continue;
    require(output.size() >= length, "an answer is whole", line);
    output.remove_prefix(length);
  }
  return statuses;
}

}  // namespace disburse::fuzz
