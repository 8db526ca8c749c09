// The limits as a table, and the bucket. One task at a time waits for a token, the others stand in line behind it: so a
// rate that changes meanwhile holds for everybody who waits.
#include "aws/call/pace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>

#include "base/signal.hpp"

namespace rekeyer::aws {
namespace {

constexpr double cut = 0.7;
constexpr double floor_per_second = 0.5;
constexpr double recovery_steps = 100;  ///< successes from nothing to the ceiling
constexpr Milliseconds one_burst = std::chrono::seconds{1};

struct Group {
  std::string_view service;
  std::string_view prefix;  ///< of the operation; first match wins
  std::string_view group;
  Rate rate;
};

// AWS's published limits with a margin for others who call the same account; IAM publishes none, so its are what has
// proved well.
constexpr std::array groups{
    Group{"iam", "Create", "iam:write", {5, 15}},
    Group{"iam", "Update", "iam:write", {5, 15}},
    Group{"iam", "Delete", "iam:write", {5, 15}},
    Group{"iam", "Put", "iam:write", {5, 15}},
    Group{"iam", "", "iam:read", {15, 30}},
    Group{"sts", "", "sts", {200, 200}},
    Group{"organizations", "ListAccountsForParent", "organizations:list-children", {4, 6}},
    Group{"organizations", "ListParents", "organizations:list-parents", {4, 6}},
    Group{"organizations", "ListOrganizationalUnitsForParent", "organizations:list-units", {4, 6}},
    Group{"organizations", "ListAccounts", "organizations:list-accounts", {7, 8}},
    Group{"organizations", "ListRoots", "organizations:list-roots", {0.8, 1}},
    Group{"organizations", "DescribeOrganization", "organizations:describe", {0.8, 1}},
    Group{"organizations", "ListTagsForResource", "organizations:list-tags", {7, 10}},
    Group{"organizations", "", "organizations", {1, 2}},
    Group{"secretsmanager", "DescribeSecret", "secretsmanager:describe", {1000, 1000}},
    Group{"secretsmanager", "CreateSecret", "secretsmanager:create", {40, 40}},
    Group{"secretsmanager", "DeleteSecret", "secretsmanager:delete", {40, 40}},
    Group{"secretsmanager", "RestoreSecret", "secretsmanager:restore", {40, 40}},
    Group{"secretsmanager", "TagResource", "secretsmanager:tag", {40, 40}},
    Group{"secretsmanager", "ListSecret", "secretsmanager:list", {40, 40}},
    Group{"secretsmanager", "GetResourcePolicy", "secretsmanager:policy", {40, 40}},
    Group{"secretsmanager", "PutResourcePolicy", "secretsmanager:policy", {40, 40}},
    Group{"secretsmanager", "", "secretsmanager:write", {40, 40}},
    // What an account may send a second differs; whoever sends asks GetAccount and sets this group's rate.
    Group{"ses", "SendEmail", "ses:send", {10, 10}},
    Group{"ses", "", "ses", {1, 1}},
    Group{"sns", "", "sns", {100, 100}},
    Group{"events", "", "events", {100, 100}},
    Group{"ssm", "", "ssm", {20, 20}},
    Group{"s3", "", "s3", {1000, 1000}},  // documented: 3,500 writes and 5,500 reads of a prefix
    Group{"account", "", "account", {7, 10}},
    Group{"kms", "", "kms", {50, 50}},
    Group{"scheduler", "", "scheduler", {10, 10}},
    Group{"states", "", "states", {5, 10}},
};

}  // namespace

std::string pace_group(std::string_view service, std::string_view operation) {
  for (const Group& row : groups) {
    if (row.service == service && operation.starts_with(row.prefix)) return std::string(row.group);
  }
  return std::string(service);
}

struct Pace::Bucket {
  Rate ceiling;
  double per_second;
  double tokens;
  Instant refilled;
  std::optional<Instant> last_cut;
  bool taken = false;  ///< somebody is at the head of the line
  std::deque<std::unique_ptr<Gate>> waiting;

