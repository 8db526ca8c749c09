#include "rehearsal/mail_count.hpp"

#include <utility>

#include "notify/model/mails.hpp"

namespace rekeyer::rehearsal {

void MailCount::add(const std::vector<std::uint32_t>& owners, std::size_t notices) {
  for (const auto owner : owners) {
    if (today_[owner] == 0) told_.push_back(owner);
    today_[owner] += static_cast<std::uint32_t>(notices);
  }
}

void MailCount::end_day(Day& day) {
  day.owners = told_.size();
  for (const auto owner : told_) {
    const std::size_t notices = std::exchange(today_[owner], 0);
    const auto mails = (notices + notify::most_notices_a_mail - 1) / notify::most_notices_a_mail;
    mails_[owner] += mails;
    day.mails += mails;
    if (notices <= day.busiest_notices) continue;
    day.busiest = owner;
    day.busiest_notices = notices;
    day.busiest_mails = mails;
  }
  told_.clear();
}

}  // namespace rekeyer::rehearsal
