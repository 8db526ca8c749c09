// The names of the messages' stages, as tags, settings, file names and events have them.
#include <algorithm>

#include "policy/notice.hpp"

namespace rekeyer::policy {

std::string_view name(Stage stage) {
  switch (stage) {
    case Stage::rotation_soon: return "rotation-soon";
    case Stage::unused: return "unused";
    case Stage::two_keys: return "two-keys";
    case Stage::rotated: return "rotated";
    case Stage::deactivation_soon: return "deactivation-soon";
    case Stage::in_use: return "in-use";
    case Stage::deactivated: return "deactivated";
    case Stage::deletion_soon: return "deletion-soon";
    case Stage::deleted: return "deleted";
    case Stage::recovered: return "recovered";
    case Stage::exemption_ending: return "exemption-ending";
    case Stage::failed: return "failed";
  }
  return "";
}

const std::vector<Stage>& all_stages() {
  static const std::vector<Stage> all = [] {
    std::vector<Stage> stages;
    for (int i = 0; i <= static_cast<int>(Stage::failed); ++i) stages.push_back(static_cast<Stage>(i));
    return stages;
  }();
  return all;
}

std::optional<Stage> parse_stage(std::string_view text) {
  const auto found = std::ranges::find(all_stages(), text, [](Stage stage) { return name(stage); });
  return found == all_stages().end() ? std::nullopt : std::optional(*found);
}

}  // namespace rekeyer::policy
