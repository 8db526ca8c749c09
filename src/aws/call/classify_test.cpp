// Every error code that AWS is known to answer with, and what it means; the traps have tests of their own.
#include "aws/call/classify.hpp"

#include <gtest/gtest.h>

namespace rekeyer::aws {
namespace {

using enum ErrorKind;
using Again = Classification::Again;

struct Row {
  const Service& service;
  const char* operation;
  int status;
  const char* code;
  const char* message;
  ErrorKind kind;
  Again again = Again::by_kind;
};

void expect_kinds(std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    const Classification verdict = classify(row.service, row.operation, row.status, {row.code, row.message, ""});
    EXPECT_EQ(name(verdict.kind), name(row.kind)) << row.service.id << ":" << row.operation << " " << row.code;
    EXPECT_EQ(static_cast<int>(verdict.again), static_cast<int>(row.again)) << row.service.id << " " << row.code;
  }
}

constexpr Service iam = services::iam;
constexpr Service sts = services::sts;
constexpr Service organizations = services::organizations;
constexpr Service secrets = services::secrets_manager;
constexpr Service sso = services::sso;
constexpr Service sns = services::sns;
constexpr Service ssm = services::ssm;
constexpr Service email = services::ses;

TEST(Classify, Throttling) {
  for (const char* code :
       {"Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "RequestThrottled",
        "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
        "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "SlowDown",
        "PriorRequestNotComplete", "EC2ThrottledException", "Throttled", "KMSThrottling", "KmsThrottlingException"}) {
    expect_kinds({{sts, "AssumeRole", 400, code, "Rate exceeded", throttled}});
  }
  expect_kinds({
      {iam, "ListUsers", 400, "Throttling", "Rate exceeded", throttled},
      {organizations, "ListAccounts", 400, "TooManyRequestsException", "", throttled},
      {sns, "Publish", 429, "Throttled", "", throttled},
      {iam, "ListUsers", 429, "SomethingNew", "", throttled},
      {iam, "ListUsers", 429, "429", "a page", throttled},
      {iam, "ListUsers", 503, "SlowDown", "", throttled},
      {iam, "ListUsers", 503, "NewThrottlingCode", "", throttled},
  });
}

TEST(Classify, PermissionsAndKeys) {
  expect_kinds({
      {iam, "CreateAccessKey", 403, "AccessDenied", "with an explicit deny in a service control policy", access_denied},
      {organizations, "ListAccounts", 400, "AccessDeniedException", "", access_denied},
      {sts, "AssumeRole", 403, "AccessDenied", "", access_denied},
      {sts, "AssumeRole", 403, "RegionDisabledException", "", access_denied},
      {secrets, "CreateSecret", 403, "OptInRequired", "", access_denied},
      {sns, "Publish", 403, "AuthorizationError", "", access_denied},
      {sns, "Publish", 403, "InvalidSecurity", "", access_denied},
      {sns, "Publish", 400, "KMSAccessDenied", "", access_denied},
      {sso, "GetRoleCredentials", 403, "ForbiddenException", "", access_denied},
      {sts, "AssumeRoleWithWebIdentity", 403, "IDPRejectedClaim", "", access_denied},
      {secrets, "PutSecretValue", 400, "AccessDeniedException", "Access to KMS is not allowed", access_denied},
      {secrets, "PutSecretValue", 400, "InvalidRequestException", "Access to KMS is not allowed", access_denied},
      {sts, "GetCallerIdentity", 403, "InvalidClientTokenId", "", credentials_invalid},
      {secrets, "DescribeSecret", 400, "UnrecognizedClientException", "", credentials_invalid},
      {sts, "GetCallerIdentity", 403, "InvalidAccessKeyId", "", credentials_invalid},
      {sts, "GetCallerIdentity", 403, "SignatureDoesNotMatch", "does not match", credentials_invalid},
      {secrets, "DescribeSecret", 400, "InvalidSignatureException", "does not match", credentials_invalid},
      {sts, "GetCallerIdentity", 403, "AuthFailure", "", credentials_invalid},
      {sts, "AssumeRoleWithWebIdentity", 400, "InvalidIdentityToken", "", credentials_invalid},
      {sso, "GetRoleCredentials", 401, "UnauthorizedException", "", credentials_invalid},
      {iam, "ListUsers", 403, "ExpiredToken", "", credentials_expired},
      {sts, "AssumeRoleWithWebIdentity", 400, "ExpiredTokenException", "", credentials_expired},
      {iam, "ListUsers", 400, "RequestExpired", "", clock_skew},
      {iam, "ListUsers", 403, "RequestTimeTooSkewed", "", clock_skew},
      {iam, "ListUsers", 400, "RequestInTheFuture", "", clock_skew},
      {iam, "ListUsers", 403, "SignatureDoesNotMatch", "Signature expired: 20260101T000000Z is now earlier",
       clock_skew},
      {iam, "ListUsers", 403, "SignatureDoesNotMatch", "Signature not yet current: 2026", clock_skew},
      {secrets, "DescribeSecret", 400, "InvalidSignatureException", "Signature expired: 2026", clock_skew},
      {iam, "ListUsers", 403, "MissingAuthenticationToken", "", rejected},
      {secrets, "ListSecrets", 400, "MissingAuthenticationTokenException", "", rejected},
      {iam, "ListUsers", 403, "IncompleteSignature", "", rejected},
  });
}

TEST(Classify, SignatureErrorsAreWorthALookAtTheClock) {
  for (const char* code : {"SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure"}) {
    EXPECT_TRUE(classify(iam, "ListUsers", 403, {code, "", ""}).maybe_skew) << code;
  }
  EXPECT_FALSE(classify(iam, "ListUsers", 403, {"InvalidClientTokenId", "", ""}).maybe_skew);
  EXPECT_FALSE(classify(iam, "ListUsers", 403, {"AccessDenied", "", ""}).maybe_skew);
}

TEST(Classify, TheThingItself) {
  expect_kinds({
      {iam, "DeleteAccessKey", 404, "NoSuchEntity", "", not_found},
      {secrets, "DescribeSecret", 400, "ResourceNotFoundException", "", not_found},
      {organizations, "DescribeOrganization", 400, "AWSOrganizationsNotInUseException", "", not_found},
      {organizations, "ListAccountsForParent", 400, "ParentNotFoundException", "", not_found},
      {organizations, "ListParents", 400, "ChildNotFoundException", "", not_found},
      {organizations, "ListTagsForResource", 400, "TargetNotFoundException", "", not_found},
      {organizations, "DescribeAccount", 400, "AccountNotFoundException", "", not_found},
      {iam, "GetCredentialReport", 410, "ReportNotPresent", "", not_found},
      {iam, "GetCredentialReport", 410, "ReportExpired", "", not_found},
      {ssm, "GetParameter", 400, "ParameterNotFound", "", not_found},
      {ssm, "GetParameter", 400, "ParameterVersionNotFound", "", not_found},
      {sns, "Publish", 404, "NotFound", "", not_found},
      {email, "SendEmail", 404, "NotFoundException", "", not_found},
      {services::s3, "GetObject", 404, "NoSuchKey", "", not_found},
      {services::s3, "GetObject", 404, "NoSuchBucket", "", not_found},
      {services::s3, "GetObject", 301, "PermanentRedirect", "", rejected},
      {iam, "CreateUser", 409, "EntityAlreadyExists", "", already_exists},
      {secrets, "CreateSecret", 400, "ResourceExistsException", "", already_exists},
      {secrets, "PutSecretValue", 400, "ResourceExistsException", "", already_exists},
      {iam, "GetCredentialReport", 404, "ReportInProgress", "", conflict},
      {iam, "DeleteUserPolicy", 409, "DeleteConflict", "", conflict},
      {secrets, "PutResourcePolicy", 400, "PreconditionNotMetException", "", conflict},
      {sso, "x", 409, "ConflictException", "", conflict},
      {sso, "x", 409, "ResourceConflictException", "", conflict},
      {sso, "x", 402, "ServiceQuotaExceededException", "", limit_exceeded},
  });
}

TEST(Classify, WhatPassesByItselfIsAConflictThatIsTriedAgain) {
  expect_kinds({
      {iam, "UpdateAccessKey", 409, "ConcurrentModification", "", conflict, Again::yes},
      {iam, "UpdateAccessKey", 409, "EntityTemporarilyUnmodifiable", "", conflict, Again::yes},
      {organizations, "ListAccounts", 400, "ConcurrentModificationException", "", conflict, Again::yes},
  });
}

TEST(Classify, TheTwoKeyLimitIsNoThrottle) {
  expect_kinds({
      {iam, "CreateAccessKey", 409, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2", limit_exceeded},
      {iam, "CreateAccessKey", 409, "LimitExceededException", "", limit_exceeded},
      {secrets, "CreateSecret", 400, "LimitExceededException", "", limit_exceeded, Again::few},
      {email, "SendEmail", 400, "LimitExceededException", "", limit_exceeded, Again::few},
      {email, "SendEmail", 429, "TooManyRequestsException", "Daily message quota exceeded.", limit_exceeded},
      {email, "SendEmail", 400, "Throttling", "Daily message quota exceeded.", limit_exceeded},
      {email, "SendEmail", 400, "BadRequestException", "Maximum sending rate exceeded.", throttled},
      {email, "SendEmail", 400, "AccountSuspendedException", "", rejected},
  });
}

TEST(Classify, AScheduledDeletionHasAKindOfItsOwn) {
  expect_kinds({
      {secrets, "PutSecretValue", 400, "InvalidRequestException",
       "You can't perform this operation on the secret because it was marked for deletion.", marked_for_deletion},
      {secrets, "CreateSecret", 400, "InvalidRequestException",
       "You can't create this secret because a secret with this name is already scheduled for deletion.",
       marked_for_deletion},
      {secrets, "DeleteSecret", 400, "InvalidRequestException",
       "You tried to perform the operation on a secret that's currently marked deleted.", marked_for_deletion},
      {secrets, "DeleteSecret", 400, "InvalidRequestException",
       "You can't delete secret x that still has replica regions", rejected},
      {organizations, "x", 400, "InvalidRequestException", "marked for deletion", rejected},
  });
}

TEST(Classify, AMovedLabelIsAConflictOnlyWhereLabelsMove) {
  expect_kinds({
      {secrets, "UpdateSecretVersionStage", 400, "InvalidParameterException", "RemoveFromVersionId", conflict},
      {secrets, "UpdateSecretVersionStage", 400, "ResourceNotFoundException",
       "Secrets Manager can't find the specified secret version: x", conflict},
      {secrets, "UpdateSecretVersionStage", 400, "ResourceNotFoundException",
       "Secrets Manager can't find the specified secret.", not_found},
      {secrets, "CreateSecret", 400, "InvalidParameterException", "", rejected},
  });
}

TEST(Classify, OtherRefusals) {
  for (const char* code : {"ValidationError",
                           "ValidationException",
                           "InvalidInput",
                           "InvalidInputException",
                           "InvalidParameterException",
                           "MalformedInput",
                           "MalformedPolicyDocument",
                           "MalformedPolicyDocumentException",
                           "PackedPolicyTooLarge",
                           "PublicPolicyException",
                           "InvalidNextTokenException",
                           "UnsupportedAPIEndpointException",
                           "ConstraintViolationException",
                           "EncryptionFailure",
                           "DecryptionFailure",
                           "BrandNewCode",
                           "EndpointDisabled",
                           "KMSDisabled",
                           "KMSInvalidState",
                           "KMSNotFound",
                           "KMSOptInRequired",
                           "InvalidKeyId",
                           "MessageRejected"}) {
    expect_kinds({{secrets, "PutSecretValue", 400, code, "", rejected}});
  }
}

TEST(Classify, AFailingServerMayHaveDoneTheWork) {
  for (const char* code : {"InternalFailure", "InternalError", "ServiceUnavailable", "ServiceFailure",
                           "ServiceException", "InternalServiceError", "PolicyEvaluation", "NeverSeenBefore", "500"}) {
    expect_kinds({{iam, "CreateAccessKey", 500, code, "", server_fault}});
  }
  expect_kinds({
      {iam, "ListUsers", 502, "502", "", server_fault},
      {iam, "ListUsers", 503, "ServiceUnavailable", "", server_fault},
      {iam, "ListUsers", 504, "504", "", server_fault},
      {iam, "ListUsers", 501, "501", "", server_fault, Again::never},
      {iam, "ListUsers", 505, "505", "", server_fault, Again::never},
      {iam, "ListUsers", 500, "AccessDenied", "", server_fault},  // the status is the stronger word
      {iam, "ListUsers", 500, "NoSuchEntity", "", server_fault},
      {iam, "ListUsers", 400, "InternalFailure", "", server_fault},
      {iam, "ListUsers", 400, "RequestTimeout", "", server_fault},
      {iam, "ListUsers", 408, "RequestTimeoutException", "", server_fault},
      {iam, "ListUsers", 408, "408", "", server_fault},
      {sts, "AssumeRoleWithWebIdentity", 400, "IDPCommunicationError", "", server_fault},
  });
}

TEST(Classify, APageFromSomethingInBetweenSaysNothingOfAws) {
  for (const int status : {301, 302, 400, 401, 403, 404, 407, 409, 410, 413}) {
    const std::string code = std::to_string(status);
    expect_kinds({{iam, "GetUser", status, code.c_str(), "", bad_reply, Again::never}});
  }
}

TEST(Classify, OnlyWhatWasNotPerformedIsSentAgainWhereTwiceIsNotOnce) {
  const ErrorKind all[] = {
      usage,      not_sent,   outcome_unknown, throttled,      access_denied, credentials_invalid, credentials_expired,
      clock_skew, not_found,  already_exists,  limit_exceeded, conflict,      marked_for_deletion, server_fault,
      bad_reply,  lease_over, cancelled,       rejected};
  for (const ErrorKind kind : all) {
    const bool safe = kind == not_sent || kind == throttled;
    const bool unclear = kind == outcome_unknown || kind == server_fault || kind == bad_reply;
    EXPECT_EQ(retryable(kind, Idempotent::no), safe) << name(kind);
    EXPECT_EQ(retryable(kind, Idempotent::yes), safe || unclear) << name(kind);
    EXPECT_EQ(retryable(kind, Idempotent::read), safe || unclear) << name(kind);
    EXPECT_EQ(ambiguous(kind), unclear) << name(kind);
  }
}

}  // namespace
}  // namespace rekeyer::aws
