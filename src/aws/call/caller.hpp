// One AWS call from beginning to end: endpoint, rate limit, sign, send, classify, retry, correct the clock. Everything
// that rekeyer asks of AWS goes through here, so that there is one way to retry and one place that counts.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/call/classify.hpp"
#include "aws/call/endpoints.hpp"
#include "aws/call/retry_budget.hpp"
#include "aws/http/transport.hpp"
#include "aws/sign/credentials.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"

namespace rekeyer::aws {

class RateLimiter;

/// Nothing is signed at or after this instant (a lease: docs/design). `never` where no lease applies.
struct SignBefore {
  std::optional<Instant> instant;
  static SignBefore never() { return {}; }
  static SignBefore at(Instant instant) { return {instant}; }
};

/// Where on the service's host a call goes. The query and JSON protocols have one place for all operations, the others
/// one for each.
struct RequestTarget {
  std::string method = "POST";
  std::string path = "/";  ///< percent-encoded, as it stands on the request line; under the endpoint's own path
  std::string query = {};  ///< percent-encoded; without "?"
  /// S3: a part of the host at AWS (or of the path where its dots would not match AWS's certificate, or where the
  /// endpoint is somebody's own).
  std::string bucket = {};
};

/// What to call. The body is moved in and signed anew at each attempt.
struct Call {
  const Service* service = nullptr;
  std::string operation;  ///< "ListUsers"
  Idempotent idempotent = Idempotent::read;
  RequestTarget target = {};
  Headers headers = {};      ///< besides those that the protocol asks for
  std::string content_type;  ///< of the body; empty where there is none
  WipedString body;
  SignBefore sign_before;
  bool anonymous = false;  ///< not signed (AssumeRoleWithWebIdentity)
  /// The secret that the body holds, if it does: what an error message repeats of it is masked.
  WipedString secret_text = {};
  /// Reads a 2xx reply and fails with `bad_reply` where it can't be understood; that counts as a failed attempt
  /// (retried for what is idempotent, `outcome_unknown` for what is not). Called at most once for each attempt; it may
  /// keep what it read, and take the body.
  std::function<Result<>(HttpResponse&)> read = {};
  /// Sees each refusal as it came, for what it tells besides its code (S3: the bucket's region).
  std::function<void(const HttpResponse&)> refused = {};
};

/// As whom and where: one per account and region. Cheap to copy.
struct Principal {
  SharedProvider credentials;  ///< null only for anonymous calls
  Region region;
  /// Rate limits are kept per this account: IAM limits the called account, STS and Secrets Manager the caller's.
  AccountId pace_account;
};

/// "service:Operation" in its two parts, to find it where it stands as one text.
struct CallName {
  std::string_view service;
  std::string_view operation;
};
/// The order of texts. A name in parts is compared as if it were one, so that no call has to put it together.
struct CallNameOrder {
  using is_transparent = void;
  bool operator()(const std::string& left, const std::string& right) const { return left < right; }
  bool operator()(const std::string& left, CallName right) const { return compared(left, right) < 0; }
  bool operator()(CallName left, const std::string& right) const { return compared(right, left) > 0; }

 private:
  static int compared(std::string_view text, CallName name);
};

/// Counts, for progress, reports and tests: what was sent by "service:Operation" (each attempt), retries and throttles.
struct CallCounts {
  std::map<std::string, std::uint64_t, CallNameOrder> calls;
  std::uint64_t retries = 0;
  std::uint64_t throttled = 0;
};

struct CallerSettings {
  EndpointSettings endpoints;
  int max_attempts = 8;                    ///< for one call, the first included
  Milliseconds timeout{30'000};            ///< for one attempt
  Milliseconds skew_limit{4 * 60 * 1000};  ///< correct the clock and sign again beyond this
  std::string user_agent;
};

class Caller {
 public:
  /// `now` becomes AWS's now: the first reply's Date header sets its offset.
  Caller(Transport& transport, ShiftedClock& clock, Random& random, RateLimiter& limiter, CallerSettings settings);

  /// The successful reply (2xx). Fails with AWS's error, classified; with `outcome_unknown` where a call that is not
  /// idempotent may have been performed, or where an earlier attempt of an idempotent one may have been and a later one
  /// was refused; with `lease_over` where `sign_before` has come and nothing can have been performed.
  ResultTask<HttpResponse> call(Principal principal, Call call);

  const CallCounts& counts() const { return counts_; }
  const CallerSettings& settings() const { return settings_; }
  ShiftedClock& clock() { return clock_; }
  Transport& transport() { return transport_; }

 private:
  struct Outcome;
  struct Progress;
  enum class Next { stop, at_once, after_a_while };

  Task<Outcome> attempt(const Principal& principal, const Call& call, const Endpoint& endpoint, int number);
  Outcome judge(const Call& call, HttpResponse reply);
  HttpRequest signed_request(const Call& call, const Endpoint& endpoint, const Credentials* credentials) const;
  std::optional<Error> lease_over(const Call& call, Milliseconds ahead) const;
  void learn_time(Outcome& outcome, const Headers& headers);
  void correct_clock(Instant aws_now);
  Next next(Progress& progress, const Principal& principal, const Call& call, const Outcome& outcome);

  Transport& transport_;
  ShiftedClock& clock_;
  Random& random_;
  RateLimiter& limiter_;
  CallerSettings settings_;
  CallCounts counts_;
  RetryBudget budget_;
  bool time_known_ = false;
  bool skew_reported_ = false;
};

}  // namespace rekeyer::aws
