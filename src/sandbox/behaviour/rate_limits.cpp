#include "sandbox/behaviour/rate_limits.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace rekeyer::sandbox {
namespace {

struct Rate {
  double per_second = 0;
  double burst = 0;
};

/// Organizations: each operation has a bucket for the caller's account and one that the organisation shares.
struct OrganizationsRate {
  std::string_view operation;
  Rate account;
  Rate organization;
};
constexpr OrganizationsRate organizations[] = {
    {"ListAccounts", {8, 12}, {9, 15}},
    {"ListChildren", {6, 10}, {7, 12}},
    {"ListParents", {5, 8}, {6, 10}},
    {"ListAccountsForParent", {5, 8}, {6, 10}},
    {"ListOrganizationalUnitsForParent", {5, 8}, {6, 10}},
    {"ListDelegatedAdministrators", {5, 8}, {6, 10}},
    {"ListRoots", {1, 2}, {1, 3}},
    {"DescribeOrganization", {1, 2}, {1, 2}},
    {"DescribeAccount", {20, 30}, {24, 36}},
    {"ListTagsForResource", {10, 15}, {12, 18}},
    {"DescribeOrganizationalUnit", {2, 2}, {2, 3}},
    {"TagResource", {4, 6}, {4, 6}},
};

/// Operations that share one bucket per caller's account and region. Other operations have no documented limit.
struct Group {
  std::string_view service;
  std::string_view operation;
  std::string_view bucket;
  double per_second;
};
constexpr Group groups[] = {
    {"sts", "AssumeRole", "all", 600},
    {"sts", "GetCallerIdentity", "all", 600},
    {"sts", "GetSessionToken", "all", 600},
    {"sts", "GetFederationToken", "all", 600},
    {"sts", "DecodeAuthorizationMessage", "all", 600},
    {"sts", "GetAccessKeyInfo", "all", 600},
    {"secretsmanager", "DescribeSecret", "read", 10'000},
    {"secretsmanager", "GetSecretValue", "read", 10'000},
    {"secretsmanager", "PutSecretValue", "write", 50},
    {"secretsmanager", "UpdateSecret", "write", 50},
    {"secretsmanager", "UpdateSecretVersionStage", "write", 50},
    {"secretsmanager", "ReplicateSecretToRegions", "write", 50},
    {"secretsmanager", "RemoveRegionsFromReplication", "write", 50},
    {"secretsmanager", "StopReplicationToReplica", "write", 50},
    {"secretsmanager", "CreateSecret", "create", 50},
    {"secretsmanager", "DeleteSecret", "delete", 50},
    {"secretsmanager", "RestoreSecret", "restore", 50},
    {"secretsmanager", "PutResourcePolicy", "policy", 50},
    {"secretsmanager", "GetResourcePolicy", "policy", 50},
    {"secretsmanager", "DeleteResourcePolicy", "policy", 50},
    {"secretsmanager", "ValidateResourcePolicy", "policy", 50},
    {"secretsmanager", "TagResource", "tag", 50},
    {"secretsmanager", "UntagResource", "tag", 50},
    {"secretsmanager", "RotateSecret", "rotate", 50},
    {"secretsmanager", "CancelRotateSecret", "rotate", 50},
    {"secretsmanager", "ListSecrets", "list", 50},
    {"secretsmanager", "ListSecretVersionIds", "list", 50},
    {"secretsmanager", "BatchGetSecretValue", "batch", 100},
    {"ssm", "GetParameter", "read", 40},
    {"ssm", "GetParameters", "read", 40},
    {"ssm", "PutParameter", "write", 3},
    {"ssm", "DeleteParameter", "delete", 3},
    {"ssm", "DescribeParameters", "describe", 3},
    {"events", "PutEvents", "put", 400},
    {"events", "CreateEventBus", "buses", 50},
    {"events", "DescribeEventBus", "buses", 50},
    {"events", "ListEventBuses", "buses", 50},
    {"events", "DeleteEventBus", "buses", 50},
    {"account", "GetAlternateContact", "read", 10},
    {"account", "PutAlternateContact", "write", 5},
    {"account", "DeleteAlternateContact", "delete", 1},
};

/// SES gives every account its own sending rate; 14 a second is what a new account out of the mail sandbox has.
constexpr double mail_rate = 14;

/// The regions that the documentation names; all others get the smallest.
double publish_rate(const Region& region) {
  if (region.str() == "us-east-1") return 30'000;
  if (region.str() == "us-west-2" || region.str() == "eu-west-1") return 9'000;
  return 300;
}

struct Draw {
  std::string bucket;
  Rate rate;
};

Rate steady(double per_second) { return {per_second, per_second}; }

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string result;
  for (const std::string_view part : parts) result.append(part).append(1, '/');
  return result;
}

/// The buckets that a call draws on: its caller's, and the organisation's where there is one.
struct Draws {
  std::optional<Draw> own;
  std::optional<Draw> shared;
};

Draws draws_of(const Call& call, const AccountId& caller, double iam_rate) {
  const std::string& account = caller.str();
  if (call.service == "iam") return {Draw{joined({"iam", account}), steady(iam_rate)}, {}};
  if (call.service == "organizations") {
    for (const OrganizationsRate& rate : organizations) {
      if (rate.operation != call.operation) continue;
      return {Draw{joined({"organizations", rate.operation, account}), rate.account},
              Draw{joined({"organizations", rate.operation}), rate.organization}};
    }
    return {};
  }
  const std::string& region = call.region.str();
  if (call.service == "ses") {
    const double rate = call.operation == "SendEmail" || call.operation == "SendRawEmail" ? mail_rate : 1;
    return {Draw{joined({"ses", rate == 1 ? std::string_view(call.operation) : "send", account, region}), steady(rate)},
            {}};
  }
  if (call.service == "sns" && call.operation == "Publish") {
    return {Draw{joined({"sns", "publish", account, region}), steady(publish_rate(call.region))}, {}};
  }
  for (const Group& group : groups) {
    if (group.service != call.service || group.operation != call.operation) continue;
    return {Draw{joined({group.service, group.bucket, account, region}), steady(group.per_second)}, {}};
  }
  return {};
}

}  // namespace

bool RateLimits::admit(const Call& call, const AccountId& caller, double iam_rate, Instant now) {
  const Draws draws = draws_of(call, caller, iam_rate);
  std::array<Bucket*, 2> taken{};
  std::size_t count = 0;
  for (const std::optional<Draw>* draw : {&draws.own, &draws.shared}) {
    if (!*draw) continue;
    Bucket& bucket = buckets_[(*draw)->bucket];
    const Rate& rate = (*draw)->rate;
    const double waited = std::chrono::duration<double>(now - bucket.filled).count();
    bucket.tokens =
        bucket.fresh ? rate.burst : std::min(rate.burst, bucket.tokens + std::max(0.0, waited) * rate.per_second);
    bucket.fresh = false;
    bucket.filled = now;
    if (bucket.tokens < 1) return false;
    taken[count++] = &bucket;
  }
  for (Bucket* const bucket : std::span(taken).first(count)) bucket->tokens -= 1;
  return true;
}

}  // namespace rekeyer::sandbox
