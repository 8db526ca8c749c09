#include "sandbox/access/identity_policies.hpp"

#include <algorithm>

namespace rekeyer::sandbox {
namespace {

constexpr std::string_view administrator_access =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})";

/// What is AWS's own is the same in every account; only the one that people reach for first is known here without being
/// written into the world.
std::string_view managed_document(const Iam& iam, const std::string& arn) {
  const auto found = iam.policies.find(arn);
  if (found != iam.policies.end()) return found->second.document;
  return arn.ends_with(":iam::aws:policy/AdministratorAccess") ? administrator_access : std::string_view{};
}

/// Of a user, a group or a role.
template <class Holder>
Verdict judge_holder(const Iam& iam, const Holder& holder, const Question& question) {
  auto verdict = Verdict::none;
  for (const auto& [name, document] : holder.policies) verdict = together(verdict, judge(document, question));
  for (const auto& arn : holder.attached) verdict = together(verdict, judge(managed_document(iam, arn), question));
  return verdict;
}

Verdict judge_user(const Iam& iam, const User& user, const Question& question) {
  auto verdict = judge_holder(iam, user, question);
  for (const auto& [name, group] : iam.groups) {
    if (group.policies.empty() && group.attached.empty()) continue;
    if (std::ranges::find(group.members, user.name) == group.members.end()) continue;
    verdict = together(verdict, judge_holder(iam, group, question));
  }
  return verdict;
}

}  // namespace

Verdict judge_identity(const World& world, const Principal& principal, const Question& question) {
  const auto* account = world.find_account(principal.account);
  if (account == nullptr) return Verdict::none;
  const auto& iam = account->iam;
  if (principal.kind == PrincipalKind::user) {
    const auto user = iam.users.find(folded(principal.user.str()));
    return user == iam.users.end() ? Verdict::none : judge_user(iam, user->second, question);
  }
  const auto role = iam.roles.find(folded(principal.role.str()));
  return role == iam.roles.end() ? Verdict::none : judge_holder(iam, role->second, question);
}

}  // namespace rekeyer::sandbox
