#include "aws/auth/profile_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

constexpr std::string_view allow_plain_http = "REKEYER_ALLOW_PLAIN_HTTP";

/// Every service that rekeyer calls, as AWS_ENDPOINT_URL_<…> spells it.
constexpr std::array<std::string_view, 18> endpoint_ids{
    "IAM",
    "STS",
    "ORGANIZATIONS",
    "SECRETS_MANAGER",
    "SSO",
    "SSO_OIDC",
    "SNS",
    "SESV2",
    "SSM",
    "LAMBDA",
    "S3",
    "EVENTBRIDGE",
    "ACCOUNT",
    "CLOUDFORMATION",
    "SFN",
    "CLOUDWATCH",
    "SECURITYHUB",
    "KMS",
};

/// One setting that environment and profile may both give.
struct Source {
  const Environment& environment;
  const Section* profile;

  Result<std::string> text(std::string_view variable, std::string_view key) const {
    TRY(auto value, environment.line(variable));
    if (value) return *std::move(value);
    return profile == nullptr ? std::string{} : profile->text(key);
  }

  Result<bool> flag(std::string_view variable, std::string_view key) const {
    TRY(const auto value, text(variable, key));
    if (value.empty() || equal_ignoring_case(value, "false")) return false;
    if (equal_ignoring_case(value, "true")) return true;
    return fail(ErrorKind::usage, fmt::format("{} (or {} in the profile) must be true or false", variable, key));
  }
};

/// A region is part of host names: anything but letters, digits and "-" could lead a request elsewhere.
Result<Region> checked_region(std::string region, std::string_view origin) {
  const auto allowed = [](char c) { return is_lower(c) || is_digit(c) || c == '-'; };
  if (!std::ranges::all_of(region, allowed)) {
    return fail(ErrorKind::usage, fmt::format("{}: `{}` is not a region, such as us-east-1: lower-case letters, digits "
                                              "and \"-\"",
                                              origin, is_one_line(region) ? region : std::string("…")));
  }
  return Region{std::move(region)};
}

Result<Region> read_region(const Source& source, const std::string& flag) {
  if (!flag.empty()) return checked_region(flag, "--region");
  TRY(auto second, source.text("AWS_DEFAULT_REGION", "region"));
  TRY(auto first, source.environment.line("AWS_REGION"));
  if (first) return checked_region(*std::move(first), "AWS_REGION");
  const auto* const setting = source.profile == nullptr ? nullptr : source.profile->find("region");
  const bool by_profile = setting != nullptr && !source.environment.value("AWS_DEFAULT_REGION");
  return checked_region(std::move(second), by_profile ? setting->place() : "AWS_DEFAULT_REGION");
}

/// [services NAME], which the profile names: one nested map a service.
Result<std::map<std::string, std::string>> read_services(const Section& profile, const ProfileFiles& files) {
  std::map<std::string, std::string> urls;
  TRY(const auto name, profile.text("services"));
  if (name.empty()) return urls;
  const auto position = files.services.find(name);
  if (position == files.services.end()) {
    return fail(ErrorKind::usage,
                fmt::format("{}: there is no section [services {}]", profile.find("services")->place(), name));
  }
  TRY_VOID(position->second.whole());
  for (const auto& [service, setting] : position->second.settings) {
    const auto url = setting.nested.find("endpoint_url");
    if (url != setting.nested.end()) urls[upper_case(service)] = std::string(url->second.view());
  }
  return urls;
}

Result<EndpointSettings> read_endpoints(const Source& source, const ProfileFiles& files, const std::string& flag) {
  EndpointSettings endpoints;
  endpoints.endpoint_url = flag;
  TRY(endpoints.use_fips, source.flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"));
  TRY(endpoints.use_dualstack, source.flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"));
  TRY(const auto ignore, source.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"));
  if (ignore) return endpoints;
  for (const auto id : endpoint_ids) {
    TRY(auto url, source.environment.line(fmt::format("AWS_ENDPOINT_URL_{}", id)));
    if (url) endpoints.service_endpoint_url.emplace(id, *std::move(url));
  }
  TRY(auto everywhere, source.environment.line("AWS_ENDPOINT_URL"));
  endpoints.default_endpoint_url = everywhere.value_or("");
  if (source.profile != nullptr) {
    TRY(endpoints.profile_service_url, read_services(*source.profile, files));
    TRY(endpoints.profile_endpoint_url, source.profile->text("endpoint_url"));
  }
  return endpoints;
}

bool is_this_machine(std::string_view host) {
  const bool four_numbers =
      std::ranges::count(host, '.') == 3 && host.find_first_not_of("0123456789.") == std::string_view::npos;
  return host == "localhost" || host == "::1" || (host.starts_with("127.") && four_numbers);
}

/// New secrets and session tokens stand in requests and replies as they are: they don't leave this machine in the
/// clear. Unlike the AWS SDKs, which send them. What is no URL at all is told where it is used.
Result<> check_clear(const EndpointSettings& endpoints) {
  const auto check = [](const std::string& text) -> Result<> {
    const auto url = parse_url(text);
    if (text.empty() || !url || url->scheme != "http" || is_this_machine(url->host)) return {};
    return fail(
        ErrorKind::usage,
        fmt::format("the endpoint URL http://{} would send secrets over the network in the clear: use https://, "
                    "or set {}=true where that network may see them",
                    url->host_header(), allow_plain_http));
  };
  if (!endpoints.endpoint_url.empty()) return check(endpoints.endpoint_url);
  TRY_VOID(check(endpoints.default_endpoint_url));
  TRY_VOID(check(endpoints.profile_endpoint_url));
  for (const auto id : endpoint_ids) {
    for (const auto* const urls : {&endpoints.service_endpoint_url, &endpoints.profile_service_url}) {
      const auto url = urls->find(std::string(id));
      if (url != urls->end()) {
        TRY_VOID(check(url->second));
      }
    }
  }
  return {};
}

Result<std::optional<int>> read_attempts(const Source& source) {
  TRY(const auto text, source.text("AWS_MAX_ATTEMPTS", "max_attempts"));
  if (text.empty()) return std::nullopt;
  int attempts = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), attempts);
  if (error != std::errc{} || end != text.data() + text.size() || attempts < 1 || attempts > 100) {
    return fail(ErrorKind::usage, "AWS_MAX_ATTEMPTS (or max_attempts in the profile) must be a number from 1 to 100");
  }
  return attempts;
}

}  // namespace

Result<AwsSettings> load_settings(const Environment& environment, const GlobalFlags& flags) {
  AwsSettings settings;
  TRY(settings.files, load_profile_files(environment));
  TRY(settings.profile, choose_profile(flags.profile, environment, settings.files));
  const Source source{environment, settings.files.profile(settings.profile.name)};
  if (source.profile != nullptr) {
    TRY_VOID(source.profile->whole());
  }
  TRY(settings.region, read_region(source, flags.region));
  TRY(settings.endpoints, read_endpoints(source, settings.files, flags.endpoint_url));
  if (!environment.flag(allow_plain_http)) {
    TRY_VOID(check_clear(settings.endpoints));
  }
  TRY(auto bundle, source.text("AWS_CA_BUNDLE", "ca_bundle"));
  settings.ca_bundle = bundle.empty() ? bundle : environment.expand(bundle).string();
  TRY(settings.max_attempts, read_attempts(source));
  return settings;
}

}  // namespace rekeyer::aws
