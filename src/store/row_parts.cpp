// Parts of rows that are packed into one column.
#include "store/row_parts.hpp"

#include "store/pack.hpp"

namespace disburse::store {

using core::Result;
using core::SecretText;

static std::uint64_t as_number(core::Instant at) { return static_cast<std::uint64_t>(at.ms()); }
static core::Instant as_instant(std::uint64_t number) {
  return core::Instant::from_ms(static_cast<std::int64_t>(number));
}

std::string pack_otp(const core::OtpState& otp) {
  return Packer()
      .number(otp.nonce)
      .number(static_cast<std::uint64_t>(otp.channel))
      .number(as_number(otp.sent_at))
      .number(otp.wrong_tries)
      .number(otp.sends)
      .number(as_number(otp.window_start))
      .number(as_number(otp.locked_until))
      .number(otp.proven)
      .number(as_number(otp.proven_at))
      .take();
}

Result<core::OtpState> unpack_otp(std::string_view bytes) {
  Unpacker unpacker(bytes);
  core::OtpState otp;
  otp.nonce = unpacker.number();
  otp.channel = unpacker.number() == 2 ? core::Channel::email : core::Channel::sms;
  otp.sent_at = as_instant(unpacker.number());
  otp.wrong_tries = static_cast<std::uint32_t>(unpacker.number());
  otp.sends = static_cast<std::uint32_t>(unpacker.number());
  otp.window_start = as_instant(unpacker.number());
  otp.locked_until = as_instant(unpacker.number());
  otp.proven = unpacker.number();
  otp.proven_at = as_instant(unpacker.number());
  CHECK(unpacker.finish());
  return otp;
}

// The two secrets of an endpoint, in one sealed column.
std::string pack_secrets(const SecretText& secret, const SecretText& authorization) {
  return Packer().text(secret.expose()).text(authorization.expose()).take();
}

// What a delivery sends but its body. The URL and headers may carry a token of the receiver.
std::string pack_target(const core::Delivery& delivery) {
  return Packer()
      .text(delivery.method)
      .text(delivery.url)
      .text(delivery.secret.expose())
      .text(delivery.authorization.expose())
      .text(pack_pairs(delivery.headers))
      .take();
}

Result<void> unpack_target(std::string_view bytes, core::Delivery& delivery) {
  Unpacker unpacker(bytes);
  delivery.method = unpacker.text();
  delivery.url = unpacker.text();
  delivery.secret = SecretText(unpacker.text());
  delivery.authorization = SecretText(unpacker.text());
  const std::string headers = unpacker.text();
  CHECK(unpacker.finish());
  delivery.headers = TRY(unpack_pairs(headers));
  return {};
}

}  // namespace disburse::store
