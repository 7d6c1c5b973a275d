#include "fuzz/plain_json.hpp"

#include <algorithm>
#include <cstdint>

#include "core/recipient.hpp"

namespace disburse::fuzz {
namespace {

void append_utf8(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xc0 | point >> 6);
    out += static_cast<char>(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xe0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (point & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | point >> 18);
    out += static_cast<char>(0x80 | (point >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (point & 0x3f));
  }
}

class Reader {
 public:
  Reader(std::string_view text, PlainLimits limits) : rest_(text), limits_(limits) {}

  std::optional<std::string> read() {
    std::string out;
    if (!value(out, 0)) return std::nullopt;
    blanks();
    if (!rest_.empty()) return std::nullopt;
    return out;
  }

 private:
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  void blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }

  bool value(std::string& out, std::size_t depth) {
    if (nodes_++ == limits_.nodes) return false;
    blanks();
    if (rest_.empty()) return false;
    switch (rest_.front()) {
      case '{':
        return depth < limits_.depth && object(out, depth + 1);
      case '[':
        return depth < limits_.depth && array(out, depth + 1);
      case '"':
        return string(out);
      case 't':
        out += plain_scalar('b', "true");
        return take("true");
      case 'f':
        out += plain_scalar('b', "false");
        return take("false");
      case 'n':
        out += plain_scalar('0', "");
        return take("null");
      default:
        return number(out);
    }
  }

  bool array(std::string& out, std::size_t depth) {
    take("[");
    out += '[';
    blanks();
    if (!take("]")) {
      do {
        if (!value(out, depth)) return false;
        blanks();
      } while (take(","));
      if (!take("]")) return false;
    }
    out += ']';
    return true;
  }

  bool object(std::string& out, std::size_t depth) {
    take("{");
    out += '{';
    blanks();
    if (!take("}")) {
      do {
        blanks();
        if (!string(out)) return false;
        blanks();
        if (!take(":") || !value(out, depth)) return false;
        blanks();
      } while (take(","));
      if (!take("}")) return false;
    }
    out += '}';
    return true;
  }

  bool digits(std::string& out) {
    const std::size_t count = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    out += rest_.substr(0, count);
    rest_.remove_prefix(count);
    return count > 0;
  }

  bool number(std::string& out) {
    std::string text;
    if (take("-")) text = "-";
    if (take("0"))
      text += '0';
    else if (!digits(text))
      return false;
    if (take(".")) {
      text += '.';
      if (!digits(text)) return false;
    }
    if (!rest_.empty() && (rest_.front() == 'e' || rest_.front() == 'E')) {
      text += rest_.front();
      rest_.remove_prefix(1);
      if (take("+"))
        text += '+';
      else if (take("-"))
        text += '-';
      if (!digits(text)) return false;
    }
    out += plain_scalar('n', text);
    return true;
  }

  bool hex4(std::uint32_t& unit) {
    if (rest_.size() < 4) return false;
    unit = 0;
    for (int i = 0; i < 4; ++i) {
      const std::size_t digit = std::string_view("0123456789abcdef0123456789ABCDEF").find(rest_[0]);
      if (digit == std::string_view::npos) return false;
      unit = unit * 16 + static_cast<std::uint32_t>(digit % 16);
      rest_.remove_prefix(1);
    }
    return true;
  }

  // Half a surrogate pair is no character: it could not be written as UTF-8.
  bool escaped_unit(std::string& text) {
    std::uint32_t unit = 0;
    if (!hex4(unit)) return false;
    if (unit >= 0xdc00 && unit < 0xe000) return false;
    if (unit >= 0xd800 && unit < 0xdc00) {
      std::uint32_t low = 0;
      if (!take("\\u") || !hex4(low) || low < 0xdc00 || low >= 0xe000) return false;
      unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
    append_utf8(text, unit);
    return true;
  }

  bool escape(std::string& text) {
    if (take("u")) return escaped_unit(text);
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const std::size_t which = rest_.empty() ? std::string_view::npos : kLetters.find(rest_.front());
    if (which == std::string_view::npos) return false;
    text += kMeanings[which];
    rest_.remove_prefix(1);
    return true;
  }

  bool string(std::string& out) {
    if (!take("\"")) return false;
    std::string text;
    const std::string_view whole = rest_;
    while (!take("\"")) {
      if (rest_.empty() || static_cast<unsigned char>(rest_.front()) < 0x20) return false;
      if (take("\\")) {
        if (!escape(text)) return false;
      } else {
        text += rest_.front();
        rest_.remove_prefix(1);
      }
    }
    if (!is_utf8(whole.substr(0, whole.size() - rest_.size()))) return false;
    out += plain_scalar('s', text);
    return true;
  }

  // The core's check refuses DEL, which JSON may have.
  static bool is_utf8(std::string_view raw) {
    std::string text(raw);
    std::replace(text.begin(), text.end(), '\x7f', ' ');
    return core::is_clean_text(text);
  }

  std::string_view rest_;
  PlainLimits limits_;
  std::size_t nodes_ = 0;
};

}  // namespace

std::string plain_scalar(char kind, std::string_view text) {
  return kind + std::to_string(text.size()) + ":" + std::string(text);
}

std::optional<std::string> read_json_plainly(std::string_view text, PlainLimits limits) {
  return Reader(text, limits).read();
}

}  // namespace disburse::fuzz
