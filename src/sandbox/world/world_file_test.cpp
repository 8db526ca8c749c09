#include "sandbox/world/world_file.hpp"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "fakes/seed.hpp"
#include "sandbox/world/generate.hpp"

namespace rekeyer::sandbox {
namespace {
namespace json = boost::json;
using namespace std::chrono_literals;

const Instant now = *parse_iso8601("2026-03-01T12:00:00.250Z");
const AccountId member("111111111111");
const AccountId management("100000000000");

LoadedWorld loaded(std::string_view text) {
  auto world = parse_world(text, 7, now);
  if (!world) throw std::logic_error(world.error().message);
  return std::move(*world);
}

json::object object(std::string_view text) { return json::parse(text).as_object(); }

const User& user_of(const World& world, const AccountId& account, const char* name) {
  const auto* user = world.find_user(account, UserName(name));
  if (user == nullptr) throw std::logic_error("no such user");
  return *user;
}

TEST(WorldFile, EmptyDescriptionIsAManagementAccountWithItsRoleAndTheCaller) {
  auto made = loaded("{}");
  EXPECT_EQ(made.world.organization.management, management);
  EXPECT_EQ(made.world.tooling, management);
  ASSERT_EQ(made.world.accounts.size(), 1U);
  const auto& account = *made.world.find_account(management);
  EXPECT_EQ(account.name, "management");
  EXPECT_EQ(account.state, "ACTIVE");
  const auto& role = account.iam.roles.at("rekeyer-member");
  EXPECT_EQ(
      role.trust,
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::100000000000:root"]},)"
      R"("Action":"sts:AssumeRole"}]})");
  EXPECT_EQ(role.policies.at("rekeyer"),
            R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})");
  EXPECT_EQ(made.caller.user.str(), "rekeyer-runner");
  const auto found = made.world.find_key(made.caller.key);
  ASSERT_NE(found.key, nullptr);
  EXPECT_EQ(found.key->secret, made.caller.secret);
  EXPECT_EQ(found.account->id, management);
}

TEST(WorldFile, AgesAreDaysBeforeNowToTheSecond) {
  const auto made = loaded(R"({"accounts": [{"id": "111111111111", "users": [
    {"name": "ann", "keys": [{"age": 95, "used": 0.5}, {"age": 2, "used": null, "status": "Inactive"}, {}]}]}]})");
  const auto& user = user_of(made.world, member, "ann");
  ASSERT_EQ(user.keys.size(), 3U);
  EXPECT_EQ(iso8601(user.created), "2025-01-25T12:00:00Z") << "400 days";
  EXPECT_EQ(user.keys[0].created, *parse_iso8601("2025-11-26T12:00:00Z"));
  ASSERT_TRUE(user.keys[0].last_use);
  EXPECT_EQ(user.keys[0].last_use->at, *parse_iso8601("2026-03-01T00:00:00Z"));
  EXPECT_EQ(user.keys[0].last_use->service, "s3");
  EXPECT_EQ(user.keys[0].last_use->region, "us-east-1");
  EXPECT_TRUE(user.keys[0].active);
  EXPECT_FALSE(user.keys[1].last_use);
  EXPECT_FALSE(user.keys[1].active);
  EXPECT_EQ(user.keys[2].created, *parse_iso8601("2026-03-01T12:00:00Z"));
  EXPECT_FALSE(user.keys[2].last_use) << "never used where nothing is said";
}

TEST(WorldFile, MemberRoleTrustsManagementAndToolingWithTheExternalId) {
  const auto made = loaded(R"({"tooling": "055555555555", "external_id": "eid", "member_role": "rot",
    "member_policy": {"Statement": []}, "accounts": [{"id": "111111111111"}]})");
  EXPECT_EQ(made.world.accounts.size(), 3U) << "management and tooling are there without being listed";
  const auto& role = made.world.find_account(member)->iam.roles.at("rot");
  EXPECT_NE(role.trust.find(R"(["arn:aws:iam::055555555555:root","arn:aws:iam::100000000000:root"])"),
            std::string::npos)
      << role.trust;
  EXPECT_NE(role.trust.find(R"("Condition":{"StringEquals":{"sts:ExternalId":"eid"}})"), std::string::npos);
  EXPECT_EQ(role.policies.at("rekeyer"), R"({"Statement":[]})");
  EXPECT_EQ(made.world.find_account(AccountId("055555555555"))->name, "tooling");
  EXPECT_EQ(made.caller.account.str(), "055555555555");
}

