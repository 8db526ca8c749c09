// A rehearsal as CSV: one line a day.
#include "base/csv.hpp"

#include <fmt/format.h>

#include "rehearsal/output.hpp"

namespace rekeyer::rehearsal {

std::string to_csv(const RehearsalReport& result) {
  std::string text = "day,date,rotated,deactivated,deactivated_in_use,deleted,recovered,near,held,waiting,overdue";
  for (std::size_t kind = 0; kind < owners_kinds; ++kind) text += fmt::format(",told_{}", name(owners_kind(kind)));
  text +=
      ",mails,mails_to_nobody,owners_told,busiest_owner,busiest_owner_mails,busiest_owner_keys,total_rotated,"
      "total_deactivated,total_deleted,total_mails\r\n";
  Day sum;
  std::size_t mails = 0;
  for (std::size_t number = 0; number < result.days.size(); ++number) {
    const Day& day = result.days[number];
    sum.rotated += day.rotated;
    sum.deactivated += day.deactivated;
    sum.deleted += day.deleted;
    mails += day.mails;
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", number, day_of(day.at),
                        day.rotated, day.deactivated, day.cut, day.deleted, day.recovered, day.warned, day.held,
                        day.waiting, day.overdue, fmt::join(day.told, ","), day.mails, day.mails_to_nobody, day.owners,
                        day.busiest == nobody ? std::string() : csv_cell(result.owners[day.busiest]), day.busiest_mails,
                        day.busiest_notices, sum.rotated, sum.deactivated, sum.deleted, mails);
  }
  return text;
}

}  // namespace rekeyer::rehearsal
