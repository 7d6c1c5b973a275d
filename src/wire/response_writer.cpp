#include "wire/response_writer.hpp"

#include <array>
#include <charconv>

namespace disburse::wire {

namespace {

struct Reason {
  int status;
  std::string_view text;
};

constexpr Reason kReasons[] = {
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

void append_number(std::string& out, std::size_t number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

// A line end in a value would let whoever chose the value write headers of their own.
void append_header_text(std::string& out, std::string_view text) {
  const std::size_t begin = out.size();
  out += text;
  for (std::size_t i = begin; i < out.size(); ++i) {
    const char c = out[i];
    const bool control = static_cast<unsigned char>(c) < 0x20 && c != '\t';
    if (control || c == 0x7f) out[i] = ' ';
  }
}

// What frames the message is ours to say.
bool is_ours(std::string_view name) {
  for (const std::string_view ours :
       {"content-length", "transfer-encoding", "connection", "date", "keep-alive"}) {
    if (equal_ignoring_case(name, ours)) return true;
  }
  return false;
}

void append_status_line(std::string& out, int status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(status));
  out += ' ';
  out += reason(status);
  out += "\r\n";
}

}  // namespace

void append_response(std::string& out, const Response& response, const Framing& framing) {
  const bool bodiless = response.status == 204 || response.status == 304 || response.status < 200;
  append_status_line(out, response.status);
  out += framing.date_line;
  if (!response.content_type.empty() && !bodiless) {
    out += "Content-Type: ";
    append_header_text(out, response.content_type);
    out += "\r\n";
  }
  if (!bodiless) {
    out += "Content-Length: ";
    append_number(out, response.body.size());
    out += "\r\n";
  }
  for (const auto& [name, value] : response.headers) {
    if (is_ours(name)) continue;
    append_header_text(out, name);
    out += ": ";
    append_header_text(out, value);
    out += "\r\n";
  }
  if (!framing.keep_alive) {
    out += "Connection: close\r\n";
  } else if (!framing.http_11) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
  if (!bodiless && !framing.head_only) out += response.body;
}

std::string date_line(std::time_t time) {
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  gmtime_r(&time, &utc);
  const auto two = [](int number) {
    return std::string{static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
  };
  // By hand and not with strftime, whose names of days and months are the locale's.
  return std::string("Date: ") + kDays[static_cast<std::size_t>(utc.tm_wday)] + ", " +
         two(utc.tm_mday) + " " + kMonths[static_cast<std::size_t>(utc.tm_mon)] + " " +
         std::to_string(1900 + utc.tm_year) + " " + two(utc.tm_hour) + ":" + two(utc.tm_min) + ":" +
         two(utc.tm_sec) + " GMT\r\n";
}

std::string_view reason(int status) {
  for (const Reason& row : kReasons) {
    if (row.status == status) return row.text;
  }
  return "Status";
}

}  // namespace disburse::wire
