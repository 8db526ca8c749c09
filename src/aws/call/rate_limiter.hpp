// How fast each account may be called: a token bucket per account and group of operations that AWS limits together,
// which slows down when AWS throttles and recovers.
//
// In any span of t seconds a group of an account sends at most burst + rate * t calls, and one second is no exception.
// IAM publishes no limits, and other tools live in the same accounts: all of an account's IAM calls together keep to a
// share of what it is taken to allow, and the burst is what that share comes to in one second. So wherever IAM grants
// what it is taken to grant, the rest of it is there for the others at every instant.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

struct Rate {
  double per_second = 10;
  double burst = 20;
};

/// What an account is taken to allow, IAM calls a second, and how much of that is ours.
struct IamShare {
  double rate = 20;
  double share = 0.5;  ///< more than 0, at most 1
};

/// The group whose limit the operation falls under: "iam:write", "organizations:list-accounts", "sts". It begins with
/// the service's id, and is it for a service that rate_limiter.cpp's table does not have. Pure.
std::string_view rate_group(std::string_view service, std::string_view operation);

class RateLimiter {
  struct Bucket;

 public:
  /// The number of a group, of this RateLimiter.
  enum class Group : std::uint16_t {};
  /// An account's place for calls of one group. To be held from before a call until what became of it is told: what
  /// nobody holds, and needs no slowing down, is forgotten.
  struct Lane {
    std::shared_ptr<Bucket> own;
    std::shared_ptr<Bucket> wider;  ///< of a group that holds this one too; null: none
  };

  explicit RateLimiter(Clock& clock);
  ~RateLimiter();
  RateLimiter(const RateLimiter&) = delete;
  RateLimiter& operator=(const RateLimiter&) = delete;

  Group group(std::string_view service, std::string_view operation);
  /// By its name; one that is new has the Rate's defaults until set_rate() says otherwise.
  Group group(std::string_view name);
  Lane lane(const AccountId& account, Group group);
  Lane lane(const AccountId& account, std::string_view group_name) { return lane(account, group(group_name)); }

  /// Takes a turn where that needs no waiting, and says whether it did.
  bool try_turn(const Lane& lane);
  /// Waits for a turn, first come first served within the account's group.
  Task<void> turn(Lane lane);
  Task<void> turn(const AccountId& account, std::string_view group_name) { return turn(lane(account, group_name)); }
  /// AWS said that it was too much: this account's rate for the group is cut to 0.7 at once (never below one call in
  /// two seconds), that of others stays. Many refusals within a second count as one: they answer the same burst.
  void throttled(const Lane& lane);
  void throttled(const AccountId& account, std::string_view group_name) { throttled(lane(account, group_name)); }
  /// A call went through: the rate recovers step by step towards its ceiling; in smaller steps close to where it was
  /// refused a moment ago.
  void succeeded(const Lane& lane);
  void succeeded(const AccountId& account, std::string_view group_name) { succeeded(lane(account, group_name)); }

  /// The rate in force, for tests and reports.
  double rate(const AccountId& account, std::string_view group_name) const;
  /// Of how many accounts something is remembered, for tests: those called a moment ago, and as many again.
  std::size_t remembered() const { return accounts_.size(); }
  /// Replaces the ceiling of one group, or with a service's id those of all its groups, in all accounts.
  void set_rate(std::string_view group_or_service, Rate rate);
  /// Sets the ceilings of IAM's groups.
  void set_iam_share(IamShare share);

 private:
  struct Limit {
    std::string name;
    Rate ceiling;
    Group within{};  ///< the group that holds this one too; itself: none
  };
  /// Of one account; a handful, so a list is the quickest to look through.
  using Buckets = std::vector<std::pair<Group, std::shared_ptr<Bucket>>>;

  const Limit* find(std::string_view name) const;
  std::shared_ptr<Bucket> bucket(Buckets& buckets, Group group);
  void forget_idle_accounts();
  Task<void> stand_in_line(std::shared_ptr<Bucket> bucket);

  Clock& clock_;
  std::vector<Limit> limits_;  ///< by number
  /// set_rate() goes through all of them, and does the same to each.
  std::unordered_map<AccountId, Buckets> accounts_;  // unordered: lookup only
  std::size_t look_at_size_ = 0;                     ///< of accounts_: whether some can be forgotten
};

}  // namespace rekeyer::aws