TEST(WorldFile, RolesReplaceTheMemberRoleAndTakeItsParts) {
  const auto made = loaded(R"({"accounts": [{"id": "111111111111", "roles": []}, {"id": "222222222222", "roles": [
    {}, {"name": "hop", "max_session": 43200, "path": "/a/", "trust": {"Statement": []}}]}]})");
  EXPECT_TRUE(made.world.find_account(member)->iam.roles.empty());
  const auto& roles = made.world.find_account(AccountId("222222222222"))->iam.roles;
  ASSERT_EQ(roles.size(), 2U);
  EXPECT_EQ(roles.at("hop").max_session, 43200);
  EXPECT_EQ(roles.at("hop").trust, R"({"Statement":[]})");
  EXPECT_EQ(roles.at("hop").policies, roles.at("rekeyer-member").policies);
}

TEST(WorldFile, GroupsComeFromUsersFromNamesAndFromNumbers) {
  const auto made = loaded(R"({"accounts": [{"id": "111111111111",
    "groups": [{"name": "Exempt", "members": 3}, {"name": "Named", "members": ["ANN", "bob"]}],
    "users": [{"name": "ann", "groups": ["Exempt", "Made"]}, {"name": "bob"}]}]})");
  const auto& iam = made.world.find_account(member)->iam;
  ASSERT_EQ(iam.groups.at("exempt").members.size(), 4U);
  EXPECT_EQ(iam.groups.at("exempt").members[0].str(), "ann");
  EXPECT_EQ(iam.groups.at("exempt").members[3].str(), "exempt-filler-0002");
  EXPECT_TRUE(iam.users.contains("exempt-filler-0000"));
  EXPECT_EQ(iam.groups.at("made").members, std::vector{UserName("ann")});
  EXPECT_EQ(iam.groups.at("named").members, (std::vector{UserName("ann"), UserName("bob")}));
}

TEST(WorldFile, UnitsAreMadeWithTheirParentsAndAccountsPlaced) {
  const auto made = loaded(R"({"ous": ["Workloads/Prod", "Workloads", "Closed"], "accounts": [
    {"id": "111111111111", "ou": "Workloads/Prod"}, {"id": "222222222222", "state": "SUSPENDED", "ou": "Closed"},
    {"id": "333333333333"}]})");
  const auto& organization = made.world.organization;
  EXPECT_EQ(organization.units.size(), 3U);
  const auto introduced = introduce(made);
  const auto& units = introduced.at("ous").as_object();
  EXPECT_EQ(units.at("").as_string(), organization.root.str());
  EXPECT_EQ(units.at("Workloads/Prod").as_string(), organization.parent_of.at(member).str());
  EXPECT_EQ(organization.units.at(organization.parent_of.at(member)).parent.str(), units.at("Workloads").as_string());
  EXPECT_EQ(organization.parent_of.at(AccountId("333333333333")), organization.root);
  EXPECT_EQ(organization.order.front(), management);
  EXPECT_EQ(made.world.find_account(AccountId("222222222222"))->state, "SUSPENDED");
}

TEST(WorldFile, WithoutAListOfUnitsAccountsMakeTheirOwn) {
  const auto made = loaded(R"({"accounts": [{"id": "111111111111", "ou": "A/B"}]})");
  EXPECT_EQ(made.world.organization.units.size(), 2U);
}

