#include "sandbox/wire/service_error.hpp"

namespace rekeyer::sandbox {
namespace {

/// How one service speaks of the troubles that every service has.
struct Words {
  std::string_view service;
  std::string_view throttled;
  int throttled_status;
  std::string_view throttled_message;
  std::string_view internal;
  std::string_view denied;
  int denied_status;
};

constexpr std::string_view rate = "Rate exceeded";
constexpr std::string_view too_many = "You have sent too many requests in too short a period of time.";

constexpr Words table[] = {
    {"iam", "Throttling", 400, rate, "ServiceFailure", "AccessDenied", 403},
    {"sts", "Throttling", 400, rate, "InternalFailure", "AccessDenied", 403},
    {"sns", "Throttling", 400, rate, "InternalError", "AuthorizationError", 403},
    {"organizations", "TooManyRequestsException", 400, too_many, "ServiceException", "AccessDeniedException", 400},
    {"secretsmanager", "ThrottlingException", 400, rate, "InternalServiceError", "AccessDeniedException", 400},
    {"kms", "ThrottlingException", 400, rate, "KMSInternalException", "AccessDeniedException", 400},
    {"ses", "TooManyRequestsException", 429, rate, "InternalServiceErrorException", "AccessDeniedException", 403},
    {"s3", "SlowDown", 503, "Please reduce your request rate.", "InternalError", "AccessDenied", 403},
    {"ssm", "ThrottlingException", 400, rate, "InternalServerError", "AccessDeniedException", 400},
    {"events", "ThrottlingException", 400, rate, "InternalException", "AccessDeniedException", 400},
    {"scheduler", "ThrottlingException", 429, rate, "InternalServerException", "AccessDeniedException", 403},
    {"account", "TooManyRequestsException", 429, rate, "InternalServerException", "AccessDeniedException", 403},
};
constexpr Words any_other = {{}, "ThrottlingException", 400, rate, "InternalFailure", "AccessDeniedException", 400};

const Words& words_of(std::string_view service) {
  for (const Words& words : table) {
    if (words.service == service) return words;
  }
  return any_other;
}

}  // namespace

ServiceError throttled(std::string_view service) {
  const Words& words = words_of(service);
  return {std::string(words.throttled), std::string(words.throttled_message), words.throttled_status};
}

ServiceError internal_error(std::string_view service) {
  return {std::string(words_of(service).internal), "An error on our side; please try again.", 500};
}

ServiceError denied(std::string_view service, std::string_view principal, std::string_view action,
                    std::string_view resource, std::string_view why) {
  std::string message = "User: ";
  message.reserve(64 + principal.size() + action.size() + resource.size() + why.size());
  message.append(principal).append(" is not authorized to perform: ").append(action);
  if (!resource.empty()) message.append(" on resource: ").append(resource);
  if (!why.empty()) message.append(" ").append(why);
  const Words& words = words_of(service);
  return {std::string(words.denied), std::move(message), words.denied_status};
}

}  // namespace rekeyer::sandbox
