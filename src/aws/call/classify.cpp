// The table of codes, and the few refusals whose code alone misleads. Source: service models and recorded replies.
#include "aws/call/classify.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace rekeyer::aws {
namespace {

using enum ErrorKind;
using Again = Classification::Again;

/// Refusals that one service or operation means differently from the rest; first match wins. Empty matches everything.
struct Special {
  std::string_view service;
  std::string_view operation;
  std::string_view code;
  std::string_view words;  ///< in the message, whatever its case
  Classification verdict;
};

constexpr std::array specials{
    Special{"secretsmanager", "", "InvalidRequestException", "marked for deletion", {marked_for_deletion}},
    Special{"secretsmanager", "", "InvalidRequestException", "scheduled for deletion", {marked_for_deletion}},
    Special{"secretsmanager", "", "InvalidRequestException", "marked deleted", {marked_for_deletion}},
    Special{"secretsmanager", "", "", "access to kms is not allowed", {access_denied}},
    // The label sits on another version than the one named: somebody else moved it.
    Special{"secretsmanager", "UpdateSecretVersionStage", "InvalidParameterException", "", {conflict}},
    Special{"secretsmanager", "UpdateSecretVersionStage", "ResourceNotFoundException", "version", {conflict}},
    // In the SDKs' throttling lists, although here it mostly means a quota.
    Special{"secretsmanager", "", "LimitExceededException", "", {limit_exceeded, Again::few}},
    Special{"ses", "", "LimitExceededException", "", {limit_exceeded, Again::few}},
    // Told apart by its words: the same code and status may mean the second's or the day's allowance.
    Special{"ses", "", "", "maximum sending rate exceeded", {throttled}},
    Special{"ses", "", "", "daily message quota exceeded", {limit_exceeded}},
    Special{"ses", "", "AccountSuspendedException", "", {rejected}},
    Special{"iam", "", "LimitExceededException", "", {limit_exceeded}},
    Special{"", "", "SignatureDoesNotMatch", "signature expired", {clock_skew}},
    Special{"", "", "SignatureDoesNotMatch", "not yet current", {clock_skew}},
    Special{"", "", "InvalidSignatureException", "signature expired", {clock_skew}},
    Special{"", "", "InvalidSignatureException", "not yet current", {clock_skew}},
};

struct ErrorCode {
  std::string_view code;
  Classification verdict;
};

constexpr Classification suspect{credentials_invalid, Again::by_kind, true};

constexpr std::array error_codes{
    // Refused for rate.
    ErrorCode{"Throttling", {throttled}},
    ErrorCode{"ThrottlingException", {throttled}},
    ErrorCode{"ThrottledException", {throttled}},
    ErrorCode{"Throttled", {throttled}},
    ErrorCode{"RequestThrottledException", {throttled}},
    ErrorCode{"RequestThrottled", {throttled}},
    ErrorCode{"TooManyRequestsException", {throttled}},
    ErrorCode{"TooManyRequests", {throttled}},
    ErrorCode{"ProvisionedThroughputExceededException", {throttled}},
    ErrorCode{"TransactionInProgressException", {throttled}},
    ErrorCode{"RequestLimitExceeded", {throttled}},
    ErrorCode{"BandwidthLimitExceeded", {throttled}},
    ErrorCode{"LimitExceededException", {throttled}},
    ErrorCode{"SlowDown", {throttled}},
    ErrorCode{"PriorRequestNotComplete", {throttled}},
    ErrorCode{"EC2ThrottledException", {throttled}},
    ErrorCode{"KMSThrottling", {throttled}},
    ErrorCode{"KmsThrottlingException", {throttled}},
    // Refused by a policy.
    ErrorCode{"AccessDenied", {access_denied}},
    ErrorCode{"AccessDeniedException", {access_denied}},
    ErrorCode{"AuthorizationError", {access_denied}},
    ErrorCode{"UnauthorizedOperation", {access_denied}},
    ErrorCode{"OptInRequired", {access_denied}},
    ErrorCode{"RegionDisabledException", {access_denied}},
    ErrorCode{"ForbiddenException", {access_denied}},
    ErrorCode{"IDPRejectedClaim", {access_denied}},
    ErrorCode{"InvalidAccessException", {access_denied}},
    ErrorCode{"InvalidSecurity", {access_denied}},
    ErrorCode{"KMSAccessDenied", {access_denied}},
    ErrorCode{"AccountSuspendedException", {access_denied}},
    // The signing key.
    ErrorCode{"InvalidClientTokenId", {credentials_invalid}},
    ErrorCode{"UnrecognizedClientException", {credentials_invalid}},
    ErrorCode{"InvalidAccessKeyId", {credentials_invalid}},
    ErrorCode{"InvalidIdentityToken", {credentials_invalid}},
    ErrorCode{"UnauthorizedException", {credentials_invalid}},
    ErrorCode{"SignatureDoesNotMatch", suspect},
    ErrorCode{"InvalidSignatureException", suspect},
    ErrorCode{"AuthFailure", suspect},
    ErrorCode{"ExpiredToken", {credentials_expired}},
    ErrorCode{"ExpiredTokenException", {credentials_expired}},
    ErrorCode{"RequestExpired", {clock_skew}},
    ErrorCode{"RequestTimeTooSkewed", {clock_skew}},
    ErrorCode{"RequestInTheFuture", {clock_skew}},
    // The thing itself.
    ErrorCode{"NoSuchEntity", {not_found}},
    ErrorCode{"NoSuchKey", {not_found}},
    ErrorCode{"NoSuchBucket", {not_found}},
    ErrorCode{"ResourceNotFoundException", {not_found}},
    ErrorCode{"NotFoundException", {not_found}},
    ErrorCode{"NotFound", {not_found}},
    ErrorCode{"ParameterNotFound", {not_found}},
    ErrorCode{"ParameterVersionNotFound", {not_found}},
    ErrorCode{"AWSOrganizationsNotInUseException", {not_found}},
    ErrorCode{"ParentNotFoundException", {not_found}},
    ErrorCode{"ChildNotFoundException", {not_found}},
    ErrorCode{"TargetNotFoundException", {not_found}},
    ErrorCode{"AccountNotFoundException", {not_found}},
    ErrorCode{"OrganizationalUnitNotFoundException", {not_found}},
    ErrorCode{"RootNotFoundException", {not_found}},
    ErrorCode{"StateMachineDoesNotExist", {not_found}},
    ErrorCode{"ReportNotPresent", {not_found}},
    ErrorCode{"ReportExpired", {not_found}},
    ErrorCode{"EntityAlreadyExists", {already_exists}},
    ErrorCode{"ResourceExistsException", {already_exists}},
    ErrorCode{"ExecutionAlreadyExists", {already_exists}},
    ErrorCode{"LimitExceeded", {limit_exceeded}},  // two access keys a user: not LimitExceededException
    ErrorCode{"ServiceQuotaExceededException", {limit_exceeded}},
    ErrorCode{"ExecutionLimitExceeded", {limit_exceeded}},
    // Somebody else at the same time.
    ErrorCode{"ConcurrentModification", {conflict, Again::yes}},
    ErrorCode{"ConcurrentModificationException", {conflict, Again::yes}},
    ErrorCode{"EntityTemporarilyUnmodifiable", {conflict, Again::yes}},
    ErrorCode{"EntityTemporarilyUnmodifiableException", {conflict, Again::yes}},
    ErrorCode{"ConflictException", {conflict}},
    ErrorCode{"PreconditionFailed", {conflict}},          // S3: If-None-Match, If-Match
    ErrorCode{"ConditionalRequestConflict", {conflict}},  // S3: another conditional write is under way
    ErrorCode{"ResourceConflictException", {conflict}},
    ErrorCode{"DeleteConflict", {conflict}},
    ErrorCode{"PreconditionNotMetException", {conflict}},
    ErrorCode{"ReportInProgress", {conflict}},
    // The server's own trouble, also where its status says otherwise.
    ErrorCode{"InternalFailure", {server_fault}},
    ErrorCode{"InternalError", {server_fault}},
    ErrorCode{"InternalServerError", {server_fault}},
    ErrorCode{"InternalServerException", {server_fault}},
    ErrorCode{"InternalServiceError", {server_fault}},
    ErrorCode{"InternalException", {server_fault}},
    ErrorCode{"ServiceException", {server_fault}},
    ErrorCode{"ServiceFailure", {server_fault}},
    ErrorCode{"ServiceUnavailable", {server_fault}},
    ErrorCode{"ServiceUnavailableException", {server_fault}},
    ErrorCode{"RequestTimeout", {server_fault}},
    ErrorCode{"RequestTimeoutException", {server_fault}},
    ErrorCode{"IDPCommunicationError", {server_fault}},
};

/// `words` are in lower case.
bool mentions(std::string_view text, std::string_view words) {
  return !std::ranges::search(text, words, {}, lower).empty() || words.empty();
}

const Classification* special_verdict(const Service& service, std::string_view operation, const ServiceError& error) {
  const auto fits = [](std::string_view wanted, std::string_view given) { return wanted.empty() || wanted == given; };
  for (const Special& special : specials) {
    if (fits(special.service, service.id) && fits(special.operation, operation) && fits(special.code, error.code) &&
        mentions(error.message, special.words)) {
      return &special.verdict;
    }
  }
  return nullptr;
}

const Classification* verdict_by_code(const ServiceError& error) {
  for (const ErrorCode& row : error_codes) {
    if (row.code == error.code) return &row.verdict;
  }
  return nullptr;
}

/// No AWS error document: the codec put the status in the code's place.
bool is_bare_status(std::string_view code) { return code.empty() || std::ranges::all_of(code, is_digit); }

}  // namespace

Classification classify(const Service& service, std::string_view operation, int status, const ServiceError& error) {
  const Classification* special = special_verdict(service, operation, error);
  const Classification* verdict = special ? special : verdict_by_code(error);
  if (verdict && verdict->kind == throttled) return *verdict;
  // Words say more than a code or a status that only counts calls.
  if (special && status < 500) return *special;
  if (status == 429 || mentions(error.code, "throttl")) return {throttled};
  // Whatever a failing server says: it may have done the work before it failed.
  if (status == 501 || status == 505) return {server_fault, Again::never};
  if (status >= 500) return {server_fault};
  if (verdict) return *verdict;
  if (status == 408) return {server_fault};
  // Some intermediary's page: a "404" from it says nothing of what exists, a "403" nothing of any policy.
  if (is_bare_status(error.code)) return {bad_reply, Again::never};
  return {rejected};
}

}  // namespace rekeyer::aws
