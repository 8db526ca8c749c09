// Faults by rule or by seed: what goes wrong with a call, before or after it is performed.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "sandbox/wire/call.hpp"
#include "sandbox/wire/service_error.hpp"

namespace rekeyer::sandbox {

enum class FaultKind {
  error,     ///< `code`, `status`; the service's own internal error where not given
  throttle,  ///< the service's throttling error
  deny,      ///< the service's access-denied error
  expired,   ///< the session has ended, says the service
  html,      ///< a load balancer's 503 page
  garbage,   ///< 200, and a body that is nothing
  cut,       ///< no reply, the connection ends
  truncate,  ///< performed, then half of the reply's body
  delay,     ///< `wait`, then as usual
  hang,      ///< `wait`, then cut
  signal,    ///< the server sends `signal` to the tested process; 9 also cuts
};

/// As a rule spells it: "error", "throttle", …
std::string_view name(FaultKind kind);

struct FaultRule {
  std::string operation = "*";  ///< a name, "*", or "changing"
  std::string service;          ///< empty: any
  AccountId account;            ///< the caller's; empty: any
  std::string match;            ///< text that the request's body holds
  int skip = 0;                 ///< so many matching calls pass first
  int times = 1;                ///< 0: for ever
  bool after = false;           ///< perform first
  FaultKind kind = FaultKind::error;
  std::string code;
  std::string message;
  int status = 0;
  Milliseconds wait{0};
  int signal = 9;
  // counters
  int seen = 0;
  int hit = 0;
};

/// Random faults: each call is struck with this probability by a kind drawn evenly from those that make sense for it.
struct RandomFaults {
  double probability = 0;
  bool before = true;
  bool after = true;
};

class Faults {
 public:
  explicit Faults(std::uint64_t seed) : random_(seed) {}
  void add(FaultRule rule) { rules_.push_back(std::move(rule)); }
  void clear();
  void set_random_faults(RandomFaults random_faults) { random_faults_ = random_faults; }
  const std::vector<FaultRule>& rules() const { return rules_; }

  /// What strikes this call, if anything; counts it.
  std::optional<FaultRule> pick(const Call& call, const AccountId& account, std::string_view body);

 private:
  std::vector<FaultRule> rules_;
  RandomFaults random_faults_;
  Random random_;
};

/// {"op", "service", "account", "match", "skip", "times", "when": "before"|"after", "kind", "code", "message",
/// "status", "seconds", "signal"}. Fails with `usage`.
Result<FaultRule> parse_fault(const boost::json::object& rule);
boost::json::object describe_fault(const FaultRule& rule);

}  // namespace rekeyer::sandbox
