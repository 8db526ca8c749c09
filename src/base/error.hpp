// What can go wrong, as far as some code reacts to it. Calls that can fail return Result; exceptions are for bugs only.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace rekeyer {

/// One kind per reaction: a kind exists only because some code does something different for it.
enum class ErrorKind {
  usage,                ///< the person's input (flags, configuration, event) is wrong; exit code 2
  not_sent,             ///< the request never left: nothing was performed
  outcome_unknown,      ///< the reply was lost: a changing call may or may not have been performed
  throttled,            ///< refused for rate; not performed
  access_denied,        ///< refused by a policy; not performed
  credentials_invalid,  ///< the signing key is unknown, inactive or not yet spread
  credentials_expired,  ///< the session ended; refresh and sign again
  clock_skew,           ///< the signature's date is too far from the server's
  not_found,            ///< the named thing does not exist
  already_exists,       ///< the named thing, or another value under the same token, exists
  limit_exceeded,       ///< a hard quota (two access keys a user); retrying does not help
  conflict,             ///< somebody else changed it meanwhile, or a precondition does not hold
  marked_for_deletion,  ///< the secret is scheduled for deletion
  server_fault,         ///< the server failed (5xx); a changing call may have been performed
  bad_reply,            ///< the reply can't be understood; a changing call may have been performed
  lease_over,           ///< the time in which this may be signed is over; nothing was sent
  cancelled,            ///< stopped on request before it was sent
  rejected,             ///< any other definite refusal; not performed
};
inline constexpr ErrorKind last_error_kind = ErrorKind::rejected;

/// Stable lower-case name, as used in logs and JSON.
std::string_view name(ErrorKind kind);

/// A failure that a person can act on: what, where, and AWS's own words and request id where there are any.
struct Error {
  ErrorKind kind = ErrorKind::rejected;
  std::string message;     ///< one sentence; never holds a secret
  std::string code;        ///< AWS's error code, such as `AccessDenied`; empty where AWS did not answer
  std::string operation;   ///< such as `iam:CreateAccessKey`; empty outside AWS calls
  std::string request_id;  ///< AWS's request id; empty where AWS did not answer
};

/// "iam:ListUsers: AccessDenied: <message> (request id …)".
std::string describe(const Error& error);

template <class T = void>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string message) {
  return std::unexpected(Error{kind, std::move(message), {}, {}, {}});
}
inline std::unexpected<Error> fail(Error error) { return std::unexpected(std::move(error)); }

/// Puts "<context>: " before the message.
Error in_context(Error error, std::string_view context);

}  // namespace rekeyer
