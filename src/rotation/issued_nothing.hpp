// The tag `rekeyer:issued-nothing`: the run whose intent issued no key; and, where that was because AWS would not store
// the key's secret, since when and why. DescribeKey does not tell what a key's policy or one of the organization
// refuses: without this note a schedule of each hour would make a key each hour, and withdraw it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/names.hpp"
#include "base/time.hpp"
#include "policy/custody.hpp"

namespace rekeyer::rotation {

/// PutSecretValue was refused, and the key that had been made for it was withdrawn.
struct StoreRefusal {
  Instant at{};
  std::string code;  ///< AWS's; "unknown" where it gave none, or none that fits into a tag

  /// The next day, a little early: daily runs do not begin at the same minute.
  Instant next_try() const { return at + std::chrono::hours{20}; }
};

struct IssuedNothing {
  RunId run;
  std::optional<StoreRefusal> refusal;
};

/// The tag's value: "8f31c0de12345678", or "8f31c0de12345678 store=20260401T060000Z:AccessDeniedException". Pure.
std::string encode(const IssuedNothing& noted);
/// Nothing where there is no such tag, or none that encode() writes; of a refusal that can't be read the run alone.
std::optional<IssuedNothing> read_issued_nothing(const policy::TagMap& tags);

/// Does the next try wait still? Not where the note claims to be of the future: nobody waits for that. Pure.
bool waits(const StoreRefusal& refusal, Instant now);

}  // namespace rekeyer::rotation
