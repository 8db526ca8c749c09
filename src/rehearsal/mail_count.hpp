// How many mails the runs send: each owner gets one a day, whatever is told in it; or a few, where it is too much for
// one.
#pragma once

#include <cstdint>
#include <vector>

#include "rehearsal/rehearsal_report.hpp"

namespace rekeyer::rehearsal {

class MailCount {
 public:
  explicit MailCount(std::size_t owners) : mails_(owners), today_(owners) {}

  /// So many notices of one user are told to each of these owners today.
  void add(const std::vector<std::uint32_t>& owners, std::size_t notices);
  /// Puts down the day's mails, how many owners get any, and who gets most; the next day begins.
  void end_day(Day& day);
  /// Mails of all days that ended, by owner.
  const std::vector<std::size_t>& mails() const { return mails_; }

 private:
  std::vector<std::size_t> mails_;
  std::vector<std::uint32_t> today_;  ///< notices by owner: zero for all but those in `told_`
  std::vector<std::uint32_t> told_;
};

}  // namespace rekeyer::rehearsal
