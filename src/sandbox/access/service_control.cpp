#include "sandbox/access/service_control.hpp"

#include <algorithm>

#include "sandbox/access/authorize.hpp"
#include "sandbox/access/request_context.hpp"

namespace rekeyer::sandbox {
namespace {

/// A tree deeper than AWS allows is a mistake in a world, not a reason to hang.
constexpr std::size_t most_levels = 16;

struct Level {
  bool attached = false;
  AccessDecision verdict = AccessDecision::none;
};

Level judge_level(const Organization& organization, std::string_view level, const Question& question) {
  Level result;
  for (const auto& [id, control] : organization.controls) {
    if (std::ranges::find(control.targets, level) == control.targets.end()) continue;
    result.attached = true;
    result.verdict = together(result.verdict, judge(control.document, question));
  }
  return result;
}

}  // namespace

std::vector<std::string_view> levels_of(const Organization& organization, const AccountId& account) {
  const auto parent = organization.parent_of.find(account);
  if (organization.id.empty() || parent == organization.parent_of.end()) return {};
  std::vector<std::string_view> levels{account.str()};
  const OuId* at = &parent->second;
  while (levels.size() < most_levels) {
    levels.push_back(at->str());
    const auto unit = organization.units.find(*at);
    if (unit == organization.units.end()) break;
    at = &unit->second.parent;
  }
  return levels;
}

AccessDecision service_control(const Organization& organization, const AccountId& account, const Question& question) {
  if (organization.controls.empty() || account == organization.management) return AccessDecision::allow;
  auto verdict = AccessDecision::allow;
  for (const auto level : levels_of(organization, account)) {
    const auto said = judge_level(organization, level, question);
    if (said.verdict == AccessDecision::deny) return AccessDecision::deny;
    if (said.attached && said.verdict == AccessDecision::none) verdict = AccessDecision::none;
  }
  return verdict;
}

bool allowed_by_service_control(const World& world, const AccountId& account, const Supposition& supposed) {
  Principal somebody;
  somebody.kind = PrincipalKind::user;
  somebody.account = account;
  auto context = supposed.conditions;
  context.merge(principal_context(world, somebody));  // what was told goes before
  const KnownContext known(std::move(context));
  const Question question{supposed.action, supposed.resource, nullptr, known};
  return service_control(world.organization, account, question) == AccessDecision::allow;
}

}  // namespace rekeyer::sandbox
