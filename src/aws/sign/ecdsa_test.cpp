// Signatures of KMS keys, checked by OpenSSL's public half. What is signed here is signed by OpenSSL itself.
#include "aws/sign/ecdsa.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "fakes/signing_key.hpp"

namespace rekeyer::aws {
namespace {

using fakes::SigningKey;

TEST(Ecdsa, VerifiesWhatTheKeySignedAndNothingElse) {
  const SigningKey key;
  const auto verifier = EcdsaPublicKey::from_der(key.public_der()).value();
  for (int i = 0; i < 50; ++i) {  // short numbers are padded: one signature in 128 has one
    const auto message = "message " + std::to_string(i);
    const auto raw = raw_signature(key.sign(message)).value();
    ASSERT_EQ(raw.size(), 64U);
    ASSERT_TRUE(verifier.verifies(message, raw)) << i;
    ASSERT_FALSE(verifier.verifies(message + "!", raw)) << i;
    auto bent = raw;
    bent[static_cast<std::size_t>(i)] ^= 1;
    ASSERT_FALSE(verifier.verifies(message, bent)) << i;
  }
  const SigningKey other;
  EXPECT_FALSE(verifier.verifies("m", raw_signature(other.sign("m")).value()));
}

TEST(Ecdsa, WhatIsNoKeyOrNoSignatureIsABadReply) {
  const SigningKey key;
  const auto der = key.public_der();
  for (const auto& text : {std::string(), std::string("not DER"), der.substr(1), std::string(300, 'x')}) {
    EXPECT_EQ(EcdsaPublicKey::from_der(text).error().kind, ErrorKind::bad_reply) << text.size();
    EXPECT_EQ(raw_signature(text).error().kind, ErrorKind::bad_reply) << text.size();
  }
  EXPECT_EQ(EcdsaPublicKey::from_der(SigningKey("P-384").public_der()).error().kind, ErrorKind::bad_reply);
  const auto verifier = EcdsaPublicKey::from_der(der).value();
  for (const std::size_t size : {0U, 1U, 63U, 65U}) EXPECT_FALSE(verifier.verifies("m", std::string(size, 'x')));
  EXPECT_FALSE(verifier.verifies("m", std::string(64, '\0')));
}

}  // namespace
}  // namespace rekeyer::aws
