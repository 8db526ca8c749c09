// For tests: a small world, and operations of Secrets Manager and KMS performed on it straight away.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

inline constexpr std::string_view token_one = "0123456789abcdef0123456789abcdef";
inline constexpr std::string_view token_two = "fedcba9876543210fedcba9876543210";

class SecretBench : public ::testing::Test {
 protected:
  SecretBench() {
    world.account(home);
    world.account(other);
    caller.kind = PrincipalKind::administrator;
    caller.account = home;
  }

  /// What the operation answers to this JSON, in `region` at `now`.
  Output perform(std::string_view operation, std::string_view input = "{}") {
    Call call;
    call.protocol = Protocol::json;
    call.operation = std::string(operation);
    call.region = region;
    call.input = boost::json::parse(input).as_object();
    const Context context{world, behaviour, caller, now};
    for (const auto& table : {secret_operations(), secret_value_operations(), secret_policy_operations(),
                              kms_operations(), kms_signing_operations()}) {
      for (const auto& entry : table) {
        if (entry.name == operation) return entry.perform(call, context);
      }
    }
    ADD_FAILURE() << "no operation " << operation;
    return refuse("none", "none");
  }

  /// The answer as JSON text, or the refusal's code.
  std::string said(std::string_view operation, std::string_view input = "{}") {
    const Output answer = perform(operation, input);
    return answer ? boost::json::serialize(*answer) : answer.error().code;
  }

  /// The refusal's code, or "done".
  std::string code(std::string_view operation, std::string_view input = "{}") {
    const Output answer = perform(operation, input);
    return answer ? "done" : answer.error().code;
  }

  /// A text member of an answer; what is wrong where there is none.
  static std::string text(const Output& answer, std::string_view member) {
    if (!answer) return answer.error().code;
    const auto* value = answer->if_contains(member);
    return value == nullptr ? "missing" : value->is_string() ? std::string(value->get_string()) : serialize(*value);
  }

  std::string message(std::string_view operation, std::string_view input = "{}") {
    const Output answer = perform(operation, input);
    return answer ? "done" : answer.error().message;
  }

  /// PutSecretValue into the secret "s".
  std::string put(std::string_view token, std::string_view value, std::string_view labels) {
    return code("PutSecretValue",
                fmt::format(R"({{"SecretId":"s","ClientRequestToken":"{}","SecretString":"{}","VersionStages":{}}})",
                            token, value, labels));
  }

  /// The labels of "s", by version.
  std::string stages() {
    const Output answer = perform("DescribeSecret", R"({"SecretId":"s"})");
    if (!answer) return answer.error().code;
    const auto* versions = answer->if_contains("VersionIdsToStages");
    return versions == nullptr ? "none" : boost::json::serialize(*versions);
  }

  AccountId home{"111111111111"};
  AccountId other{"222222222222"};
  Region region{"us-east-1"};
  World world{7};
  AwsBehaviour behaviour;
  Principal caller;
  Instant now{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::hours{10}};
};

}  // namespace rekeyer::sandbox
