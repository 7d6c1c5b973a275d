// Bytes, owned and looked at.
//
// Threads: values only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace disburse::sys {

using Bytes = std::vector<std::uint8_t>;

// A view of any bytes or text, so that what takes bytes need not be written twice. Not kept, like
// every view.
class ByteView {
 public:
  constexpr ByteView() = default;
  constexpr ByteView(const std::uint8_t* data, std::size_t size) : view_(data, size) {}
  constexpr ByteView(std::span<const std::uint8_t> view) : view_(view) {}
  ByteView(std::string_view text)
      : view_(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()) {}
  ByteView(const std::string& text) : ByteView(std::string_view(text)) {}
  ByteView(const char* text) : ByteView(std::string_view(text)) {}
  ByteView(const Bytes& bytes) : view_(bytes) {}
  template <std::size_t size>
  constexpr ByteView(const std::array<std::uint8_t, size>& bytes) : view_(bytes) {}

  constexpr const std::uint8_t* data() const { return view_.data(); }
  constexpr std::size_t size() const { return view_.size(); }
  constexpr bool empty() const { return view_.empty(); }
  constexpr auto begin() const { return view_.begin(); }
  constexpr auto end() const { return view_.end(); }
  constexpr ByteView first(std::size_t count) const { return view_.first(count); }
  constexpr ByteView last(std::size_t count) const { return view_.last(count); }
  constexpr ByteView from(std::size_t offset) const { return view_.subspan(offset); }
  std::string_view text() const { return {reinterpret_cast<const char*>(data()), size()}; }

 private:
  std::span<const std::uint8_t> view_;
};

// Lower-case hex digits.
std::string hex(ByteView bytes);

}  // namespace disburse::sys
