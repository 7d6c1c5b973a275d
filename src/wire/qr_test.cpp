#include "wire/qr.hpp"

#include <gtest/gtest.h>
#include <png.h>

#include <cstdint>
#include <vector>

namespace disburse::wire {
namespace {

struct Decoded {
  std::size_t side = 0;
  std::vector<std::uint8_t> pixels;
  bool dark(std::size_t x, std::size_t y) const { return pixels[y * side + x] == 0; }
};

Decoded decode(const std::string& bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()), 0);
  image.format = PNG_FORMAT_GRAY;
  Decoded decoded;
  decoded.side = image.width;
  EXPECT_EQ(image.width, image.height);
  decoded.pixels.resize(PNG_IMAGE_SIZE(image));
  EXPECT_NE(png_image_finish_read(&image, nullptr, decoded.pixels.data(), 0, nullptr), 0);
  return decoded;
}

TEST(Qr, IsAPngWithFinderPatternsInThreeCornersAndAQuietBorder) {
  const auto png = qr_png("https://example.com/l/abc", {.pixels_per_module = 1});
  ASSERT_TRUE(png);
  EXPECT_EQ(png->substr(0, 8), "\x89PNG\r\n\x1a\n");
  const Decoded picture = decode(*png);
  const std::size_t last = picture.side - 1;
  for (std::size_t i = 0; i <= last; ++i) EXPECT_FALSE(picture.dark(i, 3)) << i;
  // ISO/IEC 18004, 6.3.3: a finder pattern is dark 1, light 1, dark 3, light 1, dark 1.
  const std::vector<bool> finder = {true, false, true, true, true, false, true};
  for (std::size_t i = 0; i < finder.size(); ++i) {
    EXPECT_EQ(picture.dark(4 + i, 7), finder[i]) << i;
    EXPECT_EQ(picture.dark(last - 4 - i, 7), finder[i]) << i;
    EXPECT_EQ(picture.dark(4 + i, last - 7), finder[i]) << i;
  }
}

TEST(Qr, ModulesAreAsLargeAsAskedFor) {
  const auto one = qr_png("hello", {.pixels_per_module = 1, .quiet_modules = 0});
  const auto ten = qr_png("hello", {.pixels_per_module = 10, .quiet_modules = 4});
  ASSERT_TRUE(one && ten);
  EXPECT_EQ(decode(*one).side, 21U);  // version 1
  EXPECT_EQ(decode(*ten).side, 290U);
}

TEST(Qr, SameTextSameBytesAndOtherTextOtherBytes) {
  EXPECT_EQ(*qr_png("a"), *qr_png("a"));
  EXPECT_NE(*qr_png("a"), *qr_png("b"));
}

TEST(Qr, RefusesWhatCannotBeScanned) {
  EXPECT_EQ(qr_png("").error().code, core::Code::field_invalid);
  EXPECT_EQ(qr_png(std::string(kLongestQrText + 1, 'x')).error().code, core::Code::field_too_long);
  EXPECT_EQ(qr_png("a", {.pixels_per_module = 0}).error().code, core::Code::field_invalid);
  EXPECT_EQ(qr_png("a", {.pixels_per_module = 1'000}).error().code, core::Code::field_invalid);
  EXPECT_TRUE(qr_png(std::string(kLongestQrText, 'x')));
}

}  // namespace
}  // namespace disburse::wire
