#include "wire/path.hpp"

#include "wire/hex.hpp"
#include "wire/http.hpp"

namespace disburse::wire {

namespace {

// "http://host/path?query" becomes "/path?query"; empty when it is not of that form.
std::string_view after_authority(std::string_view target) {
  const std::size_t colon = target.find("://");
  if (colon == std::string_view::npos) return {};
  const std::string_view scheme = target.substr(0, colon);
  if (!equal_ignoring_case(scheme, "http") && !equal_ignoring_case(scheme, "https")) return {};
  const std::size_t end = target.find_first_of("/?", colon + 3);
  if (end == colon + 3) return {};  // no host
  return end == std::string_view::npos ? std::string_view("/") : target.substr(end);
}

// Takes the next segment, without its slash, off the front of a path or pattern.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool is_capture(std::string_view segment) {
  return segment.size() >= 2 && segment.front() == '{' && segment.back() == '}';
}

}  // namespace

bool normalise_target(std::string_view target, std::string& path, std::string_view& query) {
  path.clear();
  query = {};
  if (target == "*") {
    path = "*";
    return true;
  }
  if (!target.starts_with('/')) {
    target = after_authority(target);
    if (target.empty()) return false;
  }
  const std::size_t question = target.find('?');
  if (question != std::string_view::npos) query = target.substr(question + 1);
  target = target.substr(0, question);

  if (target.find("//") == std::string_view::npos) {
    path = target;  // almost always
  } else {
    for (const char c : target) {
      if (c != '/' || !path.ends_with('/')) path += c;
    }
  }
  if (path.size() > 1 && path.ends_with('/')) path.pop_back();
  if (path.empty()) path = "/";
  return true;
}

std::string_view PathCaptures::get(std::string_view name) const {
  for (std::size_t i = 0; i < size_; ++i) {
    if (names_[i] == name) return values_[i];
  }
  return {};
}

bool PathCaptures::add(std::string_view name, std::string_view encoded, std::size_t path_bytes) {
  if (size_ == kMostCaptures || encoded.empty()) return false;
  names_[size_] = name;
  if (encoded.find('%') == std::string_view::npos) {
    values_[size_++] = encoded;
    return true;
  }
  decoded_.reserve(path_bytes);
  const std::size_t start = decoded_.size();
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '%') {
      decoded_ += encoded[i];
      continue;
    }
    if (i + 2 >= encoded.size()) return false;
    const int high = hex_digit(encoded[i + 1]);
    const int low = hex_digit(encoded[i + 2]);
    if (high < 0 || low < 0) return false;
    decoded_ += static_cast<char>(high * 16 + low);
    i += 2;
  }
  values_[size_++] = std::string_view(decoded_).substr(start);
  return true;
}

bool match_path(std::string_view pattern, std::string_view path, PathCaptures& captures) {
  captures.size_ = 0;
  captures.decoded_.clear();
  const std::size_t path_bytes = path.size();
  while (pattern.starts_with('/') && path.starts_with('/')) {
    const std::string_view wanted = take_segment(pattern);
    const std::string_view segment = take_segment(path);
    if (is_capture(wanted)) {
      const std::string_view name = wanted.substr(1, wanted.size() - 2);
      if (!captures.add(name, segment, path_bytes)) return false;
    } else if (wanted != segment) {
      return false;
    }
  }
  return pattern == path;  // both used up; or "*"
}

}  // namespace disburse::wire
