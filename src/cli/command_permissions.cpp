// rekeyer permissions: the least policy for the configuration, from the configuration alone.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "aws/call/partition.hpp"
#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "config/config.hpp"
#include "permissions/permissions.hpp"

namespace rekeyer::cli {
namespace {

using permissions::Document;
using permissions::NamedDocument;
using permissions::PolicyKind;

/// Said where IAM would refuse the document, which is only found out when it is deployed.
void say_what_is_too_long(const NamedDocument& named) {
  const auto size = permissions::size_of(named.document);
  const auto& name = named.role;
  if (size > permissions::inline_policy_limit) {
    say(fmt::format(
        "rekeyer: {}: {} characters are more than a role's inline policies may have ({}) and a managed policy "
        "({}): split it\n",
        name, size, permissions::inline_policy_limit, permissions::managed_policy_limit));
  } else if (size > permissions::managed_policy_limit) {
    say(
        fmt::format("rekeyer: {}: {} characters are more than a managed policy may have ({}): make it an inline policy "
                    "of the role\n",
                    name, size, permissions::managed_policy_limit));
  }
}

void say_where_it_has_no_room(const Document& document) {
  const auto size = permissions::to_json(document).size();
  if (size <= permissions::service_control_policy_limit) return;
  say(
      fmt::format("rekeyer: {} characters, white space included, are more than a service control policy may have ({}): "
                  "name fewer principals by --writer\n",
                  size, permissions::service_control_policy_limit));
}

/// Such a policy is for a whole organization, so it must not reach the secrets of others.
std::optional<Error> too_wide(const std::string& name_template) {
  constexpr std::ptrdiff_t fewest_fixed_characters = 4;
  const auto pattern = permissions::secret_name_pattern(name_template);
  const auto fixed = std::ranges::count_if(pattern, [](unsigned char c) { return std::isalnum(c) != 0; });
  if (fixed >= fewest_fixed_characters) return std::nullopt;
  return Error{ErrorKind::usage,
               fmt::format("store.name has so little besides its placeholders that a policy on `{}` would close other "
                           "secrets as well: choose a longer name",
                           pattern),
               {},
               {},
               {}};
}

void say_what_to_replace(const Document& document) {
  const auto placeholders = permissions::placeholders_in(document);
  if (!placeholders.empty()) complain(fmt::format("to be replaced: {}", fmt::join(placeholders, ", ")));
}

std::string explanation(const std::vector<NamedDocument>& documents) {
  std::string text;
  for (const auto& [role, document] : documents) {
    if (documents.size() > 1) text += fmt::format("{}# {}\n", text.empty() ? "" : "\n", role);
    text += permissions::explained(document);
  }
  return text;
}

}  // namespace

int run_permissions(const Options& options) {
  std::optional<std::filesystem::path> file;
  if (!options.config_file.empty()) file = options.config_file;
  auto configuration = config::load(file);
  if (!configuration) return report_error(configuration.error());
  const auto& wanted = options.permissions;
  auto& store = configuration->rotation.store;
  if (const auto* partition = aws::partition_named(wanted.request.partition);
      partition != nullptr && !store.region_chosen) {
    store.region = Region{std::string(partition->iam_region)};
  }
  std::vector<NamedDocument> documents;
  if (wanted.every_role) {
    documents = permissions::all_documents(*configuration, wanted.request);
  } else {
    documents.push_back({"this policy", permissions::document_for(*configuration, wanted.request)});
  }
  const auto& scope = configuration->rotation.scope;
  if (wanted.request.role == PolicyKind::list && !wanted.every_role && !scope.fixed_accounts.empty()) {
    return report_error(Error{
        ErrorKind::usage, "with [accounts] Organizations is not asked, so no role is needed to read it", {}, {}, {}});
  }
  const bool reserves = wanted.request.role == PolicyKind::reservation && !wanted.every_role;
  if (reserves) {
    if (const auto error = too_wide(store.name_template)) return report_error(*error);
  }
  Document whole;
  for (const auto& named : documents) {
    if (reserves) {
      say_where_it_has_no_room(named.document);
    } else {
      say_what_is_too_long(named);
    }
    whole.statements.insert(whole.statements.end(), named.document.statements.begin(), named.document.statements.end());
  }
  say_what_to_replace(whole);
  const auto text = wanted.explain      ? explanation(documents)
                    : wanted.every_role ? permissions::to_json(documents)
                                        : permissions::to_json(documents.front().document);
  return print(text) ? exit_ok : exit_failed;
}

}  // namespace rekeyer::cli
