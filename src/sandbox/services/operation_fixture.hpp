// For tests of operations: a world, a caller, and a call by name with its input written as JSON.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>
#include <string>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

/// Calls operations of one table, without the stations before and after them.
class OperationTest : public testing::Test {
 protected:
  explicit OperationTest(std::span<const Operation> operations) : operations_(operations) {
    caller.kind = PrincipalKind::user;
    caller.account = management;
    caller.user = UserName("ops");
    caller.arn = caller.identity_arn = Arn("arn:aws:iam::100000000000:user/ops");
    caller.user_id = "AIDAOPS";
  }

  /// The output, or null where it was refused; `refusal` then says how.
  boost::json::value call(std::string_view operation, std::string_view input = "{}") {
    refusal = {};
    asked.operation = operation;
    asked.input = boost::json::parse(input).as_object();
    for (const Operation& candidate : operations_) {
      if (candidate.name != operation) continue;
      auto output = candidate.perform(asked, Context{world, behaviour, caller, now});
      if (output) return *std::move(output);
      refusal = output.error();
      return nullptr;
    }
    ADD_FAILURE() << "no operation " << operation;
    return nullptr;
  }
  /// The code of the refusal, or the output.
  std::string outcome(std::string_view operation, std::string_view input = "{}") {
    const boost::json::value output = call(operation, input);
    return output.is_null() ? refusal.code : boost::json::serialize(output);
  }

  /// A string of an output.
  static std::string text(const boost::json::value& value) { return boost::json::value_to<std::string>(value); }

  static constexpr std::string_view management_id = "100000000000";
  const AccountId management{std::string(management_id)};
  Instant now = parse_iso8601("2026-03-01T12:00:00Z").value();
  World world{7};
  AwsBehaviour behaviour;
  Principal caller;
  Call asked;
  ServiceError refusal;

 private:
  std::span<const Operation> operations_;
};

}  // namespace rekeyer::sandbox
