// An error reply of AWS, by the code that goes over the wire, and the errors that every service has.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace rekeyer::sandbox {

struct Refusal {
  std::string code;
  std::string message;
  int status = 400;
  std::string bucket_region = {};  ///< S3 names the region of a bucket that is elsewhere
};

template <class T>
using Answered = std::expected<T, Refusal>;

inline std::unexpected<Refusal> refuse(std::string code, std::string message, int status = 400) {
  return std::unexpected(Refusal{std::move(code), std::move(message), status});
}

// The same trouble has another code, status and wording in each service (facts of AWS's error tables).
Refusal throttled(std::string_view service);
Refusal internal_error(std::string_view service);
/// "User: <arn> is not authorized to perform: <action> on resource: <resource> <why>"
Refusal denied(std::string_view service, std::string_view principal, std::string_view action, std::string_view resource,
               std::string_view why = "because no identity-based policy allows the action");

}  // namespace rekeyer::sandbox