TEST(WorldFile, SecretsAndKmsKeysAreFound) {
  auto made = loaded(R"({"accounts": [{"id": "111111111111",
    "secrets": [{"name": "s", "value": "{}", "token": "t", "tags": {"a": "b"}, "policy": {"Statement": []}},
                {"name": "s", "region": "eu-west-1"}],
    "kms_keys": [{"id": "aaaaaaaa-0000-4000-8000-000000000000"}]}]})");
  auto* const secret = made.world.find_secret(member, Region("us-east-1"), "s");
  ASSERT_NE(secret, nullptr);
  EXPECT_EQ(secret->versions.at("t").value, "{}");
  EXPECT_EQ(secret->versions.at("t").stages, std::set<std::string>{"AWSCURRENT"});
  EXPECT_EQ(secret->policy, R"({"Statement":[]})");
  EXPECT_TRUE(secret->arn.str().starts_with("arn:aws:secretsmanager:us-east-1:111111111111:secret:s-"));
  EXPECT_EQ(made.world.find_secret(member, Region("us-east-1"), secret->arn.str()), secret);
  EXPECT_TRUE(made.world.find_secret(member, Region("eu-west-1"), "s")->versions.empty());
  const auto& keys = made.world.find_account(member)->vaults.at(Region("us-east-1")).keys;
  EXPECT_NE(keys.begin()->second.policy.find("arn:aws:iam::111111111111:root"), std::string::npos);
}

TEST(WorldFile, APolicyMeansThoseOfItsPrincipalsWhoAreThere) {
  auto made = loaded(R"({"accounts": [
    {"id": "111111111111", "secrets": [{"name": "s", "policy": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*",
      "Principal": {"AWS": ["arn:aws:iam::222222222222:role/late", "arn:aws:iam::111111111111:user/nobody"]}}]}}]},
    {"id": "222222222222", "roles": [{"name": "late", "id": "AROALATE"}]}]})");
  const auto& secret = *made.world.find_secret(member, Region("us-east-1"), "s");
  EXPECT_EQ(secret.policy_principals, (PolicyPrincipals{{"arn:aws:iam::222222222222:role/late", "AROALATE"}}));
}

TEST(WorldFile, AKeyThatSignsHasAPrivateKeyOfItsOwn) {
  const std::string given(64, '1');
  const auto made = loaded(R"({"accounts": [{"id": "111111111111", "kms_keys": [
    {"id": "a", "spec": "ECC_NIST_P256"}, {"id": "b", "spec": "ECC_NIST_P256"}, {"id": "c"},
    {"id": "d", "spec": "ECC_NIST_P256", "private_key": ")" +
                           given + R"("}]}]})");
  const auto& keys = made.world.find_account(member)->vaults.at(Region("us-east-1")).keys;
  EXPECT_TRUE(is_signing_key(keys.at("a").private_key));
  EXPECT_NE(keys.at("a").private_key, keys.at("b").private_key);
  EXPECT_EQ(keys.at("c").private_key, "");
  EXPECT_EQ(keys.at("d").private_key, given);
}

TEST(WorldFile, OptionsSetTruthsAndRootKeys) {
  const auto made = loaded(R"({"options": {"strict_auth": false, "report_root_keys": 1},
    "accounts": [{"id": "111111111111"}, {"id": "222222222222", "root_keys": 0}]})");
  EXPECT_FALSE(made.behaviour.strict_auth);
  EXPECT_EQ(made.world.find_account(member)->iam.root_keys, 1);
  EXPECT_EQ(made.world.find_account(AccountId("222222222222"))->iam.root_keys, 0);
}

TEST(WorldFile, SameSeedGivesTheSameIdsAndAnotherSeedOthers) {
  constexpr std::string_view text = R"({"accounts": [{"id": "111111111111", "users": [{"name": "a", "keys": [{}]}]}]})";
  const auto dump = [&](std::uint64_t seed) {
    const auto made = parse_world(text, seed, now);
    return json::serialize(dump_world(made->world, made->behaviour));
  };
  EXPECT_EQ(dump(3), dump(3));
  EXPECT_NE(dump(3), dump(4));
}

