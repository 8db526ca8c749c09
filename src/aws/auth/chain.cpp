#include "aws/auth/chain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/auth/assume_role_provider.hpp"
#include "aws/auth/cached_provider.hpp"
#include "aws/auth/container_provider.hpp"
#include "aws/auth/environment_provider.hpp"
#include "aws/auth/imds_provider.hpp"
#include "aws/auth/process_provider.hpp"
#include "aws/auth/profile_keys.hpp"
#include "aws/auth/sso_provider.hpp"
#include "aws/auth/web_identity_provider.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

/// The end of the chain: that no instance metadata answers means that nothing at all was configured.
class LastResort final : public CredentialsProvider {
 public:
  LastResort(SharedProvider source, std::string looked_at, std::string not_looked_at)
      : source_(std::move(source)), looked_at_(std::move(looked_at)), not_looked_at_(std::move(not_looked_at)) {}

  ResultTask<SharedCredentials> get() override {
    auto credentials = co_await source_->get();
    if (credentials) co_return credentials;
    switch (credentials.error().kind) {
      case ErrorKind::usage:
      case ErrorKind::not_sent:
      case ErrorKind::outcome_unknown:
      case ErrorKind::not_found: break;
      default: {
        auto error = std::move(credentials).error();
        error.message += fmt::format("; {} hold no credentials{}", looked_at_, not_looked_at_);
        co_return fail(std::move(error));
      }
    }
    co_return fail(ErrorKind::usage,
                   fmt::format("no AWS credentials found; looked at {} and EC2 instance metadata ({}){}", looked_at_,
                               credentials.error().message, not_looked_at_));
  }
  std::string describe() const override { return source_->describe(); }

 private:
  SharedProvider source_;
  std::string looked_at_;
  std::string not_looked_at_;
};

/// Null stands for "not configured": the next one is tried.
class Builder {
 public:
  Builder(const AwsSettings& settings, const Environment& environment, ChainServices services)
      : settings_(settings), environment_(environment), services_(services) {}

  Result<SharedProvider> build() {
    const auto& name = settings_.profile.name;
    if (!settings_.profile.by_flag && EnvironmentProvider::configured(environment_)) return environment();
    const auto* profile = settings_.files.profile(name);
    if (profile != nullptr && has_role(*profile)) return role(name, *profile);
    TRY(auto found, without_role(name, profile, !settings_.profile.by_flag));
    if (found) return found;
    if (ContainerProvider::configured(environment_)) return container();
    TRY(auto instance_provider, instance(profile));
    auto missed = not_looked_at(environment_);
    const bool no_file = !missed.empty() && settings_.files.profiles.empty();
    auto looked_at = no_file ? std::string("the environment and the container variables")
                             : fmt::format("the environment, the profile `{}` and the container variables", name);
    return cached(std::make_shared<LastResort>(std::move(instance_provider), std::move(looked_at), std::move(missed)));
  }

 private:
  SharedProvider cached(SharedProvider source) const {
    return std::make_shared<CachedProvider>(std::move(source), services_.clock);
  }
  SharedProvider environment() const { return cached(std::make_shared<EnvironmentProvider>(environment_)); }
  SharedProvider container() const {
    return cached(std::make_shared<ContainerProvider>(environment_, services_.transport, services_.clock));
  }
  Result<SharedProvider> instance(const Section* profile) const {
    TRY(auto settings, read_imds_settings(environment_, profile));
    return std::make_shared<ImdsProvider>(std::move(settings), services_.transport, services_.clock);
  }

