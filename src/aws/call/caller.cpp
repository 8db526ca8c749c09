// The life of one call. Each attempt comes to an Outcome; next() decides what follows from it.
#include "aws/call/caller.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "aws/call/backoff.hpp"
#include "aws/call/masked.hpp"
#include "aws/call/rate_limiter.hpp"
#include "aws/sign/sigv4.hpp"
#include "base/log.hpp"

namespace rekeyer::aws {
namespace {

/// A Date header has whole seconds and was written a moment ago: closer than this, the local clock is as good.
constexpr Milliseconds date_noise = std::chrono::seconds{2};
constexpr Milliseconds worth_reporting = std::chrono::minutes{5};
constexpr int few_attempts = 3;
/// A call that AWS had no room for did nothing and is done once there is room: so many refusals of this kind count as
/// one attempt. With 8 attempts a call is given up after 22 refusals in a row, which are three minutes of backoff on
/// average.
constexpr int throttles_an_attempt = 3;

std::string full_name(const Call& call) { return fmt::format("{}:{}", call.service->id, call.operation); }

ErrorFormat error_format(const Service& service) {
  switch (service.protocol) {
    case Protocol::query:
    case Protocol::rest_xml: return ErrorFormat::xml;
    case Protocol::json: return ErrorFormat::json;
    case Protocol::rest_json: return ErrorFormat::rest_json;
  }
  return ErrorFormat::xml;
}

Url placed(const Endpoint& endpoint, const RequestTarget& target) {
  Url url = endpoint.url;
  std::string path = target.path;
  if (!target.bucket.empty()) {
    if (endpoint.overridden || target.bucket.find('.') != std::string::npos) {
      path = fmt::format("/{}{}", target.bucket, path);
    } else {
      url.host = fmt::format("{}.{}", target.bucket, url.host);
    }
  }
  if (path != "/") {
    if (url.path.ends_with('/')) url.path.pop_back();
    url.path += path;
  }
  url.query = target.query;
  return url;
}

Error named(Error error, const Call& call) {
  if (error.operation.empty()) error.operation = full_name(call);
  return error;
}

/// Answers of this kind tell how things stand now, whoever brought them about; the others only say that this attempt
/// did nothing.
bool tells_the_state(ErrorKind kind) {
  return kind == ErrorKind::not_found || kind == ErrorKind::already_exists || kind == ErrorKind::conflict ||
         kind == ErrorKind::marked_for_deletion || kind == ErrorKind::limit_exceeded;
}

/// The error as the whole call's result: `earlier_ambiguous` is whether an attempt before the last may have been
/// performed.
Error as_result(Error error, Idempotent idempotent, bool earlier_ambiguous) {
  if (idempotent == Idempotent::no && ambiguous(error.kind)) {
    error.kind = ErrorKind::outcome_unknown;
  } else if (earlier_ambiguous && !ambiguous(error.kind) && !tells_the_state(error.kind)) {
    error.message = fmt::format("an earlier attempt may have been performed; the last one failed: {}", error.message);
    error.kind = ErrorKind::outcome_unknown;
  }
  return error;
}

}  // namespace

int CallNameOrder::compared(std::string_view text, CallName name) {
  if (const int order = text.compare(0, name.service.size(), name.service); order != 0) return order;
  text.remove_prefix(name.service.size());
  if (text.empty()) return -1;
  if (text.front() != ':') return text.front() < ':' ? -1 : 1;
  return text.substr(1).compare(name.operation);
}

/// What one attempt came to: a reply, or an error and what it means.
struct Caller::Outcome {
  std::optional<HttpResponse> reply;
  Error error;
  Classification verdict;
  Headers headers;  ///< of a refusal, for Retry-After
  int status = 0;   ///< zero: no reply
  Instant sent{};
  std::optional<Instant> date;  ///< AWS's now when it answered; nothing where no trustworthy reply named it

  static Outcome failure(Error error, Classification::Again again = Classification::Again::by_kind) {
    Outcome outcome;
    outcome.verdict = {error.kind, again};
    outcome.error = std::move(error);
    return outcome;
  }
};

/// What the attempts so far leave behind.
struct Caller::Progress {
  int attempts = 0;
  int throttles = 0;       ///< attempts that were too many for AWS
  bool ambiguous = false;  ///< an attempt before the last may have been performed
  bool clock_corrected = false;
  bool credentials_refreshed = false;
  double paid = 0;  ///< to the retry budget, for the last retry

