#include "lambda/deployment.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/try.hpp"

namespace rekeyer::lambda {
namespace {

constexpr std::string_view s3_scheme = "s3://";

std::unexpected<Error> wrong_variable(std::string_view variable, std::string_view why) {
  return fail(ErrorKind::usage, fmt::format("environment variable {}: {}", variable, why));
}

Result<S3Folder> read_folder(std::string_view variable, std::string_view text) {
  if (!text.starts_with(s3_scheme)) return wrong_variable(variable, "it must be s3://BUCKET/PREFIX");
  text.remove_prefix(s3_scheme.size());
  const auto slash = std::min(text.find('/'), text.size());
  S3Folder folder{std::string(text.substr(0, slash)), std::string(text.substr(std::min(slash + 1, text.size())))};
  while (folder.prefix.ends_with('/')) folder.prefix.pop_back();
  if (folder.bucket.empty()) return wrong_variable(variable, "it names no bucket");
  if (folder.prefix.starts_with('/')) return wrong_variable(variable, "the prefix begins with a slash");
  return folder;
}

}  // namespace

std::vector<std::string> unknown_own_variables(const std::map<std::string, std::string>& variables) {
  static constexpr std::array<std::string_view, 6> known{"REKEYER_MODE",       "REKEYER_RUNS",
                                                         "REKEYER_CONFIG",     "REKEYER_ACCOUNT_FUNCTION",
                                                         "REKEYER_DEPLOYMENT", "REKEYER_LOG_LEVEL"};
  std::vector<std::string> sentences;
  for (const auto& [name, value] : variables) {
    if (!name.starts_with("REKEYER_") || std::ranges::find(known, name) != known.end()) continue;
    sentences.push_back(fmt::format("{} means nothing; there is {}", name, fmt::join(known, ", ")));
  }
  return sentences;
}

std::optional<rotation::Mode> parse_mode(std::string_view text) {
  if (text == "plan") return rotation::Mode::plan;
  if (text == "apply") return rotation::Mode::apply;
  return std::nullopt;
}

std::string_view name(rotation::Mode mode) { return mode == rotation::Mode::plan ? "plan" : "apply"; }

Result<Deployment> read_deployment(const aws::Environment& environment) {
  Deployment deployment;
  TRY(const auto mode, environment.line("REKEYER_MODE"));
  if (mode) {
    const auto parsed = parse_mode(*mode);
    if (!parsed) return wrong_variable("REKEYER_MODE", "it must be plan or apply");
    deployment.allowed = *parsed;
  }
  TRY(const auto runs, environment.line("REKEYER_RUNS"));
  if (runs) {
    TRY(deployment.runs, read_folder("REKEYER_RUNS", *runs));
  }
  TRY(auto account_function, environment.line("REKEYER_ACCOUNT_FUNCTION"));
  deployment.account_function = account_function.value_or("");
  TRY(auto name, environment.line("REKEYER_DEPLOYMENT"));
  if (name) deployment.name = *std::move(name);
  TRY(auto config, environment.line("REKEYER_CONFIG"));
  deployment.config = config.value_or("");
  TRY(const auto level, environment.line("REKEYER_LOG_LEVEL"));
  if (level && !log::parse_level(*level, deployment.log_level)) {
    return wrong_variable("REKEYER_LOG_LEVEL", "it must be debug, info, warn, error or off");
  }
  return deployment;
}

}  // namespace rekeyer::lambda
