#include "sys/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace disburse::sys {

namespace {

using core::Code;
using core::fail;
using core::Result;

template <auto free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;

// OpenSSL answers 1 for success. What fails here fails for want of memory or by our own mistake.
void must(bool done) {
  if (!done) std::abort();
}

// Fetched once: a fetch for each call costs more than hashing a short message. Freed by nobody:
// used to the end.
const EVP_MD* sha256_method() {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  must(method != nullptr);
  return method;
}

const EVP_CIPHER* gcm_method() {
  static const EVP_CIPHER* const method = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  must(method != nullptr);
  return method;
}

const EVP_CIPHER* block_method() {
  static const EVP_CIPHER* const method = EVP_CIPHER_fetch(nullptr, "AES-256-ECB", nullptr);
  must(method != nullptr);
  return method;
}

DigestContext new_digest() {
  DigestContext context(EVP_MD_CTX_new());
  must(context != nullptr);
  return context;
}

CipherContext new_cipher() {
  CipherContext context(EVP_CIPHER_CTX_new());
  must(context != nullptr);
  return context;
}

int as_int(std::size_t size) {
  assert(size <= 0x7fffffff);
  return static_cast<int>(size);
}

// OpenSSL takes a null pointer for "there is no text", not for an empty one.
const std::uint8_t* not_null(ByteView bytes) {
  static constexpr std::uint8_t kNothing = 0;
  return bytes.empty() ? &kNothing : bytes.data();
}

// One for each thread, used again and again: making and freeing one costs as much as a short
// message's hash. What is in it is overwritten by the next use, and wiped with the thread.
EVP_MD_CTX* scratch_digest() {
  static thread_local const DigestContext scratch = new_digest();
  return scratch.get();
}

// For AES-256-GCM. A start that names the cipher again would free and make all that is in it.
EVP_CIPHER_CTX* scratch_cipher() {
  static thread_local const CipherContext scratch = [] {
    CipherContext context = new_cipher();
    must(EVP_EncryptInit_ex2(context.get(), gcm_method(), nullptr, nullptr, nullptr) == 1);
    return context;
  }();
  return scratch.get();
}

Digest finish(EVP_MD_CTX* context) {
  Digest digest;
  must(EVP_DigestFinal_ex(context, digest.data(), nullptr) == 1);
  return digest;
}

}  // namespace

void wipe(std::span<std::uint8_t> bytes) { OPENSSL_cleanse(bytes.data(), bytes.size()); }

void wipe(std::string& text) {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

bool constant_time_equal(ByteView a, ByteView b) {
  return a.size() == b.size() && CRYPTO_memcmp(not_null(a), not_null(b), a.size()) == 0;
}

SecretKey SecretKey::generate(Random& random) {
  Array bytes = random.bytes<kSize>();
  SecretKey key(bytes);
  wipe(bytes);
  return key;
}

Result<SecretKey> SecretKey::from_bytes(ByteView bytes) {
  if (bytes.size() != kSize) return fail(Code::configuration_invalid, {}, "a key has 32 bytes");
  Array array;
  std::copy(bytes.begin(), bytes.end(), array.begin());
  SecretKey key(array);
  wipe(array);
  return key;
}

SecretKey::SecretKey(SecretKey&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_); }

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
  if (this == &other) return *this;
  bytes_ = other.bytes_;
  wipe(other.bytes_);
  return *this;
}

SecretKey::~SecretKey() { wipe(bytes_); }

Digest sha256(ByteView bytes) {
  EVP_MD_CTX* const scratch = scratch_digest();
  must(EVP_DigestInit_ex2(scratch, sha256_method(), nullptr) == 1);
  must(EVP_DigestUpdate(scratch, not_null(bytes), bytes.size()) == 1);
  return finish(scratch);
}

struct HmacKey::State {
  DigestContext inner = new_digest();  // has hashed key ^ ipad
  DigestContext outer = new_digest();  // has hashed key ^ opad
};

