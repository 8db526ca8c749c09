// The limits as a table, and the bucket. One task at a time waits for a token, the others stand in line behind it: so a
// rate that changes meanwhile holds for everybody who waits.
#include "aws/call/rate_limiter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <list>
#include <optional>
#include <utility>

#include "base/concurrency.hpp"

namespace rekeyer::aws {
namespace {

constexpr double cut = 0.7;
constexpr double floor_per_second = 0.5;
constexpr double recovery_steps = 100;  ///< successes from nothing to the ceiling
constexpr Milliseconds one_burst = std::chrono::seconds{1};
// Where AWS has just refused, others are still there: close to that rate ours comes back more slowly, so that it finds
// what is free without running into the limit every few seconds. After that long without a refusal it is forgotten.
constexpr double close_to_refusal = 0.9;
constexpr double wary_recovery_steps = 1000;
constexpr Milliseconds wary_for = std::chrono::seconds{10};

struct ServicePace {
  std::string_view service;
  std::string_view prefix;  ///< of the operation; first match wins
  std::string_view group;
  Rate rate;
  std::string_view within = {};  ///< the group that holds this one too
};

constexpr Rate iam_calls(const IamShare& iam) { return {iam.rate * iam.share, iam.rate * iam.share}; }
/// IAM allows fewer changes than reads, without saying how many: half of ours at most.
constexpr Rate iam_writes(const IamShare& iam) { return {iam.rate * iam.share / 2, iam.rate * iam.share / 2}; }

// AWS's published limits with a margin for others who call the same account. Organizations and STS count what the
// calling account sends, so these are one bucket for the whole process.
constexpr std::array rows{
    ServicePace{"iam", "Create", "iam:write", iam_writes(IamShare{}), "iam"},
    ServicePace{"iam", "Update", "iam:write", iam_writes(IamShare{}), "iam"},
    ServicePace{"iam", "Delete", "iam:write", iam_writes(IamShare{}), "iam"},
    ServicePace{"iam", "Put", "iam:write", iam_writes(IamShare{}), "iam"},
    ServicePace{"iam", "", "iam", iam_calls(IamShare{})},
    ServicePace{"sts", "", "sts", {200, 200}},
    ServicePace{"organizations", "ListAccountsForParent", "organizations:list-children", {4, 6}},
    ServicePace{"organizations", "ListParents", "organizations:list-parents", {4, 6}},
    ServicePace{"organizations", "ListOrganizationalUnitsForParent", "organizations:list-units", {4, 6}},
    ServicePace{"organizations", "ListAccounts", "organizations:list-accounts", {7.6, 8}},  // documented: 8, burst 12
    ServicePace{"organizations", "ListRoots", "organizations:list-roots", {0.8, 1}},
    ServicePace{"organizations", "DescribeOrganization", "organizations:describe", {0.8, 1}},
    ServicePace{"organizations", "ListTagsForResource", "organizations:list-tags", {7, 10}},
    ServicePace{"organizations", "", "organizations", {1, 2}},
    // Documented: 50 in any second of each of these groups, which rate and burst together keep to.
    ServicePace{"secretsmanager", "DescribeSecret", "secretsmanager:describe", {1000, 1000}},
    ServicePace{"secretsmanager", "CreateSecret", "secretsmanager:create", {40, 10}},
    ServicePace{"secretsmanager", "DeleteSecret", "secretsmanager:delete", {40, 10}},
    ServicePace{"secretsmanager", "RestoreSecret", "secretsmanager:restore", {40, 10}},
    ServicePace{"secretsmanager", "TagResource", "secretsmanager:tag", {40, 10}},
    ServicePace{"secretsmanager", "ListSecret", "secretsmanager:list", {40, 10}},
    ServicePace{"secretsmanager", "GetResourcePolicy", "secretsmanager:policy", {40, 10}},
    ServicePace{"secretsmanager", "PutResourcePolicy", "secretsmanager:policy", {40, 10}},
    ServicePace{"secretsmanager", "", "secretsmanager:write", {40, 10}},
    // What an account may send a second differs; whoever sends asks GetAccount and sets this group's rate.
    ServicePace{"ses", "SendEmail", "ses:send", {10, 10}},
    ServicePace{"ses", "", "ses", {1, 1}},
    ServicePace{"sns", "", "sns", {100, 100}},
    ServicePace{"events", "", "events", {100, 100}},
    ServicePace{"ssm", "", "ssm", {20, 20}},
    ServicePace{"s3", "", "s3", {1000, 1000}},  // documented: 3,500 writes and 5,500 reads of a prefix
    ServicePace{"account", "", "account", {7, 10}},
    ServicePace{"kms", "", "kms", {50, 50}},
    ServicePace{"scheduler", "", "scheduler", {10, 10}},
    ServicePace{"states", "", "states", {5, 10}},
};

/// A group's number is that of its first row.
constexpr std::size_t first_row(std::string_view group) {
  std::size_t index = 0;
  while (index < rows.size() && rows[index].group != group) ++index;
  return index;
}
constexpr auto group_of_row = [] {
  std::array<std::uint16_t, rows.size()> numbers{};
  for (std::size_t i = 0; i < rows.size(); ++i) numbers[i] = static_cast<std::uint16_t>(first_row(rows[i].group));
  return numbers;
}();

/// The row that an operation falls under; rows.size() for a service that has none.
std::size_t row_of(std::string_view service, std::string_view operation) {
  std::size_t index = 0;
  while (index < rows.size() && !(rows[index].service == service && operation.starts_with(rows[index].prefix))) ++index;
  return index;
}

}  // namespace

std::string_view rate_group(std::string_view service, std::string_view operation) {
  const auto row = row_of(service, operation);
  return row < rows.size() ? rows[row].group : service;
}

struct RateLimiter::Bucket {
  Rate ceiling;
  double per_second;
  double tokens;
  Instant refilled;
  std::optional<Instant> last_cut;
  double refused_at = 0;  ///< the rate before the last cut
  bool taken = false;     ///< somebody is at the head of the line
  std::list<Gate> waiting;

