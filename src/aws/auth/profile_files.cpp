#include "aws/auth/profile_files.hpp"

#include <fmt/format.h>

#include "aws/auth/small_file.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

bool is_name_part(char c) { return is_alnum(c) || c == '_'; }

/// $HOME/… and ${HOME}/…, as the CLI reads them; what is not set stays as it stands there.
std::string with_variables(const Environment& environment, std::string_view path) {
  std::string result;
  while (!path.empty()) {
    const auto dollar = path.find('$');
    result += path.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    path.remove_prefix(dollar);
    const bool braced = path.starts_with("${");
    const std::size_t begin = braced ? 2 : 1;
    auto end = begin;
    while (end < path.size() && is_name_part(path[end])) ++end;
    const bool whole = end > begin && (!braced || path.substr(end).starts_with('}'));
    const auto value = whole ? environment.value(path.substr(begin, end - begin)) : std::nullopt;
    const auto length = whole ? end + (braced ? 1 : 0) : 1;
    result += value ? std::string_view(*value) : path.substr(0, length);
    path.remove_prefix(length);
  }
  return result;
}

std::optional<std::filesystem::path> locate(const Environment& environment, std::string_view variable,
                                            std::string_view name) {
  if (const auto path = environment.value(variable)) return environment.expand(with_variables(environment, *path));
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

namespace {

/// "; AWS_CONFIG_FILE names /x, which is not there"; nothing where it names none, or one that is.
std::string named_and_missing(const Environment& environment, std::string_view variable) {
  const auto path = environment.value(variable) ? locate(environment, variable, {}) : std::nullopt;
  std::error_code error;
  if (!path || std::filesystem::exists(*path, error) || error) return {};
  return fmt::format("; {} names {}, which is not there", variable, path->string());
}

std::string without_home(const Environment& environment) {
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

}  // namespace

std::string not_looked_at(const Environment& environment) {
  return named_and_missing(environment, "AWS_CONFIG_FILE") +
         named_and_missing(environment, "AWS_SHARED_CREDENTIALS_FILE") + without_home(environment);
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
