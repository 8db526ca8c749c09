// Control calls: what each changes, and what it says to a wrong body.
#include "sandbox/server/control.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

class ControlTest : public testing::Test {
 protected:
  ControlTest() {
    const auto made = post("world", R"({"accounts": [{"id": "111111111111", "users": [
        {"name": "ann", "keys": [{"age": 95, "used": 3}]}]}]})");
    key = std::string(made.at("keys").at("111111111111/ann").at(0).as_string());
  }

  aws::HttpResponse send(const std::string& method, const std::string& what, const std::string& body) {
    aws::HttpRequest request;
    request.method = method;
    request.url = {.scheme = "http", .host = "127.0.0.1", .port = 80, .path = "/_sandbox/" + what, .query = {}};
    request.body = WipedString(body);
    return control.handle(request);
  }
  static json::value parsed(const aws::HttpResponse& response) {
    return json::parse(json::string_view(response.body.data(), response.body.size()));
  }
  json::value post(const std::string& what, const std::string& body) {
    const auto response = send("POST", what, body);
    EXPECT_EQ(response.status, 200) << what << ": " << std::string_view(response.body);
    return parsed(response);
  }
  json::value get(const std::string& what) {
    const auto response = send("GET", what, "");
    EXPECT_EQ(response.status, 200) << what << ": " << std::string_view(response.body);
    return parsed(response);
  }
  std::string complaint(const std::string& what, const std::string& body, const std::string& method = "POST") {
    const auto response = send(method, what, body);
    EXPECT_EQ(response.status, 400) << what << ": " << std::string_view(response.body);
    return std::string(parsed(response).at("error").as_string());
  }
  const AccessKey& first_key() { return *host.sandbox().world.find_key(AccessKeyId(key)).key; }

  RealClock real;
  SandboxHost host{real, 1};
  TestedProcess tested_process{real};
  Control control{host, tested_process};
  std::string key;
};

TEST_F(ControlTest, EveryCommandIsListedWithItsPurpose) {
  const auto index = get("").as_object();
  EXPECT_EQ(index.size(), 23);
  for (const auto& [name, purpose] : index) EXPECT_GT(purpose.as_string().size(), 12) << name;
}

TEST_F(ControlTest, AWorldIsBuiltAtThePresentAndEverythingElseIsForgotten) {
  post("clock", R"({"days": 30})");
  post("faults", R"({"add": [{"op": "ListUsers", "kind": "throttle"}]})");
  post("options", R"({"strict_auth": false})");
  const auto made = post("world", R"({"accounts": [{"id": "222222222222"}]})");
  EXPECT_EQ(made.at("management").as_string(), "100000000000");
  EXPECT_TRUE(made.at("admins").as_object().contains("222222222222"));
  EXPECT_LT(std::chrono::abs(host.now() - real.now()), std::chrono::seconds{5});
  EXPECT_TRUE(get("faults").as_array().empty());
  EXPECT_TRUE(get("options").at("strict_auth").as_bool());
  EXPECT_EQ(get("introduction"), made);
}

TEST_F(ControlTest, ATendedWorldIsDrawnWhereItIsAskedFor) {
  const auto two_keys = [this] {
    std::size_t users = 0;
    for (const auto& [id, account] : host.sandbox().world.accounts) {
      for (const auto& [name, user] : account.iam.users) users += user.keys.size() > 1;
    }
    return users;
  };
  post("generate", R"({"accounts": 3, "users": 200})");
  EXPECT_GT(two_keys(), 0U);
  post("generate", R"({"accounts": 3, "users": 200, "tended": true})");
  EXPECT_EQ(two_keys(), 0U);
  EXPECT_THAT(complaint("generate", R"({"tended": "yes"})"), HasSubstr("tended"));
}

