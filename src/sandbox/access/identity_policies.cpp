#include "sandbox/access/identity_policies.hpp"

#include <algorithm>

#include "sandbox/world/built_in_policies.hpp"

namespace rekeyer::sandbox {
namespace {

/// Whose policies: the identity's account in the world.
struct Home {
  const World& world;
  const Account& account;
};

/// Of a user, a group or a role.
template <class Holder>
AccessDecision judge_holder(const Home& home, const Holder& holder, const Question& question) {
  auto verdict = AccessDecision::none;
  for (const auto& [name, document] : holder.policies) verdict = together(verdict, judge(document, question));
  for (const auto& arn : holder.attached) {
    const auto* managed = find_managed_policy(home.world, home.account.id, arn);
    if (managed != nullptr) verdict = together(verdict, judge(managed->document, question));
  }
  return verdict;
}

AccessDecision judge_user(const Home& home, const User& user, const Question& question) {
  auto verdict = judge_holder(home, user, question);
  for (const auto& [name, group] : home.account.iam.groups) {
    if (group.policies.empty() && group.attached.empty()) continue;
    if (std::ranges::find(group.members, user.name) == group.members.end()) continue;
    verdict = together(verdict, judge_holder(home, group, question));
  }
  return verdict;
}

}  // namespace

AccessDecision judge_identity(const World& world, const Principal& principal, const Question& question) {
  const auto* account = world.find_account(principal.account);
  if (account == nullptr) return AccessDecision::none;
  const auto& iam = account->iam;
  if (principal.kind == PrincipalKind::user) {
    const auto user = iam.users.find(folded(principal.user.str()));
    return user == iam.users.end() ? AccessDecision::none : judge_user({world, *account}, user->second, question);
  }
  const auto role = iam.roles.find(folded(principal.role.str()));
  if (role == iam.roles.end() || role->second.id != principal.identity_id) return AccessDecision::none;
  return judge_holder(Home{world, *account}, role->second, question);
}

}  // namespace rekeyer::sandbox
