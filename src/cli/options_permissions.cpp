#include "cli/options_permissions.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/names.hpp"
#include "base/try.hpp"
#include "cli/options.hpp"
#include "config/names.hpp"

namespace rekeyer::cli {
namespace {

using permissions::PolicyKind;

void add_roles(CLI::App& command, RawPermissions& raw) {
  command.add_flag("--caller", raw.caller, "Whose policy: of whoever runs rekeyer from the command line");
  command.add_flag("--member", raw.member, "Whose policy: of the role in every account");
  command.add_flag("--trust", raw.trust, "The trust policy of the role in every account");
  command.add_flag("--list-role", raw.list_role, "Whose policy: of the role that reads Organizations");
  command.add_option("--function", raw.function, "Whose policy: of Lambda functions: inventory | account | summary")
      ->check(CLI::IsMember({"inventory", "account", "summary"}));
  command.add_flag("--all", raw.every_role, "Every role's, as one JSON object by name");
  command.add_flag("--organization-policy", raw.organization_policy,
                   "No role's: the service control policy that reserves the names of users' secrets");
}

/// How many of the flags that say whose policy were given.
int roles_asked_for(const RawPermissions& raw) {
  return int{raw.caller} + int{raw.member} + int{raw.trust} + int{raw.list_role} + int{!raw.function.empty()} +
         int{raw.every_role} + int{raw.organization_policy};
}

/// A text that would end up in an ARN and change what it says.
bool plain(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '*' || c == '?' || c == '"' || c <= ' '; });
}

PolicyKind role_of(const RawPermissions& raw) {
  if (raw.member) return PolicyKind::member;
  if (raw.trust) return PolicyKind::trust;
  if (raw.list_role) return PolicyKind::list;
  if (raw.function == "inventory") return PolicyKind::inventory;
  if (raw.function == "account") return PolicyKind::account;
  if (raw.function == "summary") return PolicyKind::summary;
  if (raw.organization_policy) return PolicyKind::reservation;
  return PolicyKind::caller;
}

void add_exceptions(CLI::App& command, permissions::PolicyRequest& request) {
  command.add_option("--except-path", request.except_paths,
                     "Rotating roles: leave users of this path and of those below it out of reach, such as "
                     "/break-glass/; may be repeated");
  command.add_option("--except-tag", request.except_tag,
                     "Rotating roles: leave users that have this tag out of reach, whatever its value");
  command.add_option("--writer", request.writers,
                     "--organization-policy: ARN of one more role or user that may change the secrets; * and ? match; "
                     "may be repeated");
}

/// "/break-glass/": a whole path, and not the one that all users are below.
bool names_path(std::string_view text) {
  return text.size() > 2 && text.starts_with('/') && text.ends_with('/') && plain(text) && !text.contains('$');
}

/// An ARN of a role or a user, in which wildcards may stand for the account and for parts of the name.
bool names_writer(std::string_view text, std::string_view partition) {
  const auto start = fmt::format("arn:{}:iam::", partition);
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  const auto colon = text.find(':');
  const auto account = text.substr(0, colon);
  if (colon == std::string_view::npos || (account != "*" && !valid_account_id(account))) return false;
  text.remove_prefix(colon + 1);
  if (!text.starts_with("role/") && !text.starts_with("user/")) return false;
  text.remove_prefix(std::string_view("role/").size());
  const auto fixed = [](char c) { return c != '*' && c != '?' && c != '/'; };
  const auto harmless = [](char c) { return c > ' ' && c != '"' && c != '$' && c != '\\'; };
  return std::ranges::any_of(text, fixed) && std::ranges::all_of(text, harmless);
}

Result<> check_exceptions(const RawPermissions& raw, const permissions::PolicyRequest& request) {
  const auto usage = [](std::string message) { return fail(ErrorKind::usage, std::move(message)); };
  const bool excepts = !request.except_paths.empty() || !request.except_tag.empty();
  const bool rotates = raw.member || raw.caller || raw.every_role || raw.function == "account";
  if (excepts && !rotates) {
    return usage(
        "--except-path and --except-tag are for roles that touch keys: --member, --caller, --function account "
        "and --all");
  }
  if (excepts && raw.mode == "plan") return usage("with --mode plan no key can be touched: nothing is to be excepted");
  for (const auto& path : request.except_paths) {
    if (!names_path(path)) {
      return usage(
          fmt::format("--except-path takes a path with a slash at both ends, such as /break-glass/, not `{}`", path));
    }
  }
  if (!request.except_tag.empty()) {
    if (const auto complaint = config::check_tag_key(request.except_tag)) return usage("--except-tag: " + *complaint);
  }
  if (!request.writers.empty() && !raw.organization_policy) {
    return usage("--writer is for --organization-policy: no role's own policy names others");
  }
  for (const auto& writer : request.writers) {
    if (!names_writer(writer, request.partition)) {
      return usage(
          fmt::format("--writer takes the ARN of a role or a user, such as arn:{}:iam::*:role/security/*, not "
                      "`{}`",
                      request.partition, writer));
    }
  }
  return {};
}

}  // namespace