TEST_F(ControlTest, AWrongWorldLeavesTheOldOne) {
  EXPECT_THAT(complaint("world", R"({"accounts": [{"id": "12"}]})"), HasSubstr("accounts[0]"));
  EXPECT_TRUE(host.sandbox().world.find_key(AccessKeyId(key)).key != nullptr);
}

TEST_F(ControlTest, ADumpIsReadBackToTheSameWorldAtItsOwnInstant) {
  post("clock", R"({"days": 12})");
  const auto dumped = get("world");
  const auto then = host.now();
  post("world", "{}");
  post("world", json::serialize(dumped));
  EXPECT_LT(std::chrono::abs(host.now() - then), std::chrono::seconds{5});
  auto again = get("world").as_object();
  auto before = dumped.as_object();
  again.erase("at");
  before.erase("at");
  EXPECT_EQ(json::serialize(again), json::serialize(before));
}

TEST_F(ControlTest, TheClockMovesToADayOrOn) {
  post("clock", R"({"days": 2})");
  post("clock", R"({"advance": 3600})");
  EXPECT_LT(std::chrono::abs(host.now() - real.now() - std::chrono::hours{49}), std::chrono::seconds{5});
  EXPECT_THAT(complaint("clock", R"({"day": 2})"), HasSubstr("clock: day is not known here; there are days, advance"));
  EXPECT_THAT(complaint("clock", R"({"days": "2"})"), HasSubstr("days must be a number"));
  EXPECT_THAT(complaint("clock", R"({"days": 1e300})"), HasSubstr("thousand years"));
}

TEST_F(ControlTest, UsersAndKeysComeChangeAndGo) {
  const auto bob = post("user", R"({"account": "111111111111", "user": {"name": "bob", "keys": [{"age": 1}]}})");
  EXPECT_EQ(bob.at("keys").as_array().size(), 1);
  for (int more = 0; more < 2; ++more) {  // past the limit of two as well
    post("key", R"({"account": "111111111111", "user": "bob", "key": {"age": 2}})");
  }
  EXPECT_EQ(host.sandbox().world.find_user(AccountId("111111111111"), UserName("bob"))->keys.size(), 3);
  post("key", R"({"id": ")" + key + R"(", "status": "Inactive", "used": null})");
  EXPECT_FALSE(first_key().active);
  EXPECT_FALSE(first_key().last_use);
  post("user", R"({"account": "111111111111", "remove": "bob"})");
  EXPECT_EQ(host.sandbox().world.find_user(AccountId("111111111111"), UserName("bob")), nullptr);
  EXPECT_THAT(complaint("user", R"({"account": "111111111111", "remove": "bob"})"), HasSubstr("no user `bob`"));
  EXPECT_THAT(complaint("user", R"({"account": "333333333333", "remove": "bob"})"), HasSubstr("no account"));
  EXPECT_THAT(complaint("user", R"({"account": "1", "remove": "bob"})"), HasSubstr("twelve digits"));
  EXPECT_THAT(complaint("key", R"({"id": "AKIANONE"})"), HasSubstr("no access key AKIANONE"));
}

TEST_F(ControlTest, RolesSecretsAndStatesChange) {
  auto& account = *host.sandbox().world.find_account(AccountId("111111111111"));
  post("role", R"({"account": "111111111111", "remove": "rekeyer-member"})");
  EXPECT_TRUE(account.iam.roles.empty());
  EXPECT_THAT(complaint("role", R"({"account": "111111111111"})"), HasSubstr("which role"));
  post("secret", R"({"account": "111111111111", "secret": {"name": "s", "value": "v"}})");
  post("secrets_bulk",
       R"({"account": "111111111111", "region": "eu-west-1", "secrets": [{"name": "a"}, {"name": "b"}]})");
  EXPECT_EQ(account.vaults[Region("us-east-1")].secrets.size(), 1);
  EXPECT_EQ(account.vaults[Region("eu-west-1")].secrets.size(), 2);
  post("account_state", R"({"account": "111111111111", "state": "SUSPENDED"})");
  EXPECT_EQ(account.state, "SUSPENDED");
  EXPECT_THAT(complaint("account_state", R"({"account": "111111111111", "state": "gone"})"), HasSubstr("SUSPENDED"));
}

