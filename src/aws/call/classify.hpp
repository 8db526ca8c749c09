// What a refusal means: from AWS's error codes, in all their spellings, to the kinds that rekeyer reacts to. Pure.
#pragma once

#include <string_view>

#include "aws/call/endpoints.hpp"
#include "aws/http/service_error.hpp"
#include "base/error.hpp"

namespace rekeyer::aws {

/// May a call be sent again when nobody knows whether it was performed?
enum class Idempotent {
  read,  ///< changes nothing: always
  yes,   ///< changes something, but twice is the same as once
  no,    ///< never after an ambiguous failure (CreateAccessKey)
};

/// May the same call be sent again, unchanged, after a failure of this kind? Expired credentials and a wrong clock are
/// not among them: the caller mends those and signs anew, once.
constexpr bool retryable(ErrorKind kind, Idempotent idempotent) {
  switch (kind) {
    case ErrorKind::not_sent:
    case ErrorKind::throttled: return true;
    case ErrorKind::outcome_unknown:
    case ErrorKind::server_fault:
    case ErrorKind::bad_reply: return idempotent != Idempotent::no;
    case ErrorKind::usage:
    case ErrorKind::access_denied:
    case ErrorKind::credentials_invalid:
    case ErrorKind::credentials_expired:
    case ErrorKind::clock_skew:
    case ErrorKind::not_found:
    case ErrorKind::already_exists:
    case ErrorKind::limit_exceeded:
    case ErrorKind::conflict:
    case ErrorKind::marked_for_deletion:
    case ErrorKind::lease_over:
    case ErrorKind::cancelled:
    case ErrorKind::rejected: return false;
  }
  return false;
}

/// After a failure of this kind, may the call have been performed although it failed?
constexpr bool ambiguous(ErrorKind kind) {
  return kind == ErrorKind::outcome_unknown || kind == ErrorKind::server_fault || kind == ErrorKind::bad_reply;
}

struct Classification {
  /// Where one refusal differs from the others of its kind.
  enum class Again {
    by_kind,  ///< as retryable() says
    yes,      ///< refused for something that passes by itself (a concurrent change)
    few,      ///< the same, but more likely a hard limit: three attempts in all
    never,    ///< sending again can't help
  };
  ErrorKind kind = ErrorKind::rejected;
  Again again = Again::by_kind;
  /// The code is also what AWS answers where the clock is wrong: worth a look at the Date header.
  bool maybe_skew = false;
};

/// Total. `error.code` is the sanitised wire code, or the status in digits where the reply was no AWS error document.
Classification classify(const Service& service, std::string_view operation, int status, const ServiceError& error);

}  // namespace rekeyer::aws
