// What a key's owner has to be told, and what they were told already: the tag `rekeyer:notice` of the user's secret.
// Pure.
//
//   rekeyer:notice = "1 AKIAEXAMPLE1:rotated:20260111:20260101T000000Z
//   AKIAEXAMPLE2:deletion-soon/3:20260121:-20260118T…"
//
// One word a key: id, kind (with the warning's days), the day on which the announced thing happens ("none": no day),
// and since when the owner knows; with "-" before it, since when nobody could be reached. What does not fit goes on in
// further tags (policy/tag_parts.hpp). See docs/design/0008-notices.md.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/access_key.hpp"
#include "base/error.hpp"
#include "base/names.hpp"
#include "base/time.hpp"
#include "policy/tag_parts.hpp"

namespace rekeyer::policy {

inline constexpr std::string_view notice_tag = "rekeyer:notice";

/// What a message is about. In the order of a key's life.
enum class NoticeKind {
  rotation_soon,      ///< a new key will be issued
  unused,             ///< never used, or not for long: it will be deactivated without a successor
  two_keys,           ///< two keys in use: rotation waits for one of them to go
  rotated,            ///< a new key is stored; this one will be deactivated
  deactivation_soon,  ///< it will be deactivated
  in_use,             ///< its deactivation is held because something still uses it
  deactivated,        ///< it was switched off; it will be deleted
  deletion_soon,      ///< it will be deleted
  deleted,            ///< it is gone
  recovered,          ///< a run had ended in the middle; the key that nobody has was withdrawn
  exemption_ending,   ///< from then on the keys rotate like any other
  failed,             ///< something due could not be done: for administrators, not remembered in the tag
};
/// "rotation-soon": in tags, settings, file names and events.
std::string_view name(NoticeKind kind);
std::optional<NoticeKind> parse_notice_kind(std::string_view text);
/// All of them, in order.
const std::vector<NoticeKind>& all_notice_kinds();

/// One thing to tell of one key.
struct Notice {
  NoticeKind kind = NoticeKind::rotation_soon;
  AccessKeyId key;
  std::optional<Instant> due;  ///< when the announced thing happens; nothing where no day can be named
  int days = 0;                ///< which of the warnings this is (7, 3, 1); 0: no warning
  KeyStatus status = KeyStatus::active;
  Instant created{};
  LastUse last_use;               ///< by its owner
  bool successor_unused = false;  ///< in_use: what holds it is that its owner never used the new key

  bool operator==(const Notice&) const = default;
};

/// What the owner was last told of one key.
struct NoticeState {
  AccessKeyId key;
  NoticeKind kind = NoticeKind::rotation_soon;
  int days = 0;
  std::optional<std::chrono::sys_days> due;
  Instant since{};       ///< accepted: since when the owner knows of this step; else since when it could not be told
  bool accepted = true;  ///< by a channel

  bool operator==(const NoticeState&) const = default;
};

/// The whole record: sorted by key id.
struct NoticeRecord {
  std::vector<NoticeState> entries;

  const NoticeState* find(const AccessKeyId& key) const;
  void put(NoticeState told);
  void drop(const AccessKeyId& key);
  bool empty() const { return entries.empty(); }
  bool operator==(const NoticeRecord&) const = default;
};

/// All tags that the record stands in, like those of custody.
Result<TagMap> notice_tags(const NoticeRecord& record, const TagMap& existing);
/// Empty where there is no such tag. Fails with `bad_reply` for anything that notice_tags() does not write; the caller
/// then takes it for empty: owners are told anew.
Result<NoticeRecord> read_notices(const TagMap& tags);

/// The same where all of it stands in the one tag. encode() fails with `rejected` where it does not fit.
Result<std::string> encode(const NoticeRecord& record);
Result<NoticeRecord> parse_notices(std::string_view text);

/// When owners are told.
struct NoticeRules {
  bool enabled = false;  ///< some channel is configured
  std::vector<int> warn_days{7, 3,
                             1};  ///< before rotation, deactivation, deletion, the end of an exemption; descending
};

/// The steps that take something from an owner, and are announced before.
enum class Step { deactivation, deletion };
/// Does a message of this kind announce that step?
bool announces(NoticeKind kind, Step step);

/// What `notice` leaves in the record once a channel accepted it, or refused it, at `now`. Since when the owner knows
/// stays as it was where the same step had been announced before for a day that is no later.
NoticeState state_after(const Notice& notice, const NoticeState* before, bool accepted, Instant now);

/// Is this very notice on record as one that reached nobody? Then everybody but the owner has had it.
bool was_in_vain(const NoticeRecord& record, const Notice& notice);

/// How one notice fared.
struct Delivery {
  Notice notice;
  bool accepted = false;  ///< by a channel that reaches the owner
};

/// `record` after these deliveries at `now`. Of a key that is gone nothing is left once its owner knows.
NoticeRecord after_deliveries(NoticeRecord record, const std::vector<Delivery>& deliveries, Instant now);

/// What to write where `wanted`, which was made of `read`, is to take the place of `now`: what another run has recorded
/// of a key since `read` stands, but for keys of which `wanted` has news too. That a key is gone stands in any case.
NoticeRecord reconciled(const NoticeRecord& read, NoticeRecord wanted, const NoticeRecord& now);

}  // namespace rekeyer::policy
