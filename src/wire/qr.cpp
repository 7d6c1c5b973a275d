#include "wire/qr.hpp"

#include <png.h>
#include <qrencode.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace disburse::wire {

namespace {

using core::Code;
using core::fail;
using core::Result;

struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};
using Symbol = std::unique_ptr<QRcode, FreeCode>;

struct Picture {
  std::size_t side = 0;              // pixels
  std::vector<std::uint8_t> pixels;  // one byte of grey each, row by row
};

void paint_module(Picture& picture, std::size_t left, std::size_t top, std::size_t size) {
  for (std::size_t y = top; y < top + size; ++y) {
    for (std::size_t x = left; x < left + size; ++x) picture.pixels[y * picture.side + x] = 0;
  }
}

Picture paint(const QRcode& symbol, const QrLook& look) {
  const auto width = static_cast<std::size_t>(symbol.width);
  Picture picture;
  picture.side = (width + 2 * look.quiet_modules) * look.pixels_per_module;
  picture.pixels.assign(picture.side * picture.side, 255);
  for (std::size_t y = 0; y < width; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      if ((symbol.data[y * width + x] & 1U) == 0) continue;  // the lowest bit is the colour
      paint_module(picture, (x + look.quiet_modules) * look.pixels_per_module,
                   (y + look.quiet_modules) * look.pixels_per_module, look.pixels_per_module);
    }
  }
  return picture;
}

// The simplified interface of libpng: it needs no setjmp, which would skip our destructors.
Result<std::string> encode(const Picture& picture) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.side);
  image.height = static_cast<png_uint_32>(picture.side);
  image.format = PNG_FORMAT_GRAY;

  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, picture.pixels.data(), 0,
                                nullptr) == 0) {
    return fail(Code::internal_error, {}, image.message);
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace

Result<std::string> qr_png(std::string_view text, QrLook look) {
  if (text.empty()) return fail(Code::field_invalid, "text");
  if (text.size() > kLongestQrText) return fail(Code::field_too_long, "text");
  if (look.pixels_per_module == 0 || look.pixels_per_module > kMostPixelsPerModule ||
      look.quiet_modules > kMostQuietModules) {
    return fail(Code::field_invalid, "look");
  }

  const Symbol symbol(QRcode_encodeData(static_cast<int>(text.size()),
                                        reinterpret_cast<const unsigned char*>(text.data()), 0,
                                        QR_ECLEVEL_M));
  if (!symbol) return fail(Code::internal_error, {}, "the text could not be made a QR code");
  return encode(paint(*symbol, look));
}

}  // namespace disburse::wire