  Bucket(Rate rate, Instant now) : ceiling(rate), per_second(rate.per_second), tokens(capacity()), refilled(now) {}

  double capacity() const { return std::max(ceiling.burst, 1.0); }

  void refill(Instant now) {
    // The clock may have been corrected backwards since.
    const auto gone = std::max(now - refilled, Milliseconds::zero());
    refilled = now;
    tokens = std::min(capacity(), tokens + std::chrono::duration<double>(gone).count() * per_second);
  }
  /// Zero: there is a token now.
  Milliseconds until_token(Instant now) {
    refill(now);
    // Sums of fractions fall short of 1 by a hair.
    if (tokens >= 1 - 1e-6) return Milliseconds::zero();
    return Milliseconds{static_cast<Milliseconds::rep>(std::ceil((1 - tokens) / per_second * 1000))};
  }
  /// A new one would be the same.
  bool as_new(Instant now) {
    refill(now);
    const bool wary = last_cut && now - *last_cut < wary_for;
    return !wary && per_second >= ceiling.per_second && tokens >= capacity();
  }
  bool free(Instant now) { return !taken && until_token(now) == Milliseconds::zero(); }
  void pass_on() {
    if (waiting.empty()) {
      taken = false;
      return;
    }
    std::list<Gate> next;
    next.splice(next.begin(), waiting, waiting.begin());
    next.front().open();
  }
  void set_ceiling(Rate rate) {
    per_second = per_second >= ceiling.per_second ? rate.per_second : std::min(per_second, rate.per_second);
    ceiling = rate;
  }
  void slow_down(Instant now) {
    refill(now);
    tokens = std::min(tokens, 0.0);
    if (last_cut && now >= *last_cut && now - *last_cut < one_burst) return;
    last_cut = now;
    refused_at = per_second;
    per_second = std::max(std::min(floor_per_second, ceiling.per_second), per_second * cut);
  }
  void recover(Instant now) {
    if (per_second >= ceiling.per_second) return;
    refill(now);
    const bool wary = last_cut && now - *last_cut < wary_for && per_second >= close_to_refusal * refused_at;
    const double steps = wary ? wary_recovery_steps : recovery_steps;
    per_second = std::min(ceiling.per_second, per_second + ceiling.per_second / steps);
  }
};

RateLimiter::RateLimiter(Clock& clock) : clock_(clock) {
  for (const ServicePace& row : rows) {
    const auto whole = row.within.empty() ? row.group : row.within;
    limits_.push_back({std::string(row.group), row.rate, Group{static_cast<std::uint16_t>(first_row(whole))}});
  }
}

RateLimiter::~RateLimiter() {
  // Whoever still waits holds a bucket: without this, the two would keep each other alive.
  for (auto& [account, buckets] : accounts_) {
    for (auto& [group, bucket] : buckets) bucket->waiting.clear();
  }
}

const RateLimiter::Limit* RateLimiter::find(std::string_view name) const {
  const auto found = std::ranges::find(limits_, name, &Limit::name);
  return found == limits_.end() ? nullptr : &*found;
}

RateLimiter::Group RateLimiter::group(std::string_view service, std::string_view operation) {
  const auto row = row_of(service, operation);
  return row < rows.size() ? Group{group_of_row[row]} : group(service);
}

RateLimiter::Group RateLimiter::group(std::string_view name) {
  if (const Limit* const known = find(name)) return Group{static_cast<std::uint16_t>(known - limits_.data())};
  const Group made{static_cast<std::uint16_t>(limits_.size())};
  limits_.push_back({std::string(name), Rate{}, made});
  return made;
}

std::shared_ptr<RateLimiter::Bucket> RateLimiter::bucket(Buckets& buckets, Group group) {
  for (const auto& [held, bucket] : buckets) {
    if (held == group) return bucket;
  }
  const Limit& limit = limits_[std::to_underlying(group)];
  return buckets.emplace_back(group, std::make_shared<Bucket>(limit.ceiling, clock_.now())).second;
}

/// So that a run of ten thousand accounts remembers those that it is calling.
void RateLimiter::forget_idle_accounts() {
  constexpr std::size_t least = 64;
  if (accounts_.size() < std::max(look_at_size_, least)) return;
  const Instant now = clock_.now();
  std::erase_if(accounts_, [now](const auto& account) {
    return std::ranges::all_of(account.second, [now](const auto& held) {
      const auto& bucket = held.second;
      return bucket.use_count() == 1 && bucket->as_new(now);
    });
  });
  look_at_size_ = 2 * accounts_.size();
}

RateLimiter::Lane RateLimiter::lane(const AccountId& account, Group group) {
  if (!accounts_.contains(account)) forget_idle_accounts();
  Buckets& buckets = accounts_[account];
  auto own = bucket(buckets, group);
  const Group within = limits_[std::to_underlying(group)].within;
  return {std::move(own), within == group ? nullptr : bucket(buckets, within)};
}

bool RateLimiter::try_turn(const Lane& lane) {
  const Instant now = clock_.now();
  if (!lane.own->free(now) || (lane.wider && !lane.wider->free(now))) return false;
  lane.own->tokens -= 1;
  if (lane.wider) lane.wider->tokens -= 1;
  return true;
}

Task<void> RateLimiter::turn(Lane lane) {
  // The wider line last: whoever still has to wait for the narrow one must not hold up the others there.
  co_await stand_in_line(lane.own);
  if (lane.wider) co_await stand_in_line(lane.wider);
}

Task<void> RateLimiter::stand_in_line(std::shared_ptr<Bucket> bucket) {
  if (bucket->taken) {
    Gate& gate = bucket->waiting.emplace_back();
    co_await gate.wait();
  }
  bucket->taken = true;
  struct PassOn {
    Bucket& bucket;
    ~PassOn() { bucket.pass_on(); }
  } const pass_on{*bucket};
  for (auto wait = bucket->until_token(clock_.now()); wait > Milliseconds::zero();
       wait = bucket->until_token(clock_.now())) {
    co_await clock_.sleep_for(wait);
  }
  bucket->tokens -= 1;
}

void RateLimiter::throttled(const Lane& lane) {
  const Instant now = clock_.now();
  lane.own->slow_down(now);
  if (lane.wider) lane.wider->slow_down(now);
}

void RateLimiter::succeeded(const Lane& lane) {
  const Instant now = clock_.now();
  lane.own->recover(now);
  if (lane.wider) lane.wider->recover(now);
}

double RateLimiter::rate(const AccountId& account, std::string_view group_name) const {
  const Limit* const limit = find(group_name);
  if (limit == nullptr) return Rate{}.per_second;
  if (const auto buckets = accounts_.find(account); buckets != accounts_.end()) {
    for (const auto& [held, bucket] : buckets->second) {
      if (std::to_underlying(held) == limit - limits_.data()) return bucket->per_second;
    }
  }
  return limit->ceiling.per_second;
}

void RateLimiter::set_rate(std::string_view group_or_service, Rate rate) {
  group(group_or_service);
  const auto concerned = [group_or_service](std::string_view name) {
    return name == group_or_service || name.substr(0, name.find(':')) == group_or_service;
  };
  for (auto& limit : limits_) {
    if (concerned(limit.name)) limit.ceiling = rate;
  }
  for (auto& [account, buckets] : accounts_) {
    for (auto& [held, bucket] : buckets) {
      if (concerned(limits_[std::to_underlying(held)].name)) bucket->set_ceiling(rate);
    }
  }
}

void RateLimiter::set_iam_share(IamShare share) {
  set_rate("iam", iam_calls(share));
  set_rate("iam:write", iam_writes(share));
}

}  // namespace rekeyer::aws
