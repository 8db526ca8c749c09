// From (service, region, overrides) to (URL, signing name, signing region). Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "aws/http/message.hpp"
#include "base/names.hpp"

namespace rekeyer::aws {

/// How a service's requests, replies and error documents are written.
enum class Protocol {
  query,      ///< a form in, XML out (IAM)
  json,       ///< AWS JSON 1.1: one path, the operation in X-Amz-Target
  rest_json,  ///< JSON, with a method and path for each operation (SES)
  rest_xml,   ///< S3
};

/// One AWS service, as the wire knows it.
struct Service {
  std::string_view id;             ///< "iam": for logs and errors ("iam:ListUsers")
  std::string_view endpoint_id;    ///< "SECRETS_MANAGER": AWS_ENDPOINT_URL_<this>
  std::string_view host_prefix;    ///< "secretsmanager"
  std::string_view signing_name;   ///< "secretsmanager"
  std::string_view api_version;    ///< query protocol: "2010-05-08"
  std::string_view target_prefix;  ///< JSON protocol: "secretsmanager."
  Protocol protocol = Protocol::query;
};

namespace services {
inline constexpr Service iam{"iam", "IAM", "iam", "iam", "2010-05-08", ""};
inline constexpr Service sts{"sts", "STS", "sts", "sts", "2011-06-15", ""};
inline constexpr Service organizations{"organizations", "ORGANIZATIONS", "organizations",
                                       "organizations", "2016-11-28",    "AWSOrganizationsV20161128.",
                                       Protocol::json};
inline constexpr Service secrets_manager{"secretsmanager", "SECRETS_MANAGER", "secretsmanager", "secretsmanager",
                                         "2017-10-17",     "secretsmanager.", Protocol::json};
inline constexpr Service sso{"sso", "SSO", "portal.sso", "", "2019-06-10", "", Protocol::rest_json};
inline constexpr Service sso_oidc{"sso-oidc", "SSO_OIDC", "oidc", "", "2019-06-10", "", Protocol::rest_json};
inline constexpr Service ses{"ses", "SESV2", "email", "ses", "2019-09-27", "", Protocol::rest_json};
inline constexpr Service sns{"sns", "SNS", "sns", "sns", "2010-03-31", ""};
inline constexpr Service eventbridge{"events",     "EVENTBRIDGE", "events",      "events",
                                     "2015-10-07", "AWSEvents.",  Protocol::json};
inline constexpr Service ssm{"ssm", "SSM", "ssm", "ssm", "2014-11-06", "AmazonSSM.", Protocol::json};
inline constexpr Service kms{"kms", "KMS", "kms", "kms", "2014-11-01", "TrentService.", Protocol::json};
inline constexpr Service s3{"s3", "S3", "s3", "s3", "2006-03-01", "", Protocol::rest_xml};
inline constexpr Service account{"account", "ACCOUNT", "account", "account", "2021-02-01", "", Protocol::rest_json};
inline constexpr Service lambda{"lambda", "LAMBDA", "lambda", "lambda", "2015-03-31", "", Protocol::rest_json};
}  // namespace services

struct EndpointSettings {
  std::string endpoint_url;                                 ///< --endpoint-url: beats everything
  std::map<std::string, std::string> service_endpoint_url;  ///< by Service::endpoint_id, from AWS_ENDPOINT_URL_<…>
  std::string default_endpoint_url;                         ///< AWS_ENDPOINT_URL
  std::map<std::string, std::string>
      profile_service_url;  ///< by endpoint_id in upper case, from the profile's `services`
  std::string profile_endpoint_url;
  bool use_fips = false;
  bool use_dualstack = false;
};

struct Endpoint {
  Url url;  ///< path is the prefix of an override, otherwise "/"
  std::string signing_region;
  std::string signing_name;
  bool overridden = false;  ///< the URL is somebody's own, not AWS's
};

/// Fails with `usage`: an override that is no URL, no region for a regional service, FIPS together with an override.
Result<Endpoint> resolve_endpoint(const Service& service, const Region& region, const EndpointSettings& settings);

}  // namespace rekeyer::aws