TEST(WorldFile, IntroductionNamesKeysInOrderAndLeavesTheCallerOut) {
  auto made =
      loaded(R"({"accounts": [{"id": "111111111111", "users": [{"name": "ann", "keys": [{"id": "k2"}, {"id": "k1"}]},
    {"name": "bob"}]}]})");
  const auto introduced = introduce(made);
  const auto& keys = introduced.at("keys").as_object();
  EXPECT_EQ(json::serialize(keys), R"({"111111111111/ann":["k2","k1"],"111111111111/bob":[]})");
  EXPECT_EQ(introduced.at("caller").at("key").as_string(), made.caller.key.str());
  EXPECT_EQ(introduced.at("admins").at("111111111111").as_array().size(), 2U);
  EXPECT_EQ(introduced.at("organization").as_string(), made.world.organization.id);
}

// Everything that a world can hold, in exact words.
constexpr std::string_view full = R"json({
  "partition": "aws-cn", "management": "100000000000", "tooling": "111111111111", "member_role": "m",
  "organization": {"id": "o-abc", "root": "r-root", "created": "2020-01-01", "tags": {"top": "1"},
    "controls": [{"name": "deny", "description": "d", "document": {"Statement": []}, "targets": ["root", "A/B", "111111111111"]}],
    "delegated_administrators": ["111111111111"],
    "account_requests": [{"id": "car-1", "name": "new", "account": "111111111111", "requested": 3}]},
  "ous": ["A/B", {"name": "odd/name", "parent": "A", "id": "ou-root-12345678", "tags": {"t": "v"}}],
  "accounts": [
    {"id": "111111111111", "name": "one", "email": "one@example.com", "state": "PENDING_CLOSURE", "joined": 12.5,
     "ou": "ou-root-12345678", "tags": {"k": "v"}, "alias": "one-alias", "root_keys": 2,
     "roles": [{"description": "d", "tags": {"r": "1"}, "attached": ["arn:aws:iam::aws:policy/ReadOnlyAccess"], "policies": {}}],
     "policies": [{"name": "managed", "path": "/x/", "document": "{ \"Statement\": [] }"}],
     "groups": [{"name": "G", "path": "/g/", "policies": {"p": {"Statement": []}}, "attached": ["arn:a"], "members": ["bob", "ann"]}],
     "users": [
       {"name": "ann", "path": "/p/", "id": "AIDAEXAMPLEANN", "created": "2024-05-06T07:08:09.123Z", "tags": {"owner": "a@b"},
        "policies": {"own": {"Statement": []}}, "attached": ["arn:b", "arn:a"], "password_last_used": 4,
        "keys": [{"id": "AKIAEXAMPLEKEY000001", "secret": "s", "status": "Inactive", "created": "2025-01-01T00:00:00Z",
          "last_use": {"at": "2025-06-01T00:00:00Z", "service": "sts", "region": "eu-west-1"},
          "earlier_use": {"at": 400, "service": "ec2", "region": "N/A"}, "usable_from": "2025-01-01T00:00:05Z",
          "refusals_left": 2, "status_changed": 1, "status_spreads_until": 0.5, "issued_by": "arn:x"}]},
       {"name": "bob"}],
     "report": {"requested": 0.1, "ready": 0.05, "polls_left": 1, "csv": "user,arn\n"},
     "secrets": [{"name": "a/b", "region": "eu-west-1", "description": "d", "kms_key_id": "alias/k", "tags": {"x": "y"}, "policy": "{ }",
       "created": 10, "changed": 5, "accessed": 1, "deleted_on": 0.5, "deletion": "2026-04-01T00:00:00Z",
       "versions": [{"id": "v1", "value": "eA==", "binary": true, "stages": ["AWSCURRENT", "MINE"], "created": 9}, {"id": "v2", "stages": []}],
       "replicas": [{"region": "us-west-2", "kms_key_id": "k", "status": "Failed", "status_message": "no", "ready": 2}]},
                 {"name": "granted", "policy": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*",
                   "Principal": {"AWS": ["arn:aws-cn:iam::111111111111:user/p/ann", "arn:aws-cn:iam::111111111111:user/nobody"]}}]}}],
     "kms_keys": [{"region": "eu-west-1", "description": "d", "enabled": false, "policy": {"Statement": []}},
                  {"spec": "ECC_NIST_P256", "policy": {"Statement": []}}],
     "mail_sandbox": true, "mail_identities": ["a@example.com", {"name": "example.com", "verified": false}],
     "mails": [{"id": "m", "at": 1, "region": "eu-west-1", "from": "f", "to": ["t"], "cc": ["c"], "bcc": ["b"], "reply_to": ["r"], "subject": "s",
       "text": "t", "html": "h", "raw": "r"}],
     "topics": [{"name": "alarms", "display_name": "Alarms", "tags": {"x": "y"}, "subscriptions": [{"endpoint": "e"}],
       "published": [{"subject": "s", "message": "m", "structure": "json", "attributes": {"a": "b"}}]}],
     "parameters": [{"name": "/smtp/password", "region": "eu-west-1", "type": "SecureString", "value": "hidden", "description": "d",
       "kms_key_id": "k", "version": 3, "modified": 2, "modified_by": "arn:u"}, {"name": "plain", "value": "v"}],
     "buckets": [{"name": "templates", "region": "eu-west-1", "created": 3, "objects": [
       {"key": "a/b.txt", "text": "Hello", "content_type": "text/plain", "modified": 1}, {"key": "raw", "base64": "/wA="}, {"key": "none"}]}],
     "event_buses": [{"name": "default", "events": [{"id": "e", "at": 1, "time": 2, "source": "rekeyer", "detail_type": "d",
       "detail": {"a": 1}, "resources": ["arn:r"]}]}, {"name": "own", "region": "eu-west-1", "description": "d", "created": 9}],
     "schedules": [{"name": "daily", "region": "eu-west-1", "expression": "rate(1 day)", "time_zone": "Europe/Berlin", "enabled": false,
       "target": "arn:t", "role": "arn:r", "input": "{}", "created": 4}],
     "state_machines": [{"name": "rotates", "definition": {"StartAt": "x"}, "role": "arn:r", "created": 4, "executions": [
       {"name": "e", "status": "FAILED", "input": "{\"run\": 1}", "started": 2, "stopped": 1}, {}]}],
     "contacts": [{"type": "SECURITY", "name": "n", "title": "t", "email": "s@example.com", "phone": "+1"}]
    },
    {"id": "222222222222", "in_organization": false}],
  "key_events": [{"at": 1, "account": "111111111111", "user": "ann", "key": "k", "what": "created", "by": "arn:z", "secret": "s"}]
})json";

