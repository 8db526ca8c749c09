// Endpoint rules: overrides first, then the partition's pattern with the exceptions that AWS's own rule sets make.
#include "aws/call/endpoints.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/call/partition.hpp"
#include "base/text.hpp"

namespace rekeyer::aws {
namespace {

bool is_iam(const Service& service) { return service.id == services::iam.id; }
bool is_organizations(const Service& service) { return service.id == services::organizations.id; }
bool is_secrets_manager(const Service& service) { return service.id == services::secrets_manager.id; }
bool is_s3(const Service& service) { return service.id == services::s3.id; }
bool is_account(const Service& service) { return service.id == services::account.id; }

/// In GovCloud the ordinary hosts are the FIPS hosts; these services have hosts of both kinds there.
bool has_fips_hosts_in_govcloud(const Service& service) {
  return is_secrets_manager(service) || is_s3(service) || is_account(service) || service.id == services::ses.id;
}

/// A region becomes part of a host name, so only what can stand in a DNS label passes.
bool plausible_region(std::string_view region) {
  return !region.empty() && region.size() <= 63 && region.front() != '-' && region.back() != '-' &&
         std::ranges::all_of(region, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

/// The region in which the service is called and signed for; fails where a regional service has none.
Result<std::string> home_region(const Service& service, const Region& region, const Partition& partition) {
  if (is_iam(service)) return std::string(partition.iam_region);
  if (is_organizations(service) && !partition.organizations_region.empty()) {
    return std::string(partition.organizations_region);
  }
  if (is_account(service)) return std::string(partition.global_region);
  if (region.empty()) {
    return fail(ErrorKind::usage,
                fmt::format("no region is known for {}: give --region, set AWS_REGION, or set region in the profile",
                            service.id));
  }
  if (!plausible_region(region.str())) {
    return fail(ErrorKind::usage, "the region is not a region name: lower-case letters, digits and hyphens only");
  }
  return region.str();
}

/// The first override in AWS's order; the environment's generic URL beats the profile's specific one.
std::string_view override_of(const Service& service, const EndpointSettings& settings) {
  const auto named = [&](const std::map<std::string, std::string>& urls) -> std::string_view {
    const auto found = urls.find(std::string(service.endpoint_id));
    return found == urls.end() ? std::string_view{} : std::string_view(found->second);
  };
  for (const std::string_view url :
       {std::string_view(settings.endpoint_url), named(settings.service_endpoint_url),
        std::string_view(settings.default_endpoint_url), named(settings.profile_service_url),
        std::string_view(settings.profile_endpoint_url)}) {
    if (!url.empty()) return url;
  }
  return {};
}

Result<std::string> iam_host(const Partition& partition, bool fips, bool dualstack) {
  if (!fips) return std::string(dualstack ? partition.iam_dualstack_host : partition.iam_host);
  if (partition.iam_fips_host.empty()) {
    return fail(ErrorKind::usage, fmt::format("IAM has no FIPS endpoint in the partition {}", partition.id));
  }
  if (!dualstack) return std::string(partition.iam_fips_host);
  // GovCloud's ordinary hosts are the FIPS hosts; elsewhere the dual-stack name gains "-fips".
  const std::string_view host = partition.iam_dualstack_host;
  if (partition.id == "aws-us-gov") return std::string(host);
  return fmt::format("iam-fips{}", host.substr(host.find('.')));
}

std::string regional_host(const Service& service, const std::string& region, const Partition& partition, bool fips,
                          bool dualstack) {
  const bool commercial_suffix = partition.id == "aws" || partition.id == "aws-us-gov" || partition.id == "aws-cn";
  if (is_secrets_manager(service) && commercial_suffix) dualstack = false;  // its ordinary host speaks both
  if (partition.id == "aws-us-gov" && !has_fips_hosts_in_govcloud(service)) {
    if (!dualstack || service.id == services::eventbridge.id) fips = false;
  }
  // S3's dual-stack hosts are older than the suffix for them.
  const std::string_view infix = is_s3(service) && dualstack ? ".dualstack" : "";
  if (is_s3(service)) dualstack = false;
  return fmt::format("{}{}{}.{}.{}", service.host_prefix, fips ? "-fips" : "", infix, region,
                     dualstack ? partition.dualstack_suffix : partition.dns_suffix);
}

Result<Url> overridden(std::string_view text, const Service& service, const EndpointSettings& settings) {
  if (settings.use_fips || settings.use_dualstack) {
    return fail(ErrorKind::usage,
                fmt::format("{} endpoints were asked for together with an endpoint URL for {}: drop one of the two",
                            settings.use_fips ? "FIPS" : "dual-stack", service.id));
  }
  auto url = parse_url(text);
  if (!url) return fail(in_context(std::move(url).error(), fmt::format("endpoint URL for {}", service.id)));
  if (!url->query.empty()) {
    return fail(ErrorKind::usage, fmt::format("endpoint URL for {}: a query (\"?…\") has no place in it", service.id));
  }
  return url;
}

}  // namespace

Result<Endpoint> resolve_endpoint(const Service& service, const Region& region, const EndpointSettings& settings) {
  const Partition& partition = partition_of(region);
  auto home = home_region(service, region, partition);
  if (!home) return fail(std::move(home).error());
  Endpoint endpoint{{}, *home, std::string(service.signing_name), false};

  if (const std::string_view text = override_of(service, settings); !text.empty()) {
    auto url = overridden(text, service, settings);
    if (!url) return fail(std::move(url).error());
    endpoint.url = *std::move(url);
    endpoint.overridden = true;
    return endpoint;
  }

  endpoint.url.scheme = "https";
  endpoint.url.port = 443;
  if (is_iam(service)) {
    auto host = iam_host(partition, settings.use_fips, settings.use_dualstack);
    if (!host) return fail(std::move(host).error());
    endpoint.url.host = *std::move(host);
  } else if (is_organizations(service) && !partition.organizations_host.empty() && !settings.use_fips &&
             !settings.use_dualstack) {
    endpoint.url.host = partition.organizations_host;
  } else {
    endpoint.url.host = regional_host(service, *home, partition, settings.use_fips, settings.use_dualstack);
  }
  return endpoint;
}

}  // namespace rekeyer::aws