  Bucket(Rate rate, Instant now)
      : ceiling(rate), per_second(rate.per_second), tokens(std::max(rate.burst, 1.0)), refilled(now) {}

  void refill(Instant now) {
    // The clock may have been corrected backwards since.
    const auto gone = std::max(now - refilled, Milliseconds::zero());
    refilled = now;
    tokens = std::min(std::max(ceiling.burst, 1.0), tokens + std::chrono::duration<double>(gone).count() * per_second);
  }
  /// Zero: there is a token now.
  Milliseconds until_token(Instant now) {
    refill(now);
    // Sums of fractions fall short of 1 by a hair.
    if (tokens >= 1 - 1e-6) return Milliseconds::zero();
    return Milliseconds{static_cast<Milliseconds::rep>(std::ceil((1 - tokens) / per_second * 1000))};
  }
  void pass_on() {
    if (waiting.empty()) {
      taken = false;
      return;
    }
    const auto next = std::move(waiting.front());
    waiting.pop_front();
    next->open();
  }
};

Pace::Pace(Clock& clock) : clock_(clock) {}

Pace::~Pace() {
  // Whoever still waits holds a bucket: without this, the two would keep each other alive.
  for (auto& [key, bucket] : buckets_) bucket->waiting.clear();
}

Rate Pace::ceiling(std::string_view group) const {
  if (const auto own = overrides_.find(group); own != overrides_.end()) return own->second;
  if (const auto service = overrides_.find(group.substr(0, group.find(':'))); service != overrides_.end()) {
    return service->second;
  }
  for (const Group& row : groups) {
    if (row.group == group) return row.rate;
  }
  return {};
}

std::shared_ptr<Pace::Bucket> Pace::bucket(const AccountId& account, std::string_view group) {
  auto& slot = buckets_[{account, std::string(group)}];
  if (!slot) slot = std::make_shared<Bucket>(ceiling(group), clock_.now());
  return slot;
}

Task<void> Pace::turn(AccountId account, std::string group) {
  const std::shared_ptr<Bucket> mine = bucket(account, group);
  if (mine->taken) {
    Gate& gate = *mine->waiting.emplace_back(std::make_unique<Gate>());
    co_await gate.wait();
  }
  mine->taken = true;
  struct PassOn {
    Bucket& bucket;
    ~PassOn() { bucket.pass_on(); }
  } const pass_on{*mine};
  for (auto wait = mine->until_token(clock_.now()); wait > Milliseconds::zero();
       wait = mine->until_token(clock_.now())) {
    co_await clock_.sleep_for(wait);
  }
  mine->tokens -= 1;
}

void Pace::throttled(const AccountId& account, std::string_view group) {
  const auto mine = bucket(account, group);
  const Instant now = clock_.now();
  mine->refill(now);
  mine->tokens = std::min(mine->tokens, 0.0);
  if (mine->last_cut && now >= *mine->last_cut && now - *mine->last_cut < one_burst) return;
  mine->last_cut = now;
  mine->per_second = std::max(std::min(floor_per_second, mine->ceiling.per_second), mine->per_second * cut);
}

void Pace::succeeded(const AccountId& account, std::string_view group) {
  const auto mine = bucket(account, group);
  if (mine->per_second >= mine->ceiling.per_second) return;
  mine->refill(clock_.now());
  mine->per_second = std::min(mine->ceiling.per_second, mine->per_second + mine->ceiling.per_second / recovery_steps);
}

double Pace::rate(const AccountId& account, std::string_view group) const {
  const auto found = buckets_.find({account, std::string(group)});
  return found == buckets_.end() ? ceiling(group).per_second : found->second->per_second;
}

void Pace::set_rate(std::string group, Rate rate) { overrides_.insert_or_assign(std::move(group), rate); }

}  // namespace rekeyer::aws
