// The table of codes, and the few refusals whose code alone misleads. Source: service models and recorded replies.
#include "aws/call/classify.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace rekeyer::aws {
namespace {

using enum ErrorKind;
using Again = Verdict::Again;

/// Refusals that one service or operation means differently from the rest; first match wins. Empty matches everything.
struct Special {
  std::string_view service;
  std::string_view operation;
  std::string_view code;
  std::string_view words;  ///< in the message, whatever its case
  Verdict verdict;
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

struct Row {
  std::string_view code;
  Verdict verdict;
};

constexpr Verdict suspect{credentials_invalid, Again::by_kind, true};

constexpr std::array table{
    // Refused for rate.
    Row{"Throttling", {throttled}},
    Row{"ThrottlingException", {throttled}},
    Row{"ThrottledException", {throttled}},
    Row{"Throttled", {throttled}},
    Row{"RequestThrottledException", {throttled}},
    Row{"RequestThrottled", {throttled}},
    Row{"TooManyRequestsException", {throttled}},
    Row{"TooManyRequests", {throttled}},
    Row{"ProvisionedThroughputExceededException", {throttled}},
    Row{"TransactionInProgressException", {throttled}},
    Row{"RequestLimitExceeded", {throttled}},
    Row{"BandwidthLimitExceeded", {throttled}},
    Row{"LimitExceededException", {throttled}},
    Row{"SlowDown", {throttled}},
    Row{"PriorRequestNotComplete", {throttled}},
    Row{"EC2ThrottledException", {throttled}},
    Row{"KMSThrottling", {throttled}},
    Row{"KmsThrottlingException", {throttled}},
    // Refused by a policy.
    Row{"AccessDenied", {access_denied}},
    Row{"AccessDeniedException", {access_denied}},
    Row{"AuthorizationError", {access_denied}},
    Row{"UnauthorizedOperation", {access_denied}},
    Row{"OptInRequired", {access_denied}},
    Row{"RegionDisabledException", {access_denied}},
    Row{"ForbiddenException", {access_denied}},
    Row{"IDPRejectedClaim", {access_denied}},
    Row{"InvalidAccessException", {access_denied}},
    Row{"InvalidSecurity", {access_denied}},
    Row{"KMSAccessDenied", {access_denied}},
    Row{"AccountSuspendedException", {access_denied}},
    // The signing key.
    Row{"InvalidClientTokenId", {credentials_invalid}},
    Row{"UnrecognizedClientException", {credentials_invalid}},
    Row{"InvalidAccessKeyId", {credentials_invalid}},
    Row{"InvalidIdentityToken", {credentials_invalid}},
    Row{"UnauthorizedException", {credentials_invalid}},
    Row{"SignatureDoesNotMatch", suspect},
    Row{"InvalidSignatureException", suspect},
    Row{"AuthFailure", suspect},
    Row{"ExpiredToken", {credentials_expired}},
    Row{"ExpiredTokenException", {credentials_expired}},
    Row{"RequestExpired", {clock_skew}},
    Row{"RequestTimeTooSkewed", {clock_skew}},
    Row{"RequestInTheFuture", {clock_skew}},
    // The thing itself.
    Row{"NoSuchEntity", {not_found}},
    Row{"NoSuchKey", {not_found}},
    Row{"NoSuchBucket", {not_found}},
    Row{"ResourceNotFoundException", {not_found}},
    Row{"NotFoundException", {not_found}},
    Row{"NotFound", {not_found}},
    Row{"ParameterNotFound", {not_found}},
    Row{"ParameterVersionNotFound", {not_found}},
    Row{"AWSOrganizationsNotInUseException", {not_found}},
    Row{"ParentNotFoundException", {not_found}},
    Row{"ChildNotFoundException", {not_found}},
    Row{"TargetNotFoundException", {not_found}},
    Row{"AccountNotFoundException", {not_found}},
    Row{"OrganizationalUnitNotFoundException", {not_found}},
    Row{"RootNotFoundException", {not_found}},
    Row{"StateMachineDoesNotExist", {not_found}},
    Row{"ReportNotPresent", {not_found}},
    Row{"ReportExpired", {not_found}},
    Row{"EntityAlreadyExists", {already_exists}},
    Row{"ResourceExistsException", {already_exists}},
    Row{"ExecutionAlreadyExists", {already_exists}},
    Row{"LimitExceeded", {limit_exceeded}},  // two access keys a user: not LimitExceededException
    Row{"ServiceQuotaExceededException", {limit_exceeded}},
    Row{"ExecutionLimitExceeded", {limit_exceeded}},
    // Somebody else at the same time.
    Row{"ConcurrentModification", {conflict, Again::yes}},
    Row{"ConcurrentModificationException", {conflict, Again::yes}},
    Row{"EntityTemporarilyUnmodifiable", {conflict, Again::yes}},
    Row{"EntityTemporarilyUnmodifiableException", {conflict, Again::yes}},
    Row{"ConflictException", {conflict}},
    Row{"PreconditionFailed", {conflict}},          // S3: If-None-Match, If-Match
    Row{"ConditionalRequestConflict", {conflict}},  // S3: another conditional write is under way
    Row{"ResourceConflictException", {conflict}},
    Row{"DeleteConflict", {conflict}},
    Row{"PreconditionNotMetException", {conflict}},
    Row{"ReportInProgress", {conflict}},
    // The server's own trouble, also where its status says otherwise.
    Row{"InternalFailure", {server_fault}},
    Row{"InternalError", {server_fault}},
    Row{"InternalServerError", {server_fault}},
    Row{"InternalServerException", {server_fault}},
    Row{"InternalServiceError", {server_fault}},
    Row{"InternalException", {server_fault}},
    Row{"ServiceException", {server_fault}},
    Row{"ServiceFailure", {server_fault}},
    Row{"ServiceUnavailable", {server_fault}},
    Row{"ServiceUnavailableException", {server_fault}},
    Row{"RequestTimeout", {server_fault}},
    Row{"RequestTimeoutException", {server_fault}},
    Row{"IDPCommunicationError", {server_fault}},
};

/// `words` are in lower case.
bool mentions(std::string_view text, std::string_view words) {
  return !std::ranges::search(text, words, {}, lower).empty() || words.empty();
}

const Verdict* special_verdict(const Service& service, std::string_view operation, const ServiceError& error) {
  const auto fits = [](std::string_view wanted, std::string_view given) { return wanted.empty() || wanted == given; };
  for (const Special& special : specials) {
    if (fits(special.service, service.id) && fits(special.operation, operation) && fits(special.code, error.code) &&
        mentions(error.message, special.words)) {
      return &special.verdict;
    }
  }
  return nullptr;
}

const Verdict* verdict_by_code(const ServiceError& error) {
  for (const Row& row : table) {
    if (row.code == error.code) return &row.verdict;
  }
  return nullptr;
}

/// No AWS error document: the codec put the status in the code's place.
bool is_bare_status(std::string_view code) { return code.empty() || std::ranges::all_of(code, is_digit); }

}  // namespace

Verdict classify(const Service& service, std::string_view operation, int status, const ServiceError& error) {
  const Verdict* special = special_verdict(service, operation, error);
  const Verdict* verdict = special ? special : verdict_by_code(error);
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
