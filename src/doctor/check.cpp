#include "doctor/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace rekeyer::doctor {
namespace {

constexpr std::array topics{
    Topic::caller_identity,
    Topic::caller_credentials,
    Topic::caller_region,
    Topic::clock,
    Topic::organization_read,
    Topic::organization_accounts,
    Topic::organization_caller,
    Topic::accounts_scope,
    Topic::accounts_role,
    Topic::accounts_external_id,
    Topic::accounts_role_version,
    Topic::accounts_users,
    Topic::accounts_secrets,
    Topic::accounts_store_region,
    Topic::accounts_locks,
    Topic::accounts_proofs,
    Topic::store_region,
    Topic::store_key,
    Topic::store_key_policy,
    Topic::store_permissions,
    Topic::notify_channels,
    Topic::notify_templates,
    Topic::ses_identity,
    Topic::ses_account,
    Topic::smtp_server,
    Topic::sns_topic,
    Topic::eventbridge_bus,
    Topic::webhook_url,
    Topic::file_path,
    Topic::owner_account_tag,
    Topic::owner_alternate_contact,
    Topic::deployment_schedule,
    Topic::deployment_state_machine,
    Topic::deployment_executions,
    Topic::deployment_runs,
};

}  // namespace

std::string_view name(Topic topic) {
  switch (topic) {
    case Topic::caller_identity: return "caller.identity";
    case Topic::caller_credentials: return "caller.credentials";
    case Topic::caller_region: return "caller.region";
    case Topic::clock: return "clock";
    case Topic::organization_read: return "organization.read";
    case Topic::organization_accounts: return "organization.accounts";
    case Topic::organization_caller: return "organization.caller";
    case Topic::accounts_scope: return "accounts.scope";
    case Topic::accounts_role: return "accounts.role";
    case Topic::accounts_external_id: return "accounts.external-id";
    case Topic::accounts_role_version: return "accounts.role-version";
    case Topic::accounts_users: return "accounts.users";
    case Topic::accounts_secrets: return "accounts.secrets";
    case Topic::accounts_store_region: return "accounts.store-region";
    case Topic::accounts_locks: return "accounts.locks";
    case Topic::accounts_proofs: return "accounts.proofs";
    case Topic::store_region: return "store.region";
    case Topic::store_key: return "store.key";
    case Topic::store_key_policy: return "store.key-policy";
    case Topic::store_permissions: return "store.permissions";
    case Topic::notify_channels: return "notify.channels";
    case Topic::notify_templates: return "notify.templates";
    case Topic::ses_identity: return "ses.identity";
    case Topic::ses_account: return "ses.account";
    case Topic::smtp_server: return "smtp.server";
    case Topic::sns_topic: return "sns.topic";
    case Topic::eventbridge_bus: return "eventbridge.bus";
    case Topic::webhook_url: return "webhook.url";
    case Topic::file_path: return "file.path";
    case Topic::owner_account_tag: return "owner.account-tag";
    case Topic::owner_alternate_contact: return "owner.alternate-contact";
    case Topic::deployment_schedule: return "deployment.schedule";
    case Topic::deployment_state_machine: return "deployment.state-machine";
    case Topic::deployment_executions: return "deployment.executions";
    case Topic::deployment_runs: return "deployment.runs";
  }
  return "";
}

std::span<const Topic> all_topics() { return topics; }

std::string_view name(Status status) {
  switch (status) {
    case Status::ok: return "ok";
    case Status::warning: return "warning";
    case Status::problem: return "problem";
    case Status::not_checked: return "not checked";
  }
  return "";
}

Check ok(Topic topic, std::string finding) { return {topic, Status::ok, std::move(finding), {}}; }
Check warning(Topic topic, std::string finding, std::string remedy) {
  return {topic, Status::warning, std::move(finding), std::move(remedy)};
}
Check problem(Topic topic, std::string finding, std::string remedy) {
  return {topic, Status::problem, std::move(finding), std::move(remedy)};
}
Check not_checked(Topic topic, std::string reason, std::string remedy) {
  return {topic, Status::not_checked, std::move(reason), std::move(remedy)};
}

Check unanswered(Topic topic, std::string_view question, const Error& error, std::string_view permission) {
  auto finding = fmt::format("{}: {}", question, describe(error));
  if (error.kind != ErrorKind::access_denied) return not_checked(topic, std::move(finding));
  return not_checked(topic, std::move(finding), fmt::format("to have it checked, allow {}", permission));
}

bool has_problems(const Checks& checks) {
  return std::ranges::find(checks, Status::problem, &Check::status) != checks.end();
}

void add(Checks& to, Checks more) { std::ranges::move(more, std::back_inserter(to)); }

}  // namespace rekeyer::doctor
