#include "store/pack.hpp"

namespace disburse::store {

Packer& Packer::number(std::uint64_t value) {
  while (value >= 0x80) {
    bytes_ += static_cast<char>(static_cast<unsigned char>(value | 0x80));
    value >>= 7;
  }
  bytes_ += static_cast<char>(value);
  return *this;
}

Packer& Packer::text(std::string_view value) {
  number(value.size());
  bytes_ += value;
  return *this;
}

std::uint64_t Unpacker::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; good_ && shift < 64; shift += 7) {
    if (rest_.empty()) break;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
  good_ = false;
  return 0;
}

std::string Unpacker::text() {
  const std::uint64_t size = number();
  if (size > rest_.size()) good_ = false;
  if (!good_) return {};
  std::string value(rest_.substr(0, size));
  rest_.remove_prefix(size);
  return value;
}

core::Result<void> Unpacker::finish() const {
  if (good_) return {};
  return core::fail(core::Code::internal_error, {}, "a packed column cannot be read");
}

std::string pack_texts(const std::vector<std::string>& texts) {
  Packer packer;
  for (const std::string& text : texts) packer.text(text);
  return packer.take();
}

core::Result<std::vector<std::string>> unpack_texts(std::string_view bytes) {
  Unpacker unpacker(bytes);
  std::vector<std::string> texts;
  while (!unpacker.at_end()) {
    texts.push_back(unpacker.text());
    CHECK(unpacker.finish());
  }
  return texts;
}

std::string pack_pairs(const TextPairs& pairs) {
  Packer packer;
  for (const auto& [first, second] : pairs) packer.text(first).text(second);
  return packer.take();
}

core::Result<TextPairs> unpack_pairs(std::string_view bytes) {
  Unpacker unpacker(bytes);
  TextPairs pairs;
  while (!unpacker.at_end()) {
    std::string first = unpacker.text();
    std::string second = unpacker.text();
    CHECK(unpacker.finish());
    pairs.emplace_back(std::move(first), std::move(second));
  }
  return pairs;
}

}  // namespace disburse::store
