// Instants and periods as rekeyer reads and writes them. Pure: no clock is read here.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rekeyer {

using Milliseconds = std::chrono::milliseconds;
/// A point in time (UTC), to the millisecond.
using Instant = std::chrono::sys_time<Milliseconds>;
/// A length of time in a policy: days mostly.
using Period = std::chrono::seconds;

/// "2026-01-02T03:04:05Z" (milliseconds are cut).
std::string iso8601(Instant instant);
/// The day, as people write it: "2026-01-02".
std::string day_of(Instant instant);
/// "20260102T030405Z", as signatures and tags use it.
std::string compact_iso8601(Instant instant);
/// ISO 8601 with `Z`, `+00:00` or another offset, fractions allowed; also the compact form; also a date alone (midnight
/// UTC).
std::optional<Instant> parse_iso8601(std::string_view text);
/// The HTTP Date header: "Fri, 02 Jan 2026 03:04:05 GMT" (RFC 9110 IMF-fixdate).
std::optional<Instant> parse_http_date(std::string_view text);
/// Seconds since 1970, with a fraction or an exponent, as AWS JSON writes time stamps.
Instant from_epoch_seconds(double seconds);

/// "90d", "12h", "30m", "45s", and sums such as "1d12h". Nothing for anything else, for zero-length text and for
/// overflow.
std::optional<Period> parse_period(std::string_view text);
/// The shortest form that parse_period reads back: 90d, 36h, 45s.
std::string format_period(Period period);
/// For people: "83 days", "5 hours", "12 minutes", "30 seconds".
std::string describe_period(Period period);

}  // namespace rekeyer
