// Against the vectors of RFC 6979, A.2.5, and OpenSSL's verification.
#include "sandbox/services/kms_curve.hpp"

#include <gtest/gtest.h>

#include "sandbox/world/ids.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::string_view example_key = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";

std::string hexadecimal_of(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    text += digits[static_cast<unsigned char>(byte) >> 4U];
    text += digits[static_cast<unsigned char>(byte) & 15U];
  }
  return text;
}

TEST(KmsCurve, SignsAsTheRfcDoes) {
  EXPECT_EQ(hexadecimal_of(signature_of(example_key, sha256("sample"))),
            "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
            "022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
  EXPECT_EQ(hexadecimal_of(signature_of(example_key, sha256("test"))),
            "3045022100f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
            "0220019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083");
}

TEST(KmsCurve, ThePublicHalfIsANamedCurveAndItsPoint) {
  EXPECT_EQ(hexadecimal_of(public_key_of(example_key)),
            "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
            "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
            "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
}

TEST(KmsCurve, OnlyTheKeyThatSignedVerifies) {
  Ids ids(3);
  for (int i = 0; i < 20; ++i) {
    const std::string key = ids.signing_key();
    ASSERT_TRUE(is_signing_key(key));
    const Digest digest = sha256(key);
    const std::string signature = signature_of(key, digest);
    EXPECT_TRUE(signed_by(key, digest, signature)) << key;
    EXPECT_FALSE(signed_by(example_key, digest, signature));
    EXPECT_FALSE(signed_by(key, sha256("another"), signature));
    EXPECT_FALSE(signed_by(key, digest, signature.substr(1)));
    EXPECT_FALSE(signed_by(key, digest, ""));
  }
}

TEST(KmsCurve, KeysAreNumbersBelowTheOrder) {
  EXPECT_TRUE(is_signing_key(std::string(63, '0') + "1"));
  EXPECT_TRUE(is_signing_key("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550"));
  EXPECT_FALSE(is_signing_key("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"));
  EXPECT_FALSE(is_signing_key(std::string(64, '0')));
  EXPECT_FALSE(is_signing_key(std::string(64, 'g')));
  EXPECT_FALSE(is_signing_key("1"));
}

}  // namespace
}  // namespace rekeyer::sandbox
