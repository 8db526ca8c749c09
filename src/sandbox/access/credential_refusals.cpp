#include "sandbox/access/credential_refusals.hpp"

namespace rekeyer::sandbox {
namespace {

/// The query protocol and REST answer 403, AWS JSON answers 400 to everything that the caller did wrong.
Refusal worded(const Call& call, std::string_view query_code, std::string_view json_code, std::string message) {
  const bool query = call.protocol == Protocol::query;
  return {std::string(query ? query_code : json_code), std::move(message), call.protocol == Protocol::json ? 400 : 403};
}

}  // namespace

Refusal unusable_credentials(const Call& call) {
  return worded(call, "InvalidClientTokenId", "UnrecognizedClientException",
                "The security token included in the request is invalid.");
}

Refusal expired_credentials(const Call& call) {
  return worded(call, "ExpiredToken", "ExpiredTokenException", "The security token included in the request is expired");
}

Refusal signature_mismatch(const Call& call, std::string message) {
  return worded(call, "SignatureDoesNotMatch", "InvalidSignatureException", std::move(message));
}

Refusal missing_signature(const Call& call) {
  return worded(call, "MissingAuthenticationToken", "MissingAuthenticationTokenException",
                "Request is missing Authentication Token");
}

Refusal incomplete_signature(const Call& call) {
  return worded(call, "IncompleteSignature", "IncompleteSignatureException",
                "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.");
}

}  // namespace rekeyer::sandbox
