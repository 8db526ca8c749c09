// Who the users are for the rules, where no bulk call tells: members of the groups that matter, and a second look at
// somebody's tags and groups when the survey is a while ago.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "rotation/access.hpp"
#include "rotation/settings.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {

/// What a survey saw of tags and groups may be acted on for so long. Whoever is due waits until all accounts were seen,
/// which may take an hour, and somebody may be made exempt meanwhile: that has to hold.
inline constexpr std::chrono::minutes max_membership_age{10};

struct Memberships {
  /// Names in lower case: IAM takes them for the same, and a user may be renamed so between two lists.
  std::map<GroupName, std::set<std::string>> members;
  std::optional<std::string> exempt_unreadable;  ///< the exemption group's
  std::optional<std::string> owners_unreadable;  ///< a group's that names owners
};

/// Members of the exemption group, and of those that name owners where `owners_too`.
Task<Memberships> read_memberships(ReadAccess& access, const Settings& settings, bool owners_too);

/// `known` with the tags that the user has now, and in or out of the exemption group as `now` has it. What can't be
/// read exempts the user (I8). Somebody who is gone stays as known: whoever looks at the keys finds out.
Task<UserContext> refresh_membership(ReadAccess& access, const Settings& settings, const Memberships& now,
                                     UserContext known);

}  // namespace rekeyer::rotation
