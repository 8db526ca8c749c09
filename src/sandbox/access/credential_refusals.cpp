#include "sandbox/access/credential_refusals.hpp"

namespace rekeyer::sandbox {
namespace {

/// One trouble, as each family of protocols calls it.
struct Codes {
  std::string_view query;
  std::string_view json;
  std::string_view s3;
  int s3_status = 403;
};

/// The query protocol and REST answer 403, AWS JSON answers 400 to everything that the caller did wrong.
ServiceError worded(const Call& call, const Codes& codes, std::string message) {
  switch (call.protocol) {
    case Protocol::query: return {std::string(codes.query), std::move(message), 403};
    case Protocol::json: return {std::string(codes.json), std::move(message), 400};
    case Protocol::rest_json: return {std::string(codes.json), std::move(message), 403};
    case Protocol::rest_xml: return {std::string(codes.s3), std::move(message), codes.s3_status};
  }
  return {std::string(codes.query), std::move(message), 403};
}

}  // namespace

ServiceError unusable_credentials(const Call& call) {
  return worded(call, {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId"},
                "The security token included in the request is invalid.");
}

ServiceError expired_credentials(const Call& call) {
  return worded(call, {"ExpiredToken", "ExpiredTokenException", "ExpiredToken", 400},
                "The security token included in the request is expired");
}

ServiceError signature_mismatch(const Call& call, std::string message) {
  return worded(call, {"SignatureDoesNotMatch", "InvalidSignatureException", "SignatureDoesNotMatch"},
                std::move(message));
}

ServiceError wrong_time(const Call& call, std::string message) {
  return worded(call, {"SignatureDoesNotMatch", "InvalidSignatureException", "RequestTimeTooSkewed"},
                std::move(message));
}

ServiceError missing_signature(const Call& call) {
  return worded(call, {"MissingAuthenticationToken", "MissingAuthenticationTokenException", "AccessDenied"},
                "Request is missing Authentication Token");
}

ServiceError incomplete_signature(const Call& call) {
  return worded(call, {"IncompleteSignature", "IncompleteSignatureException", "AuthorizationHeaderMalformed", 400},
                "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.");
}

}  // namespace rekeyer::sandbox