void add_permissions_command(CLI::App& app, Options& options, RawPermissions& raw) {
  auto* command = app.add_subcommand(
      "permissions", "Print the least IAM policy for the configuration; asks AWS for nothing (docs/permissions.md)");
  add_roles(*command, raw);
  auto& o = options.permissions;
  auto& request = o.request;
  command->add_option("--mode", raw.mode, "plan | apply: what may be done with it (default: apply)")
      ->check(CLI::IsMember({"plan", "apply"}));
  command->add_flag("--explain", o.explain, "Say of each statement why it is there, instead of JSON");
  command->add_option("--partition", request.partition, "Partition of the ARNs: aws | aws-cn | aws-us-gov | …")
      ->capture_default_str();
  command->add_option("--tooling-account", raw.tooling_account, "Account that rekeyer runs from");
  command->add_option("--external-id", raw.external_id,
                      "External id of the trust policy (default: organization.external_id)");
  command->add_option("--org-id", raw.organization, "Id of the organization, for the trust policy");
  command->add_flag("--own-account", request.own_account,
                    "The account that rekeyer runs from is in scope and entered with the caller's rights");
  command->add_option("--runs", raw.runs, "Functions: where runs are kept, s3://bucket/prefix (REKEYER_RUNS)");
  command->add_option("--function-config", request.function_config,
                      "Functions: s3://bucket/key or ssm:/name (REKEYER_CONFIG), where it is not in the package");
  command->add_option("--deployment", request.deployment, "Functions: what their names begin with")
      ->capture_default_str();
  command->add_flag("--vpc", request.vpc, "Functions: they are attached to a VPC");
  add_exceptions(*command, request);
  command->callback([&options] { options.command = Command::permissions; });
}

Result<> check_permissions(const RawPermissions& raw, Options& options) {
  if (options.command != Command::permissions) return {};
  auto& request = options.permissions.request;
  const auto usage = [](std::string message) { return fail(ErrorKind::usage, std::move(message)); };
  if (const int given = roles_asked_for(raw); given != 1) {
    return usage(
        fmt::format("whose policy? pass one of --caller, --member, --trust, --list-role, --function NAME, --all, "
                    "--organization-policy; {} were given",
                    given));
  }
  if (!request.partition.starts_with("aws") || !plain(request.partition)) {
    return usage(
        fmt::format("--partition takes aws, aws-cn, aws-us-gov or another one's name, not `{}`", request.partition));
  }
  if (!raw.tooling_account.empty() && !valid_account_id(raw.tooling_account)) {
    return usage(fmt::format("--tooling-account takes twelve digits, not `{}`", raw.tooling_account));
  }
  if (!raw.organization.empty() && (!raw.organization.starts_with("o-") || !plain(raw.organization))) {
    return usage(fmt::format("--org-id takes an id such as o-a1b2c3d4e5, not `{}`", raw.organization));
  }
  if (!raw.runs.empty() && (!raw.runs.starts_with("s3://") || raw.runs.size() < 8 || !plain(raw.runs))) {
    return usage(fmt::format("--runs takes s3://bucket/prefix, not `{}`", raw.runs));
  }
  const auto& where = request.function_config;
  if (!where.empty() && ((!where.starts_with("s3://") && !where.starts_with("ssm:")) || !plain(where))) {
    return usage(
        fmt::format("--function-config takes s3://bucket/key or ssm:/name, not `{}`; a file in the package "
                    "needs no permission",
                    where));
  }
  if (request.deployment.empty() || !plain(request.deployment)) {
    return usage(fmt::format("--deployment takes what the functions' names begin with, not `{}`", request.deployment));
  }
  TRY_VOID(check_exceptions(raw, request));
  request.role = role_of(raw);
  request.mode = raw.mode == "plan" ? rotation::Mode::plan : rotation::Mode::apply;
  options.permissions.every_role = raw.every_role;
  if (!raw.tooling_account.empty()) request.tooling_account = raw.tooling_account;
  if (!raw.external_id.empty()) request.external_id = raw.external_id;
  if (!raw.organization.empty()) request.organization = raw.organization;
  if (!raw.runs.empty()) request.runs = raw.runs;
  if (!options.region.empty()) request.region = options.region;
  return {};
}

}  // namespace rekeyer::cli
