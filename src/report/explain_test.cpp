// One user explained: the whole text, and the JSON read back.
#include "report/explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "aws/http/json.hpp"
#include "policy/match.hpp"
#include "policy/rule_table.hpp"

namespace rekeyer::report {
namespace {

using std::chrono::days;
using testing::HasSubstr;
using testing::Not;

constexpr Instant now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + std::chrono::hours{6};

/// ann: her old key retires, in use; the new one is current. Decided by hand: this is about showing, not deciding.
Explanation sample() {
  Explanation explanation;
  explanation.as_of = now;
  explanation.account_name = "payments";
  explanation.subject.account = AccountId("111111111111");
  explanation.subject.user = UserName("ann");
  explanation.subject.path = "/apps/";
  explanation.subject.tags = {{"owner", "ann@example.com"}, {"team", "payments"}};
  explanation.subject.groups = {GroupName("deployers")};
  explanation.owner = {{"ann@example.com"}, "user tag owner", ""};

  auto& state = explanation.state;
  state.place.name = SecretName("Account_111111111111_User_ann_AccessKey");
  state.secret.emplace();
  state.facts.account = explanation.subject.account;
  state.facts.user = explanation.subject.user;
  state.facts.keys = {
      {AccessKeyId("AKIANEWEXAMPLE"), KeyStatus::active, now - days{12}, LastUse::never(), policy::Stored::current},
      {AccessKeyId("AKIAOLDEXAMPLE"), KeyStatus::active, now - days{102},
       LastUse::used(now - days{1}, "s3", "eu-west-1"), policy::Stored::no}};
  state.rules.rotation_period = {days{30}, "rekeyer.toml:30"};
  state.rules.two_active = {policy::TwoActive::evict_least_recently_used, "user tag rekeyer:policy"};
  state.rules.hard_deadline = {std::nullopt, "rekeyer.toml:31"};

  explanation.decision.custody.put(
      {AccessKeyId("AKIANEWEXAMPLE"), policy::KeyPhase::current, now - days{12}, {}, false, {}});
  explanation.decision.custody.put(
      {AccessKeyId("AKIAOLDEXAMPLE"), policy::KeyPhase::retiring, now - days{12}, {}, false, {}});
  explanation.decision.keys = {
      {AccessKeyId("AKIAOLDEXAMPLE"), policy::Action::hold, policy::Reason::still_in_use, now - days{2},
       "last used 2026-11-21 by s3 in eu-west-1", "in_use=hold (default)"},
      {AccessKeyId("AKIANEWEXAMPLE"), policy::Action::keep, policy::Reason::young, now + days{18}, "", ""}};
  return explanation;
}

TEST(ExplainText, TellsTheWholeStory) {
  EXPECT_EQ(explain_text(sample(), {}),
            fmt::format(R"(User ann in account 111111111111 (payments)
  path /apps/
  owner ann@example.com (user tag owner)
  tag owner = ann@example.com
  tag team = payments
  group deployers
Secret Account_111111111111_User_ann_AccessKey: exists
Keys
  AKIAOLDEXAMPLE  active, created 2026-08-12 (102 days ago), last used 2026-11-21T06:00:00Z by s3 in eu-west-1, stored: no, retiring since 2026-11-10
  AKIANEWEXAMPLE  active, created 2026-11-10 (12 days ago), last used never, stored: current, current since 2026-11-10
Rules
  rotation_period     30d                        rekeyer.toml:30
  installation_grace  10d                        default
  recovery_grace      10d                        default
  warn_period         7d                         default
  in_use              hold                       default
  in_use_window       3d                         default
  hard_deadline       never                      rekeyer.toml:31
  unused              retire                     default
  two_active          evict-least-recently-used  user tag rekeyer:policy
  idle_period         30d                        default
  orphan_grace        1d                         default
  require_notice      false                      default
  notice_period       1d                         default
Decision as of 2026-11-22T06:00:00Z
  AKIAOLDEXAMPLE  hold (still_in_use), due 2026-11-20T06:00:00Z
      {}
      last used 2026-11-21 by s3 in eu-west-1
      rule: in_use=hold (default)
  AKIANEWEXAMPLE  keep (young), due 2026-12-10T06:00:00Z
      {}
Next change if nothing else happens: 2026-12-10T06:00:00Z
)",
                        policy::describe(policy::Reason::still_in_use), policy::describe(policy::Reason::young)));
}

TEST(ExplainText, OfAUserWithoutKeysOrSecret) {
  auto explanation = sample();
  explanation.account_name.clear();
  explanation.subject.tags.clear();
  explanation.state.secret.reset();
  explanation.state.facts.keys.clear();
  explanation.decision = {};
  const auto text = explain_text(explanation, {});
  EXPECT_THAT(text, HasSubstr("User ann in account 111111111111\n"));
  EXPECT_THAT(text, HasSubstr("_AccessKey: none yet\nKeys\n  none\n"));
  EXPECT_THAT(text, HasSubstr("  nothing to decide\n"));
  EXPECT_THAT(text, Not(HasSubstr("Next change")));
}

TEST(ExplainText, SaysThatTheSecretIsBeingDeletedAndAKeyInactive) {
  auto explanation = sample();
  explanation.state.secret->deleted = now;
  explanation.state.facts.keys.front().status = KeyStatus::inactive;
  explanation.state.facts.keys.front().last_use = LastUse::unknown();
  explanation.decision.custody.put(
      {AccessKeyId("AKIANEWEXAMPLE"), policy::KeyPhase::watched, now - days{12}, now - days{3}, false, {}});
  const auto text = explain_text(explanation, {});
  EXPECT_THAT(text, HasSubstr("_AccessKey: scheduled for deletion\n"));
  EXPECT_THAT(
      text, HasSubstr("AKIANEWEXAMPLE  inactive, created 2026-11-10 (12 days ago), last used unknown, stored: current, "
                      "watched since 2026-11-10, inactive since 2026-11-19\n"));
}

TEST(ExplainText, NoTextFromAnAccountReachesTheTerminalRaw) {
  const std::string evil =
      "\x1b[2J\n\xc2\x9b"
      "31m";
  auto explanation = sample();
  explanation.account_name = evil;
  explanation.subject.path = evil;
  explanation.subject.tags = {{evil, evil}};
  explanation.subject.groups = {GroupName(evil)};
  explanation.owner = {{evil}, evil, evil};
  explanation.state.rules.in_use.source = evil;
  explanation.state.facts.keys.front().last_use = LastUse::used(now, evil, evil);
  explanation.decision.keys.front().detail = explanation.decision.keys.front().rule = evil;
  const auto text = explain_text(explanation, {});
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\xc2\x9b")));
  auto lines = std::ranges::count(text, '\n');
  auto good = explain_text(sample(), {});
  EXPECT_EQ(lines, std::ranges::count(good, '\n') - 1) << "one tag less, and no line of anybody else's";
}

TEST(ExplainText, PaintsOnlyWhereColourIsWanted) {
  EXPECT_THAT(explain_text(sample(), {}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(explain_text(sample(), {true, 0, false}), HasSubstr("\x1b[1mhold\x1b[0m (still_in_use)"));
}

TEST(ExplainText, NamesWhoIsToldOrSaysWhyNobodyIs) {
  auto explanation = sample();
  explanation.owner = {{"ann@example.com", "bob@example.com"}, "group payments", ""};
  EXPECT_THAT(explain_text(explanation, {}), HasSubstr("  owner ann@example.com, bob@example.com (group payments)\n"));
  const auto json = aws::JsonValue::parse(explain_json(explanation));
  EXPECT_EQ(json->string("owner").value(), "ann@example.com, bob@example.com");
  EXPECT_EQ(json->string("owner_source").value(), "group payments");
  EXPECT_EQ(json->string("owner_problem").value(), "");
}

TEST(ExplainText, ATagThatNamesNobodyIsNoOwner) {
  auto explanation = sample();
  explanation.subject.tags["owner"] = "@ann";
  explanation.owner = {{}, "", "user tag owner: \"@ann\" is no address"};
  EXPECT_THAT(explain_text(explanation, {}), HasSubstr("  owner nobody: user tag owner: \"@ann\" is no address\n"));
  const auto json = aws::JsonValue::parse(explain_json(explanation));
  EXPECT_EQ(json->string("owner").value(), "");
  EXPECT_EQ(json->string("owner_problem").value(), "user tag owner: \"@ann\" is no address");
}

TEST(ExplainJson, SaysTheSame) {
  const auto json = aws::JsonValue::parse(explain_json(sample()));
  ASSERT_TRUE(json);
  EXPECT_EQ(json->string("account").value(), "111111111111");
  EXPECT_EQ(json->string("account_name").value(), "payments");
  EXPECT_EQ(json->string("user").value(), "ann");
  EXPECT_EQ(json->string("path").value(), "/apps/");
  EXPECT_EQ(json->time("as_of").value(), now);
  EXPECT_EQ(json->string("secret").value(), "Account_111111111111_User_ann_AccessKey");
  EXPECT_TRUE(json->boolean("secret_exists").value());
  EXPECT_EQ(json->time("next_change").value(), now + days{18});

  const auto keys = json->array("keys").value();
  ASSERT_EQ(keys.size(), 2);
  EXPECT_EQ(keys[0].string("id").value(), "AKIAOLDEXAMPLE") << "in order of creation";
  EXPECT_EQ(keys[0].string("status").value(), "active");
  EXPECT_EQ(keys[0].time("created").value(), now - days{102});
  EXPECT_EQ(keys[0].string("last_used").value(), "2026-11-21T06:00:00Z by s3 in eu-west-1");
  EXPECT_EQ(keys[0].string("stored").value(), "no");
  EXPECT_EQ(keys[1].string("last_used").value(), "never");

  const auto rules = json->array("rules").value();
  ASSERT_EQ(rules.size(), policy::rule_table().size()) << "a rule is missing";
  for (std::size_t i = 0; i < rules.size(); ++i) {
    EXPECT_EQ(rules[i].string("name").value(), policy::rule_table()[i].name);
  }
  EXPECT_EQ(rules[0].string("value").value(), "30d");
  EXPECT_EQ(rules[0].string("source").value(), "rekeyer.toml:30");
}

TEST(ExplainJson, CarriesTheDecisions) {
  auto explanation = sample();
  explanation.decision.keys.back().due.reset();
  const auto json = aws::JsonValue::parse(explain_json(explanation));
  ASSERT_TRUE(json);
  EXPECT_EQ(json->optional_string("next_change").value(), std::nullopt);
  const auto decisions = json->array("decisions").value();
  ASSERT_EQ(decisions.size(), 2);
  EXPECT_EQ(decisions[0].string("key").value(), "AKIAOLDEXAMPLE");
  EXPECT_EQ(decisions[0].string("action").value(), "hold");
  EXPECT_EQ(decisions[0].string("reason").value(), "still_in_use");
  EXPECT_EQ(decisions[0].string("meaning").value(), policy::describe(policy::Reason::still_in_use));
  EXPECT_EQ(decisions[0].time("due").value(), now - days{2});
  EXPECT_EQ(decisions[0].string("rule").value(), "in_use=hold (default)");
  EXPECT_EQ(decisions[1].optional_time("due").value(), std::nullopt);
}

}  // namespace
}  // namespace rekeyer::report
