#include "aws/auth/profile_files.hpp"

#include <fmt/format.h>

#include "aws/auth/small_file.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

std::optional<std::filesystem::path> locate(const Environment& environment, std::string_view variable,
                                            std::string_view name) {
  if (const auto path = environment.value(variable)) return environment.expand(*path);
  const auto home = environment.home();
  if (!home) return std::nullopt;
  return *home / ".aws" / name;
}

Result<ProfileFiles> load(const std::optional<std::filesystem::path>& path, FileKind kind) {
  if (!path) return ProfileFiles{};
  const auto text = read_small_file(*path);
  if (!text && text.error().kind == ErrorKind::not_found) return ProfileFiles{};
  if (!text) return fail(text.error());
  return parse_profile_file(*text, path->string(), kind);
}

}  // namespace

Result<ProfileFiles> load_profile_files(const Environment& environment) {
  TRY(auto config, load(locate(environment, "AWS_CONFIG_FILE", "config"), FileKind::config));
  TRY(auto credentials, load(locate(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials"), FileKind::credentials));
  return merge(std::move(config), std::move(credentials));
}

std::string not_looked_at(const Environment& environment) {
  if (environment.home()) return {};
  const bool config = !environment.value("AWS_CONFIG_FILE");
  const bool credentials = !environment.value("AWS_SHARED_CREDENTIALS_FILE");
  if (config && credentials) {
    return "; HOME is not set, so ~/.aws was not looked at: set HOME, or AWS_CONFIG_FILE and "
           "AWS_SHARED_CREDENTIALS_FILE";
  }
  if (config) return "; HOME is not set, so ~/.aws/config was not looked at: set HOME or AWS_CONFIG_FILE";
  if (!credentials) return {};
  return "; HOME is not set, so ~/.aws/credentials was not looked at: set HOME or AWS_SHARED_CREDENTIALS_FILE";
}

Result<ProfileChoice> choose_profile(const std::string& flag, const Environment& environment,
                                     const ProfileFiles& files) {
  ProfileChoice choice;
  std::string origin = "--profile";
  if (!flag.empty()) {
    choice = {flag, true, true};
  } else {
    for (const auto* const variable : {"AWS_DEFAULT_PROFILE", "AWS_PROFILE"}) {
      const auto name = environment.value(variable);
      if (!name) continue;
      choice = {*name, false, true};
      origin = variable;
      break;
    }
  }
  if (choice.named && choice.name != "default" && files.profile(choice.name) == nullptr) {
    return fail(ErrorKind::usage, fmt::format("the profile `{}` (from {}) is in neither the AWS config file nor the "
                                              "credentials file{}",
                                              choice.name, origin, not_looked_at(environment)));
  }
  return choice;
}

}  // namespace rekeyer::aws
