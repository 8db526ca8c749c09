// One line of what a look at a deployment found, and all the things that are looked at.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/names.hpp"

namespace rekeyer::doctor {

/// What is looked at; docs/doctor.md has a section for each.
enum class Topic {
  caller_identity,
  caller_credentials,
  caller_region,
  clock,
  organization_read,
  organization_accounts,
  organization_caller,
  accounts_scope,
  accounts_role,
  accounts_external_id,
  accounts_role_version,
  accounts_users,
  accounts_secrets,
  accounts_store_region,
  accounts_locks,
  accounts_proofs,
  store_region,
  store_key,
  store_key_policy,
  store_permissions,
  notify_channels,
  notify_templates,
  ses_identity,
  ses_account,
  smtp_server,
  sns_topic,
  eventbridge_bus,
  webhook_url,
  file_path,
  owner_account_tag,
  owner_alternate_contact,
  deployment_schedule,
  deployment_state_machine,
  deployment_executions,
  deployment_runs,
};
/// "caller.identity": stable, for programs.
std::string_view name(Topic topic);
std::span<const Topic> all_topics();

enum class Status {
  ok,
  warning,      ///< works, but somebody should look at it
  problem,      ///< a run would fail, in whole or for somebody
  not_checked,  ///< nobody knows: denied, unavailable, or not asked for; never a guess
};
/// "ok", "warning", "problem", "not checked".
std::string_view name(Status status);

struct Check {
  Topic topic{};
  Status status = Status::ok;
  std::string finding;                   ///< one sentence
  std::string remedy;                    ///< what to do; may be empty where nothing is wrong
  std::vector<AccountId> accounts = {};  ///< that the finding is about, where it is about accounts
  /// How many of what the finding counts each of these accounts has, where it counts something.
  std::map<AccountId, std::size_t> counts = {};
};
using Checks = std::vector<Check>;

Check ok(Topic topic, std::string finding);
Check warning(Topic topic, std::string finding, std::string remedy);
Check problem(Topic topic, std::string finding, std::string remedy);
Check not_checked(Topic topic, std::string reason, std::string remedy = {});
/// What could not be asked. `permission`: what the question takes ("iam:GetRole"), for the remedy of a denial.
Check unanswered(Topic topic, std::string_view question, const Error& error, std::string_view permission);

bool has_problems(const Checks& checks);
void add(Checks& to, Checks more);

}  // namespace rekeyer::doctor
