#include "rehearsal/story.hpp"

#include <numeric>

namespace rekeyer::rehearsal {

std::string_view name(Stage stage) {
  switch (stage) {
    case Stage::warning: return "warning";
    case Stage::rotated: return "rotated";
    case Stage::held: return "held";
    case Stage::deactivated: return "deactivated";
    case Stage::deleted: return "deleted";
  }
  return "";
}

std::size_t Day::all_mails() const { return std::accumulate(mails.begin(), mails.end(), std::size_t{0}); }

Day total(const Story& story) {
  Day sum;
  for (const Day& day : story.days) {
    sum.rotated += day.rotated;
    sum.deactivated += day.deactivated;
    sum.cut += day.cut;
    sum.deleted += day.deleted;
    sum.recovered += day.recovered;
    sum.unowned_mails += day.unowned_mails;
    for (std::size_t i = 0; i < sum.mails.size(); ++i) sum.mails[i] += day.mails[i];
  }
  return sum;
}

}  // namespace rekeyer::rehearsal
