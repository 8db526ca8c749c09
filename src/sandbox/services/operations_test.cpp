#include <gtest/gtest.h>

#include <set>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {
namespace {

void expect_each_once(std::string_view service, std::initializer_list<std::span<const Operation>> tables) {
  std::set<std::string_view> names;
  for (const auto& table : tables) {
    for (const Operation& operation : table) {
      EXPECT_TRUE(names.insert(operation.name).second) << service << ' ' << operation.name << " is there twice";
      EXPECT_EQ(find_operation(service, operation.name), &operation);
    }
  }
}

TEST(Operations, StandInOneTableEachAndAreFoundThere) {
  expect_each_once("iam", {iam_key_operations(), iam_user_operations(), iam_group_operations(), iam_role_operations(),
                           iam_policy_operations(), iam_report_operations(), iam_account_operations()});
  expect_each_once("sts", {sts_operations()});
  expect_each_once("organizations", {organizations_operations()});
  expect_each_once("secretsmanager", {secret_operations(), secret_value_operations(), secret_policy_operations()});
  expect_each_once("kms", {kms_operations()});
  expect_each_once("ses", {ses_operations()});
  expect_each_once("sns", {sns_operations()});
  expect_each_once("events", {event_operations()});
  expect_each_once("scheduler", {schedule_operations()});
  expect_each_once("states", {state_machine_operations()});
  expect_each_once("ssm", {parameter_operations()});
  expect_each_once("account", {contact_operations()});
  expect_each_once("s3", {bucket_operations(), object_operations()});
}

}  // namespace
}  // namespace rekeyer::sandbox
