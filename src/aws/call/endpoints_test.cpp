// Endpoints of all partitions as a table (compared once with the rule sets that AWS publishes), and the order of
// overrides.
#include "aws/call/endpoints.hpp"

#include <gtest/gtest.h>

namespace rekeyer::aws {
namespace {

struct EndpointRow {
  const Service& service;
  const char* region;
  const char* host;
  const char* signed_for;
};

void expect_hosts(std::initializer_list<EndpointRow> rows, bool fips, bool dualstack) {
  EndpointSettings settings;
  settings.use_fips = fips;
  settings.use_dualstack = dualstack;
  for (const EndpointRow& row : rows) {
    const auto endpoint = resolve_endpoint(row.service, Region(row.region), settings);
    ASSERT_TRUE(endpoint) << row.service.id << " " << row.region << ": " << describe(endpoint.error());
    EXPECT_EQ(endpoint->url.host, row.host) << row.service.id << " " << row.region;
    EXPECT_EQ(endpoint->url.scheme, "https");
    EXPECT_EQ(endpoint->url.port, 443);
    EXPECT_EQ(endpoint->url.path, "/");
    EXPECT_EQ(endpoint->signing_region, row.signed_for) << row.service.id << " " << row.region;
    EXPECT_EQ(endpoint->signing_name, row.service.signing_name);
  }
}

using namespace services;

TEST(Endpoints, OfEveryPartition) {
  expect_hosts(
      {
          {iam, "us-east-1", "iam.amazonaws.com", "us-east-1"},
          {iam, "eu-west-1", "iam.amazonaws.com", "us-east-1"},
          {iam, "", "iam.amazonaws.com", "us-east-1"},
          {iam, "us-gov-east-1", "iam.us-gov.amazonaws.com", "us-gov-west-1"},
          {iam, "cn-northwest-1", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"},
          {iam, "us-iso-west-1", "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"},
          {iam, "us-isob-east-1", "iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"},
          {iam, "eu-isoe-west-1", "iam.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"},
          {iam, "us-isof-south-1", "iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"},
          {iam, "eusc-de-east-1", "iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"},
          {organizations, "eu-west-1", "organizations.us-east-1.amazonaws.com", "us-east-1"},
          {organizations, "", "organizations.us-east-1.amazonaws.com", "us-east-1"},
          {organizations, "us-gov-east-1", "organizations.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
          {organizations, "cn-north-1", "organizations.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"},
          {organizations, "us-iso-west-1", "organizations.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"},
          {organizations, "us-isob-east-1", "organizations.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"},
          {organizations, "eu-isoe-west-1", "organizations.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"},
          {organizations, "us-isof-south-1", "organizations.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"},
          {organizations, "eusc-de-east-1", "organizations.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"},
          {sts, "us-east-1", "sts.us-east-1.amazonaws.com", "us-east-1"},
          {sts, "ap-south-2", "sts.ap-south-2.amazonaws.com", "ap-south-2"},
          {sts, "us-gov-west-1", "sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
          {sts, "cn-north-1", "sts.cn-north-1.amazonaws.com.cn", "cn-north-1"},
          {sts, "us-iso-west-1", "sts.us-iso-west-1.c2s.ic.gov", "us-iso-west-1"},
          {sts, "us-isob-east-1", "sts.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"},
          {sts, "eu-isoe-west-1", "sts.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"},
          {sts, "us-isof-south-1", "sts.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"},
          {sts, "eusc-de-east-1", "sts.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"},
          {secrets_manager, "eu-west-1", "secretsmanager.eu-west-1.amazonaws.com", "eu-west-1"},
          {secrets_manager, "us-gov-east-1", "secretsmanager.us-gov-east-1.amazonaws.com", "us-gov-east-1"},
          {secrets_manager, "cn-north-1", "secretsmanager.cn-north-1.amazonaws.com.cn", "cn-north-1"},
          {secrets_manager, "us-iso-east-1", "secretsmanager.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"},
          {secrets_manager, "us-isob-east-1", "secretsmanager.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"},
          {secrets_manager, "eu-isoe-west-1", "secretsmanager.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"},
          {secrets_manager, "us-isof-south-1", "secretsmanager.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"},
          {secrets_manager, "eusc-de-east-1", "secretsmanager.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"},
          {sso, "eu-west-1", "portal.sso.eu-west-1.amazonaws.com", "eu-west-1"},
          {sso, "cn-north-1", "portal.sso.cn-north-1.amazonaws.com.cn", "cn-north-1"},
          {sso_oidc, "eu-west-1", "oidc.eu-west-1.amazonaws.com", "eu-west-1"},
          {sso_oidc, "us-gov-west-1", "oidc.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
      },
      false, false);
}

TEST(Endpoints, OfTheServicesForMessages) {
  expect_hosts(
      {
          {ses, "eu-west-1", "email.eu-west-1.amazonaws.com", "eu-west-1"},
          {sns, "cn-north-1", "sns.cn-north-1.amazonaws.com.cn", "cn-north-1"},
          {eventbridge, "us-isob-east-1", "events.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"},
          {ssm, "us-gov-west-1", "ssm.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
          {s3, "eu-west-1", "s3.eu-west-1.amazonaws.com", "eu-west-1"},
          {account, "eu-west-1", "account.us-east-1.amazonaws.com", "us-east-1"},
          {account, "", "account.us-east-1.amazonaws.com", "us-east-1"},
          {account, "cn-north-1", "account.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"},
          {account, "us-gov-east-1", "account.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
          {account, "eusc-de-east-1", "account.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"},
      },
      false, false);
  expect_hosts(
      {
          {ses, "us-gov-west-1", "email-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
          {sns, "us-gov-west-1", "sns.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
          {eventbridge, "us-gov-west-1", "events.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
          {ssm, "us-east-1", "ssm-fips.us-east-1.amazonaws.com", "us-east-1"},
          {s3, "us-gov-west-1", "s3-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
          {account, "us-gov-east-1", "account-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
      },
      true, false);
  expect_hosts(
      {
          {ses, "eu-west-1", "email.eu-west-1.api.aws", "eu-west-1"},
          {s3, "eu-west-1", "s3.dualstack.eu-west-1.amazonaws.com", "eu-west-1"},
          {account, "cn-north-1", "account.cn-northwest-1.api.amazonwebservices.com.cn", "cn-northwest-1"},
      },
      false, true);
  expect_hosts(
      {
          {sns, "us-gov-west-1", "sns-fips.us-gov-west-1.api.aws", "us-gov-west-1"},
          {eventbridge, "us-gov-west-1", "events.us-gov-west-1.api.aws", "us-gov-west-1"},
          {s3, "us-gov-west-1", "s3-fips.dualstack.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
      },
      true, true);
}

TEST(Endpoints, WithFips) {
  expect_hosts(
      {
          {iam, "eu-west-1", "iam-fips.amazonaws.com", "us-east-1"},
          {iam, "us-gov-west-1", "iam.us-gov.amazonaws.com", "us-gov-west-1"},
          {iam, "us-iso-east-1", "iam-fips.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"},
          {iam, "us-isob-east-1", "iam-fips.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"},
          {organizations, "eu-west-1", "organizations-fips.us-east-1.amazonaws.com", "us-east-1"},
          {organizations, "us-gov-east-1", "organizations.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
          {sts, "us-east-2", "sts-fips.us-east-2.amazonaws.com", "us-east-2"},
          {sts, "us-gov-west-1", "sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
          {secrets_manager, "us-east-1", "secretsmanager-fips.us-east-1.amazonaws.com", "us-east-1"},
          {secrets_manager, "us-gov-west-1", "secretsmanager-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
          {sso, "us-gov-west-1", "portal.sso.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
          {sso, "us-east-1", "portal.sso-fips.us-east-1.amazonaws.com", "us-east-1"},
      },
      true, false);
}

TEST(Endpoints, WithDualStack) {
  expect_hosts(
      {
          {iam, "eu-west-1", "iam.global.api.aws", "us-east-1"},
          {iam, "us-gov-west-1", "iam.us-gov.api.aws", "us-gov-west-1"},
          {iam, "cn-north-1", "iam.global.api.amazonwebservices.com.cn", "cn-north-1"},
          {iam, "eusc-de-east-1", "iam.api.amazonwebservices.eu", "eusc-de-east-1"},
          // AWS's rules take the configured region here, where Organizations does not live; the home region is meant.
          {organizations, "eu-west-1", "organizations.us-east-1.api.aws", "us-east-1"},
          {sts, "eu-west-1", "sts.eu-west-1.api.aws", "eu-west-1"},
          {sts, "cn-north-1", "sts.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1"},
          {secrets_manager, "eu-west-1", "secretsmanager.eu-west-1.amazonaws.com", "eu-west-1"},
          {secrets_manager, "cn-north-1", "secretsmanager.cn-north-1.amazonaws.com.cn", "cn-north-1"},
          {secrets_manager, "us-iso-east-1", "secretsmanager.us-iso-east-1.api.aws.ic.gov", "us-iso-east-1"},
          {sso, "eu-west-1", "portal.sso.eu-west-1.api.aws", "eu-west-1"},
      },
      false, true);
}

TEST(Endpoints, WithFipsAndDualStack) {
  expect_hosts(
      {
          {iam, "eu-west-1", "iam-fips.global.api.aws", "us-east-1"},
          {iam, "us-gov-west-1", "iam.us-gov.api.aws", "us-gov-west-1"},
          {iam, "us-iso-east-1", "iam-fips.api.aws.ic.gov", "us-iso-east-1"},
          {organizations, "us-gov-west-1", "organizations-fips.us-gov-west-1.api.aws", "us-gov-west-1"},
          {sts, "us-gov-west-1", "sts-fips.us-gov-west-1.api.aws", "us-gov-west-1"},
          {secrets_manager, "us-gov-west-1", "secretsmanager-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
      },
      true, true);
}

TEST(Endpoints, OverridesHaveAwssOrder) {
  EndpointSettings settings;
  const auto host = [&] { return resolve_endpoint(iam, Region("eu-west-1"), settings)->url.host; };
  EXPECT_EQ(host(), "iam.amazonaws.com");
  settings.profile_endpoint_url = "http://profile:1";
  EXPECT_EQ(host(), "profile");
  settings.profile_service_url["IAM"] = "http://profile-service:1";
  settings.profile_service_url["STS"] = "http://not-this:1";
  EXPECT_EQ(host(), "profile-service");
  settings.default_endpoint_url = "http://env:1";  // the generic variable beats the profile's specific entry
  EXPECT_EQ(host(), "env");
  settings.service_endpoint_url["IAM"] = "http://env-service:1";
  settings.service_endpoint_url["SECRETS_MANAGER"] = "http://not-this:1";
  EXPECT_EQ(host(), "env-service");
  settings.service_endpoint_url["IAM"] = "";  // empty counts as unset
  EXPECT_EQ(host(), "env");
  settings.endpoint_url = "http://option:1";
  EXPECT_EQ(host(), "option");
}

TEST(Endpoints, AnOverrideKeepsPathPortAndTheServicesSigningScope) {
  EndpointSettings settings;
  settings.endpoint_url = "http://127.0.0.1:5000/prefix";
  const auto endpoint = resolve_endpoint(iam, Region("cn-north-1"), settings);
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->url.str(), "http://127.0.0.1:5000/prefix");
  EXPECT_EQ(endpoint->signing_region, "cn-north-1");
  EXPECT_EQ(endpoint->signing_name, "iam");
  EXPECT_EQ(resolve_endpoint(organizations, Region("eu-west-1"), settings)->signing_region, "us-east-1");
  EXPECT_EQ(resolve_endpoint(secrets_manager, Region("eu-west-1"), settings)->signing_region, "eu-west-1");
}

TEST(Endpoints, WhatCannotBeRightIsAUsageError) {
  const auto kind = [](const Service& service, const char* region, const EndpointSettings& settings) {
    const auto endpoint = resolve_endpoint(service, Region(region), settings);
    return endpoint ? "resolved" : std::string(name(endpoint.error().kind));
  };
  EndpointSettings plain;
  EXPECT_EQ(kind(sts, "", plain), "usage");
  EXPECT_EQ(kind(secrets_manager, "", plain), "usage");
  EXPECT_EQ(kind(sts, "evil.example.com/", plain), "usage");
  EXPECT_EQ(kind(sts, "us_east_1", plain), "usage");
  EXPECT_EQ(kind(organizations, "", plain), "resolved");

  EndpointSettings odd;
  odd.endpoint_url = "ftp://x";
  EXPECT_EQ(kind(iam, "us-east-1", odd), "usage");
  odd.endpoint_url = "http://x?y=z";
  EXPECT_EQ(kind(iam, "us-east-1", odd), "usage");

  EndpointSettings both;
  both.endpoint_url = "http://x";
  both.use_fips = true;
  EXPECT_EQ(kind(iam, "us-east-1", both), "usage");
  both.use_fips = false;
  both.use_dualstack = true;
  EXPECT_EQ(kind(iam, "us-east-1", both), "usage");

  EndpointSettings fips;
  fips.use_fips = true;
  EXPECT_EQ(kind(iam, "cn-north-1", fips), "usage");
}

}  // namespace
}  // namespace rekeyer::aws
