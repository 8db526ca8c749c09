// What a rehearsal tells: the days, what they add up to, and what is held at their end. Pure data; the outputs are made
// from it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"
#include "policy/decision.hpp"
#include "rehearsal/model.hpp"

namespace rekeyer::rehearsal {

/// What owners are told of: all but failures, which are for administrators.
inline constexpr auto owners_kinds = static_cast<std::size_t>(policy::NoticeKind::failed);
inline policy::NoticeKind owners_kind(std::size_t number) { return static_cast<policy::NoticeKind>(number); }

/// One day. Changes are what that day's run did; the rest is what it reported.
struct Day {
  Instant at{};
  std::size_t rotated = 0;
  std::size_t deactivated = 0;
  std::size_t cut = 0;  ///< of those deactivated: something still used the key
  std::size_t deleted = 0;
  std::size_t recovered = 0;
  std::size_t warned = 0;   ///< keys for which something is near
  std::size_t held = 0;     ///< keys for which something is due and rightly not done
  std::size_t waiting = 0;  ///< changes left to the next run by limits.max_changes or max_changes_per_account
  std::size_t overdue = 0;  ///< active keys past their rotation period, of users that are not exempt
  std::array<std::size_t, owners_kinds> told{};  ///< what owners heard of, by kind of notice: one for each key and day
  std::size_t mails = 0;                         ///< to owners
  std::size_t mails_to_nobody = 0;  ///< that are not sent: users of whom there is news, and nobody to be told
  std::size_t owners = 0;           ///< who got a mail
  std::uint32_t busiest = nobody;   ///< whom most was told
  std::size_t busiest_mails = 0;
  std::size_t busiest_notices = 0;

  std::size_t changes() const { return rotated + deactivated + deleted + recovered; }
  bool tells() const;
};

struct Population {
  std::size_t accounts = 0;
  std::size_t users = 0;
  std::size_t exempt = 0;
  std::size_t unowned = 0;
  std::size_t owners = 0;
  std::size_t active_keys = 0;
  std::size_t inactive_keys = 0;
  std::map<Rhythm, std::size_t> rhythms;  ///< of active keys
};

struct HeldKey {
  AccountId account;
  UserName user;
  Instant created{};
  policy::Reason reason = policy::Reason::young;
  std::optional<Instant> due;
  std::string detail;
};

struct OwnerMails {
  std::string owner;
  std::size_t mails = 0;
};

struct RehearsalReport {
  std::string world;  ///< what was rehearsed: "a generated world", a file's name, "the organization"
  Instant start{};
  std::size_t days_wanted = 0;
  Behaviour behaviour;
  Population before;
  Population after;
  std::vector<LeftOut> left_out;
  std::size_t root_keys = 0;
  std::size_t orphaned_secrets = 0;
  std::string incomplete;
  Telling telling = Telling::nobody;
  bool notice_required = false;     ///< for some users nothing is retired before its owner was told
  std::vector<std::string> owners;  ///< names, by the number that a day tells
  std::vector<Day> days;            ///< fewer than wanted: stopped
  std::vector<HeldKey> held;
  std::vector<OwnerMails> busiest;  ///< the five with the most mails
  std::size_t owners_told = 0;
  std::size_t tallest = 0;  ///< index of the day with the most changes

  bool interrupted() const { return days.size() < days_wanted; }
};

/// The sum of all days; `at`, what stands for one day only, and who was busiest are left out.
Day total(const RehearsalReport& result);

}  // namespace rekeyer::rehearsal
