#include "sandbox/access/service_control.hpp"

#include <algorithm>

#include "sandbox/access/authorize.hpp"
#include "sandbox/access/circumstances.hpp"

namespace rekeyer::sandbox {
namespace {

/// A tree deeper than AWS allows is a mistake in a world, not a reason to hang.
constexpr std::size_t most_levels = 16;

struct Level {
  bool attached = false;
  Verdict verdict = Verdict::none;
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

Verdict service_control(const Organization& organization, const AccountId& account, const Question& question) {
  if (organization.controls.empty() || account == organization.management) return Verdict::allow;
  auto verdict = Verdict::allow;
  for (const auto level : levels_of(organization, account)) {
    const auto said = judge_level(organization, level, question);
    if (said.verdict == Verdict::deny) return Verdict::deny;
    if (said.attached && said.verdict == Verdict::none) verdict = Verdict::none;
  }
  return verdict;
}

bool allowed_by_service_control(const World& world, const AccountId& account, const Supposition& supposed) {
  Principal somebody;
  somebody.kind = PrincipalKind::user;
  somebody.account = account;
  auto context = supposed.conditions;
  context.merge(principal_context(world, somebody));  // what was told goes before
  const KnownCircumstances circumstances(std::move(context));
  const Question question{supposed.action, supposed.resource, nullptr, circumstances};
  return service_control(world.organization, account, question) == Verdict::allow;
}

}  // namespace rekeyer::sandbox
