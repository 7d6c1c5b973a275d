// What is secret or personal in a store is sealed here before it is written, and opened after it is
// read: the database file, its log, its backups and its replicas show none of it.
//
// Each recipient has a random key of their own, kept in their contact's row under the master key
// ("wrapped"). Their phone, e-mail, account numbers and UPI ids are sealed under it, wherever they
// stand, so that a contact without its key is a recipient erased: nothing of them can be opened
// again. Secrets of merchants, and bytes that may quote a recipient (webhook bodies, stored
// replies), are sealed under keys derived from the master key.
//
// A sealed value is a version byte, then sys::seal's nonce, text and tag, bound to merchant, row
// and kind: moved to another row it does not open. Every row has a key of its own, derived or
// random, so that no key comes near the 2^32 random nonces that AES-GCM allows.
//
// Threads: sealing one, opening and hashing any, at the same time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "sys/crypto.hpp"
#include "sys/random.hpp"

namespace disburse::store {

// What a sealed value is; stored inside what it is bound to, so a number is never used again.
enum class Sealed : std::uint8_t {
  recipient_key = 1,
  contact = 2,       // phone and e-mail
  fund_account = 3,  // account number, UPI id, holder's name
  endpoint = 4,      // a webhook receiver's secrets
  delivery = 5,      // a delivery's target and secrets
  delivery_body = 6,
  attempt = 7,  // what a receiver answered
  stored_reply = 8,
  credential = 9,
};

class Vault {
 public:
  Vault(const sys::SecretKey& master, sys::Random& random);

  struct Recipient {
    core::MerchantId merchant;
    core::ContactId contact;
  };
  struct NewKey {
    sys::SecretKey key;
    sys::Bytes wrapped;  // what is stored
  };
  NewKey new_recipient_key(Recipient recipient) const;
  core::Result<sys::SecretKey> unwrap(Recipient recipient, sys::ByteView wrapped) const;

  // Under the recipient's key; `row` is the contact's or the fund account's id.
  sys::Bytes seal(const sys::SecretKey& key, Sealed kind, Recipient recipient, std::uint64_t row,
                  std::string_view text) const;
  core::Result<std::string> open(const sys::SecretKey& key, Sealed kind, Recipient recipient,
                                 std::uint64_t row, sys::ByteView sealed) const;

  // Under a key of the server; `row` is the row's id, or what else is its key.
  sys::Bytes seal(Sealed kind, core::MerchantId merchant, std::string_view row,
                  std::string_view text) const;
  core::Result<std::string> open(Sealed kind, core::MerchantId merchant, std::string_view row,
                                 sys::ByteView sealed) const;

  // Keyed hashes that rows are found by.
  // Of core::contact_key(), never 0; 0 for an empty one. In 64 bits, one in three thousand
  // merchants with a hundred million contacts has two that collide: a list may then show one link
  // too many.
  std::int64_t contact_hash(core::MerchantId merchant, std::string_view contact_key) const;
  std::string reply_hash(core::MerchantId merchant, std::string_view key) const;  // 16 bytes

  // Tells whether a store was made under this master key, and nothing else about it.
  const std::string& key_check() const { return key_check_; }

 private:
  sys::Bytes seal_bound(const sys::SecretKey& key, std::string_view bound,
                        std::string_view text) const;

  sys::Random& random_;
  sys::HmacKey wrapping_;
  sys::HmacKey sealing_;
  sys::HmacKey hashing_;
  std::string key_check_;
};

// An id as the `row` of a sealed value.
std::string row_name(std::uint64_t id);
std::string row_name(std::uint64_t id, std::uint32_t number);

}  // namespace disburse::store
