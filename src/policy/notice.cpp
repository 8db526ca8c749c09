// Stages' names, and what a message leaves in the record.
#include "policy/notice.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rekeyer::policy {
namespace {

constexpr std::array<std::pair<NoticeKind, std::string_view>, 12> notice_kind_names{
    {{NoticeKind::rotation_soon, "rotation-soon"},
     {NoticeKind::unused, "unused"},
     {NoticeKind::two_keys, "two-keys"},
     {NoticeKind::rotated, "rotated"},
     {NoticeKind::deactivation_soon, "deactivation-soon"},
     {NoticeKind::in_use, "in-use"},
     {NoticeKind::deactivated, "deactivated"},
     {NoticeKind::deletion_soon, "deletion-soon"},
     {NoticeKind::deleted, "deleted"},
     {NoticeKind::recovered, "recovered"},
     {NoticeKind::exemption_ending, "exemption-ending"},
     {NoticeKind::failed, "failed"}}};

/// As many as are sure to fit into the parts of a tag.
constexpr std::size_t most_told = most_tag_parts;

bool same_step(NoticeKind a, NoticeKind b) {
  return (announces(a, Step::deactivation) && announces(b, Step::deactivation)) ||
         (announces(a, Step::deletion) && announces(b, Step::deletion));
}

std::optional<std::chrono::sys_days> day(const std::optional<Instant>& instant) {
  if (!instant) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*instant);
}

/// The keys that a user has go before those that are gone; of these the latest count.
void shorten(NoticeRecord& record) {
  while (record.entries.size() > most_told) {
    const auto gone = std::ranges::min_element(record.entries, {}, [](const NoticeState& one) {
      return std::pair(one.kind != NoticeKind::deleted, one.since);
    });
    record.entries.erase(gone);
  }
}

}  // namespace

std::string_view name(NoticeKind kind) {
  return std::ranges::find(notice_kind_names, kind, &decltype(notice_kind_names)::value_type::first)->second;
}

std::optional<NoticeKind> parse_notice_kind(std::string_view text) {
  const auto found = std::ranges::find(notice_kind_names, text, &decltype(notice_kind_names)::value_type::second);
  if (found == notice_kind_names.end()) return std::nullopt;
  return found->first;
}

const std::vector<NoticeKind>& all_notice_kinds() {
  static const std::vector<NoticeKind> all = [] {
    std::vector<NoticeKind> kinds;
    for (const auto& [kind, text] : notice_kind_names) kinds.push_back(kind);
    return kinds;
  }();
  return all;
}

bool announces(NoticeKind kind, Step step) {
  switch (kind) {
    case NoticeKind::unused:
    case NoticeKind::two_keys:
    case NoticeKind::rotated:
    case NoticeKind::deactivation_soon:
    case NoticeKind::in_use: return step == Step::deactivation;
    case NoticeKind::deactivated:
    case NoticeKind::deletion_soon: return step == Step::deletion;
    case NoticeKind::rotation_soon:
    case NoticeKind::deleted:
    case NoticeKind::recovered:
    case NoticeKind::exemption_ending:
    case NoticeKind::failed: return false;
  }
  return false;
}

NoticeState state_after(const Notice& notice, const NoticeState* before, bool accepted, Instant now) {
  const Instant second = std::chrono::floor<std::chrono::seconds>(now);
  const bool knows = before != nullptr && before->accepted && same_step(before->kind, notice.kind);
  if (!accepted && knows) return *before;  // this message is tried again; what the owner knows, the owner knows
  NoticeState told{notice.key, notice.kind, notice.days, day(notice.due), second, accepted};
  const bool no_earlier = knows && (!told.due || (before->due && *before->due <= *told.due));
  const bool still_unreached = !accepted && before != nullptr && !before->accepted;
  if ((accepted && no_earlier) || still_unreached) told.since = before->since;
  return told;
}

bool was_in_vain(const NoticeRecord& record, const Notice& notice) {
  const NoticeState* before = record.find(notice.key);
  return before != nullptr && !before->accepted && before->kind == notice.kind && before->days == notice.days;
}

const NoticeState* NoticeRecord::find(const AccessKeyId& key) const {
  const auto found = std::ranges::find(entries, key, &NoticeState::key);
  return found != entries.end() ? &*found : nullptr;
}

void NoticeRecord::put(NoticeState one) {
  drop(one.key);
  entries.insert(std::ranges::upper_bound(entries, one.key, {}, &NoticeState::key), std::move(one));
}

void NoticeRecord::drop(const AccessKeyId& key) {
  std::erase_if(entries, [&](const NoticeState& one) { return one.key == key; });
}

NoticeRecord after_deliveries(NoticeRecord record, const std::vector<Delivery>& deliveries, Instant now) {
  for (const auto& [notice, accepted] : deliveries) {
    if (notice.kind == NoticeKind::deleted && accepted) {
      record.drop(notice.key);
    } else {
      record.put(state_after(notice, record.find(notice.key), accepted, now));
    }
  }
  shorten(record);
  return record;
}

NoticeRecord reconciled(const NoticeRecord& read, NoticeRecord wanted, const NoticeRecord& now) {
  const auto same = [](const NoticeState* a, const NoticeState* b) {
    return a == nullptr || b == nullptr ? a == b : *a == *b;
  };
  for (const NoticeState& told : now.entries) {
    const NoticeState* const before = read.find(told.key);
    if (same(before, &told)) continue;
    const bool news_too = !same(before, wanted.find(told.key));
    if (!news_too || told.kind == NoticeKind::deleted) wanted.put(told);
  }
  for (const NoticeState& told : read.entries) {
    if (now.find(told.key) == nullptr && same(&told, wanted.find(told.key))) wanted.drop(told.key);
  }
  shorten(wanted);
  return wanted;
}

}  // namespace rekeyer::policy
