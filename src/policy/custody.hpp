// What rekeyer remembers of a user's keys, as it stands in the tag `rekeyer:custody` of the user's secret. Pure.
//
//   rekeyer:custody = "1 AKIAEXAMPLE1:current:20260101T000000Z
//   AKIAEXAMPLE2:retiring:20260101T000000Z:off=20260111T000000Z"
//
// One word a key: id, role, since when it has that role, and `off=` since when it is known to be inactive, `by=rekeyer`
// where rekeyer switched it off, `back=` when somebody switched it on again. What does not fit goes on in further tags
// (policy/tag_parts.hpp). See docs/design/0005-state-in-tags.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/names.hpp"
#include "base/time.hpp"
#include "policy/tag_parts.hpp"

namespace rekeyer::policy {

inline constexpr std::string_view custody_tag = "rekeyer:custody";
inline constexpr std::string_view intent_tag = "rekeyer:intent";
/// Holds the run whose intent issued no key: AWS refused it, or it was never asked. It decides how a key is met that
/// is there all the same, and that alone: tags have no compare-and-set, so another run may have made it in its shadow.
inline constexpr std::string_view issued_nothing_tag = "rekeyer:issued-nothing";
/// Longest tag value that AWS takes.
inline constexpr std::size_t tag_value_limit = 256;

enum class KeyPhase {
  current,   ///< issued by rekeyer, stored, published
  retiring,  ///< replaced by the current one
  orphan,    ///< issued by a run that could not store its secret: withdrawn
  watched,   ///< not issued by rekeyer; remembered only for its inactive clock
};

struct KeyRecord {
  AccessKeyId id;
  KeyPhase role = KeyPhase::watched;
  Instant since{};                        ///< start of the role
  std::optional<Instant> inactive_since;  ///< when rekeyer deactivated it or first saw it inactive
  bool deactivated_by_us = false;
  std::optional<Instant> reactivated;  ///< when it was first seen active again after rekeyer had deactivated it

  bool operator==(const KeyRecord&) const = default;
};

struct Custody {
  std::vector<KeyRecord> keys;  ///< sorted by key id

  /// The key's record, or null; valid until the next change.
  const KeyRecord* find(const AccessKeyId& id) const;
  /// Adds or replaces the record of that key.
  void put(KeyRecord record);
  /// Forgets the key; nothing happens where it is not known.
  void drop(const AccessKeyId& id);
  bool empty() const { return keys.empty(); }
  bool operator==(const Custody&) const = default;
};

/// All tags that the custody stands in, to be written by one call beside those that stand on the secret: instants cut
/// to the second, an empty custody is "1". Fails with `rejected` where that can't be (an id that is not one word, far
/// too many keys).
Result<TagMap> custody_tags(const Custody& custody, const TagMap& existing);
/// Nothing where there is no such tag. Fails with `bad_reply` for anything that custody_tags() does not write: a part
/// that is missing or can't be read takes all of it along.
Result<std::optional<Custody>> read_custody(const TagMap& tags);

/// The same where all of it stands in the one tag. encode() fails with `rejected` where it does not fit.
Result<std::string> encode(const Custody& custody);
Result<Custody> parse_custody(std::string_view text);

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