  /// What a profile provides by itself, in the order of the chain.
  Result<SharedProvider> without_role(const std::string& name, const Section* profile, bool use_environment) {
    TRY(auto identity, read_web_identity(environment_, use_environment, profile));
    if (identity) {
      const auto region = sts_region(settings_.region, identity->request.role);
      const auto origin = profile != nullptr && profile->find("web_identity_token_file") != nullptr
                              ? fmt::format("profile {}", name)
                              : std::string("environment");
      return cached(std::make_shared<WebIdentityProvider>(services_.caller, region, *std::move(identity), origin));
    }
    if (profile == nullptr) return SharedProvider{};
    TRY(auto login, read_sso_settings(settings_.files, name));
    if (login) return sso(*std::move(login));
    if (has_profile_keys(*profile, FileKind::credentials)) return keys(name, *profile, FileKind::credentials);
    if (profile->find("login_session") != nullptr) {
      return fail(
          ErrorKind::usage,
          fmt::format("{}: profile `{}` uses `aws login`, which rekeyer does not read: set credential_process = aws "
                      "configure export-credentials --profile {} in a profile of its own",
                      profile->find("login_session")->place(), name, name));
    }
    TRY(auto command, read_credential_process(*profile));
    if (!command.empty()) {
      return cached(
          std::make_shared<ProcessProvider>(std::move(command), services_.clock, fmt::format("profile {}", name)));
    }
    if (has_profile_keys(*profile, FileKind::config)) return keys(name, *profile, FileKind::config);
    return SharedProvider{};
  }

  Result<SharedProvider> sso(SsoSettings login) const {
    const auto home = environment_.home();
    if (!home) {
      return fail(ErrorKind::usage, fmt::format("profile `{}` uses IAM Identity Center, but HOME is not set: its token "
                                                "can't be found",
                                                login.profile));
    }
    return cached(std::make_shared<SsoProvider>(std::move(login), *home / ".aws" / "sso" / "cache", settings_.endpoints,
                                                services_.transport, services_.clock));
  }

  static Result<SharedProvider> keys(const std::string& name, const Section& profile, FileKind file) {
    TRY(auto credentials, read_profile_keys(profile, name, file));
    return std::make_shared<StaticProvider>(std::move(credentials));
  }

  Result<SharedProvider> role(const std::string& name, const Section& profile) {
    TRY(auto how, read_role_profile(profile, name));
    visited_.push_back(name);
    TRY(auto source, how.credential_source.empty() ? source_profile(name, profile, how.source_profile)
                                                   : credential_source(profile, how.credential_source));
    Principal principal{std::move(source), sts_region(settings_.region, how.request.role), {}};
    return cached(std::make_shared<AssumeRoleProvider>(services_.caller, std::move(principal), std::move(how.request),
                                                       fmt::format("profile {}", name)));
  }

  Result<SharedProvider> credential_source(const Section& profile, std::string_view source) const {
    if (equal_ignoring_case(source, "Environment")) return environment();
    if (equal_ignoring_case(source, "EcsContainer")) return container();
    if (equal_ignoring_case(source, "Ec2InstanceMetadata")) {
      TRY(auto provider, instance(&profile));
      return cached(std::move(provider));
    }
    return fail(ErrorKind::usage,
                fmt::format("{}: credential_source must be Environment, EcsContainer or Ec2InstanceMetadata",
                            profile.find("credential_source")->place()));
  }

  /// A profile that names itself uses its own keys; any other way back to a profile is a circle.
  Result<SharedProvider> source_profile(const std::string& user, const Section& user_section, const std::string& name) {
    const auto place = user_section.find("source_profile")->place();
    const auto* profile = settings_.files.profile(name);
    if (profile == nullptr) {
      return fail(ErrorKind::usage,
                  fmt::format("{}: the source_profile `{}` of `{}` does not exist", place, name, user));
    }
    TRY_VOID(profile->whole());
    const bool has_keys =
        has_profile_keys(*profile, FileKind::credentials) || has_profile_keys(*profile, FileKind::config);
    if (std::ranges::find(visited_, name) != visited_.end() && !(name == user && has_keys)) {
      return fail(ErrorKind::usage, fmt::format("{}: the source profiles run in a circle: {} -> {}", place,
                                                fmt::join(visited_, " -> "), name));
    }
    if (has_role(*profile) && !has_keys) return role(name, *profile);
    TRY(auto found, without_role(name, profile, false));
    if (found) return found;
    return fail(ErrorKind::usage, fmt::format("{}: the source_profile `{}` has no credentials", place, name));
  }

  const AwsSettings& settings_;
  const Environment& environment_;
  ChainServices services_;
  std::vector<std::string> visited_;
};

}  // namespace

Result<SharedProvider> default_chain(const AwsSettings& settings, const Environment& environment,
                                     ChainServices services) {
  return Builder(settings, environment, services).build();
}

}  // namespace rekeyer::aws
