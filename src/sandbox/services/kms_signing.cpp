// KMS's keys that sign: their public halves, signatures and their verification. ECC_NIST_P256 is the only kind here.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "base/try.hpp"
#include "sandbox/services/kms_curve.hpp"
#include "sandbox/services/kms_keys.hpp"
#include "sandbox/services/service.hpp"
#include "sandbox/wire/base64.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

constexpr std::string_view the_algorithm = "ECDSA_SHA_256";
constexpr std::string_view other_algorithms[] = {"RSASSA_PSS_SHA_256",
                                                 "RSASSA_PSS_SHA_384",
                                                 "RSASSA_PSS_SHA_512",
                                                 "RSASSA_PKCS1_V1_5_SHA_256",
                                                 "RSASSA_PKCS1_V1_5_SHA_384",
                                                 "RSASSA_PKCS1_V1_5_SHA_512",
                                                 "ECDSA_SHA_384",
                                                 "ECDSA_SHA_512",
                                                 "SM2DSA",
                                                 "ML_DSA_SHAKE_256",
                                                 "ED25519_SHA_512",
                                                 "ED25519_PH_SHA_512"};

std::unexpected<ServiceError> unsignable(std::string_view member, std::string_view constraint) {
  return refuse(
      "ValidationException",
      fmt::format("1 validation error detected: Value at '{}' failed to satisfy constraint: {}", member, constraint));
}

ServiceResult<std::string> blob(const Call& call, std::string_view member, std::string_view shown, std::size_t most) {
  const auto text = call.text(member);
  if (!text) return unsignable(shown, "Member must not be null");
  auto bytes = decode_base64(*text);
  if (!bytes) return refuse("SerializationException", fmt::format("{} is no base64", member));
  if (bytes->empty() || bytes->size() > most) {
    return unsignable(shown, fmt::format("Member must have length between 1 and {}", most));
  }
  return *std::move(bytes);
}

/// What Sign and Verify are told alike. Shape first, the key later: as AWS looks.
struct Signable {
  std::string message;
  std::string type;
};

ServiceResult<Signable> read_signable(const Call& call) {
  Signable result;
  TRY(result.message, blob(call, "Message", "message", 4096));
  result.type = call.text("MessageType").value_or("RAW");
  if (result.type != "RAW" && result.type != "DIGEST" && result.type != "EXTERNAL_MU") {
    return unsignable("messageType", "Member must satisfy enum value set: [RAW, DIGEST, EXTERNAL_MU]");
  }
  const auto algorithm = call.text("SigningAlgorithm");
  if (!algorithm) return unsignable("signingAlgorithm", "Member must not be null");
  const bool known =
      *algorithm == the_algorithm || std::ranges::find(other_algorithms, *algorithm) != std::end(other_algorithms);
  if (!known) return unsignable("signingAlgorithm", "Member must satisfy enum value set");
  return result;
}

ServiceResult<const KmsKey*> enabled_key(const Call& call, const Context& context) {
  TRY(const KmsKey* const key, wanted_kms_key(call, context));
  if (!key->enabled) return refuse("DisabledException", fmt::format("{} is disabled.", key->arn));
  return key;
}

ServiceResult<const KmsKey*> key_that_signs(const Call& call, const Context& context) {
  TRY(const KmsKey* const key, enabled_key(call, context));
  if (key->spec != signing_key_spec) {
    return refuse("InvalidKeyUsageException",
                  fmt::format("{} key usage is ENCRYPT_DECRYPT which is not valid for {}.", key->arn, call.operation));
  }
  if (const auto algorithm = call.text_or_empty("SigningAlgorithm"); algorithm != the_algorithm) {
    return refuse("InvalidKeyUsageException",
                  fmt::format("Algorithm {} is incompatible with key spec {}.", algorithm, key->spec));
  }
  return key;
}

ServiceResult<Digest> digest_of(const Signable& signable) {
  if (signable.type == "RAW") return sha256(signable.message);
  Digest digest{};
  if (signable.type != "DIGEST" || signable.message.size() != digest.size()) {
    return refuse("ValidationException", fmt::format("Digest is invalid length for algorithm {}.", the_algorithm));
  }
  std::ranges::copy(signable.message, digest.begin());
  return digest;
}

/// Asked for with DryRun: whether the call would have been allowed and possible.
ServiceResult<void> not_dry(const Call& call) {
  if (!call.boolean("DryRun").value_or(false)) return {};
  return refuse("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.");
}

Output get_public_key(const Call& call, const Context& context) {
  TRY(const KmsKey* const key, enabled_key(call, context));
  if (key->spec != signing_key_spec) {
    return refuse("UnsupportedOperationException",
                  fmt::format("{} key spec is {} which is not valid for GetPublicKey.", key->arn, key->spec));
  }
  return json::object{{"KeyId", key->arn.str()},
                      {"PublicKey", encode_base64(public_key_of(key->private_key))},
                      {"CustomerMasterKeySpec", key->spec},
                      {"KeySpec", key->spec},
                      {"KeyUsage", "SIGN_VERIFY"},
                      {"SigningAlgorithms", json::array{the_algorithm}}};
}

Output sign(const Call& call, const Context& context) {
  TRY(const Signable signable, read_signable(call));
  TRY(const KmsKey* const key, key_that_signs(call, context));
  TRY(const Digest digest, digest_of(signable));
  TRY_VOID(not_dry(call));
  return json::object{{"KeyId", key->arn.str()},
                      {"Signature", encode_base64(signature_of(key->private_key, digest))},
                      {"SigningAlgorithm", the_algorithm}};
}

Output verify(const Call& call, const Context& context) {
  TRY(const Signable signable, read_signable(call));
  TRY(const std::string signature, blob(call, "Signature", "signature", 6144));
  TRY(const KmsKey* const key, key_that_signs(call, context));
  TRY(const Digest digest, digest_of(signable));
  TRY_VOID(not_dry(call));
  if (!signed_by(key->private_key, digest, signature)) return refuse("KMSInvalidSignatureException", "");
  return json::object{{"KeyId", key->arn.str()}, {"SignatureValid", true}, {"SigningAlgorithm", the_algorithm}};
}

}  // namespace

std::span<const Operation> kms_signing_operations() {
  static constexpr Operation table[] = {
      {"GetPublicKey", get_public_key},
      {"Sign", sign},
      {"Verify", verify},
  };
  return table;
}

}  // namespace rekeyer::sandbox