TEST_F(ControlTest, FaultsAreAddedTogetherOrNotAtAll) {
  EXPECT_EQ(post("faults", R"({"add": [{"op": "A"}, {"op": "B", "kind": "cut"}]})").as_array().size(), 2);
  complaint("faults", R"({"clear": true, "add": [{"op": "A"}, {"kind": "nonsense"}]})");
  EXPECT_EQ(get("faults").as_array().size(), 2);
  post("weather", R"({"probability": 0.5})");
  EXPECT_EQ(get("weather").at("probability").to_number<double>(), 0.5);
  EXPECT_THAT(complaint("weather", R"({"probability": 2})"), HasSubstr("0 to 1"));
  EXPECT_TRUE(post("faults", R"({"clear": true})").as_array().empty());
  EXPECT_EQ(get("weather").at("probability").to_number<double>(), 0);
}

TEST_F(ControlTest, RecordsAreReadAndForgotten) {
  EXPECT_TRUE(get("calls").as_array().empty());
  EXPECT_TRUE(get("violations").as_array().empty());
  const auto secrets = get("known_secrets").as_array();
  EXPECT_GE(secrets.size(), 2);  // ann's and the caller's
  auto& account = *host.sandbox().world.find_account(AccountId("111111111111"));
  SentMail mail;
  mail.subject = "your key";
  mail.to = {"ann@example.com"};
  account.messages.mails.push_back(mail);
  EXPECT_EQ(get("mails").at("mails").at(0).at("subject").as_string(), "your key");
  EXPECT_TRUE(post("mails", R"({"account": "222222222222"})").at("mails").as_array().empty());
  post("mails", R"({"clear": true})");
  EXPECT_TRUE(get("mails").at("mails").as_array().empty());
}

TEST_F(ControlTest, WhatIsNotACommandSaysWhatThereIs) {
  EXPECT_THAT(complaint("wrold", "{}"), HasSubstr("there is no control call `wrold`; there are ping, world"));
  EXPECT_THAT(complaint("world", "{"), HasSubstr("not JSON"));
  EXPECT_THAT(complaint("world", "[]"), HasSubstr("JSON object"));
  EXPECT_THAT(complaint("user", "", "GET"), HasSubstr("takes a POST"));
  EXPECT_THAT(complaint("violations", R"({"a": 1})"), HasSubstr("only be read"));
}

TEST_F(ControlTest, AWebPageIsRefused) {
  aws::HttpRequest request;
  request.method = "POST";
  request.url = {.scheme = "http", .host = "127.0.0.1", .port = 80, .path = "/_sandbox/ping", .query = {}};
  EXPECT_EQ(control.handle(request).status, 200);
  request.headers.add("Origin", "https://example.com");
  EXPECT_EQ(control.handle(request).status, 403);
  request.headers.remove("Origin");
  request.url.host = "rebound.example.com";
  EXPECT_EQ(control.handle(request).status, 403);
}

TEST_F(ControlTest, EventsAreShownAndForgotten) {
  post("world", R"({"accounts": [{"id": "111111111111", "event_buses": [
      {"name": "default", "events": [{"source": "s", "detail_type": "d", "detail": {"a": 1}}]}]}]})");
  EXPECT_EQ(post("events", R"({"account": "100000000000"})").as_array().size(), 0U);
  const auto shown = post("events", R"({"account": "111111111111", "clear": true})").as_array();
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_EQ(shown[0].at("detail").at("a").as_int64(), 1);
  EXPECT_EQ(shown[0].at("bus").as_string(), "arn:aws:events:us-east-1:111111111111:event-bus/default");
  EXPECT_TRUE(get("events").as_array().empty());
}

}  // namespace
}  // namespace rekeyer::sandbox