HmacKey::HmacKey(ByteView key) {
  std::array<std::uint8_t, 64> block{};  // of SHA-256
  if (key.size() > block.size()) {
    const Digest digest = sha256(key);
    std::copy(digest.begin(), digest.end(), block.begin());
  } else {
    std::copy(key.begin(), key.end(), block.begin());
  }

  auto state = std::make_unique<State>();
  const auto start = [&block](EVP_MD_CTX* context, std::uint8_t pad) {
    auto padded = block;
    for (std::uint8_t& byte : padded) byte ^= pad;
    must(EVP_DigestInit_ex2(context, sha256_method(), nullptr) == 1);
    must(EVP_DigestUpdate(context, padded.data(), padded.size()) == 1);
    wipe(padded);
  };
  start(state->inner.get(), 0x36);
  start(state->outer.get(), 0x5c);
  wipe(block);
  state_ = std::move(state);
}

HmacKey::HmacKey(HmacKey&&) noexcept = default;
HmacKey& HmacKey::operator=(HmacKey&&) noexcept = default;
HmacKey::~HmacKey() = default;

Digest HmacKey::sign(ByteView message) const {
  EVP_MD_CTX* const scratch = scratch_digest();
  must(EVP_MD_CTX_copy_ex(scratch, state_->inner.get()) == 1);
  must(EVP_DigestUpdate(scratch, not_null(message), message.size()) == 1);
  const Digest inner = finish(scratch);
  must(EVP_MD_CTX_copy_ex(scratch, state_->outer.get()) == 1);
  must(EVP_DigestUpdate(scratch, inner.data(), inner.size()) == 1);
  return finish(scratch);
}

bool HmacKey::verify(ByteView message, ByteView signature) const {
  return constant_time_equal(sign(message), signature);
}

Digest hmac_sha256(ByteView key, ByteView message) { return HmacKey(key).sign(message); }

Bytes hkdf_sha256(ByteView key, ByteView salt, ByteView info, std::size_t size) {
  assert(size <= 255 * sizeof(Digest));
  Digest extracted = hmac_sha256(salt, key);
  const HmacKey expand(extracted);
  wipe(extracted);

  Bytes out;
  Bytes block;
  for (std::uint8_t round = 1; out.size() < size; ++round) {
    block.insert(block.end(), info.begin(), info.end());
    block.push_back(round);
    const Digest digest = expand.sign(block);
    const std::size_t count = std::min(digest.size(), size - out.size());
    out.insert(out.end(), digest.begin(), digest.begin() + static_cast<std::ptrdiff_t>(count));
    block.assign(digest.begin(), digest.end());
  }
  wipe(block);
  return out;
}

SecretKey derive(const SecretKey& master, std::string_view label) {
  Bytes bytes = hkdf_sha256(master.expose(), {}, label, SecretKey::kSize);
  SecretKey::Array array;
  std::copy(bytes.begin(), bytes.end(), array.begin());
  SecretKey key(array);
  wipe(bytes);
  wipe(array);
  return key;
}

Bytes seal(const SecretKey& key, const Nonce& nonce, ByteView bound, ByteView text) {
  Bytes out(kNonceSize + text.size() + kTagSize);
  std::copy(nonce.begin(), nonce.end(), out.begin());
  std::uint8_t* const body = out.data() + kNonceSize;

  EVP_CIPHER_CTX* const context = scratch_cipher();
  int count = 0;
  must(EVP_EncryptInit_ex2(context, gcm_method(), key.expose().data(), nonce.data(), nullptr) == 1);
  must(EVP_EncryptUpdate(context, nullptr, &count, not_null(bound), as_int(bound.size())) == 1);
  must(EVP_EncryptUpdate(context, body, &count, not_null(text), as_int(text.size())) == 1);
  must(EVP_EncryptFinal_ex(context, body + text.size(), &count) == 1);
  must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, as_int(kTagSize), body + text.size()) ==
       1);
  return out;
}

