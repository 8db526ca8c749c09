// Stages' names, and what a message leaves in the record.
#include "policy/notice.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rekeyer::policy {
namespace {

constexpr std::array<std::pair<Stage, std::string_view>, 12> stage_names{
    {{Stage::rotation_soon, "rotation-soon"},
     {Stage::unused, "unused"},
     {Stage::two_keys, "two-keys"},
     {Stage::rotated, "rotated"},
     {Stage::deactivation_soon, "deactivation-soon"},
     {Stage::in_use, "in-use"},
     {Stage::deactivated, "deactivated"},
     {Stage::deletion_soon, "deletion-soon"},
     {Stage::deleted, "deleted"},
     {Stage::recovered, "recovered"},
     {Stage::exemption_ending, "exemption-ending"},
     {Stage::failed, "failed"}}};

/// As many as are sure to fit into the parts of a tag.
constexpr std::size_t most_told = most_tag_parts;

bool same_step(Stage a, Stage b) {
  return (announces(a, Step::deactivation) && announces(b, Step::deactivation)) ||
         (announces(a, Step::deletion) && announces(b, Step::deletion));
}

std::optional<std::chrono::sys_days> day(const std::optional<Instant>& instant) {
  if (!instant) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*instant);
}

/// The keys that a user has go before those that are gone; of these the latest count.
void shorten(NoticeRecord& record) {
  while (record.told.size() > most_told) {
    const auto gone = std::ranges::min_element(
        record.told, {}, [](const Told& one) { return std::pair(one.stage != Stage::deleted, one.since); });
    record.told.erase(gone);
  }
}

}  // namespace

std::string_view name(Stage stage) {
  return std::ranges::find(stage_names, stage, &decltype(stage_names)::value_type::first)->second;
}

std::optional<Stage> parse_stage(std::string_view text) {
  const auto found = std::ranges::find(stage_names, text, &decltype(stage_names)::value_type::second);
  if (found == stage_names.end()) return std::nullopt;
  return found->first;
}

const std::vector<Stage>& all_stages() {
  static const std::vector<Stage> all = [] {
    std::vector<Stage> stages;
    for (const auto& [stage, text] : stage_names) stages.push_back(stage);
    return stages;
  }();
  return all;
}

bool announces(Stage stage, Step step) {
  switch (stage) {
    case Stage::unused:
    case Stage::two_keys:
    case Stage::rotated:
    case Stage::deactivation_soon:
    case Stage::in_use: return step == Step::deactivation;
    case Stage::deactivated:
    case Stage::deletion_soon: return step == Step::deletion;
    case Stage::rotation_soon:
    case Stage::deleted:
    case Stage::recovered:
    case Stage::exemption_ending:
    case Stage::failed: return false;
  }
  return false;
}

Told told_after(const Notice& notice, const Told* before, bool accepted, Instant now) {
  const Instant second = std::chrono::floor<std::chrono::seconds>(now);
  const bool knows = before != nullptr && before->accepted && same_step(before->stage, notice.stage);
  if (!accepted && knows) return *before;  // this message is tried again; what the owner knows, the owner knows
  Told told{notice.key, notice.stage, notice.days, day(notice.due), second, accepted};
  const bool no_earlier = knows && (!told.due || (before->due && *before->due <= *told.due));
  const bool still_unreached = !accepted && before != nullptr && !before->accepted;
  if ((accepted && no_earlier) || still_unreached) told.since = before->since;
  return told;
}

bool was_in_vain(const NoticeRecord& record, const Notice& notice) {
  const Told* told = record.find(notice.key);
  return told != nullptr && !told->accepted && told->stage == notice.stage && told->days == notice.days;
}

const Told* NoticeRecord::find(const AccessKeyId& key) const {
  const auto found = std::ranges::find(told, key, &Told::key);
  return found != told.end() ? &*found : nullptr;
}

void NoticeRecord::put(Told one) {
  drop(one.key);
  told.insert(std::ranges::upper_bound(told, one.key, {}, &Told::key), std::move(one));
}

void NoticeRecord::drop(const AccessKeyId& key) {
  std::erase_if(told, [&](const Told& one) { return one.key == key; });
}

NoticeRecord after_deliveries(NoticeRecord record, const std::vector<Delivery>& deliveries, Instant now) {
  for (const auto& [notice, accepted] : deliveries) {
    if (notice.stage == Stage::deleted && accepted) {
      record.drop(notice.key);
    } else {
      record.put(told_after(notice, record.find(notice.key), accepted, now));
    }
  }
  shorten(record);
  return record;
}

NoticeRecord reconciled(const NoticeRecord& read, NoticeRecord wanted, const NoticeRecord& now) {
  const auto same = [](const Told* a, const Told* b) { return a == nullptr || b == nullptr ? a == b : *a == *b; };
  for (const Told& told : now.told) {
    const Told* const before = read.find(told.key);
    if (same(before, &told)) continue;
    const bool news_too = !same(before, wanted.find(told.key));
    if (!news_too || told.stage == Stage::deleted) wanted.put(told);
  }
  for (const Told& told : read.told) {
    if (now.find(told.key) == nullptr && same(&told, wanted.find(told.key))) wanted.drop(told.key);
  }
  shorten(wanted);
  return wanted;
}

}  // namespace rekeyer::policy
