// The promise of one run to issue a key, as it stands in the tag `rekeyer:intent` of the user's secret. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/names.hpp"
#include "base/time.hpp"

namespace rekeyer::policy {

inline constexpr std::string_view intent_tag = "rekeyer:intent";
/// Holds the run whose intent issued no key: AWS refused it, or it was never asked. It decides how a key is met that
/// is there all the same, and that alone: tags have no compare-and-set, so another run may have made it in its shadow.
inline constexpr std::string_view issued_nothing_tag = "rekeyer:issued-nothing";

/// The promise of one run to issue a key: `rekeyer:intent`. "none" when there is none.
///
///   rekeyer:intent = "1 run=8f31c0de12345678 start=20260101T000000Z lease=20260101T001500Z
///   had=AKIAEXAMPLE1:AKIAEXAMPLE2"
struct Intent {
  RunId run;
  Instant started{};
  Instant lease_end{};
  std::vector<AccessKeyId> had;  ///< all key ids of the user before creation, sorted

  bool operator==(const Intent&) const = default;
};

inline constexpr std::string_view no_intent = "none";
/// "none until=20260101T001500Z": the intent was cleared under a lease that ends then. Until that instant a request
/// that was signed under it may still land, a repeated clearing too, so nobody begins anew before.
std::string encode_no_intent(Instant lease_end);
/// The end of the lease under which the intent was cleared; nothing where the tag says no such thing.
std::optional<Instant> settles_at(std::string_view text);
/// The tag's value, like that of custody; `had` is written sorted. Fails with `rejected` where it does not fit, where
/// an id or the run is not one word, or where the lease ends before it starts.
Result<std::string> encode(const Intent& intent);
/// Nothing for "none", with or without an end of its lease, and for an empty value. Fails with `bad_reply` for anything
/// that encode() does not write.
Result<std::optional<Intent>> parse_intent(std::string_view text);

/// A lease lasts 15 minutes, and nothing is signed in its last 8: AWS refuses a signature 5 minutes after its date, so
/// what was signed under a lease can't land after it (docs/design/0004-protocol.md).
inline constexpr std::chrono::minutes lease_length{15};
inline constexpr std::chrono::minutes lease_quiet_end{8};
/// The longest that a signature's date may be off in either direction, with room to spare.
inline constexpr std::chrono::minutes date_slack{15};

/// Does the tag's value claim a lease, or the end of one, that no run can have written by `now`? Whoever may tag the
/// secret can write it, and would stop the user's rotation for as long as it says.
bool claims_too_much(std::string_view text, Instant now);

}  // namespace rekeyer::policy
