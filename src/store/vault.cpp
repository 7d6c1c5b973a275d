#include "store/vault.hpp"

#include "store/pack.hpp"

namespace disburse::store {
namespace {

using core::Code;
using core::fail;
using core::Result;

// Another layout or another cipher gets another number, and both are opened.
constexpr std::uint8_t kSealVersion = 1;

std::string bound_to(Sealed kind, core::MerchantId merchant, std::uint64_t contact,
                     std::string_view row) {
  return Packer()
      .number(static_cast<std::uint64_t>(kind))
      .number(merchant.value)
      .number(contact)
      .text(row)
      .take();
}

std::string bound_to(Sealed kind, Vault::Recipient recipient, std::uint64_t row) {
  return bound_to(kind, recipient.merchant, recipient.contact.value, row_name(row));
}

Result<std::string> open_bound(const sys::SecretKey& key, std::string_view bound,
                               sys::ByteView sealed) {
  if (sealed.empty() || *sealed.begin() != kSealVersion) {
    return fail(Code::io_failed, {}, "sealed bytes of a version that is not known");
  }
  sys::Bytes text = TRY(sys::open(key, bound, sealed.from(1)));
  std::string out(text.begin(), text.end());
  sys::wipe(text);
  return out;
}

}  // namespace

Vault::Vault(const sys::SecretKey& master, sys::Random& random)
    : random_(random),
      wrapping_(sys::derive(master, "disburse recipient keys 1")),
      sealing_(sys::derive(master, "disburse stored secrets 1")),
      hashing_(sys::derive(master, "disburse blind index 1")) {
  const sys::Digest check = sys::HmacKey(sys::derive(master, "disburse store check 1")).sign("");
  key_check_.assign(check.begin(), check.begin() + 16);
}

sys::Bytes Vault::seal_bound(const sys::SecretKey& key, std::string_view bound,
                             std::string_view text) const {
  sys::Bytes sealed = sys::seal(key, random_.bytes<sys::kNonceSize>(), bound, text);
  sealed.insert(sealed.begin(), kSealVersion);
  return sealed;
}

Vault::NewKey Vault::new_recipient_key(Recipient recipient) const {
  sys::SecretKey key = sys::SecretKey::generate(random_);
  const std::string bound = bound_to(Sealed::recipient_key, recipient, 0);
  const sys::SecretKey wrapping(wrapping_.sign(bound));
  sys::Bytes wrapped = seal_bound(wrapping, bound, sys::ByteView(key.expose()).text());
  return NewKey{.key = std::move(key), .wrapped = std::move(wrapped)};
}

Result<sys::SecretKey> Vault::unwrap(Recipient recipient, sys::ByteView wrapped) const {
  const std::string bound = bound_to(Sealed::recipient_key, recipient, 0);
  std::string bytes = TRY(open_bound(sys::SecretKey(wrapping_.sign(bound)), bound, wrapped));
  Result<sys::SecretKey> key = sys::SecretKey::from_bytes(bytes);
  sys::wipe(bytes);
  return key;
}

sys::Bytes Vault::seal(const sys::SecretKey& key, Sealed kind, Recipient recipient,
                       std::uint64_t row, std::string_view text) const {
  return seal_bound(key, bound_to(kind, recipient, row), text);
}

Result<std::string> Vault::open(const sys::SecretKey& key, Sealed kind, Recipient recipient,
                                std::uint64_t row, sys::ByteView sealed) const {
  return open_bound(key, bound_to(kind, recipient, row), sealed);
}

sys::Bytes Vault::seal(Sealed kind, core::MerchantId merchant, std::string_view row,
                       std::string_view text) const {
  const std::string bound = bound_to(kind, merchant, 0, row);
  return seal_bound(sys::SecretKey(sealing_.sign(bound)), bound, text);
}

Result<std::string> Vault::open(Sealed kind, core::MerchantId merchant, std::string_view row,
                                sys::ByteView sealed) const {
  const std::string bound = bound_to(kind, merchant, 0, row);
  return open_bound(sys::SecretKey(sealing_.sign(bound)), bound, sealed);
}

std::int64_t Vault::contact_hash(core::MerchantId merchant, std::string_view contact_key) const {
  if (contact_key.empty()) return 0;
  const sys::Digest digest =
      hashing_.sign(Packer().number('c').number(merchant.value).text(contact_key).take());
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < 8; ++i) hash = hash << 8 | digest[i];
  return hash == 0 ? 1 : static_cast<std::int64_t>(hash);
}

std::string Vault::reply_hash(core::MerchantId merchant, std::string_view key) const {
  const sys::Digest digest =
      hashing_.sign(Packer().number('k').number(merchant.value).text(key).take());
  return std::string(digest.begin(), digest.begin() + 16);
}

std::string row_name(std::uint64_t id) { return Packer().number(id).take(); }

std::string row_name(std::uint64_t id, std::uint32_t number) {
  return Packer().number(id).number(number).take();
}

}  // namespace disburse::store
