#include "rehearsal/rehearsal_report.hpp"

#include <algorithm>

namespace rekeyer::rehearsal {

bool Day::tells() const {
  return mails_to_nobody > 0 || std::ranges::any_of(told, [](std::size_t count) { return count > 0; });
}

Day total(const RehearsalReport& result) {
  Day sum;
  for (const Day& day : result.days) {
    sum.rotated += day.rotated;
    sum.deactivated += day.deactivated;
    sum.cut += day.cut;
    sum.deleted += day.deleted;
    sum.recovered += day.recovered;
    sum.mails += day.mails;
    sum.mails_to_nobody += day.mails_to_nobody;
    for (std::size_t kind = 0; kind < sum.told.size(); ++kind) sum.told[kind] += day.told[kind];
  }
  return sum;
}

}  // namespace rekeyer::rehearsal
