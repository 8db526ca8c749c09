#include "aws/auth/assume_role_provider.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "aws/auth/environment.hpp"
#include "aws/call/partition.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

Result<std::chrono::seconds> read_duration(const Section& profile) {
  const auto* setting = profile.find("duration_seconds");
  if (setting == nullptr) return std::chrono::seconds{3600};
  const auto text = setting->view();
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 900 || seconds > 43200) {
    return fail(ErrorKind::usage,
                fmt::format("{}: duration_seconds must be a number from 900 to 43200", setting->place()));
  }
  return std::chrono::seconds{seconds};
}

Result<> check_source(const Section& profile, std::string_view profile_name) {
  const auto* by_profile = profile.find("source_profile");
  const auto* by_source = profile.find("credential_source");
  if (by_profile != nullptr && by_source != nullptr) {
    return fail(ErrorKind::usage, fmt::format("{}: profile `{}` has both source_profile and credential_source ({})",
                                              by_profile->place(), profile_name, by_source->place()));
  }
  if (by_profile == nullptr && by_source == nullptr) {
    return fail(ErrorKind::usage, fmt::format("{}: profile `{}` has role_arn, but neither source_profile nor "
                                              "credential_source to assume it with",
                                              profile.find("role_arn")->place(), profile_name));
  }
  return {};
}

}  // namespace

ResultTask<SharedCredentials> AssumeRoleProvider::get() {
  if (!valid_session_name(request_.session_name)) {
    co_return fail(ErrorKind::usage,
                   fmt::format("{}: the session name must be 2 to 64 characters of A-Za-z0-9_+=,.@-", describe()));
  }
  auto credentials = co_await sts_.assume_role(request_);
  if (!credentials) co_return fail(in_context(std::move(credentials).error(), describe()));
  co_return credentials;
}

std::string AssumeRoleProvider::describe() const { return fmt::format("{}: assume role {}", origin_, request_.role); }

bool has_role(const Section& profile) {
  return profile.find("role_arn") != nullptr && profile.find("web_identity_token_file") == nullptr;
}

Result<RoleProfile> read_role_profile(const Section& profile, std::string_view profile_name) {
  if (const auto* mfa = profile.find("mfa_serial")) {
    return fail(
        ErrorKind::usage,
        fmt::format("{}: profile `{}` needs an MFA code (mfa_serial), which nobody can type in an unattended run: "
                    "use a profile without MFA, or pass the temporary keys of `aws configure export-credentials "
                    "--profile {}` in the environment",
                    mfa->place(), profile_name, profile_name));
  }
  TRY_VOID(check_source(profile, profile_name));
  RoleProfile result;
  TRY(auto role, profile.text("role_arn"));
  TRY(result.request.external_id, profile.text("external_id"));
  TRY(result.request.session_name, profile.text("role_session_name"));
  TRY(result.request.duration, read_duration(profile));
  TRY(result.source_profile, profile.text("source_profile"));
  TRY(result.credential_source, profile.text("credential_source"));
  result.request.role = Arn{std::move(role)};
  if (result.request.session_name.empty()) result.request.session_name = default_session_name;
  if (!valid_session_name(result.request.session_name)) {
    return fail(ErrorKind::usage, fmt::format("{}: role_session_name must be 2 to 64 characters of A-Za-z0-9_+=,.@-",
                                              profile.find("role_session_name")->place()));
  }
  return result;
}

bool valid_session_name(std::string_view name) {
  return name.size() >= 2 && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
           return is_alnum(c) || std::string_view{"_+=,.@-"}.find(c) != std::string_view::npos;
         });
}

Region sts_region(const Region& configured, const Arn& role) {
  if (!configured.empty()) return configured;
  std::string_view rest = role.str();
  rest.remove_prefix(std::min(rest.size(), rest.find(':') + 1));
  const auto* partition = partition_named(rest.substr(0, rest.find(':')));
  return Region{std::string(partition == nullptr ? "us-east-1" : partition->iam_region)};
}

}  // namespace rekeyer::aws
