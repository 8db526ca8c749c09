// What AWS says when it refuses: code, words and request id, out of the error documents of each protocol.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/http/message.hpp"

namespace rekeyer::aws {

struct ServiceError {
  std::string code;        ///< the wire code, sanitised: "NoSuchEntity", "ThrottlingException"
  std::string message;     ///< AWS's words: one line, shortened, without the signed text that a signature error quotes
  std::string request_id;  ///< empty where the reply has none
  bool operator==(const ServiceError&) const = default;
};

enum class ErrorFormat {
  xml,        ///< query protocol and S3
  json,       ///< AWS JSON 1.0 and 1.1: the body's `__type` comes first
  rest_json,  ///< the header x-amzn-errortype comes first
};

/// `ErrorResponse/Error`, `Response/Errors/Error` or a bare `Error`; fails with `bad_reply` for anything else.
Result<ServiceError> read_xml_error(std::string_view body);
/// `__type`, `code` or `Code`, with `message` or `Message`; fails with `bad_reply` where there is no code.
Result<ServiceError> read_json_error(std::string_view body);
/// Cuts at the first ":" and takes what follows the last "#": "com.amazon.coral#Throttling:http://…" is "Throttling".
std::string_view sanitised_error_code(std::string_view code);

/// Never fails: where the reply holds no error document (a load balancer's page), the code is the HTTP status ("503").
ServiceError read_service_error(ErrorFormat format, const HttpResponse& response);

/// x-amzn-RequestId or x-amz-request-id; empty where there is neither.
std::string request_id(const Headers& headers);

}  // namespace rekeyer::aws
