#include "lambda/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <system_error>
#include <variant>

#include "aws/services/s3.hpp"
#include "aws/services/ssm.hpp"
#include "base/try.hpp"
#include "config/location.hpp"
#include "config/older_environment.hpp"

namespace rekeyer::lambda {
namespace {

ResultTask<config::Configuration> fetch(aws::Caller& caller, aws::Principal principal, std::string place) {
  CO_TRY(const auto location, config::parse_location(place));
  if (const auto* file = std::get_if<std::filesystem::path>(&location)) {
    auto surroundings = config::Surroundings::of_process();
    surroundings.file_may_be_anybodys = true;
    co_return config::load(*file, surroundings);
  }
  if (const auto* object = std::get_if<config::ObjectLocation>(&location)) {
    aws::S3Client s3(caller, std::move(principal));
    auto text = co_await s3.object(object->bucket, object->key);
    if (!text) co_return fail(in_context(std::move(text).error(), place));
    co_return config::parse_or_fail(*text, place);
  }
  aws::SsmClient ssm(caller, std::move(principal));
  const auto text = co_await ssm.parameter(std::get<config::ParameterLocation>(location).name);
  if (!text) co_return fail(in_context(text.error(), place));
  co_return config::parse_or_fail(text->reveal(), place);
}

}  // namespace

ConfigurationSource find_configuration(const Deployment& deployment, const std::filesystem::path& package,
                                       std::map<std::string, std::string> variables) {
  ConfigurationSource source;
  source.variables = std::move(variables);
  source.place = deployment.config;
  if (!source.place.empty()) return source;
  const auto packaged = package / "rekeyer.toml";
  std::error_code ignored;
  if (std::filesystem::exists(packaged, ignored)) source.place = packaged.string();
  return source;
}

Result<Deployment> with_older_settings(Deployment deployment, const ConfigurationSource& source) {
  if (!source.place.empty()) return deployment;
  TRY(const auto older, config::from_older_environment(source.variables));
  const bool mode_is_said = source.variables.contains("REKEYER_MODE");
  if (older.dry_run && !mode_is_said) {
    deployment.allowed = *older.dry_run ? rotation::Mode::plan : rotation::Mode::apply;
  }
  if (deployment.account_function.empty()) deployment.account_function = older.account_function;
  return deployment;
}

ResultTask<ReadConfiguration> read_configuration(aws::Caller& caller, aws::Principal principal,
                                                 ConfigurationSource source) {
  ReadConfiguration read;
  read.warnings = unknown_own_variables(source.variables);
  std::ranges::move(config::unknown_variables(source.variables), std::back_inserter(read.warnings));
  if (!source.place.empty()) {
    CO_TRY(read.configuration, co_await fetch(caller, std::move(principal), source.place));
    for (const auto& variable : config::older_variables_in(source.variables)) {
      read.warnings.push_back(fmt::format("{} means nothing beside {}: remove it", variable, source.place));
    }
    co_return read;
  }
  CO_TRY(const auto older, config::from_older_environment(source.variables));
  read.warnings.insert(read.warnings.end(), older.warnings.begin(), older.warnings.end());
  if (older.text.empty()) co_return read;
  CO_TRY(read.configuration, config::parse_or_fail(older.text, std::string(config::environment_name)));
  co_return read;
}

}  // namespace rekeyer::lambda