  /// The attempts as they count against the most that there may be.
  int counted() const { return attempts - throttles + (throttles + throttles_an_attempt - 1) / throttles_an_attempt; }
};

Caller::Caller(Transport& transport, ShiftedClock& clock, Random& random, RateLimiter& limiter, CallerSettings settings)
    : transport_(transport),
      clock_(clock),
      random_(random),
      limiter_(limiter),
      settings_(std::move(settings)),
      budget_(clock) {}

ResultTask<HttpResponse> Caller::call(Principal principal, Call call) {
  const auto endpoint = resolve_endpoint(*call.service, principal.region, settings_.endpoints);
  if (!endpoint) co_return fail(named(endpoint.error(), call));

  Progress progress;
  for (;;) {
    ++progress.attempts;
    Outcome outcome = co_await attempt(principal, call, *endpoint, progress.attempts);
    if (outcome.reply) {
      budget_.give(progress.paid > 0 ? progress.paid : 1);
      co_return *std::move(outcome.reply);
    }
    if (outcome.verdict.kind == ErrorKind::throttled) ++progress.throttles;
    Next then = next(progress, principal, call, outcome);
    Milliseconds wait{0};
    if (then == Next::after_a_while) {
      const bool throttled = outcome.verdict.kind == ErrorKind::throttled;
      wait = retry_delay(progress.attempts - 1, throttled, outcome.headers, random_);
    }
    if (then != Next::stop) {
      if (auto over = lease_over(call, wait)) {
        over->message += fmt::format("; the last attempt: {}", describe(outcome.error));
        progress.ambiguous |= ambiguous(outcome.error.kind) && call.idempotent != Idempotent::read;
        outcome.error = *std::move(over);
        then = Next::stop;
      }
    }
    if (then == Next::stop) {
      co_return fail(named(as_result(std::move(outcome.error), call.idempotent, progress.ambiguous), call));
    }
    progress.ambiguous |= ambiguous(outcome.error.kind) && call.idempotent != Idempotent::read;
    ++counts_.retries;
    if (wait > Milliseconds::zero()) co_await clock_.sleep_for(wait);
  }
}

Caller::Next Caller::next(Progress& progress, const Principal& principal, const Call& call, const Outcome& outcome) {
  const Classification& verdict = outcome.verdict;
  const int attempts = progress.counted();
  const Next at_once = attempts < settings_.max_attempts ? Next::at_once : Next::stop;
  // Compared with the time that was signed: another call's reply may have corrected the clock meanwhile.
  const bool far_off = outcome.date && std::chrono::abs(*outcome.date - outcome.sent) > settings_.skew_limit;
  if (verdict.kind == ErrorKind::clock_skew || (verdict.maybe_skew && far_off)) {
    if (std::exchange(progress.clock_corrected, true)) return Next::stop;
    if (far_off) correct_clock(*outcome.date);
    return at_once;
  }
  if (verdict.kind == ErrorKind::credentials_expired && !call.anonymous) {
    if (std::exchange(progress.credentials_refreshed, true)) return Next::stop;
    principal.credentials->invalidate();
    return at_once;
  }
  const bool few = verdict.again == Classification::Again::few;
  const bool again = verdict.again == Classification::Again::yes || few ||
                     (verdict.again == Classification::Again::by_kind && retryable(verdict.kind, call.idempotent));
  if (!again) return Next::stop;
  if (attempts >= settings_.max_attempts || (few && progress.attempts >= few_attempts)) return Next::stop;
  const double cost = verdict.kind == ErrorKind::throttled ? RetryBudget::throttle_cost : RetryBudget::transient_cost;
  if (!budget_.take(cost)) return Next::stop;
  progress.paid = cost;
  return Next::after_a_while;
}

Task<Caller::Outcome> Caller::attempt(const Principal& principal, const Call& call, const Endpoint& endpoint,
                                      int number) {
  const RateLimiter::Lane lane =
      limiter_.lane(principal.pace_account, limiter_.group(call.service->id, call.operation));
  if (!limiter_.try_turn(lane)) co_await limiter_.turn(lane);
  if (auto over = lease_over(call, {})) co_return Outcome::failure(*std::move(over));

  SharedCredentials credentials;
  if (!call.anonymous) {
    if (!principal.credentials) {
      co_return Outcome::failure({ErrorKind::usage, "no credentials are configured", {}, {}, {}});
    }
    auto provided = co_await principal.credentials->get();
    // The provider has retried as it should; asking it again at once would only multiply that.
    if (!provided) co_return Outcome::failure(std::move(provided).error(), Classification::Again::never);
    credentials = *std::move(provided);
    // That may have taken a while.
    if (auto over = lease_over(call, {})) co_return Outcome::failure(*std::move(over));
  }

  HttpRequest request = signed_request(call, endpoint, credentials.get());
  if (const auto known = counts_.calls.find(CallName{call.service->id, call.operation}); known != counts_.calls.end()) {
    ++known->second;
  } else {
    counts_.calls.emplace(full_name(call), 1);
  }
  const Instant sent = clock_.now();
  auto reply = co_await transport_.send(std::move(request));
  const Milliseconds took = clock_.now() - sent;

  Outcome outcome = reply ? judge(call, *std::move(reply)) : Outcome::failure(std::move(reply).error());
  outcome.sent = sent;
  if (outcome.reply) limiter_.succeeded(lane);
  if (outcome.verdict.kind == ErrorKind::throttled && !outcome.reply) {
    ++counts_.throttled;
    limiter_.throttled(lane);
  }
  if (log::enabled(log::Level::debug)) {
    const std::string id = outcome.reply ? request_id(outcome.reply->headers) : outcome.error.request_id;
    log::debug("aws call", {{"operation", full_name(call)},
                            {"account", principal.pace_account.str()},
                            {"attempt", std::to_string(number)},
                            {"status", std::to_string(outcome.status)},
                            {"outcome", outcome.reply ? "ok" : std::string(name(outcome.error.kind))},
                            {"code", outcome.error.code},
                            {"request_id", id},
                            {"ms", std::to_string(took.count())}});
  }
  co_return outcome;
}

HttpRequest Caller::signed_request(const Call& call, const Endpoint& endpoint, const Credentials* credentials) const {
  HttpRequest request;
  request.method = call.target.method;
  request.url = placed(endpoint, call.target);
  request.body = call.body;
  request.timeout = settings_.timeout;
  request.repeatable = call.idempotent != Idempotent::no;
  request.headers = call.headers;
  request.headers.set("Host", request.url.host_header());
  if (!call.content_type.empty()) request.headers.set("Content-Type", call.content_type);
  if (call.service->protocol == Protocol::json) {
    request.headers.set("X-Amz-Target", fmt::format("{}{}", call.service->target_prefix, call.operation));
  }
  if (!settings_.user_agent.empty()) request.headers.set("User-Agent", settings_.user_agent);
  if (credentials) {
    SigningScope scope;
    scope.region = endpoint.signing_region;
    scope.service = endpoint.signing_name;
    scope.time = clock_.now();
    const bool s3 = call.service->protocol == Protocol::rest_xml;
    scope.normalize_path = !s3;
    scope.double_encode_path = !s3;
    scope.sign_body_header = s3;
    sign(request, *credentials, scope);
  }
  return request;
}

Caller::Outcome Caller::judge(const Call& call, HttpResponse reply) {
  Outcome outcome;
  outcome.status = reply.status;
  if (reply.status >= 200 && reply.status < 300) {
    const Result<> understood = call.read ? call.read(reply) : Result<>{};
    if (!understood) {
      Error error = understood.error();
      error.kind = ErrorKind::bad_reply;
      error.request_id = request_id(reply.headers);
      outcome = Outcome::failure(std::move(error));
      outcome.status = reply.status;
      return outcome;
    }
    learn_time(outcome, reply.headers);
    outcome.reply = std::move(reply);
    return outcome;
  }

  if (call.refused) call.refused(reply);
  ServiceError refusal = read_service_error(error_format(*call.service), reply);
  outcome.verdict = classify(*call.service, call.operation, reply.status, refusal);
  // A page from something in between is no AWS reply, and its date is not AWS's.
  if (refusal.code != std::to_string(reply.status)) learn_time(outcome, reply.headers);
  if (!call.secret_text.empty()) refusal.message = masked(refusal.message, call.secret_text);
  outcome.error = {outcome.verdict.kind, std::move(refusal.message), std::move(refusal.code), full_name(call),
                   std::move(refusal.request_id)};
  if (outcome.error.message.empty()) outcome.error.message = fmt::format("HTTP status {}", reply.status);
  outcome.headers = std::move(reply.headers);
  return outcome;
}

std::optional<Error> Caller::lease_over(const Call& call, Milliseconds ahead) const {
  if (!call.sign_before.instant || clock_.now() + ahead < *call.sign_before.instant) return std::nullopt;
  return Error{ErrorKind::lease_over,
               fmt::format("nothing is signed from {} on", iso8601(*call.sign_before.instant)),
               {},
               full_name(call),
               {}};
}

void Caller::learn_time(Outcome& outcome, const Headers& headers) {
  if (const auto date = headers.find("Date")) outcome.date = parse_http_date(*date);
  if (outcome.date && !std::exchange(time_known_, true)) correct_clock(*outcome.date);
}

void Caller::correct_clock(Instant aws_now) {
  const Milliseconds by = aws_now - clock_.now();
  if (std::chrono::abs(by) <= date_noise) return;
  clock_.set_offset(clock_.offset() + by);
  const auto offset = std::chrono::round<std::chrono::minutes>(clock_.offset());
  if (std::chrono::abs(clock_.offset()) <= worth_reporting || std::exchange(skew_reported_, true)) return;
  log::warn("the local clock is wrong; AWS's time is used instead",
            {{"off_by", describe_period(std::chrono::abs(offset))},
             {"local_clock_is", offset > std::chrono::minutes::zero() ? "behind" : "ahead"}});
}

}  // namespace rekeyer::aws
