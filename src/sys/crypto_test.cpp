// The standards' own vectors, and what we promise on top of them.
#include "sys/crypto.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <type_traits>

namespace disburse::sys {
namespace {

Bytes from_hex(std::string_view digits) {
  Bytes out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    out.push_back(
        static_cast<std::uint8_t>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
  }
  return out;
}

SecretKey key_from_hex(std::string_view digits) { return *SecretKey::from_bytes(from_hex(digits)); }

core::Block16 block_from_hex(std::string_view digits) {
  core::Block16 block;
  const Bytes bytes = from_hex(digits);
  std::copy_n(bytes.begin(), block.size(), block.begin());
  return block;
}

Nonce nonce_from_hex(std::string_view digits) {
  Nonce nonce;
  const Bytes bytes = from_hex(digits);
  std::copy_n(bytes.begin(), nonce.size(), nonce.begin());
  return nonce;
}

constexpr std::string_view kCountingKey =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
constexpr std::string_view kZeroKey =
    "0000000000000000000000000000000000000000000000000000000000000000";

TEST(Sha256, answers_as_in_fips_180_4) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(HmacSha256, answers_as_in_rfc_4231) {
  EXPECT_EQ(hex(hmac_sha256(Bytes(20, 0x0b), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(Bytes(20, 0xaa), Bytes(50, 0xdd))),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
}

TEST(HmacSha256, hashes_a_key_longer_than_a_block_first) {
  EXPECT_EQ(
      hex(hmac_sha256(Bytes(131, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First")),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacKey, signs_from_many_threads_at_once) {
  const HmacKey key("Jefe");
  const Digest expected = key.sign("what do ya want for nothing?");
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&key, &expected, &wrong] {
      for (int round = 0; round < 2000; ++round) {
        if (key.sign("what do ya want for nothing?") != expected) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(HmacKey, refuses_a_signature_that_differs_or_is_cut_short) {
  const HmacKey key("secret");
  Digest signature = key.sign("body");
  EXPECT_TRUE(key.verify("body", signature));
  EXPECT_FALSE(key.verify("body", ByteView(signature).first(31)));
  EXPECT_FALSE(key.verify("body", ByteView()));
  EXPECT_FALSE(key.verify("bodY", signature));
  signature[31] ^= 1;
  EXPECT_FALSE(key.verify("body", signature));
}

TEST(Hkdf, answers_as_in_rfc_5869) {
  EXPECT_EQ(hex(hkdf_sha256(Bytes(22, 0x0b), from_hex("000102030405060708090a0b0c"),
                            from_hex("f0f1f2f3f4f5f6f7f8f9"), 42)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  EXPECT_EQ(hex(hkdf_sha256(Bytes(22, 0x0b), {}, {}, 42)),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Derive, gives_another_key_for_another_label) {
  const SecretKey master = key_from_hex(kCountingKey);
  EXPECT_EQ(derive(master, "a").expose(), derive(master, "a").expose());
  EXPECT_NE(derive(master, "a").expose(), derive(master, "b").expose());
  EXPECT_NE(derive(master, "a").expose(), master.expose());
}

TEST(Aes256Block, answers_as_in_fips_197) {
  const Aes256Block cipher(key_from_hex(kCountingKey));
  const core::Block16 plain = block_from_hex("00112233445566778899aabbccddeeff");
  const core::Block16 sealed = block_from_hex("8ea2b7ca516745bfeafc49904b496089");
  EXPECT_EQ(cipher.encrypt(plain), sealed);
  EXPECT_EQ(cipher.decrypt(sealed), plain);
}

TEST(Aes256Block, keeps_nothing_from_one_block_to_the_next) {
  const Aes256Block cipher(key_from_hex(kCountingKey));
  const core::Block16 plain = block_from_hex("00112233445566778899aabbccddeeff");
  const core::Block16 first = cipher.encrypt(plain);
  cipher.decrypt(first);
  EXPECT_EQ(cipher.encrypt(plain), first);
}

TEST(Aes256Block, knows_its_key_from_others_that_were_used_before_it) {
  const core::Block16 plain = block_from_hex("00112233445566778899aabbccddeeff");
  const Aes256Block counting(key_from_hex(kCountingKey));
  const core::Block16 sealed = counting.encrypt(plain);
  for (int round = 0; round < 3; ++round) {
    const Aes256Block zero(key_from_hex(kZeroKey));  // at the same place each time
    const Aes256Block again(key_from_hex(kCountingKey));
    EXPECT_NE(zero.encrypt(plain), sealed);
    EXPECT_EQ(again.encrypt(plain), sealed);
    EXPECT_EQ(again.decrypt(sealed), plain);
    EXPECT_NE(zero.decrypt(sealed), plain);
  }
  EXPECT_EQ(counting.decrypt(sealed), plain);
}

TEST(Aes256Block, works_from_many_threads_at_once) {
  const Aes256Block cipher(key_from_hex(kCountingKey));
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (std::uint8_t i = 0; i < 4; ++i) {
    threads.emplace_back([&cipher, &wrong, i] {
      for (int round = 0; round < 2000; ++round) {
        core::Block16 block{};
        block[0] = i;
        block[1] = static_cast<std::uint8_t>(round);
        if (cipher.decrypt(cipher.encrypt(block)) != block) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Seal, answers_as_in_the_gcm_specification) {
  // McGrew and Viega, test cases 13, 14 and 16.
  EXPECT_EQ(hex(seal(key_from_hex(kZeroKey), Nonce{}, {}, {})),
            "000000000000000000000000530f8afbc74536b9a963b4f1c4cb738b");
  EXPECT_EQ(hex(seal(key_from_hex(kZeroKey), Nonce{}, {}, Bytes(16, 0))),
            "000000000000000000000000"
            "cea7403d4d606b6e074ec5d3baf39d18"
            "d0d1c8a799996bf0265b98b5d48ab919");
  const SecretKey key =
      key_from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const Bytes sealed =
      seal(key, nonce_from_hex("cafebabefacedbaddecaf888"),
           from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
           from_hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"));
  EXPECT_EQ(hex(ByteView(sealed).from(kNonceSize)),
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
            "76fc6ece0f4e1768cddf8853bb2d551b");
}

TEST(Seal, opens_only_what_was_not_touched_under_its_key_and_place) {
  SeededRandom random(1);
  const SecretKey key = SecretKey::generate(random);
  const Bytes sealed = seal(key, random.bytes<kNonceSize>(), "row 7", "41234567890");
  ASSERT_TRUE(open(key, "row 7", sealed));
  EXPECT_EQ(ByteView(*open(key, "row 7", sealed)).text(), "41234567890");
  EXPECT_EQ(ByteView(*open(key, "", seal(key, Nonce{}, "", ""))).text(), "");

  EXPECT_FALSE(open(key, "row 8", sealed));
  EXPECT_FALSE(open(SecretKey::generate(random), "row 7", sealed));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes changed = sealed;
    changed[i] ^= 0x20;
    EXPECT_FALSE(open(key, "row 7", changed)) << "byte " << i;
    EXPECT_FALSE(open(key, "row 7", ByteView(sealed).first(i))) << "cut at " << i;
  }
}

TEST(SecretKey, is_not_copied_by_accident_nor_printed) {
  static_assert(!std::is_copy_constructible_v<SecretKey>);
  static_assert(!std::is_copy_assignable_v<SecretKey>);
  static_assert(!std::is_convertible_v<SecretKey, ByteView>);
  EXPECT_FALSE(SecretKey::from_bytes("too short"));
  EXPECT_FALSE(SecretKey::from_bytes(Bytes(33, 1)));
}

TEST(SecretKey, is_wiped_when_it_is_moved_from) {
  SecretKey from = key_from_hex(kCountingKey);
  const SecretKey to = std::move(from);
  EXPECT_EQ(from.expose(),
            SecretKey::Array{});  // NOLINT: looking at what was moved from is the point
  EXPECT_EQ(hex(to.expose()), kCountingKey);
}

TEST(ConstantTimeEqual, compares_as_equality_does) {
  EXPECT_TRUE(constant_time_equal("", ""));
  EXPECT_TRUE(constant_time_equal("token", "token"));
  EXPECT_FALSE(constant_time_equal("token", "tokem"));
  EXPECT_FALSE(constant_time_equal("token", "toke"));
}

TEST(Password, is_verified_against_its_hash_alone) {
  const std::string hash = *hash_password("correct horse", kTestPasswordCost);
  EXPECT_EQ(hash.substr(0, 10), "$argon2id$");
  EXPECT_TRUE(verify_password("correct horse", hash));
  EXPECT_FALSE(verify_password("correct horsE", hash));
  EXPECT_FALSE(verify_password("", hash));
  EXPECT_FALSE(verify_password("correct horse", "not a hash"));
  EXPECT_NE(*hash_password("correct horse", kTestPasswordCost), hash);
}

TEST(Password, is_hashed_again_when_the_cost_has_risen) {
  const std::string hash = *hash_password("correct horse", kTestPasswordCost);
  EXPECT_FALSE(needs_rehash(hash, kTestPasswordCost));
  EXPECT_TRUE(needs_rehash(hash));
}

TEST(Wipe, leaves_zeros) {
  std::array<std::uint8_t, 3> bytes{1, 2, 3};
  wipe(bytes);
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 3>{}));
  std::string text = "secret";
  wipe(text);
  EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace disburse::sys
