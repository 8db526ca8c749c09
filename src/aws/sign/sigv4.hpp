// AWS Signature Version 4 (header form) in three pure stages, so that each can be compared with AWS's own vectors.
#pragma once

#include <string>
#include <string_view>

#include "aws/http/message.hpp"
#include "aws/sign/credentials.hpp"

namespace rekeyer::aws {

struct SigningScope {
  std::string region;
  std::string service;
  Instant time{};
  bool normalize_path = true;      ///< remove dot segments and collapse slashes, as all services but S3 want
  bool double_encode_path = true;  ///< encode the already encoded path again, as all services but S3 want
  bool sign_body_header = false;   ///< add x-amz-content-sha256 (S3 requires it)
};

/// Stage 1: the canonical request. `request` already carries host, x-amz-date and, where needed, the token.
std::string canonical_request(const HttpRequest& request, const SigningScope& scope);
/// The lower-case names that are signed, sorted, joined by ";".
std::string signed_headers(const HttpRequest& request);
/// Stage 2: the string to sign.
std::string string_to_sign(std::string_view canonical_request, const SigningScope& scope);
/// Stage 3: the signature, 64 hexadecimal digits.
std::string signature(std::string_view string_to_sign, const Secret& secret, const SigningScope& scope);

/// All of it: sets Host, X-Amz-Date, X-Amz-Security-Token and Authorization. Signing again replaces them.
void sign(HttpRequest& request, const Credentials& credentials, const SigningScope& scope);

}  // namespace rekeyer::aws
