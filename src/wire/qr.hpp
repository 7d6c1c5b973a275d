// QR codes (ISO/IEC 18004) as PNG images.
//
// The same text gives the same bytes. Threads: a pure function.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace disburse::wire {

struct QrLook {
  std::size_t pixels_per_module = 8;  // 1 to kMostPixelsPerModule
  std::size_t quiet_modules = 4;      // the white border; the standard asks for four
};

inline constexpr std::size_t kMostPixelsPerModule = 32;
inline constexpr std::size_t kMostQuietModules = 16;
inline constexpr std::size_t kLongestQrText =
    1'000;  // bytes; more would make a code nobody can scan

// A black and white PNG. Error correction M: up to 15 % of the symbol may be dirty. field_invalid
// for an empty text or a look out of bounds, field_too_long for a text that is too long.
core::Result<std::string> qr_png(std::string_view text, QrLook look = {});

}  // namespace disburse::wire
