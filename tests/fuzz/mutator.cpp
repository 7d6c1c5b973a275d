#include "fuzz/mutator.hpp"

#include <algorithm>

#include "wire/hex.hpp"

namespace disburse::fuzz {
namespace {

constexpr std::size_t kLongest = 4'096;

constexpr std::string_view kInteresting[] = {"0",
                                             "-1",
                                             "99999999999999999999",
                                             "9223372036854775808",
                                             "\xff",
                                             "\xc3\xa9",
                                             "\xed\xa0\x80",
                                             std::string_view("\0", 1),
                                             "%00",
                                             "%",
                                             "\r\n",
                                             "\"",
                                             "\\",
                                             "{",
                                             "[",
                                             "]",
                                             "}",
                                             "<",
                                             "&",
                                             "=",
                                             "+",
                                             " ",
                                             "../",
                                             "\\u0000",
                                             "\\ud800",
                                             "1e9",
                                             "0.001",
                                             ".",
                                             "null",
                                             "true"};

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
    } else if (text[i + 1] == 'x' && i + 3 < text.size()) {
      out += static_cast<char>(wire::hex_digit(text[i + 2]) * 16 + wire::hex_digit(text[i + 3]));
      i += 3;
    } else {
      out += text[++i];
    }
  }
  return out;
}

}  // namespace

Mutator::Mutator(std::uint64_t seed, std::span<const std::string> corpus,
                 std::span<const std::string> dictionary)
    : random_(seed), corpus_(corpus), dictionary_(dictionary) {}

std::string Mutator::next() {
  std::string input = corpus_.empty() ? std::string() : corpus_[below(corpus_.size())];
  for (std::size_t count = 1 + below(4); count > 0; --count) change(input);
  if (input.size() > kLongest) input.resize(kLongest);
  return input;
}

void Mutator::insert(std::string& input, std::string_view what) {
  input.insert(below(input.size() + 1), what);
}

// A piece of it, or of another input, goes somewhere else.
void Mutator::copy_within(std::string& input) {
  const std::string& from =
      below(2) == 0 || corpus_.empty() ? input : corpus_[below(corpus_.size())];
  if (from.empty()) return;
  const std::size_t begin = below(from.size());
  const std::string piece = from.substr(begin, 1 + below(std::min<std::size_t>(from.size(), 64)));
  insert(input, piece);
}

// The run of digits at or after a place becomes another one.
void Mutator::change_number(std::string& input) {
  const std::size_t begin = input.find_first_of("0123456789", below(input.size() + 1));
  if (begin == std::string::npos) return;
  const std::size_t end = std::min(input.find_first_not_of("0123456789", begin), input.size());
  const std::uint64_t number = random_.next_u64() >> below(64);
  input.replace(begin, end - begin, std::to_string(number));
}

void Mutator::change(std::string& input) {
  const std::size_t at = below(input.size() + 1);
  switch (below(9)) {
    case 0:
      if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
      return;
    case 1:
      if (at < input.size()) input[at] = static_cast<char>(below(256));
      return;
    case 2:
      return insert(input, std::string(1, static_cast<char>(below(256))));
    case 3:
      input.erase(at, 1 + below(16));
      return;
    case 4:
      return copy_within(input);
    case 5:
      return insert(input, kInteresting[below(std::size(kInteresting))]);
    case 6:
      if (!dictionary_.empty()) insert(input, dictionary_[below(dictionary_.size())]);
      return;
    case 7:
      return change_number(input);
    default:
      // Long runs of one byte meet the limits.
      return insert(input, std::string(below(300), at < input.size() ? input[at] : 'a'));
  }
}

std::vector<std::string> read_dictionary(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.size() >= 2 && line.front() == '"' && line.back() == '"')
      words.push_back(unescaped(line.substr(1, line.size() - 2)));
  }
  return words;
}

}  // namespace disburse::fuzz