std::string dumped(const LoadedWorld& loaded) { return json::serialize(dump_world(loaded.world, loaded.behaviour)); }

TEST(WorldFile, EverythingSurvivesADump) {
  const auto first = loaded(full);
  const auto text = dumped(first);
  const auto again = parse_world(text, 99, now + 24h);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(dumped(*again), text);
}

TEST(WorldFile, WhatWasWrittenIsInTheDump) {
  const auto dump = dump_world(loaded(full).world, AwsBehaviour{});
  const auto& account = dump.at("accounts").at(1).as_object();
  EXPECT_EQ(account.at("id").as_string(), "111111111111");
  EXPECT_EQ(account.at("tags").at("k").as_string(), "v");
  const auto& key = account.at("users").at(0).at("keys").at(0).as_object();
  EXPECT_EQ(json::serialize(key),
            json::serialize(object(R"({"id": "AKIAEXAMPLEKEY000001", "secret": "s", "status": "Inactive",
    "created": "2025-01-01T00:00:00Z", "last_use": {"at": "2025-06-01T00:00:00Z", "service": "sts", "region": "eu-west-1"},
    "earlier_use": {"at": "2025-01-25T12:00:00Z", "service": "ec2", "region": "N/A"}, "usable_from": "2025-01-01T00:00:05Z",
    "refusals_left": 2, "status_changed": "2026-02-28T12:00:00Z", "status_spreads_until": "2026-03-01T00:00:00Z",
    "issued_by": "arn:x"})")));
  EXPECT_EQ(account.at("users").at(0).at("created").as_string(), "2024-05-06T07:08:09.123Z");
  EXPECT_EQ(account.at("policies").at(0).at("document").as_string(), R"({ "Statement": [] })") << "to the byte";
  EXPECT_EQ(account.at("secrets").at(0).at("versions").at(0).at("value").as_string(), "eA==");
  EXPECT_EQ(account.at("groups").at(0).at("members").at(0).as_string(), "bob");
  EXPECT_EQ(account.at("parameters").at(0).at("version").as_int64(), 3);
  EXPECT_EQ(account.at("parameters").at(1).at("value").as_string(), "v");
  EXPECT_EQ(account.at("buckets").at(0).at("objects").at(0).at("text").as_string(), "Hello");
  EXPECT_EQ(account.at("buckets").at(0).at("objects").at(2).at("base64").as_string(), "/wA=");
  EXPECT_EQ(account.at("event_buses").at(1).at("events").at(0).at("detail").at("a").as_int64(), 1);
  EXPECT_EQ(account.at("schedules").at(0).at("enabled").as_bool(), false);
  EXPECT_EQ(account.at("state_machines").at(0).at("executions").at(0).at("status").as_string(), "FAILED");
  EXPECT_EQ(account.at("contacts").at(0).at("email").as_string(), "s@example.com");
  EXPECT_EQ(dump.at("organization").at("controls").at(0).at("targets").as_array().size(), 3U);
  EXPECT_EQ(dump.at("accounts").at(2).at("in_organization").as_bool(), false);
}

TEST(WorldFile, GeneratedWorldsSurviveADump) {
  Random random(fakes::seed());
  for (int i = 0; i < 20; ++i) {
    const WorldShape shape{.seed = random.next(), .accounts = 1 + random.below(30), .users = random.below(400)};
    const auto first = generate_world(shape, now);
    const auto text = dumped(first);
    const auto again = parse_world(text, random.next(), now + 24h);
    ASSERT_TRUE(again) << again.error().message;
    ASSERT_EQ(dumped(*again), text) << "world of seed " << shape.seed;
    ASSERT_EQ(again->caller.key, first.caller.key);
    ASSERT_EQ(again->caller.secret, first.caller.secret);
  }
}

TEST(WorldFile, LoadedDumpDrawsOtherIdsThanTheWorldItCameFrom) {
  constexpr std::string_view text =
      R"({"accounts": [{"id": "111111111111", "users": [{"name": "a", "keys": [{}, {}]}]}]})";
  const auto first = loaded(text);
  auto again = parse_world(dumped(first), 7, now);
  ASSERT_TRUE(again);
  for (int i = 0; i < 50; ++i) {
    const auto key = add_key(again->world, member, UserName("a"), {}, now);
    ASSERT_TRUE(key) << key.error().message;
  }
}

TEST(WorldFile, WorldWithoutItsCallerStaysWithout) {
  auto made = loaded("{}");
  made.world.remove_user(management, made.caller.user);
  const auto again = parse_world(dumped(made), 7, now);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(dumped(*again), dumped(made));
  EXPECT_TRUE(again->caller.key.empty());
}

TEST(WorldFile, NoOrganizationStaysNone) {
  const auto made = loaded(R"({"organization": false, "accounts": [{"id": "111111111111"}]})");
  EXPECT_TRUE(made.world.organization.id.empty());
  EXPECT_TRUE(made.world.organization.order.empty());
  EXPECT_EQ(dumped(*parse_world(dumped(made), 1, now)), dumped(made));
}

}  // namespace
}  // namespace rekeyer::sandbox
