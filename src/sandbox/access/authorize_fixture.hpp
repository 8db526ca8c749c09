// For tests of authorization: two accounts of an organization, a user, a role's session, and calls without a wire.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "sandbox/access/authorize.hpp"

namespace rekeyer::sandbox {

class Authorize : public testing::Test {
 protected:
  inline static const AccountId member{"111111111111"};
  inline static const AccountId other{"222222222222"};
  inline static const Region region{"us-east-1"};

  static std::string statement(std::string_view effect, std::string_view action, std::string_view resource = "*") {
    return fmt::format(R"({{"Statement":[{{"Effect":"{}","Action":"{}","Resource":"{}"}}]}})", effect, action,
                       resource);
  }
  static std::string allow(std::string_view action, std::string_view resource = "*") {
    return statement("Allow", action, resource);
  }
  static std::string grant(std::string_view principal, std::string_view action = "*",
                           std::string_view effect = "Allow") {
    return fmt::format(R"({{"Statement":[{{"Effect":"{}","Principal":{{"AWS":"{}"}},"Action":"{}","Resource":"*"}}]}})",
                       effect, principal, action);
  }
  /// What only the named roles may do, and the owner's grant.
  static std::string lock(std::string_view owner) {
    return fmt::format(
        R"({{"Statement":[
          {{"Effect":"Deny","Principal":"*","Resource":"*","NotAction":["secretsmanager:GetSecretValue",
            "secretsmanager:DescribeSecret","secretsmanager:GetResourcePolicy","secretsmanager:ListSecretVersionIds"],
            "Condition":{{"ArnNotLike":{{"aws:PrincipalArn":["arn:aws:iam::111111111111:role/keys/runner",
              "arn:aws:iam::111111111111:role/aws-reserved/*"]}}}}}},
          {{"Effect":"Deny","Principal":"*","Resource":"*","Action":"secretsmanager:GetSecretValue","Condition":
            {{"StringNotEquals":{{"aws:userid":"AIDAANN"}},
              "ArnNotLike":{{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/keys/reader"}}}}}},
          {{"Effect":"Allow","Principal":{{"AWS":"{}"}},"Action":"secretsmanager:GetSecretValue","Resource":"*"}}]}})",
        owner);
  }

  Authorize() {
    world.organization.id = "o-1";
    world.organization.management = AccountId("999999999999");
    world.organization.root = OuId("r-1");
    world.organization.units[OuId("ou-1")] = {OuId("ou-1"), OuId("r-1"), "Workloads"};
    for (const auto& id : {member, other}) {
      world.account(id);
      world.organization.parent_of[id] = OuId("ou-1");
    }
    user = add_user(member, "ann", "/ci/");
    role.kind = PrincipalKind::role;
    role.account = member;
    role.role = RoleName("runner");
    role.arn = Arn("arn:aws:sts::111111111111:assumed-role/runner/run");
    role.identity_arn = Arn("arn:aws:iam::111111111111:role/runner");
    role.session = true;
    world.account(member).iam.roles["runner"].name = role.role;
  }

  Principal add_user(const AccountId& account, const std::string& name, const std::string& path = "/") {
    auto& made = world.account(account).iam.users[name];
    made.name = UserName(name);
    made.path = path;
    Principal result;
    result.kind = PrincipalKind::user;
    result.account = account;
    result.user = made.name;
    result.arn = world.user_arn(account, made);
    result.identity_arn = result.arn;
    return result;
  }

  User& ann() { return world.account(member).iam.users.at("ann"); }
  InlinePolicies& roles_policies() { return world.account(member).iam.roles.at("runner").policies; }

  StoredSecret& add_secret(const AccountId& account, const std::string& name) {
    auto& secret = world.account(account).vaults[region].secrets[name];
    secret.name = name;
    secret.arn = Arn(fmt::format("arn:aws:secretsmanager:us-east-1:{}:secret:{}-Xy12Zz", account, name));
    return secret;
  }

  KmsKey& add_key(const AccountId& account, const std::string& policy) {
    auto& key = world.account(account).vaults[region].keys["k1"];
    key.id = "k1";
    key.policy = policy;
    return key;
  }

  void add_control(const std::string& id, const std::string& document, std::vector<std::string> targets) {
    world.organization.controls[id] = {id, id, "", document, std::move(targets)};
  }

  static Call call(std::string_view service, std::string_view operation, std::string_view input = "{}") {
    Call made;
    made.service = service;
    made.operation = operation;
    made.region = region;
    made.input = boost::json::parse(input).as_object();
    return made;
  }

  /// "" where it is allowed, else the message.
  std::string why(const Principal& principal, const Call& asked) {
    const auto refusal = authorize(world, behaviour, asked, principal, reads, now);
    return refusal ? refusal->message : "";
  }
  bool may(const Principal& principal, const Call& asked) { return why(principal, asked).empty(); }

  World world;
  AwsBehaviour behaviour;
  Instant now{std::chrono::hours{500'000}};
  std::vector<ValueRead> reads;
  Principal user;
  Principal role;
};

}  // namespace rekeyer::sandbox
