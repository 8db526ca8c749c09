// What a wrong world file is told, and what controls do to a running world.
#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "sandbox/world/world_file.hpp"

namespace rekeyer::sandbox {
namespace {
namespace json = boost::json;
using namespace std::chrono_literals;

const Instant read_at = *parse_iso8601("2026-03-01T12:00:00Z");
const AccountId problem_account("111111111111");

struct Wrong {
  const char* world;
  const char* message;
};

std::string account(std::string_view members) {
  return std::string(R"({"accounts": [{"id": "222222222222"}, {"id": "111111111111", )") + std::string(members) + "}]}";
}

TEST(WorldFile, EveryProblemNamesItsPath) {
  const Wrong table[] = {
      {"{", "line 1, column 2: not JSON: incomplete JSON"},
      {"{\n  \"a\": tru}", "line 2, column 8: not JSON: syntax error"},
      {"{} {}", "line 1, column 4: not JSON: something follows the end"},
      {"[]", "a world must be a JSON object"},
      {R"({"acounts": []})", "acounts: unknown; did you mean accounts?"},
      {R"({"accounts": {}})", "accounts: must be a list, not an object"},
      {R"({"accounts": [3]})", "accounts[0]: must be an object, not a number"},
      {R"({"accounts": [{}]})", "accounts[0].id: missing"},
      {R"({"accounts": [{"id": 111111111111}]})", "accounts[0].id: must be a string, not a number"},
      {R"({"accounts": [{"id": "123"}]})", "accounts[0].id: \"123\" is not twelve digits"},
      {R"({"accounts": [{"id": "111111111111"}, {"id": "111111111111"}]})",
       "accounts[1].id: account 111111111111 is there already"},
      {R"({"management": "x"})", "management: \"x\" is not twelve digits"},
      {R"({"tooling": "x"})", "tooling: \"x\" is not twelve digits"},
      {R"({"organization": true})", "organization: must be an object, or false for none"},
      {R"({"organization": {"delegated_administrators": ["5"]}})",
       "organization.delegated_administrators[0]: \"5\" is no account of the organization"},
      {R"({"organization": {"controls": [{"name": "n", "document": {}, "targets": ["X"]}]}})",
       "organization.controls[0].targets[0]: no account, unit or root of the organization is \"X\""},
      {R"({"ous": ["Workloads/Prod"], "accounts": [{"id": "111111111111", "ou": "Workloads/Pord"}]})",
       "accounts[0].ou: \"Workloads/Pord\" is not in ous; did you mean \"Workloads/Prod\"?"},
      {R"({"ous": [{"name": "A", "parent": "B"}]})", "ous[0].parent: no unit above this one is \"B\""},
      {R"({"organization": false, "accounts": [{"id": "111111111111", "ou": "A"}]})",
       "accounts[0].ou: the account is in no organization"},
      {R"({"options": {"strict_auht": true}})", "options: "},
      {R"({"key_events": [{"account": "1"}]})", "key_events[0].user: missing"},
  };
  for (const auto& row : table) {
    const auto made = parse_world(row.world, 1, read_at);
    ASSERT_FALSE(made) << row.world;
    EXPECT_EQ(made.error().kind, ErrorKind::usage);
    EXPECT_EQ(made.error().message.substr(0, std::string_view(row.message).size()), row.message) << row.world;
  }
}

TEST(WorldFile, EveryProblemOfAnAccountNamesItsPath) {
  const Wrong table[] = {
      {R"("state": "CLOSING")", "accounts[1].state: must be one of "},
      {R"("users": [{"nmae": "ann"}])", "accounts[1].users[0].nmae: unknown; did you mean name?"},
      {R"("users": [{"name": "ann", "kyes": []}])", "accounts[1].users[0].kyes: unknown; did you mean keys?"},
      {R"("users": [{"name": "ann", "zzzzzzzz": []}])",
       "accounts[1].users[0].zzzzzzzz: unknown; known here are name, path, "},
      {R"("users": [{"name": "a b"}])", "accounts[1].users[0].name: \"a b\" is no IAM name"},
      {R"("users": [{"name": ""}])", "accounts[1].users[0].name: must not be empty"},
      {R"("users": [{"name": "ann"}, {"name": "ANN"}])", "accounts[1].users[1].name: ANN is there already"},
      {R"("users": [{"name": "ann", "path": "ci"}])", "accounts[1].users[0].path: must begin and end with a slash"},
      {R"("users": [{"name": "ann", "tags": {"a": 1}}])",
       "accounts[1].users[0].tags.a: must be a string, not a number"},
      {R"("users": [{"name": "ann", "policies": {"a": 1}}])",
       "accounts[1].users[0].policies.a: must be a policy document, not a number"},
      {R"("users": [{"name": "ann", "keys": [{"age": "old"}]}])",
       "accounts[1].users[0].keys[0].age: must be a number of days before now, or an instant like"},
      {R"("users": [{"name": "ann", "keys": [{"age": true}]}])",
       "accounts[1].users[0].keys[0].age: must be a number of"},
      {R"("users": [{"name": "ann", "keys": [{"age": -1}]}])", "accounts[1].users[0].keys[0].age: must be from 0 to "},
      {R"("users": [{"name": "ann", "keys": [{"status": "active"}]}])",
       "accounts[1].users[0].keys[0].status: must be one of Active, Inactive, not \"active\""},
      {R"("users": [{"name": "ann", "keys": [{"id": "k"}, {"id": "k"}]}])",
       "accounts[1].users[0].keys[1].id: k is there already"},
      {R"("users": [{"name": "ann", "keys": [{"used": 1, "last_use": {"at": 1}}]}])",
       "accounts[1].users[0].keys[0].last_use: say either this or used"},
      {R"("roles": [{}, {}])", "accounts[1].roles[1].name: role rekeyer-member is there already"},
      {R"("roles": [{"max_session": 1.5}])",
       "accounts[1].roles[0].max_session: must be a whole number from 0 to 43200"},
      {R"("groups": [{"name": "G"}, {"name": "g"}])", "accounts[1].groups[1].name: group G is there already"},
      {R"("groups": [{"name": "G", "members": ["no"]}])",
       "accounts[1].groups[0].members[0]: the account has no user \"no\""},
      {R"("groups": [{"name": "G", "members": "no"}])", "accounts[1].groups[0].members: must be a whole number"},
      {R"("policies": [{"name": "p"}])", "accounts[1].policies[0].document: missing"},
      {R"("secrets": [{"value": "x"}])", "accounts[1].secrets[0].name: missing"},
      {R"("secrets": [{"name": "s"}, {"name": "s"}])", "accounts[1].secrets[1].name: s is there already"},
      {R"("secrets": [{"name": "s", "value": "x", "versions": [{"id": "v"}]}])",
       "accounts[1].secrets[0].value: say either this or versions"},
      {R"("secrets": [{"name": "s", "versions": [{"stages": ["A"]}, {"stages": ["A"]}]}])",
       "accounts[1].secrets[0].versions: two versions hold A"},
      {R"("kms_keys": [{"id": "k"}, {"id": "k"}])", "accounts[1].kms_keys[1].id: k is there already"},
      {R"("kms_keys": [{"private_key": "1"}])", "accounts[1].kms_keys[0].private_key: only keys that sign have one"},
      {R"("kms_keys": [{"spec": "ECC_NIST_P256", "private_key": "1"}])",
       "accounts[1].kms_keys[0].private_key: must be 64 hexadecimal digits in lower case, below the order of P-256"},
      {R"("topics": [{}])", "accounts[1].topics[0].name: missing"},
      {R"("mail_sandbox": 1)", "accounts[1].mail_sandbox: must be true or false, not a number"},
  };
  for (const auto& row : table) {
    const auto made = parse_world(account(row.world), 1, read_at);
    ASSERT_FALSE(made) << row.world;
    EXPECT_EQ(made.error().message.substr(0, std::string_view(row.message).size()), row.message) << row.world;
  }
}

class Controls : public testing::Test {
 protected:
  static json::object object(std::string_view text) { return json::parse(text).as_object(); }
  std::string dump() const { return json::serialize(dump_world(loaded_.world, loaded_.behaviour)); }

