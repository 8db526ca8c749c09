// KMS's keys that sign, called directly.
#include "sandbox/access/digest.hpp"
#include "sandbox/services/secret_bench.hpp"
#include "sandbox/wire/base64.hpp"

namespace rekeyer::sandbox {
namespace {

class KmsSigning : public SecretBench {
 protected:
  KmsSigning() {
    const auto made = perform("CreateKey", R"({"KeySpec":"ECC_NIST_P256","KeyUsage":"SIGN_VERIFY"})");
    arn = std::string(made->at("KeyMetadata").at("Arn").as_string());
  }
  KmsKey& key() { return world.account(home).vaults[region].keys.at(arn.substr(arn.rfind('/') + 1)); }

  boost::json::object asked(std::string_view message, std::string_view type = "RAW") const {
    return {{"KeyId", arn},
            {"Message", encode_base64(message)},
            {"MessageType", type},
            {"SigningAlgorithm", "ECDSA_SHA_256"}};
  }
  static std::string with(boost::json::object input, std::string_view member, std::string_view value) {
    input[member] = value;
    return boost::json::serialize(input);
  }
  std::string signature(const boost::json::object& input) {
    return text(perform("Sign", boost::json::serialize(input)), "Signature");
  }

  std::string arn;
  static constexpr std::string_view digest_size = "0123456789abcdef0123456789abcdef";
};

TEST_F(KmsSigning, WhatIsSignedVerifiesAndNothingElseDoes) {
  const auto input = asked("this secret is ann's");
  const auto answer = perform("Sign", boost::json::serialize(input));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(text(answer, "KeyId"), arn);
  EXPECT_EQ(text(answer, "SigningAlgorithm"), "ECDSA_SHA_256");
  const std::string made = text(answer, "Signature");
  EXPECT_EQ(text(perform("Verify", with(input, "Signature", made)), "SignatureValid"), "true");
  EXPECT_EQ(code("Verify", with(asked("this secret is bob's"), "Signature", made)), "KMSInvalidSignatureException");
  EXPECT_EQ(code("Verify", with(input, "Signature", encode_base64("made up"))), "KMSInvalidSignatureException");
}

TEST_F(KmsSigning, ADigestIsSignedAsItIs) {
  const auto digest = sha256("message");
  const std::string_view bytes(reinterpret_cast<const char*>(digest.data()), digest.size());
  const std::string made = signature(asked(bytes, "DIGEST"));
  EXPECT_EQ(code("Verify", with(asked("message"), "Signature", made)), "done");
  EXPECT_EQ(code("Verify", with(asked(bytes), "Signature", made)), "KMSInvalidSignatureException") << "hashed again";
  EXPECT_EQ(code("Sign", boost::json::serialize(asked("message", "DIGEST"))), "ValidationException");
  EXPECT_EQ(code("Sign", boost::json::serialize(asked(digest_size, "EXTERNAL_MU"))), "ValidationException");
}

TEST_F(KmsSigning, AKeyThatIsSwitchedOffDoesNothing) {
  const auto input = asked("x");
  const std::string made = signature(input);
  perform("DisableKey", fmt::format(R"({{"KeyId":"{}"}})", arn));
  EXPECT_EQ(message("Sign", boost::json::serialize(input)), arn + " is disabled.");
  EXPECT_EQ(code("Sign", boost::json::serialize(input)), "DisabledException");
  EXPECT_EQ(code("Verify", with(input, "Signature", made)), "DisabledException");
  EXPECT_EQ(code("GetPublicKey", fmt::format(R"({{"KeyId":"{}"}})", arn)), "DisabledException");
}

TEST_F(KmsSigning, ThePublicHalfIsShown) {
  const auto shown = perform("GetPublicKey", fmt::format(R"({{"KeyId":"{}"}})", key().id));
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(text(shown, "KeyId"), arn);
  EXPECT_EQ(text(shown, "KeyUsage"), "SIGN_VERIFY");
  EXPECT_EQ(text(shown, "SigningAlgorithms"), R"(["ECDSA_SHA_256"])");
  EXPECT_EQ(decode_base64(text(shown, "PublicKey")).value().size(), 91u);
  EXPECT_EQ(boost::json::serialize(*shown).find(key().private_key), std::string::npos);
}

TEST_F(KmsSigning, KeysThatEncryptSignNothing) {
  const auto made = perform("CreateKey");
  auto input = asked("x");
  input["KeyId"] = made->at("KeyMetadata").at("Arn");
  EXPECT_EQ(code("Sign", boost::json::serialize(input)), "InvalidKeyUsageException");
  EXPECT_EQ(code("Verify", with(input, "Signature", "eA==")), "InvalidKeyUsageException");
  EXPECT_EQ(code("GetPublicKey", boost::json::serialize(input)), "UnsupportedOperationException");
}

TEST_F(KmsSigning, InputIsChecked) {
  const auto input = asked("x");
  EXPECT_EQ(code("Sign", with(input, "SigningAlgorithm", "ECDSA_SHA_384")), "InvalidKeyUsageException");
  EXPECT_EQ(code("Sign", with(input, "SigningAlgorithm", "ROT13")), "ValidationException");
  EXPECT_EQ(code("Sign", with(input, "MessageType", "TEXT")), "ValidationException");
  EXPECT_EQ(code("Sign", with(input, "Message", "")), "ValidationException");
  EXPECT_EQ(code("Sign", with(input, "Message", encode_base64(std::string(4097, 'x')))), "ValidationException");
  EXPECT_EQ(code("Sign", with(input, "Message", "*")), "SerializationException");
  EXPECT_EQ(code("Sign", with(input, "KeyId", "nothing")), "NotFoundException");
  EXPECT_EQ(code("Sign", with(input, "DryRun", "true")), "DryRunOperationException");
  EXPECT_EQ(code("Verify", boost::json::serialize(input)), "ValidationException") << "no signature";
  EXPECT_EQ(code("Sign", fmt::format(R"({{"KeyId":"{}"}})", arn)), "ValidationException");
}

TEST_F(KmsSigning, AnotherAccountSignsByTheArn) {
  caller.account = other;
  EXPECT_EQ(code("Sign", boost::json::serialize(asked("x"))), "done");
  EXPECT_EQ(code("Sign", with(asked("x"), "KeyId", key().id)), "NotFoundException");
}

}  // namespace
}  // namespace rekeyer::sandbox
