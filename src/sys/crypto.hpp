// The cryptography that Disburse uses, each piece once, from OpenSSL 3 and libsodium. Nothing here
// is invented; the tests are the standards' own vectors (FIPS 180-4, FIPS 197, RFC 4231, RFC 5869,
// the NIST GCM vectors).
//
// What OpenSSL cannot do for want of memory ends the program: there is no answer to give without
// it.
//
// Threads: every const member and free function from any, at the same time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/public_id.hpp"
#include "sys/bytes.hpp"
#include "sys/random.hpp"

namespace disburse::sys {

using Digest = std::array<std::uint8_t, 32>;

// Overwrites with zeros, also where the compiler sees that nobody reads them.
void wipe(std::span<std::uint8_t> bytes);
void wipe(std::string& text);  // and makes it empty

// Takes the same time wherever the difference is; at once false when the lengths differ.
bool constant_time_equal(ByteView a, ByteView b);

// 256 secret bits. Moved, not copied; wiped when it goes; has no << and no format.
class SecretKey {
 public:
  static constexpr std::size_t kSize = 32;
  using Array = std::array<std::uint8_t, kSize>;

  explicit SecretKey(const Array& bytes) : bytes_(bytes) {}
  static SecretKey generate(Random& random);
  static core::Result<SecretKey> from_bytes(ByteView bytes);  // refused unless there are 32

  SecretKey(SecretKey&& other) noexcept;
  SecretKey& operator=(SecretKey&& other) noexcept;
  SecretKey(const SecretKey&) = delete;
  SecretKey& operator=(const SecretKey&) = delete;
  ~SecretKey();

  const Array& expose() const { return bytes_; }
  SecretKey copy() const { return SecretKey(bytes_); }

 private:
  Array bytes_;
};

Digest sha256(ByteView bytes);

// HMAC-SHA256 for a key that is used once.
Digest hmac_sha256(ByteView key, ByteView message);

// HMAC-SHA256 for a key that is used often: the key's two blocks are hashed once. 0.15 us for 64
// bytes, where OpenSSL's own EVP_MAC with a prepared and duplicated context takes 0.40 and HMAC()
// 0.91.
class HmacKey {
 public:
  explicit HmacKey(ByteView key);
  explicit HmacKey(const SecretKey& key) : HmacKey(ByteView(key.expose())) {}
  HmacKey(HmacKey&&) noexcept;
  HmacKey& operator=(HmacKey&&) noexcept;
  ~HmacKey();

  Digest sign(ByteView message) const;
  bool verify(ByteView message,
              ByteView signature) const;  // in constant time; a shorter one is refused

 private:
  struct State;
  std::unique_ptr<const State> state_;
};

// HKDF (RFC 5869) with SHA-256; at most 255 * 32 bytes.
Bytes hkdf_sha256(ByteView key, ByteView salt, ByteView info, std::size_t size);

// A key for one use from a master key: "disburse claim codes 1". Other label, unrelated key.
SecretKey derive(const SecretKey& master, std::string_view label);

// AES-256-GCM. Never twice the same nonce under one key: it is random, 96 bits, so a key seals at
// most 2^32 times.
inline constexpr std::size_t kNonceSize = 12;
inline constexpr std::size_t kTagSize = 16;
using Nonce = std::array<std::uint8_t, kNonceSize>;

// Nonce, ciphertext and tag in one: 28 bytes more than the text. `bound` is not kept, and must be
// given again to open: what the sealed text belongs to (row, column), so that it cannot be moved
// elsewhere.
Bytes seal(const SecretKey& key, const Nonce& nonce, ByteView bound, ByteView text);
// io_failed when a bit differs, or the key, or what it is bound to.
core::Result<Bytes> open(const SecretKey& key, ByteView bound, ByteView sealed);

// AES-256 of single blocks, for core::PublicIds.
class Aes256Block final : public core::BlockCipher {
 public:
  explicit Aes256Block(const SecretKey& key);
  Aes256Block(const Aes256Block&) = delete;
  Aes256Block& operator=(const Aes256Block&) = delete;
  ~Aes256Block() override;

  core::Block16 encrypt(const core::Block16& block) const override;
  core::Block16 decrypt(const core::Block16& block) const override;

 private:
  struct State;
  std::unique_ptr<const State> state_;
};

// Argon2id of passwords. The default is the second recommendation of RFC 9106, section 4, on one
// lane: 64 MiB and three passes, a tenth of a second or so; who logs in by the thousand must be
// limited before it.
struct PasswordCost {
  unsigned long long passes = 3;
  std::size_t memory_bytes = std::size_t{64} << 20;
};
inline constexpr PasswordCost kPasswordCost{};
inline constexpr PasswordCost kTestPasswordCost{.passes = 1, .memory_bytes = std::size_t{8} << 10};

// A text with its salt and cost in it: "$argon2id$v=19$m=65536,t=3,p=1$...".
core::Result<std::string> hash_password(std::string_view password,
                                        PasswordCost cost = kPasswordCost);
bool verify_password(std::string_view password, const std::string& hash);
bool needs_rehash(const std::string& hash, PasswordCost cost = kPasswordCost);

}  // namespace disburse::sys