  LoadedWorld loaded_ = *parse_world(
      R"({"external_id": "e", "member_policy": {"Statement": []}, "accounts": [{"id": "111111111111", "users": [
        {"name": "ann", "keys": [{"id": "k", "age": 9, "used": 5, "service": "sts"}]}]}]})",
      1, read_at);
  World& world_ = loaded_.world;
};

TEST_F(Controls, AddedUserHasItsKeysAndGroups) {
  const auto user = add_user(world_, problem_account,
                             object(R"({"name": "bob", "groups": ["G"], "keys": [{"age": 1}, {}, {}]})"), read_at);
  ASSERT_TRUE(user) << user.error().message;
  ASSERT_EQ((*user)->keys.size(), 3U) << "past the limit of two as well";
  EXPECT_EQ(world_.find_key((*user)->keys[0].id).user, *user);
}

TEST_F(Controls, WrongAdditionLeavesNothingBehind) {
  const auto before = dump();
  for (const auto* text :
       {R"({"name": "bob", "keys": [{"age": "x"}]})", R"({"name": "ann"})", R"({"name": "bob", "x": 1})"}) {
    const auto user = add_user(world_, problem_account, object(text), read_at);
    ASSERT_FALSE(user) << text;
    EXPECT_TRUE(user.error().message.starts_with("user.")) << user.error().message;
    EXPECT_EQ(dump(), before) << text;
  }
  EXPECT_FALSE(add_key(world_, problem_account, UserName("ann"), object(R"({"agee": 1})"), read_at));
  EXPECT_FALSE(add_role(world_, problem_account, object(R"({"name": "r", "x": 1})"), read_at));
  EXPECT_FALSE(add_secret(world_, problem_account, object(R"({"name": "s", "x": 1})"), read_at));
  EXPECT_EQ(dump(), before);
}

