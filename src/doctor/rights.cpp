#include "doctor/rights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "aws/services/iam_role.hpp"
#include "base/try.hpp"
#include "permissions/parts.hpp"
#include "rotation/naming.hpp"

namespace rekeyer::doctor {
namespace {

using rotation::Mode;

constexpr std::string_view anything = "*";
/// Of a user that nobody has: policies must cover users whoever they are.
constexpr std::string_view any_user = "rekeyer-doctor";

aws::Simulation about(const RightsSubject& subject, const Region& region, std::string resource,
                      std::vector<std::string> actions) {
  aws::Simulation simulation;
  simulation.principal = subject.principal;
  simulation.actions = std::move(actions);
  simulation.resource = std::move(resource);
  // What guardrails of organizations mostly ask for: where, and by whom.
  if (!region.empty()) simulation.context["aws:RequestedRegion"] = region.str();
  simulation.context["aws:PrincipalArn"] = subject.principal.str();
  return simulation;
}

permissions::PolicyRequest request(const RightsSubject& subject, rotation::Mode mode) {
  permissions::PolicyRequest result;
  result.mode = mode;
  result.partition = subject.partition;
  return result;
}

/// A user, or the group that is asked for, for the pattern of a statement.
std::string user_or_group(const RightsSubject& subject, const rotation::Settings& settings, std::string_view pattern) {
  if (pattern == anything) return std::string(anything);
  const auto& exempt = settings.policy.exempt_group;
  const auto thing = pattern.ends_with("group/*")
                         ? fmt::format("group/{}", exempt.empty() ? any_user : std::string_view(exempt))
                         : fmt::format("user/{}", any_user);
  return fmt::format("arn:{}:iam::{}:{}", subject.partition, subject.account, thing);
}

/// AWS adds a hyphen and six letters to a secret's name.
constexpr std::string_view some_end = "-AbCdEf";

std::string secret_arn(const RightsSubject& subject, const Region& region, std::string_view name) {
  return fmt::format("arn:{}:secretsmanager:{}:{}:secret:{}", subject.partition, region, subject.account, name);
}

bool on_keys(const permissions::Statement& statement) { return statement.actions.front().starts_with("kms:"); }

/// The actions that `rekeyer permissions` grants for `mode`. An audit's statements are wide, to be short; apply's name
/// the kind of thing that each action is about, as AWS wants it to be asked. One question a kind.
template <typename Statements, typename Ask>
std::vector<aws::Simulation> questions(Statements statements, Mode mode, Ask ask) {
  std::set<std::string> granted;
  for (const auto& statement : statements(mode == Mode::apply ? rotation::Mode::apply : rotation::Mode::plan)) {
    granted.insert(statement.actions.begin(), statement.actions.end());
  }
  std::vector<aws::Simulation> all;
  for (const auto& statement : statements(rotation::Mode::apply)) {
    std::vector<std::string> actions;
    std::ranges::copy_if(statement.actions, std::back_inserter(actions),
                         [&](const auto& action) { return granted.contains(action); });
    if (actions.empty()) continue;
    auto question = ask(statement, std::move(actions));
    const auto same = std::ranges::find(all, question.resource, &aws::Simulation::resource);
    if (same == all.end()) {
      all.push_back(std::move(question));
    } else {
      std::ranges::move(question.actions, std::back_inserter(same->actions));
    }
  }
  return all;
}

enum class Denier { organization, boundary, statement, nothing_allows };

Denier denier_of(const aws::SimulatedAction& action) {
  if (action.allowed_by_organizations == false) return Denier::organization;
  if (action.allowed_by_boundary == false) return Denier::boundary;
  return action.denied_explicitly ? Denier::statement : Denier::nothing_allows;
}

std::string_view words(Denier denier) {
  switch (denier) {
    case Denier::organization: return "a service control policy denies";
    case Denier::boundary: return "the permissions boundary does not allow";
    case Denier::statement: return "a policy of the principal denies";
    case Denier::nothing_allows: return "no policy allows";
  }
  return "";
}

std::string remedy(Denier denier, std::string_view who) {
  switch (denier) {
    case Denier::organization:
      return fmt::format(
          "except {} from that service control policy (a condition on aws:PrincipalArn), or leave these "
          "accounts out (organization.exclude_ous)",
          who);
    case Denier::boundary: return fmt::format("widen the permissions boundary of {}", who);
    case Denier::statement: return fmt::format("take the Deny statement away from {}", who);
    case Denier::nothing_allows: return fmt::format("deploy the current policy of docs/permissions.md to {}", who);
  }
  return {};
}

constexpr Denier deniers[] = {Denier::organization, Denier::boundary, Denier::statement, Denier::nothing_allows};

}  // namespace

SecretName nobodys_secret(const rotation::Settings& settings, const AccountId& account) {
  return rotation::secret_name(settings.store.name_template, account, UserName(std::string(any_user)));
}

std::vector<aws::Simulation> user_rights(const RightsSubject& subject, const rotation::Settings& settings, Mode mode) {
  const auto statements = [&](rotation::Mode granted) {
    return permissions::user_statements(settings, request(subject, granted), subject.account.str());
  };
  return questions(statements, mode, [&](const permissions::Statement& statement, std::vector<std::string> actions) {
    return about(subject, {}, user_or_group(subject, settings, statement.resources.front()), std::move(actions));
  });
}

std::vector<aws::Simulation> secret_rights(const RightsSubject& subject, const rotation::Settings& settings,
                                           Mode mode) {
  const auto& region = settings.store.region;
  const auto statements = [&](rotation::Mode granted) {
    auto all = permissions::store_statements(settings, request(subject, granted), subject.account.str());
    std::erase_if(all, on_keys);
    return all;
  };
  const auto name = nobodys_secret(settings, subject.account).str();
  auto all =
      questions(statements, mode, [&](const permissions::Statement& statement, std::vector<std::string> actions) {
        const bool any = statement.resources.front() == anything;
        auto question =
            about(subject, region,
                  any ? std::string(anything) : secret_arn(subject, region, fmt::format("{}{}", name, some_end)),
                  std::move(actions));
        for (const auto& [key, value] : settings.store.tags) question.context["aws:RequestTag/" + key] = value;
        return question;
      });
  // A user without a secret has one looked for that is not there, and Secrets Manager knows its name alone.
  all.push_back(about(subject, region, secret_arn(subject, region, name), {"secretsmanager:DescribeSecret"}));
  return all;
}

std::vector<aws::Simulation> key_rights(const RightsSubject& subject, const rotation::Settings& settings,
                                        const Arn& key) {
  const auto& region = settings.store.region;
  const auto statements =
      permissions::store_statements(settings, request(subject, rotation::Mode::apply), subject.account.str());
  // The first is about the store's own key, further ones about those of replicas. None: the key is AWS's own.
  const auto encrypting = std::ranges::find_if(statements, on_keys);
  if (encrypting == statements.end()) return {};
  auto simulation = about(subject, region, key.str(), encrypting->actions);
  simulation.context["kms:ViaService"] = fmt::format("secretsmanager.{}.amazonaws.com", region);
  return {std::move(simulation)};
}

RightsVerdict judge_rights(const Simulated& answers, std::string_view who) {
  if (!answers) {
    const auto& error = answers.error();
    // Not in AWS's words: they differ from account to account, and equal verdicts are told together.
    auto finding = fmt::format("the policy simulator did not answer ({})",
                               error.code.empty() ? std::string(name(error.kind)) : error.code);
    const bool denied = error.kind == ErrorKind::access_denied;
    if (denied) finding = "the policy simulator may not be asked (iam:SimulatePrincipalPolicy is denied)";
    return {Status::not_checked, std::move(finding),
            denied ? fmt::format("to have it checked, allow iam:SimulatePrincipalPolicy to {} on itself", who)
                   : std::string()};
  }
  std::vector<std::string> findings;
  std::vector<std::string> remedies;
  std::vector<std::string> open;  // condition keys on which a denial depends
  for (const auto denier : deniers) {
    std::vector<std::string> actions;
    for (const auto& action : *answers) {
      if (action.allowed || denier_of(action) != denier) continue;
      if (!action.missing_context.empty() && denier != Denier::organization) {
        std::ranges::copy(action.missing_context, std::back_inserter(open));
      } else {
        actions.push_back(action.action);
      }
    }
    if (actions.empty()) continue;
    findings.push_back(fmt::format("{} {}", words(denier), fmt::join(actions, ", ")));
    remedies.push_back(remedy(denier, who));
    if (denier == Denier::organization && std::ranges::find(actions, "secretsmanager:CreateSecret") != actions.end()) {
      remedies.push_back("where it asks for tags on new secrets, put them into store.tags");
    }
  }
  if (!findings.empty()) {
    return {Status::problem, fmt::format("{}", fmt::join(findings, "; ")),
            fmt::format("{}", fmt::join(remedies, "; "))};
  }
  if (!open.empty()) {
    std::ranges::sort(open);
    open.erase(std::unique(open.begin(), open.end()), open.end());
    return {Status::not_checked,
            fmt::format("the policies have conditions that a simulation can't know: {}", fmt::join(open, ", ")),
            {}};
  }
  return {};
}

ResultTask<std::vector<aws::SimulatedAction>> ask_rights(aws::Caller& caller, aws::Principal as,
                                                         std::vector<aws::Simulation> simulations) {
  aws::PolicySimulator simulator(caller, std::move(as));
  std::vector<aws::SimulatedAction> all;
  for (auto& simulation : simulations) {
    const auto asked = simulation.actions.size();
    auto answers = co_await simulator.simulate(std::move(simulation));
    if (!answers) co_return fail(answers.error());
    // An action without an answer must not pass for an allowed one.
    if (answers->size() < asked) {
      co_return fail(ErrorKind::bad_reply,
                     fmt::format("{} actions were asked for and {} answered", asked, answers->size()));
    }
    std::ranges::move(*answers, std::back_inserter(all));
  }
  co_return all;
}

ResultTask<Arn> ask_policy_source(aws::Caller& caller, aws::Principal as, Arn arn) {
  const std::string_view text = arn.str();
  const auto resource = text.substr(text.rfind(':') + 1);
  if (text.contains(":iam:") && resource.starts_with("user/")) co_return arn;
  constexpr std::string_view session = "assumed-role/";
  if (!resource.starts_with(session)) {
    co_return fail(ErrorKind::rejected, fmt::format("{} is neither a user nor a role's session", arn));
  }
  auto name = resource.substr(session.size());
  name = name.substr(0, name.find('/'));
  aws::RoleClient roles(caller, std::move(as));
  auto role = co_await roles.role(RoleName(std::string(name)));
  if (!role) co_return fail(role.error());
  co_return role->arn;
}

}  // namespace rekeyer::doctor
