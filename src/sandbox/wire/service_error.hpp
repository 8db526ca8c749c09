// An error reply of AWS, by the code that goes over the wire, and the errors that every service has.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace rekeyer::sandbox {

struct ServiceError {
  std::string code;
  std::string message;
  int status = 400;
  std::string bucket_region = {};  ///< S3 names the region of a bucket that is elsewhere
};

template <class T>
using ServiceResult = std::expected<T, ServiceError>;

inline std::unexpected<ServiceError> refuse(std::string code, std::string message, int status = 400) {
  return std::unexpected(ServiceError{std::move(code), std::move(message), status});
}

// The same trouble has another code, status and wording in each service (facts of AWS's error tables).
ServiceError throttled(std::string_view service);
ServiceError internal_error(std::string_view service);
/// "User: <arn> is not authorized to perform: <action> on resource: <resource> <why>"
ServiceError denied(std::string_view service, std::string_view principal, std::string_view action,
                    std::string_view resource,
                    std::string_view why = "because no identity-based policy allows the action");

}  // namespace rekeyer::sandbox
