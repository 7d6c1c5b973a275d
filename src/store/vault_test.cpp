// What the vault seals opens in its own place and nowhere else.
#include "store/vault.hpp"

#include <gtest/gtest.h>

#include "store/pack.hpp"

namespace disburse::store {
namespace {

class VaultTest : public testing::Test {
 protected:
  sys::RealRandom random_;
  sys::SecretKey master_ = sys::SecretKey::generate(random_);
  Vault vault_{master_, random_};
  Vault::Recipient recipient_{{1}, core::ContactId{7}};
};

TEST_F(VaultTest, ARecipientsDetailsOpenUnderTheirWrappedKey) {
  const Vault::NewKey key = vault_.new_recipient_key(recipient_);
  const sys::Bytes sealed = vault_.seal(key.key, Sealed::contact, recipient_, 7, "+919000090000");
  const auto unwrapped = vault_.unwrap(recipient_, key.wrapped);
  ASSERT_TRUE(unwrapped);
  EXPECT_EQ(*vault_.open(*unwrapped, Sealed::contact, recipient_, 7, sealed), "+919000090000");
}

TEST_F(VaultTest, DetailsMovedToAnotherRowRecipientOrKindDoNotOpen) {
  const Vault::NewKey key = vault_.new_recipient_key(recipient_);
  const sys::Bytes sealed = vault_.seal(key.key, Sealed::contact, recipient_, 7, "text");
  EXPECT_FALSE(vault_.open(key.key, Sealed::contact, recipient_, 8, sealed));
  EXPECT_FALSE(vault_.open(key.key, Sealed::fund_account, recipient_, 7, sealed));
  EXPECT_FALSE(vault_.open(key.key, Sealed::contact, {{2}, core::ContactId{7}}, 7, sealed));
  EXPECT_FALSE(vault_.open(key.key, Sealed::contact, {{1}, core::ContactId{8}}, 7, sealed));
  EXPECT_FALSE(vault_.unwrap({{1}, core::ContactId{8}}, key.wrapped));
}

TEST_F(VaultTest, ASecretMovedToAnotherRowMerchantOrKindDoesNotOpen) {
  const sys::Bytes sealed = vault_.seal(Sealed::endpoint, {1}, row_name(7), "whsec");
  EXPECT_EQ(*vault_.open(Sealed::endpoint, {1}, row_name(7), sealed), "whsec");
  EXPECT_FALSE(vault_.open(Sealed::endpoint, {1}, row_name(8), sealed));
  EXPECT_FALSE(vault_.open(Sealed::endpoint, {2}, row_name(7), sealed));
  EXPECT_FALSE(vault_.open(Sealed::delivery, {1}, row_name(7), sealed));
}

TEST_F(VaultTest, ABitThatWasChangedAnywhereIsNoticed) {
  const sys::Bytes sealed = vault_.seal(Sealed::endpoint, {1}, row_name(7), "whsec");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    sys::Bytes changed = sealed;
    changed[i] ^= 1;
    EXPECT_FALSE(vault_.open(Sealed::endpoint, {1}, row_name(7), changed)) << i;
  }
  EXPECT_FALSE(vault_.open(Sealed::endpoint, {1}, row_name(7), sys::Bytes{}));
}

TEST_F(VaultTest, TheSameTextIsSealedToOtherBytesEachTime) {
  EXPECT_NE(vault_.seal(Sealed::endpoint, {1}, row_name(7), "whsec"),
            vault_.seal(Sealed::endpoint, {1}, row_name(7), "whsec"));
  EXPECT_NE(vault_.new_recipient_key(recipient_).key.expose(),
            vault_.new_recipient_key(recipient_).key.expose());
}

TEST_F(VaultTest, AnotherMasterKeyOpensNothingAndHashesOtherwise) {
  const Vault other(sys::SecretKey::generate(random_), random_);
  const Vault::NewKey key = vault_.new_recipient_key(recipient_);
  EXPECT_FALSE(other.unwrap(recipient_, key.wrapped));
  const sys::Bytes sealed = vault_.seal(Sealed::endpoint, {1}, row_name(7), "whsec");
  EXPECT_FALSE(other.open(Sealed::endpoint, {1}, row_name(7), sealed));
  EXPECT_NE(other.contact_hash({1}, "9000090000"), vault_.contact_hash({1}, "9000090000"));
  EXPECT_NE(other.key_check(), vault_.key_check());
  EXPECT_EQ(Vault(master_, random_).key_check(), vault_.key_check());
}

TEST_F(VaultTest, HashesDifferByMerchantAndAreZeroForNothingOnly) {
  EXPECT_EQ(vault_.contact_hash({1}, ""), 0);
  EXPECT_NE(vault_.contact_hash({1}, "9000090000"), 0);
  EXPECT_EQ(vault_.contact_hash({1}, "9000090000"), vault_.contact_hash({1}, "9000090000"));
  EXPECT_NE(vault_.contact_hash({1}, "9000090000"), vault_.contact_hash({2}, "9000090000"));
  EXPECT_EQ(vault_.reply_hash({1}, "key").size(), 16U);
  EXPECT_NE(vault_.reply_hash({1}, "key"), vault_.reply_hash({2}, "key"));
}

TEST(Pack, ListsAndNumbersComeBack) {
  const std::vector<std::string> texts = {"", "a", std::string("\0b", 2), std::string(300, 'x')};
  EXPECT_EQ(*unpack_texts(pack_texts(texts)), texts);
  EXPECT_TRUE(pack_texts({}).empty());
  const TextPairs pairs = {{"key", ""}, {"", "value"}};
  EXPECT_EQ(*unpack_pairs(pack_pairs(pairs)), pairs);
  for (const std::uint64_t number : {0ULL, 127ULL, 128ULL, 1ULL << 56, ~0ULL}) {
    const std::string bytes = Packer().number(number).take();
    EXPECT_EQ(Unpacker(bytes).number(), number);
  }
}

TEST(Pack, BytesThatAreCutOffAreRefused) {
  const std::string whole = pack_pairs({{"key", "value"}});
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EXPECT_FALSE(unpack_pairs(whole.substr(0, size))) << size;
  }
  EXPECT_FALSE(unpack_texts(std::string(12, '\xff')));
}

}  // namespace
}  // namespace disburse::store
