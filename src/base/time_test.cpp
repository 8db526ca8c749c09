// Every form of instants and periods that is read, the forms that are written, and that one reads the other.
#include "base/time.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "fakes/seed.hpp"

namespace rekeyer {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Instant january = std::chrono::sys_days{std::chrono::year{2026} / 1 / 2} + hours{3} + minutes{4} + seconds{5};
constexpr Instant midnight = std::chrono::sys_days{std::chrono::year{2026} / 1 / 2};

TEST(Iso8601, IsWrittenInUtcWithTheMillisecondsCut) {
  EXPECT_EQ(iso8601(january), "2026-01-02T03:04:05Z");
  EXPECT_EQ(iso8601(january + Milliseconds{999}), "2026-01-02T03:04:05Z");
  EXPECT_EQ(day_of(january), "2026-01-02");
  EXPECT_EQ(iso8601(Instant{}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(iso8601(Instant{Milliseconds{-1}}), "1969-12-31T23:59:59Z");
  EXPECT_EQ(iso8601(std::chrono::sys_days{std::chrono::year{2028} / 2 / 29}), "2028-02-29T00:00:00Z");
}

TEST(Iso8601, HasACompactFormForSignaturesAndTags) {
  EXPECT_EQ(compact_iso8601(january + Milliseconds{999}), "20260102T030405Z");
  EXPECT_EQ(compact_iso8601(std::chrono::sys_days{std::chrono::year{2026} / 12 / 31} + hours{23}), "20261231T230000Z");
}

TEST(Iso8601, EveryFormIsRead) {
  const std::vector<std::pair<std::string_view, Instant>> forms{
      {"2026-01-02T03:04:05Z", january},
      {"2026-01-02t03:04:05z", january},
      {"2026-01-02 03:04:05Z", january},
      {"2026-01-02T03:04:05+00:00", january},
      {"2026-01-02T05:04:05+02:00", january},
      {"2026-01-02T01:34:05-0130", january},
      {"2026-01-01T13:04:05-14:00", january},
      {"2026-01-02T03:04:05.6Z", january + Milliseconds{600}},
      {"2026-01-02T03:04:05,06Z", january + Milliseconds{60}},
      {"2026-01-02T03:04:05.6789Z", january + Milliseconds{678}},
      {"2026-01-02T03:04:05.000000000000000000001Z", january},
      {"2026-01-02T05:04:05.500+02:00", january + Milliseconds{500}},
      {"20260102T030405Z", january},
      {"20260102T030405.5Z", january + Milliseconds{500}},
      {"2026-01-02", midnight},
      {"20260102", midnight},
      {"2026-01-01T23:59:60Z", midnight},  // a leap second is the next second
  };
  for (const auto& [text, expected] : forms) EXPECT_EQ(parse_iso8601(text), expected) << text;
}

TEST(Iso8601, NothingElseIsRead) {
  for (const std::string_view text : {"",
                                      "2026",
                                      "2026-01",
                                      "2026-1-2",
                                      "2026-13-01",
                                      "2026-00-01",
                                      "2026-01-00",
                                      "2026-02-29",
                                      "2026-04-31",
                                      "2026-0102",
                                      "202601-02",
                                      "26-01-02",
                                      "+2026-01-02",
                                      " 2026-01-02",
                                      "2026-01-02 ",
                                      "2026-01-02T",
                                      "2026-01-02T03:04:05",
                                      "2026-01-02T03:04Z",
                                      "2026-01-02T24:00:00Z",
                                      "2026-01-02T03:60:00Z",
                                      "2026-01-02T03:04:61Z",
                                      "2026-01-02T03:0405Z",
                                      "2026-01-02T03:04:05.Z",
                                      "2026-01-02T03:04:05ZZ",
                                      "2026-01-02T03:04:05 Z",
                                      "2026-01-02T03:04:05+",
                                      "2026-01-02T03:04:05+1:00",
                                      "2026-01-02T03:04:05+01",
                                      "2026-01-02T03:04:05+15:00",
                                      "2026-01-02T03:04:05+00:60",
                                      "2026-01-02X03:04:05Z",
                                      "N/A",
                                      "no_information",
                                      "not_supported",
                                      "2026-01-0\xd9\xa2"}) {
    EXPECT_EQ(parse_iso8601(text), std::nullopt) << text;
  }
}

TEST(Iso8601, WhatIsWrittenIsReadBackToTheSecond) {
  const auto seed = fakes::seed();
  Random random(seed);
  for (int i = 0; i < 2000; ++i) {
    // 1900 to 2300 or so, and any offset that there is.
    const Instant instant{
        Milliseconds{static_cast<std::int64_t>(random.below(12'600'000'000'000)) - 2'200'000'000'000}};
    const auto offset = minutes{static_cast<int>(random.below(2 * 14 * 60)) - 14 * 60};
    SCOPED_TRACE(fmt::format("seed {:x}, round {}: {} ms, offset {}", seed, i, instant.time_since_epoch().count(),
                             offset.count()));
    const Instant whole = std::chrono::floor<seconds>(instant);
    ASSERT_EQ(parse_iso8601(iso8601(instant)), whole);
    ASSERT_EQ(parse_iso8601(compact_iso8601(instant)), whole);
    auto local = iso8601(instant + offset);
    local.pop_back();
    local += fmt::format("{}{:02}:{:02}", offset < minutes{0} ? '-' : '+', std::abs(offset.count()) / 60,
                         std::abs(offset.count()) % 60);
    ASSERT_EQ(parse_iso8601(local), whole) << local;
  }
}

TEST(HttpDate, IsReadInEveryMonth) {
  EXPECT_EQ(parse_http_date("Fri, 02 Jan 2026 03:04:05 GMT"), january);
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (unsigned month = 0; month < months.size(); ++month) {
    const Instant expected =
        std::chrono::sys_days{std::chrono::year{2026} / std::chrono::month{month + 1} / 9} + hours{23} + seconds{59};
    EXPECT_EQ(parse_http_date(fmt::format("Mon, 09 {} 2026 23:00:59 GMT", months[month])), expected) << months[month];
  }
}

TEST(HttpDate, NothingElseIsRead) {
  const std::string good = "Fri, 02 Jan 2026 03:04:05 GMT";
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_EQ(parse_http_date(good.substr(0, length)), std::nullopt) << good.substr(0, length);
  }
  for (const std::string_view text :
       {"Fri, 02 Jan 2026 03:04:05 UTC", "Fri, 02 Jan 2026 03:04:05 +0000", "Fri, 02 Jan 2026 03:04:05 GMT ",
        "Fri, 2 Jan 2026 03:04:05 GMT", "Fri, 02 jan 2026 03:04:05 GMT", "Fri, 02 anF 2026 03:04:05 GMT",
        "Fri, 31 Feb 2026 03:04:05 GMT", "Fri, 02 Jan 2026 25:04:05 GMT", "Friday, 02-Jan-26 03:04:05 GMT",
        "Fri Jan  2 03:04:05 2026", "02 Jan 2026 03:04:05 GMT", "2026-01-02T03:04:05Z"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

TEST(EpochSeconds, AreReadToTheMillisecond) {
  EXPECT_EQ(from_epoch_seconds(1767323045), january);
  EXPECT_EQ(from_epoch_seconds(1767323045.678), january + Milliseconds{678});
  EXPECT_EQ(from_epoch_seconds(1.767323045E9), january);
  EXPECT_EQ(from_epoch_seconds(-0.001), Instant{Milliseconds{-1}});
}

TEST(EpochSeconds, OfHostileSizeAreSomeInstant) {
  const auto huge = from_epoch_seconds(1e300);
  EXPECT_EQ(iso8601(huge), "9999-12-31T23:59:59Z");
  EXPECT_EQ(from_epoch_seconds(std::numeric_limits<double>::infinity()), huge);
  const auto lowest = from_epoch_seconds(-std::numeric_limits<double>::infinity());
  EXPECT_LT(lowest, Instant{});
  EXPECT_EQ(from_epoch_seconds(std::numeric_limits<double>::quiet_NaN()), lowest);
}

TEST(Periods, AreReadInEveryUnitAndInSums) {
  const std::vector<std::pair<std::string_view, Period>> forms{
      {"90d", days{90}},
      {"12h", hours{12}},
      {"30m", minutes{30}},
      {"45s", seconds{45}},
      {"1d12h", hours{36}},
      {"1d2h3m4s", days{1} + hours{2} + minutes{3} + seconds{4}},
      {"1d4s", days{1} + seconds{4}},
      {"48h", days{2}},
      {"0d", Period{0}},
      {"0s", Period{0}},
      {"007d", days{7}},
      {"36600d", days{36600}}};
  for (const auto& [text, expected] : forms) EXPECT_EQ(parse_period(text), expected) << text;
}

TEST(Periods, NothingElseIsRead) {
  for (const std::string_view text : {"",
                                      "d",
                                      "90",
                                      "1d12",
                                      " 90d",
                                      "90d ",
                                      "90 d",
                                      "90D",
                                      "1w",
                                      "1y",
                                      "-1d",
                                      "-0d",
                                      "+1d",
                                      "1d-1h",
                                      "1.5d",
                                      "1,5d",
                                      "12h1d",
                                      "1d1d",
                                      "1s1m",
                                      "0x10d",
                                      "1dd",
                                      "never",
                                      "36601d",
                                      "878401h",
                                      "3162240001s",
                                      "99999999999999999999d",
                                      "9223372036854775807d",
                                      "9223372036854775807s",
                                      "1d99999999999999999999s"}) {
    EXPECT_EQ(parse_period(text), std::nullopt) << text;
  }
}

TEST(Periods, AreWrittenInTheLargestUnitThatFits) {
  EXPECT_EQ(format_period(days{90}), "90d");
  EXPECT_EQ(format_period(hours{36}), "36h");
  EXPECT_EQ(format_period(minutes{90}), "90m");
  EXPECT_EQ(format_period(seconds{61}), "61s");
  EXPECT_EQ(format_period(Period{0}), "0d");
}

TEST(Periods, WhatIsWrittenIsReadBack) {
  const auto seed = fakes::seed();
  Random random(seed);
  for (int i = 0; i < 2000; ++i) {
    const std::int64_t unit = std::array<std::int64_t, 4>{1, 60, 3600, 86400}[random.below(4)];
    const Period period{static_cast<std::int64_t>(random.below(3'000'000'000 / static_cast<std::uint64_t>(unit))) *
                        unit};
    ASSERT_EQ(parse_period(format_period(period)), period)
        << fmt::format("seed {:x}, round {}: {} s", seed, i, period.count());
  }
}

TEST(Periods, AreDescribedInTheLargestWholeUnit) {
  EXPECT_EQ(describe_period(days{83} + hours{23}), "83 days");
  EXPECT_EQ(describe_period(hours{47}), "1 day");
  EXPECT_EQ(describe_period(hours{5}), "5 hours");
  EXPECT_EQ(describe_period(minutes{119}), "1 hour");
  EXPECT_EQ(describe_period(minutes{12}), "12 minutes");
  EXPECT_EQ(describe_period(seconds{30}), "30 seconds");
  EXPECT_EQ(describe_period(seconds{1}), "1 second");
  EXPECT_EQ(describe_period(seconds{0}), "0 seconds");
  EXPECT_EQ(describe_period(-days{2}), "2 days");
}

}  // namespace
}  // namespace rekeyer
