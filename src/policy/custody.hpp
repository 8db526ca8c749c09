// What rekeyer remembers of a user's keys, as it stands in the tag `rekeyer:custody` of the user's secret. Pure.
//
//   rekeyer:custody = "1 AKIAEXAMPLE1:current:20260101T000000Z
//   AKIAEXAMPLE2:retiring:20260101T000000Z:off=20260111T000000Z"
//
// One word a key: id, phase, since when it is in that phase, and `off=` since when it is known to be inactive,
// `by=rekeyer` where rekeyer switched it off, `back=` when somebody switched it on again. What does not fit goes on in
// further tags (policy/tag_parts.hpp). See docs/design/0005-state-in-tags.md.
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

enum class KeyPhase {
  current,   ///< issued by rekeyer, stored, published
  retiring,  ///< replaced by the current one
  orphan,    ///< issued by a run that could not store its secret: withdrawn
  watched,   ///< not issued by rekeyer; remembered only for its inactive clock
};

struct KeyRecord {
  AccessKeyId id;
  KeyPhase phase = KeyPhase::watched;
  Instant since{};                        ///< start of the phase
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

}  // namespace rekeyer::policy
