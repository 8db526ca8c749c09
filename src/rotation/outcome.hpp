// What a run did, or would do.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"
#include "rotation/account_outcomes.hpp"
#include "rotation/mode.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::rotation {

/// Users with something due whose turn did not come, because a run may only change so many; and whether a run a day
/// keeps up with the keys that there are.
struct Waiting {
  std::size_t users = 0;
  std::size_t runs = 0;             ///< like this one, until all have had their turn; 0 with users waiting: never
  std::size_t a_day = 0;            ///< users whose turn comes on an average day
  bool run_keeps_up = true;         ///< limits.max_changes is no less than that
  std::size_t accounts_behind = 0;  ///< in which more turns come a day than limits.max_changes_per_account
};

struct RunReport {
  RunId run;
  Mode mode = Mode::plan;
  Instant started{};
  Instant finished{};
  AccountOutcomes accounts;
  Waiting waiting;
  bool interrupted = false;
  /// Why accounts may be missing from the list: the listing failed or was stopped. Empty: the list is whole.
  std::string incomplete;
  /// Who is named and not there; a sentence each. Not empty: the run ended there, and changed nothing.
  std::vector<std::string> unknown;
  /// Rules and exemptions for users of whom there is none, in the words of fits_nobody(); a warning, and no failure.
  std::vector<std::string> fits_nobody;
  /// Ways to tell people that did not take what they were given, one line each: "alarms: sns:Publish: NotFound: …".
  std::vector<std::string> failing_channels;
  std::map<std::string, std::uint64_t> calls;  ///< to AWS, by "service:Operation"
};

/// Counts who waits, by the rows that limits.max_changes and limits.max_changes_per_account held, and whose turn comes.
Waiting waiting_in(const AccountOutcomes& accounts, const LimitSettings& limits);

}  // namespace rekeyer::rotation
