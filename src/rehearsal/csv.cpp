// A rehearsal as CSV: one line a day.
#include "base/csv.hpp"

#include <fmt/format.h>

#include "rehearsal/output.hpp"

namespace rekeyer::rehearsal {

std::string to_csv(const Story& story) {
  std::string text = "day,date,rotated,deactivated,deactivated_in_use,deleted,recovered,near,held,waiting,overdue";
  for (const auto stage : all_stages) text += fmt::format(",mails_{}", name(stage));
  text +=
      ",mails_to_nobody,owners_told,busiest_owner,busiest_owner_mails,total_rotated,total_deactivated,total_deleted,"
      "total_mails\r\n";
  Day sum;
  std::size_t mails = 0;
  for (std::size_t number = 0; number < story.days.size(); ++number) {
    const Day& day = story.days[number];
    sum.rotated += day.rotated;
    sum.deactivated += day.deactivated;
    sum.deleted += day.deleted;
    mails += day.all_mails();
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", number, day_of(day.at),
                        day.rotated, day.deactivated, day.cut, day.deleted, day.recovered, day.warned, day.held,
                        day.waiting, day.overdue, fmt::join(day.mails, ","), day.unowned_mails, day.owners,
                        day.busiest == nobody ? std::string() : csv_cell(story.owners[day.busiest]), day.busiest_mails,
                        sum.rotated, sum.deactivated, sum.deleted, mails);
  }
  return text;
}

}  // namespace rekeyer::rehearsal
