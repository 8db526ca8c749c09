// Waiting before another attempt.
#include "aws/call/backoff.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace rekeyer::aws {
namespace {

using std::chrono::seconds;

constexpr Milliseconds cap = seconds{20};
constexpr Milliseconds longest_retry_after = seconds{60};
constexpr Milliseconds longest_amz_extra = seconds{5};

/// A whole number without sign; nothing for anything else (Retry-After may also be a date, which AWS does not send).
std::optional<long> number_in(const Headers& headers, std::string_view name) {
  const auto text = headers.find(name);
  if (!text) return std::nullopt;
  long value = 0;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (failure != std::errc{} || end != text->data() + text->size() || value < 0) return std::nullopt;
  return value;
}

}  // namespace

Milliseconds jittered_backoff(int retry, bool throttled, Random& random) {
  const Milliseconds base = throttled ? Milliseconds{1000} : Milliseconds{100};
  const Milliseconds ceiling = std::min(cap, base * (1L << std::clamp(retry, 0, 20)));
  return std::chrono::floor<Milliseconds>(std::chrono::duration<double, std::milli>(ceiling) * random.unit());
}

Milliseconds retry_delay(int retry, bool throttled, const Headers& reply, Random& random) {
  const Milliseconds own = jittered_backoff(retry, throttled, random);
  if (const auto asked = number_in(reply, "x-amz-retry-after")) {
    return std::clamp(Milliseconds{std::min(*asked, 3'600'000L)}, own, own + longest_amz_extra);
  }
  if (const auto asked = number_in(reply, "Retry-After")) {
    return std::max(own, std::min<Milliseconds>(seconds{std::min(*asked, 3'600L)}, longest_retry_after));
  }
  return own;
}

}  // namespace rekeyer::aws
