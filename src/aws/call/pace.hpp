// How fast each account may be called: a token bucket per account and group of operations that AWS limits together,
// which slows down when AWS throttles and recovers.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

struct Rate {
  double per_second = 10;
  double burst = 20;
};

/// The group whose limit the operation falls under: "iam:write", "organizations:list-accounts", "sts". It begins with
/// the service's id; the table stands in pace.cpp. Pure.
std::string pace_group(std::string_view service, std::string_view operation);

class Pace {
 public:
  explicit Pace(Clock& clock);
  ~Pace();
  Pace(const Pace&) = delete;
  Pace& operator=(const Pace&) = delete;

  /// Waits for a turn, first come first served within the account's group.
  Task<void> turn(AccountId account, std::string group);
  /// AWS said that it was too much: this account's rate for the group is cut to 0.7 (never below one call in two
  /// seconds). Many refusals within a second count as one: they answer the same burst.
  void throttled(const AccountId& account, std::string_view group);
  /// A call went through: the rate recovers step by step towards its ceiling.
  void succeeded(const AccountId& account, std::string_view group);
  /// The rate in force, for tests and reports.
  double rate(const AccountId& account, std::string_view group) const;
  /// Replaces the ceiling of one group, or with a service's id those of all its groups, for accounts called from now
  /// on.
  void set_rate(std::string group, Rate rate);

 private:
  struct Bucket;
  Rate ceiling(std::string_view group) const;
  std::shared_ptr<Bucket> bucket(const AccountId& account, std::string_view group);

  Clock& clock_;
  std::map<std::string, Rate, std::less<>> overrides_;
  std::map<std::pair<AccountId, std::string>, std::shared_ptr<Bucket>> buckets_;
};

}  // namespace rekeyer::aws
