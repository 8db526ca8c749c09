#include "base/error.hpp"

namespace rekeyer {

std::string_view name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage: return "usage";
    case ErrorKind::not_sent: return "not_sent";
    case ErrorKind::outcome_unknown: return "outcome_unknown";
    case ErrorKind::throttled: return "throttled";
    case ErrorKind::access_denied: return "access_denied";
    case ErrorKind::credentials_invalid: return "credentials_invalid";
    case ErrorKind::credentials_expired: return "credentials_expired";
    case ErrorKind::clock_skew: return "clock_skew";
    case ErrorKind::not_found: return "not_found";
    case ErrorKind::already_exists: return "already_exists";
    case ErrorKind::limit_exceeded: return "limit_exceeded";
    case ErrorKind::conflict: return "conflict";
    case ErrorKind::marked_for_deletion: return "marked_for_deletion";
    case ErrorKind::server_fault: return "server_fault";
    case ErrorKind::bad_reply: return "bad_reply";
    case ErrorKind::lease_over: return "lease_over";
    case ErrorKind::cancelled: return "cancelled";
    case ErrorKind::rejected: return "rejected";
  }
  return "unknown";
}

std::string describe(const Error& error) {
  std::string text;
  if (!error.operation.empty()) text += error.operation + ": ";
  if (!error.code.empty()) text += error.code + ": ";
  text += error.message.empty() ? std::string(name(error.kind)) : error.message;
  if (!error.request_id.empty()) text += " (request id " + error.request_id + ")";
  return text;
}

Error in_context(Error error, std::string_view context) {
  error.message = std::string(context) + ": " + (error.message.empty() ? std::string(name(error.kind)) : error.message);
  return error;
}

}  // namespace rekeyer