TEST_F(Controls, UnknownPlacesAreNamed) {
  EXPECT_EQ(add_user(world_, AccountId("9"), object(R"({"name": "x"})"), read_at).error().message,
            "account: there is no account \"9\"");
  EXPECT_EQ(add_key(world_, problem_account, UserName("bob"), {}, read_at).error().message,
            "user: account 111111111111 has no user \"bob\"");
}

TEST_F(Controls, ChangedKeyTakesOnlyWhatIsNamed) {
  auto& key = *world_.find_key(AccessKeyId("k")).key;
  const auto created = key.created;
  ASSERT_TRUE(change_key(key, object(R"({"id": "k", "used": 1})"), read_at));
  EXPECT_EQ(key.created, created);
  EXPECT_EQ(key.last_use->at, read_at - 24h);
  EXPECT_EQ(key.last_use->service, "sts");
  ASSERT_TRUE(key.earlier_use);
  EXPECT_EQ(key.earlier_use->at, read_at - 120h) << "what IAM shows while the new use lags";
  ASSERT_TRUE(change_key(key, object(R"({"status": "Inactive", "age": 3})"), read_at));
  EXPECT_FALSE(key.active);
  EXPECT_EQ(key.status_changed, read_at);
  EXPECT_EQ(key.created, read_at - 72h);
  ASSERT_TRUE(change_key(key, object(R"({"used": null})"), read_at));
  EXPECT_FALSE(key.last_use);
  EXPECT_EQ(change_key(key, object(R"({"stauts": "Active"})"), read_at).error().message,
            "stauts: unknown; did you mean status?");
  EXPECT_EQ(change_key(key, object(R"({"id": "other"})"), read_at).error().message, "id: is of another key");
  EXPECT_FALSE(key.active);
}

TEST_F(Controls, AddedRoleIsAMemberRoleUnlessItSaysOtherwise) {
  const auto role = add_role(world_, problem_account, object(R"({"name": "hop"})"), read_at);
  ASSERT_TRUE(role) << role.error().message;
  const auto& standard = world_.find_account(problem_account)->iam.roles.at("rekeyer-member");
  EXPECT_EQ((*role)->trust, standard.trust);
  EXPECT_EQ((*role)->policies, standard.policies);
  world_.find_account(problem_account)->iam.roles.erase("rekeyer-member");
  ASSERT_TRUE(add_role(world_, problem_account, {}, read_at)) << "the member role again";
  EXPECT_NE(world_.find_account(problem_account)->iam.roles.at("rekeyer-member").trust.find("sts:ExternalId"),
            std::string::npos);
}

TEST_F(Controls, AddedSecretIsThere) {
  const auto secret =
      add_secret(world_, problem_account, object(R"({"name": "s", "region": "eu-west-1", "value": "v"})"), read_at);
  ASSERT_TRUE(secret) << secret.error().message;
  EXPECT_EQ(world_.find_secret(problem_account, Region("eu-west-1"), (*secret)->arn.str()), *secret);
}

}  // namespace
}  // namespace rekeyer::sandbox
