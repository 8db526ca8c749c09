#include "rotation/memberships.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "rotation/identity.hpp"

namespace rekeyer::rotation {

Task<Memberships> read_memberships(ReadAccess& access, const Settings& settings, bool owners_too) {
  Memberships result;
  const GroupName exempt(settings.policy.exempt_group);
  std::set<GroupName> groups;
  if (owners_too) groups.insert(settings.owner_groups.begin(), settings.owner_groups.end());
  if (!exempt.empty()) groups.insert(exempt);
  for (const auto& group : groups) {
    auto members = co_await access.iam().group_members(group);
    if (members) {
      auto& names = result.members[group];
      for (const auto& member : *members) names.insert(lower_case(member.str()));
    } else if (members.error().kind != ErrorKind::not_found) {
      auto why = fmt::format("members of group {} can't be read: {}", group, describe(members.error()));
      (group == exempt ? result.exempt_unreadable : result.owners_unreadable) = std::move(why);
    }
  }
  co_return result;
}

Task<UserContext> refresh_membership(ReadAccess& access, const Settings& settings, const Memberships& now,
                                     UserContext known) {
  auto& subject = known.subject;
  known.exemption_unreadable = now.exempt_unreadable;
  const GroupName exempt(settings.policy.exempt_group);
  std::erase(subject.groups, exempt);
  const auto members = now.members.find(exempt);
  const bool is_member = members != now.members.end() && members->second.contains(lower_case(subject.user.str()));
  if (is_member) subject.groups.push_back(exempt);

  auto user = co_await same_user(access.iam(), subject);
  if (user) {
    subject.tags = std::move(user->tags);
    subject.path = std::move(user->user.path);
  } else if (user.error().kind == ErrorKind::conflict) {
    known.exemption_unreadable = user.error().message + "; the next run looks anew";
  } else if (user.error().kind != ErrorKind::not_found) {
    known.exemption_unreadable = fmt::format("user {} can't be read: {}", subject.user, describe(user.error()));
  }
  co_return known;
}

}  // namespace rekeyer::rotation