Result<Bytes> open(const SecretKey& key, ByteView bound, ByteView sealed) {
  if (sealed.size() < kNonceSize + kTagSize) {
    return fail(Code::io_failed, {}, "sealed bytes are too short");
  }
  const ByteView body = sealed.from(kNonceSize).first(sealed.size() - kNonceSize - kTagSize);
  std::array<std::uint8_t, kTagSize> tag;
  std::copy_n(sealed.last(kTagSize).begin(), kTagSize, tag.begin());

  Bytes out(body.size() + 1);  // not empty, so that data() is not null
  EVP_CIPHER_CTX* const context = scratch_cipher();
  int count = 0;
  must(EVP_DecryptInit_ex2(context, gcm_method(), key.expose().data(), sealed.data(), nullptr) ==
       1);
  must(EVP_DecryptUpdate(context, nullptr, &count, not_null(bound), as_int(bound.size())) == 1);
  must(EVP_DecryptUpdate(context, out.data(), &count, not_null(body), as_int(body.size())) == 1);
  must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, as_int(kTagSize), tag.data()) == 1);
  if (EVP_DecryptFinal_ex(context, out.data() + body.size(), &count) != 1) {
    wipe(out);
    return fail(Code::io_failed, {}, "sealed bytes do not open: changed, moved or of another key");
  }
  out.pop_back();
  return out;
}

// A context belongs to one thread at a time, so each thread keeps a copy of those that it used
// last: between whole blocks without padding nothing is kept in it but the key.
struct Aes256Block::State {
  CipherContext encrypt = new_cipher();
  CipherContext decrypt = new_cipher();
  std::uint64_t number = 0;  // of this key; never given twice, as an address may be
};

namespace {

struct BlockCopy {
  CipherContext context = new_cipher();
  std::uint64_t number = 0;
};

EVP_CIPHER_CTX* own_copy(BlockCopy& copy, const EVP_CIPHER_CTX* original, std::uint64_t number) {
  if (copy.number != number) {
    must(EVP_CIPHER_CTX_copy(copy.context.get(), original) == 1);
    copy.number = number;
  }
  return copy.context.get();
}

}  // namespace

Aes256Block::Aes256Block(const SecretKey& key) {
  static std::atomic<std::uint64_t> last_number{0};
  auto state = std::make_unique<State>();
  state->number = ++last_number;
  must(EVP_EncryptInit_ex2(state->encrypt.get(), block_method(), key.expose().data(), nullptr,
                           nullptr) == 1);
  must(EVP_DecryptInit_ex2(state->decrypt.get(), block_method(), key.expose().data(), nullptr,
                           nullptr) == 1);
  must(EVP_CIPHER_CTX_set_padding(state->encrypt.get(), 0) == 1);
  must(EVP_CIPHER_CTX_set_padding(state->decrypt.get(), 0) == 1);
  state_ = std::move(state);
}

Aes256Block::~Aes256Block() = default;

core::Block16 Aes256Block::encrypt(const core::Block16& block) const {
  static thread_local BlockCopy copy;
  EVP_CIPHER_CTX* const context = own_copy(copy, state_->encrypt.get(), state_->number);
  core::Block16 out;
  int count = 0;
  must(EVP_EncryptUpdate(context, out.data(), &count, block.data(), as_int(block.size())) == 1 &&
       count == as_int(out.size()));
  return out;
}

core::Block16 Aes256Block::decrypt(const core::Block16& block) const {
  static thread_local BlockCopy copy;
  EVP_CIPHER_CTX* const context = own_copy(copy, state_->decrypt.get(), state_->number);
  core::Block16 out;
  int count = 0;
  must(EVP_DecryptUpdate(context, out.data(), &count, block.data(), as_int(block.size())) == 1 &&
       count == as_int(out.size()));
  return out;
}

Result<std::string> hash_password(std::string_view password, PasswordCost cost) {
  must(sodium_init() >= 0);
  std::array<char, crypto_pwhash_STRBYTES> hash;
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), cost.passes,
                            cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return fail(Code::overloaded, {}, "no memory to hash a password");
  }
  return std::string(hash.data());
}

bool verify_password(std::string_view password, const std::string& hash) {
  must(sodium_init() >= 0);
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

bool needs_rehash(const std::string& hash, PasswordCost cost) {
  must(sodium_init() >= 0);
  return crypto_pwhash_str_needs_rehash(hash.c_str(), cost.passes, cost.memory_bytes) != 0;
}

}  // namespace disburse::sys
