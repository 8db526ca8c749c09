// How fast each account may be called: a token bucket per (account, service) that slows down when AWS throttles and recovers.
#pragma once

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

class Pace {
 public:
  explicit Pace(Clock& clock);
  ~Pace();
  /// Waits for a turn, first come first served. `service` is Service::id.
  Task<void> turn(AccountId account, std::string service);
  /// AWS said that it was too much: that bucket's rate is cut (never below a floor) for this account and service only.
  void throttled(const AccountId& account, std::string_view service);
  /// A call went through: the rate recovers step by step towards its ceiling.
  void succeeded(const AccountId& account, std::string_view service);
  /// The rate in force, for tests and reports.
  double rate(const AccountId& account, std::string_view service) const;
  /// Replaces the ceiling for a service (Service::id).
  void set_rate(std::string service, Rate rate);

 private:
  struct Bucket;
  Bucket& bucket(const AccountId& account, std::string_view service);
  Clock& clock_;
  std::map<std::string, Rate, std::less<>> ceilings_;
  std::map<std::pair<AccountId, std::string>, std::unique_ptr<Bucket>> buckets_;
};

}  // namespace rekeyer::aws
