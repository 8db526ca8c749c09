// For tests of IAM's operations: one account, a caller, and calls without a wire.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

/// Operations of one table, called directly on a world that starts at 2026-01-02T03:04:05.678Z.
class IamFixture : public ::testing::Test {
 protected:
  IamFixture() {
    world.account(home).joined = now - std::chrono::days(1000);
    caller.kind = PrincipalKind::role;
    caller.account = home;
    caller.arn = Arn("arn:aws:sts::111111111111:assumed-role/rekeyer-member/test");
  }

  void act_as_user(const std::string& name) {
    caller.kind = PrincipalKind::user;
    caller.user = UserName(name);
    caller.arn = Arn("arn:aws:iam::111111111111:user/" + name);
  }

  User& add_user(const std::string& name, const std::string& path = "/") {
    User& user = world.account(home).iam.users[folded(name)];
    user.name = UserName(name);
    user.id = world.ids.unique("AIDA");
    user.path = path;
    user.created = now - std::chrono::days(100);
    return user;
  }

  AccessKey& add_key(const std::string& user, Milliseconds age = std::chrono::days(10)) {
    AccessKey key;
    key.id = world.ids.access_key();
    key.secret = world.ids.secret_key();
    key.created = std::chrono::floor<std::chrono::seconds>(now - age);
    return world.add_key(home, UserName(user), std::move(key));
  }

  Group& add_group(const std::string& name, std::vector<UserName> members = {}) {
    Group& group = world.account(home).iam.groups[folded(name)];
    group.name = GroupName(name);
    group.id = world.ids.unique("AGPA");
    group.created = now - std::chrono::days(100);
    group.members = std::move(members);
    return group;
  }

  Role& add_role(const std::string& name) {
    Role& role = world.account(home).iam.roles[folded(name)];
    role.name = RoleName(name);
    role.id = world.ids.unique("AROA");
    role.created = now - std::chrono::days(100);
    role.trust = R"({"Statement":[]})";
    return role;
  }

  /// `input` is JSON text.
  Output perform(std::string_view operation, std::string_view input = "{}") {
    Call call;
    call.service = "iam";
    call.operation = operation;
    call.region = Region("us-east-1");
    call.input = boost::json::parse(input).as_object();
    for (const auto table : {iam_key_operations(), iam_user_operations(), iam_group_operations(), iam_role_operations(),
                             iam_policy_operations(), iam_report_operations(), iam_account_operations()}) {
      for (const Operation& candidate : table) {
        if (candidate.name == operation) return candidate.perform(call, Context{world, behaviour, caller, now});
      }
    }
    return refuse("InvalidAction", "no such operation");
  }

  /// The reply's tree; an empty one and a failed test where it was refused.
  boost::json::object done(std::string_view operation, std::string_view input = "{}") {
    auto output = perform(operation, input);
    EXPECT_TRUE(output) << operation << ": " << output.error().code << ": " << output.error().message;
    return output ? boost::json::object(*output) : boost::json::object();
  }

  /// "409 LimitExceeded: message"; "done" where it was not refused.
  std::string refusal(std::string_view operation, std::string_view input = "{}") {
    const auto output = perform(operation, input);
    if (output) return "done";
    return std::to_string(output.error().status) + " " + output.error().code + ": " + output.error().message;
  }

  /// The texts of a member of each item of a list: "ann bob".
  static std::string each(const boost::json::value& list, std::string_view member) {
    std::string joined;
    for (const auto& item : list.as_array()) {
      const auto& text = member.empty() ? item : item.at(member);
      joined.append(joined.empty() ? "" : " ").append(text.as_string());
    }
    return joined;
  }

  const AccountId home{"111111111111"};
  World world;
  AwsBehaviour behaviour;
  Principal caller;
  Instant now{std::chrono::milliseconds(1767323045678)};
};

}  // namespace rekeyer::sandbox
