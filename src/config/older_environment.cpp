// The environment of an older deployment as a rekeyer.toml: what is asked for whom, where secrets are, and the order of
// it all.
#include "config/older_environment.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "base/try.hpp"
#include "config/older_parts.hpp"
#include "config/older_variables.hpp"

namespace rekeyer::config {
namespace {

constexpr std::string_view default_region = "us-east-1";

void read_exemptions(OlderReading& reading) {
  const auto* group = reading.values.find("IAMExemptionGroup");
  if (group == nullptr) return;
  reading.toml.open("[exempt]");
  reading.toml.set("group", toml_text(group->text), {group->name}, group->text.empty() ? "nobody by a group" : "");
}

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts;
  for (const auto part : split(text, ',')) {
    if (const auto word = trimmed(part, " "); !word.empty()) parts.emplace_back(word);
  }
  return parts;
}

void say_what_central_needs(OlderReading& reading, bool replicas) {
  reading.toml.remark(
      R"(kms_key_id = "alias/access-keys"  # required: users of other accounts can't read what AWS's own key encrypts)");
  if (replicas) {
    reading.toml.remark(
        R"(replica_kms_key_ids = { "eu-central-1" = "alias/access-keys" }  # and one for each replica)");
  }
  if (const auto* account = reading.values.filled("OrgListAccount")) {
    reading.warn(fmt::format(
        "{}: the older functions kept all secrets in the account {}, where Organizations is read; rekeyer keeps "
        "them in the account that it runs in, so it finds them only if it is deployed there",
        reading.values.find("StoreSecretsInCentralAccount")->name, shown(account->text)));
  }
}

Result<> read_store(OlderReading& reading) {
  TRY(const auto central, reading.values.flag("StoreSecretsInCentralAccount"));
  const auto* regions = reading.values.filled("CredentialReplicationRegions");
  reading.toml.open("[store]");
  if (central) {
    const auto name = reading.values.find("StoreSecretsInCentralAccount")->name;
    reading.toml.set("location", *central ? R"("central")" : R"("member")", {name});
    if (*central) say_what_central_needs(reading, regions != nullptr);
  }
  if (!reading.region_name.empty()) {
    reading.toml.set("region", toml_text(reading.region), {reading.region_name},
                     "the older functions kept secrets in the region that they ran in");
  }
  if (regions != nullptr) {
    reading.toml.set("replica_regions", toml_list(split_at_commas(regions->text)), {regions->name});
  }
  return {};
}

/// Is there one that becomes something? The rest alone is no older deployment.
bool says_something(const OlderValues& values) {
  for (const auto& given : values.all()) {
    if (!find_older_variable(given.name)->becomes.empty()) return true;
  }
  return false;
}

void warn_of_what_means_nothing(OlderReading& reading) {
  for (const auto& given : reading.values.all()) {
    const auto* older = find_older_variable(given.name);
    if (older->becomes.empty()) reading.means_nothing(older->name, older->meaning);
  }
}

std::string opening(const OlderSettings& settings) {
  std::string text =
      "# What the environment of an older rotator means to rekeyer; docs/migrate.md. Each line names its variable.\n";
  if (settings.dry_run) {
    text += fmt::format("# DryRunFlag: the deployment's mode is `{}` (REKEYER_MODE).\n",
                        *settings.dry_run ? "plan" : "apply");
  }
  if (!settings.account_function.empty()) {
    text +=
        "# LambdaRotationFunction: the function that the inventory invokes (REKEYER_ACCOUNT_FUNCTION); not needed with "
        "Step "
        "Functions.\n";
  }
  return text;
}

OlderReading reading_of(const OlderValues& values, const std::map<std::string, std::string>& variables) {
  for (const std::string_view name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    const auto found = variables.find(std::string(name));
    if (found != variables.end() && !found->second.empty()) return {values, found->second, name};
  }
  return {values, std::string(default_region), {}};
}

}  // namespace

void OlderReading::means_nothing(std::string_view name, std::string_view why) {
  warn(fmt::format("{} means nothing to rekeyer: {}", name, why));
}

std::vector<std::string> older_variables_in(const std::map<std::string, std::string>& variables) {
  std::vector<std::string> names;
  for (const auto& [name, value] : variables) {
    if (find_older_variable(name) != nullptr) names.push_back(name);
  }
  return names;
}

Result<OlderSettings> from_older_environment(const std::map<std::string, std::string>& variables) {
  TRY(const auto values, OlderValues::read(variables));
  auto reading = reading_of(values, variables);
  OlderSettings settings;
  if (says_something(values)) {
    TRY(settings.dry_run, values.flag("DryRunFlag"));
    if (const auto* function = values.filled("LambdaRotationFunction")) settings.account_function = function->text;
    TRY_VOID(read_older_scope(reading));
    TRY_VOID(read_older_periods(reading));
    read_exemptions(reading);
    TRY_VOID(read_store(reading));
    TRY_VOID(read_older_messages(reading));
    if (reading.region_name.empty()) {
      reading.warn(
          fmt::format("AWS_REGION is not set, so {} is taken for the region of secrets and mails; the older "
                      "functions used the one that they ran in",
                      default_region));
    }
    settings.text = opening(settings) + reading.toml.text();
  }
  warn_of_what_means_nothing(reading);
  settings.warnings = std::move(reading.warnings);
  return settings;
}

}  // namespace rekeyer::config
