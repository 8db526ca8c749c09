// What a Lambda function needs whatever it does: its log, its configuration, its network, the run's folder in S3.
#include <fmt/format.h>

#include "permissions/parts.hpp"

namespace rekeyer::permissions {
namespace {

constexpr std::string_view s3_scheme = "s3://";
constexpr std::string_view parameter_scheme = "ssm:";

Statements folder_statements(const PolicyRequest& request, RunFolder folder) {
  auto place = request.runs.starts_with(s3_scheme) ? request.runs.substr(s3_scheme.size()) : request.runs;
  while (place.ends_with('/')) place.pop_back();
  const std::vector<std::string> objects{arn(request, {"s3", "", "", place + "/*"})};
  if (folder == RunFolder::write) {
    return {{.sid = "WriteRuns",
             .actions = {"s3:PutObject"},
             .resources = objects,
             .why = "writes the list of accounts into the run's folder"}};
  }
  return {{.sid = "KeepRuns",
           .actions = {"s3:GetObject", "s3:PutObject"},
           .resources = objects,
           .why = "keeps outcomes in the run's folder, and merges with what is there"},
          {.sid = "TellMissingObjects",
           .actions = {"s3:ListBucket"},
           .resources = {arn(request, {"s3", "", "", place.substr(0, place.find('/'))})},
           .why = "tells an outcome that is not there yet from one that may not be read"}};
}

Statement log_statement(const PolicyRequest& request, const std::vector<std::string>& functions) {
  Statement statement{.sid = "WriteLogs",
                      .actions = {"logs:CreateLogStream", "logs:PutLogEvents"},
                      .why = "writes the function's log, metrics included"};
  for (const auto& function : functions) {
    const auto group = fmt::format("log-group:/aws/lambda/{}-{}:*", request.deployment, function);
    statement.resources.push_back(arn(request, {"logs", request.region, request.tooling_account, group}));
  }
  return statement;
}

Statements configuration_statements(const PolicyRequest& request) {
  const std::string_view where = request.function_config;
  Statement statement{.sid = "ReadConfiguration", .why = "reads rekeyer.toml (REKEYER_CONFIG)"};
  if (where.starts_with(s3_scheme)) {
    statement.actions = {"s3:GetObject"};
    statement.resources = {arn(request, {"s3", "", "", where.substr(s3_scheme.size())})};
  } else if (where.starts_with(parameter_scheme)) {
    const auto name = where.substr(parameter_scheme.size());
    const auto* const slash = name.starts_with('/') ? "" : "/";
    statement.actions = {"ssm:GetParameter"};
    statement.resources = {
        arn(request, {"ssm", request.region, request.tooling_account, fmt::format("parameter{}{}", slash, name)})};
  } else {
    return {};
  }
  return {std::move(statement)};
}

}  // namespace

Statements function_statements(const PolicyRequest& request, const std::vector<std::string>& functions,
                               RunFolder folder) {
  auto all = folder_statements(request, folder);
  all.push_back(log_statement(request, functions));
  append(all, configuration_statements(request));
  if (request.vpc) {
    // Lambda calls these with the function's role, and none of them can be narrowed to a resource.
    all.push_back(
        {.sid = "AttachToVpc",
         .actions = {"ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets",
                     "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"},
         .resources = {"*"},
         .why = "lets Lambda attach the function to your VPC"});
  }
  return all;
}

}  // namespace rekeyer::permissions
