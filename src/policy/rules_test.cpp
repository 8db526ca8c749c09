// The rules: their names, texts and ranges, who they hold for, and which of several wins.
#include "policy/rules.hpp"

#include <gtest/gtest.h>

#include "policy/match.hpp"
#include "policy/precedence.hpp"

namespace rekeyer::policy {
namespace {

using std::chrono::days;
using std::chrono::hours;

Instant instant(std::string_view text) { return parse_iso8601(text).value(); }

RuleChanges rule_changes(std::initializer_list<std::pair<std::string_view, std::string_view>> settings,
                         const std::string& source = "rekeyer.toml:1") {
  RuleChanges result;
  for (const auto& [key, text] : settings) {
    const auto set = result.set(key, text, source);
    EXPECT_TRUE(set) << (set ? "" : set.error().message);
  }
  return result;
}

std::string refusal(std::string_view key, std::string_view text) {
  RuleChanges result;
  const auto set = result.set(key, text, "here");
  if (set) return "";
  EXPECT_EQ(set.error().kind, ErrorKind::usage);
  return set.error().message;
}

Subject ann() {
  Subject subject;
  subject.account = AccountId("111111111111");
  subject.ous = {OuId("ou-ab12-inner"), OuId("ou-ab12-outer"), OuId("r-ab12")};
  subject.user = UserName("Ann");
  subject.path = "/ci/build/";
  subject.tags = {{"team", "payments"}};
  return subject;
}

TEST(Rules, DefaultsAreNinetyTenTen) {
  const Rules rules;
  EXPECT_EQ(rules.rotation_period.value, days{90});
  EXPECT_EQ(rules.installation_grace.value, days{10});
  EXPECT_EQ(rules.recovery_grace.value, days{10});
  EXPECT_EQ(rules.rotation_period.source, "default");
  EXPECT_EQ(contradiction(rules), std::nullopt);
}

TEST(Rules, AreLaidOverOneAnother) {
  Rules rules;
  apply(rule_changes({{"rotation_period", "30d"},
                      {"installation_grace", "3d"},
                      {"recovery_grace", "4d"},
                      {"warn_period", "2d"},
                      {"in_use", "ignore"},
                      {"in_use_window", "12h"},
                      {"hard_deadline", "never"},
                      {"unused", "ignore"},
                      {"two_active", "evict-idle"},
                      {"idle_period", "1d12h"},
                      {"orphan_grace", "2h"},
                      {"require_notice", "true"},
                      {"notice_period", "2d"}}),
        rules);
  EXPECT_EQ(rules.rotation_period.value, days{30});
  EXPECT_EQ(rules.rotation_period.source, "rekeyer.toml:1");
  EXPECT_EQ(rules.installation_grace.value, days{3});
  EXPECT_EQ(rules.recovery_grace.value, days{4});
  EXPECT_EQ(rules.warn_period.value, days{2});
  EXPECT_EQ(rules.in_use.value, InUse::ignore);
  EXPECT_EQ(rules.in_use_window.value, hours{12});
  EXPECT_EQ(rules.hard_deadline.value, std::nullopt);
  EXPECT_EQ(rules.unused.value, Unused::ignore);
  EXPECT_EQ(rules.two_active.value, TwoActive::evict_idle);
  EXPECT_EQ(rules.idle_period.value, hours{36});
  EXPECT_EQ(rules.orphan_grace.value, hours{2});
  EXPECT_TRUE(rules.require_notice.value);
  EXPECT_EQ(rules.notice_period.value, days{2});
  apply(RuleChanges{}, rules);
  EXPECT_EQ(rules.rotation_period.value, days{30});
}

TEST(Rules, AMisspeltNameIsAnsweredWithTheRightOne) {
  EXPECT_EQ(refusal("rotation_perod", "90d"),
            "there is no rule called \"rotation_perod\"; did you mean \"rotation_period\"?");
  EXPECT_EQ(refusal("RotationPeriod", "90d"),
            "there is no rule called \"RotationPeriod\"; did you mean \"rotation_period\"?");
  EXPECT_EQ(refusal("colour", "red"), "there is no rule called \"colour\"");
}

TEST(Rules, AMisspeltWordIsAnsweredWithTheRightOne) {
  EXPECT_EQ(refusal("in_use", "hodl"), "in_use = \"hodl\" is none of hold, warn, ignore; did you mean \"hold\"?");
  EXPECT_EQ(refusal("two_active", "evict_idle"),
            "two_active = \"evict_idle\" is none of hold, evict-idle, evict-least-recently-used; did you mean "
            "\"evict-idle\"?");
  EXPECT_EQ(refusal("unused", "delete everything"), "unused = \"delete everything\" is none of retire, rotate, ignore");
}

TEST(Rules, PeriodsHaveBounds) {
  EXPECT_EQ(refusal("rotation_period", "1h"), "");
  EXPECT_NE(refusal("rotation_period", "59m"), "");
  EXPECT_EQ(refusal("rotation_period", "3650d"), "");
  EXPECT_EQ(refusal("rotation_period", "3651d"), "rotation_period = \"3651d\" is outside 1h to 3650d");
  EXPECT_NE(refusal("recovery_grace", "0d"), "") << "deletion right after deactivation can't be undone";
  EXPECT_EQ(refusal("warn_period", "0d"), "");
  EXPECT_EQ(refusal("in_use_window", "0d"), "");
  EXPECT_EQ(refusal("hard_deadline", "0d"), "");
  EXPECT_EQ(refusal("notice_period", "0d"), "");
  EXPECT_EQ(refusal("notice_period", "31d"), "notice_period = \"31d\" is outside 0d to 30d");
}

TEST(Rules, APeriodIsNoBareNumber) {
  for (const char* text : {"", "90", "90 d", "-1d", "ninety", "never", "1d 2h", "99999999999d"}) {
    EXPECT_NE(refusal("rotation_period", text), "") << text;
  }
  EXPECT_EQ(refusal("hard_deadline", "never"), "");
  EXPECT_NE(refusal("hard_deadline", "Never!"), "");
}

TEST(Rules, AFlagIsTrueOrFalse) {
  EXPECT_EQ(refusal("require_notice", "false"), "");
  EXPECT_EQ(refusal("require_notice", "yes"), "require_notice = \"yes\" is neither true nor false");
}

TEST(Rules, NoticeMustFitIntoTheTimeBeforeEachStep) {
  Rules rules;
  rules.notice_period.value = days{11};
  EXPECT_EQ(contradiction(rules), std::nullopt) << "nobody has to be told";
  rules.require_notice.value = true;
  EXPECT_NE(contradiction(rules).value_or("").find("notice_period (11d) is longer than installation_grace (10d)"),
            std::string::npos);
  rules.installation_grace.value = days{12};
  EXPECT_NE(contradiction(rules).value_or("").find("recovery_grace (10d)"), std::string::npos);
  rules.recovery_grace.value = days{11};
  EXPECT_EQ(contradiction(rules), std::nullopt);
}

TEST(Rules, WhatContradictsItselfIsSaid) {
  Rules rules;
  rules.rotation_period.value = days{19};
  EXPECT_NE(contradiction(rules).value_or("").find("rotation_period (19d)"), std::string::npos);
  rules = {};
  rules.idle_period.value = days{2};
  EXPECT_NE(contradiction(rules).value_or("").find("idle_period (2d)"), std::string::npos);
  rules = {};
  rules.in_use_window.value = days{15};
  rules.hard_deadline.value = days{1};
  EXPECT_NE(contradiction(rules).value_or("").find("in_use_window (15d)"), std::string::npos);
  rules.hard_deadline.value = std::nullopt;
  EXPECT_EQ(contradiction(rules), std::nullopt);
}

TEST(Pattern, MatchesLikeAShell) {
  EXPECT_TRUE(matches("", ""));
  EXPECT_FALSE(matches("", "a"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("*", "anything"));
  EXPECT_TRUE(matches("ci-*", "ci-build"));
  EXPECT_FALSE(matches("ci-*", "xci-build"));
  EXPECT_TRUE(matches("*-ci", "build-ci"));
  EXPECT_FALSE(matches("*-ci", "build-cix"));
  EXPECT_TRUE(matches("a*b*c", "a-b-b-c"));
  EXPECT_FALSE(matches("a*b*c", "a-c-b"));
  EXPECT_TRUE(matches("a?c", "abc"));
  EXPECT_FALSE(matches("a?c", "ac"));
  EXPECT_TRUE(matches("**a**", "xax"));
  EXPECT_TRUE(matches("*aab", "aaaab"));
  EXPECT_FALSE(matches("abc", "ABC"));
  EXPECT_TRUE(matches("[a]", "[a]")) << "brackets are themselves";
  EXPECT_TRUE(matches("M?ller", "M\xc3\xbcller")) << "one character, two bytes";
  EXPECT_TRUE(matches("*ller", "M\xc3\xbcller"));
}

TEST(Pattern, NeverTakesForEver) {
  const std::string text(20000, 'a');
  EXPECT_FALSE(matches("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

TEST(Match, AllGivenPartsMustMatch) {
  EXPECT_TRUE(matches(Match{}, ann()));
  EXPECT_TRUE(matches({.user = "ann",
                       .path = "/ci/",
                       .tag = {{"team", "pay*"}},
                       .account = AccountId("111111111111"),
                       .ou = OuId("ou-ab12-outer")},
                      ann()));
  EXPECT_FALSE(matches({.user = "ann", .account = AccountId("222222222222")}, ann()));
}

TEST(Match, UserNamesHaveNoCase) {
  EXPECT_TRUE(matches({.user = "ANN"}, ann()));
  EXPECT_TRUE(matches({.user = "a*"}, ann()));
  EXPECT_FALSE(matches({.user = "annabel"}, ann()));
  EXPECT_FALSE(matches({.user = "an"}, ann())) << "a name is no prefix";
}

TEST(Match, APathIsAPrefixOrAPattern) {
  EXPECT_TRUE(matches({.path = "/"}, ann()));
  EXPECT_TRUE(matches({.path = "/ci/"}, ann()));
  EXPECT_FALSE(matches({.path = "/build/"}, ann()));
  EXPECT_TRUE(matches({.path = "*/build/"}, ann()));
  EXPECT_FALSE(matches({.path = "/ci*x"}, ann()));
}

TEST(Match, ATagNeedsItsKeyAndValue) {
  EXPECT_TRUE(matches({.tag = {{"Team", "payments"}}}, ann())) << "IAM's tag keys have no case";
  EXPECT_FALSE(matches({.tag = {{"team", "pay"}}}, ann()));
  EXPECT_FALSE(matches({.tag = {{"cost", "*"}}}, ann()));
}

TEST(Match, AUnitHoldsAtAnyDepth) {
  EXPECT_TRUE(matches({.ou = OuId("ou-ab12-inner")}, ann()));
  EXPECT_TRUE(matches({.ou = OuId("r-ab12")}, ann()));
  EXPECT_FALSE(matches({.ou = OuId("ou-ab12-other")}, ann()));
}

PolicyConfig layered() {
  PolicyConfig config;
  config.organisation = rule_changes({{"rotation_period", "80d"}, {"warn_period", "1d"}}, "organisation");
  config.overrides = {
      {{.ou = OuId("r-ab12")}, rule_changes({{"rotation_period", "70d"}, {"in_use", "warn"}}, "root"), "root"},
      {{.ou = OuId("ou-ab12-outer")}, rule_changes({{"rotation_period", "69d"}}, "outer"), "outer"},
      {{.ou = OuId("ou-ab12-inner")}, rule_changes({{"rotation_period", "68d"}}, "inner"), "inner"},
      {{.account = AccountId("111111111111")}, rule_changes({{"rotation_period", "60d"}}, "account"), "account"},
      {{.user = "a*"}, rule_changes({{"rotation_period", "50d"}}, "user"), "user"},
      {{.user = "ann"}, rule_changes({{"rotation_period", "40d"}, {"unused", "ignore"}}, "later user"), "later user"},
  };
  return config;
}

std::string source_of_rotation(const PolicyConfig& config, const Subject& subject) {
  const auto rules = effective_rules(config, subject);
  EXPECT_TRUE(rules) << (rules ? "" : rules.error().message);
  return rules ? rules->rotation_period.source : "";
}

TEST(Precedence, UserTagThenUserThenAccountThenUnitThenOrganisation) {
  PolicyConfig config = layered();
  Subject subject = ann();
  subject.tags["rekeyer:policy"] = "rotation_period=30d installation_grace=3d";
  EXPECT_EQ(source_of_rotation(config, subject), "user tag rekeyer:policy");
  EXPECT_EQ(effective_rules(config, subject)->installation_grace.value, days{3});
  subject.tags.erase("rekeyer:policy");
  EXPECT_EQ(source_of_rotation(config, subject), "user");
  std::erase_if(config.overrides, [](const Override& each) { return each.match.user.has_value(); });
  EXPECT_EQ(source_of_rotation(config, subject), "account");
  std::erase_if(config.overrides, [](const Override& each) { return each.match.account.has_value(); });
  EXPECT_EQ(source_of_rotation(config, subject), "inner");
  std::erase_if(config.overrides, [](const Override& each) { return each.source == "inner"; });
  EXPECT_EQ(source_of_rotation(config, subject), "outer");
  config.overrides.clear();
  EXPECT_EQ(source_of_rotation(config, subject), "organisation");
  EXPECT_EQ(source_of_rotation(PolicyConfig{}, subject), "default");
}

TEST(Precedence, TheFirstMatchOfALevelHoldsAndLowerLevelsFillTheGaps) {
  const auto rules = effective_rules(layered(), ann());
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->rotation_period.value, days{50});
  EXPECT_EQ(rules->unused.value, Unused::retire) << "the second user override does not hold besides the first";
  EXPECT_EQ(rules->in_use.value, InUse::hold) << "nor does the outer unit's besides the inner one's";
  EXPECT_EQ(rules->warn_period.source, "organisation");
}

TEST(Precedence, AnOverrideByUserAndAccountIsOneByUser) {
  PolicyConfig config = layered();
  config.overrides.insert(config.overrides.begin(), {{.user = "ann", .account = AccountId("111111111111")},
                                                     rule_changes({{"rotation_period", "20d"}}, "both"),
                                                     "both"});
  EXPECT_EQ(source_of_rotation(config, ann()), "both");
}

TEST(PolicyTag, ThatCannotBeReadIsAFailureAndNotIgnored) {
  for (const char* text :
       {"rotation_period", "rotation_perod=30d", "rotation_period=30", "rotation_period=30d,in_use=hold",
        "rotation_period=30d rotation_period=40d", "=30d", "rotation_period=", "30d"}) {
    Subject subject = ann();
    subject.tags["rekeyer:policy"] = text;
    const auto rules = effective_rules(PolicyConfig{}, subject);
    ASSERT_FALSE(rules) << text;
    EXPECT_EQ(rules.error().kind, ErrorKind::usage);
    EXPECT_NE(rules.error().message.find("rekeyer:policy"), std::string::npos) << rules.error().message;
  }
}

TEST(PolicyTag, MayHaveAnyCaseAndBeEmpty) {
  Subject subject = ann();
  subject.tags["Rekeyer:Policy"] = "  in_use=warn  ";
  EXPECT_EQ(effective_rules(PolicyConfig{}, subject)->in_use.value, InUse::warn);
  subject.tags["Rekeyer:Policy"] = "";
  EXPECT_TRUE(effective_rules(PolicyConfig{}, subject));
  PolicyConfig without;
  without.policy_tag = "";
  subject.tags["Rekeyer:Policy"] = "nonsense";
  EXPECT_TRUE(effective_rules(without, subject));
}

const Instant today = instant("2026-06-01T12:00:00Z");

TEST(Exemption, ByGroupWhateverItsCase) {
  Subject subject = ann();
  subject.groups = {GroupName("developers"), GroupName("iamkeyrotationexemptiongroup")};
  const auto exemption = exemption_for(PolicyConfig{}, subject, today);
  ASSERT_TRUE(exemption);
  EXPECT_EQ(exemption->source, "group iamkeyrotationexemptiongroup");
  PolicyConfig without;
  without.exempt_group = "";
  EXPECT_FALSE(exemption_for(without, subject, today));
}

TEST(Exemption, ByTagWithReasonAndEnd) {
  Subject subject = ann();
  subject.tags["rekeyer:exempt"] = "migration to roles until=2026-06-01";
  const auto exemption = exemption_for(PolicyConfig{}, subject, today);
  ASSERT_TRUE(exemption);
  EXPECT_EQ(exemption->reason, "migration to roles");
  EXPECT_EQ(exemption->until, instant("2026-06-02"));
  EXPECT_EQ(exemption->source, "user tag rekeyer:exempt");
}

TEST(Exemption, HoldsThroughItsLastDayAndNotLonger) {
  Subject subject = ann();
  subject.tags["rekeyer:exempt"] = "until=2026-06-01";
  EXPECT_TRUE(exemption_for(PolicyConfig{}, subject, instant("2026-06-01T23:59:59Z")));
  EXPECT_FALSE(exemption_for(PolicyConfig{}, subject, instant("2026-06-02T00:00:00Z")));
  subject.tags["rekeyer:exempt"] = "until=2026-06-01T12:00:00Z";
  EXPECT_TRUE(exemption_for(PolicyConfig{}, subject, instant("2026-06-01T11:59:59Z")));
  EXPECT_FALSE(exemption_for(PolicyConfig{}, subject, today));
}

TEST(Exemption, ATagWithoutWordsExempts) {
  Subject subject = ann();
  subject.tags["rekeyer:exempt"] = "";
  ASSERT_TRUE(exemption_for(PolicyConfig{}, subject, today));
  EXPECT_EQ(exemption_for(PolicyConfig{}, subject, today)->reason, "no reason given");
}

TEST(Exemption, ADateThatCannotBeReadExemptsAndSaysSo) {
  for (const char* text : {"vault until=31.1.2020", "vault until=", "vault until=2020-01-31 until=2020-02-31",
                           "vault until=2020-13-01", "vault until=2020-01-01 until=2020-01-02"}) {
    Subject subject = ann();
    subject.tags["rekeyer:exempt"] = text;
    const auto exemption = exemption_for(PolicyConfig{}, subject, today);
    ASSERT_TRUE(exemption) << text;
    EXPECT_EQ(exemption->until, std::nullopt) << text;
    EXPECT_NE(exemption->reason.find("can't be read"), std::string::npos) << text;
  }
}

TEST(Exemption, ATagThatSaysNoDoesNot) {
  PolicyConfig config;
  for (const char* text : {"false", "no", "0", "off", "False", "NO", "Off", "  no ", "no until=2099-01-01"}) {
    Subject subject = ann();
    subject.tags["rekeyer:exempt"] = text;
    EXPECT_FALSE(exemption_for(config, subject, today)) << text;
  }
  for (const char* text : {"no owner any more", "offline machine", "1", "true", "00"}) {
    Subject subject = ann();
    subject.tags["rekeyer:exempt"] = text;
    EXPECT_TRUE(exemption_for(config, subject, today)) << text;
  }
  config.exempt_users = {{{.user = "ann"}, {"sealed envelope", {}, {}, "rekeyer.toml:38"}}};
  Subject subject = ann();
  subject.tags["rekeyer:exempt"] = "no";
  EXPECT_EQ(exemption_for(config, subject, today)->source, "rekeyer.toml:38") << "it takes nobody off the list";
}

TEST(Exemption, AWordThatMayBeANoExemptsAndSaysSo) {
  for (const char* text : {"n", "None", "NULL", "never", "disabled", "not exempt", "no longer", "exempt=false",
                           "false.", "\"no\"", "none until=2099-01-01"}) {
    Subject subject = ann();
    subject.tags["rekeyer:exempt"] = text;
    const auto exemption = exemption_for(PolicyConfig{}, subject, today);
    ASSERT_TRUE(exemption) << text;
    EXPECT_NE(exemption->reason.find("can't be told from a no: exempt until that is mended"), std::string::npos)
        << exemption->reason;
  }
  for (const char* text : {"no owner any more", "1", "nobody knows", "none of our business", "offline machine"}) {
    Subject subject = ann();
    subject.tags["rekeyer:exempt"] = text;
    EXPECT_EQ(exemption_for(PolicyConfig{}, subject, today)->reason, text);
  }
}

TEST(Exemption, ADayInItsReasonIsNoEndAndIsSaid) {
  for (const char* text : {"expires=2020-01-01", "vault till 2020-01-01", "valid to 2020-01-01.", "(until=2020-01-01)",
                           "reason:until=2020-01-01", "2020-01-01", "end:2020-01-01T12:00:00Z"}) {
    Subject subject = ann();
    subject.tags["rekeyer:exempt"] = text;
    const auto exemption = exemption_for(PolicyConfig{}, subject, today);
    ASSERT_TRUE(exemption) << text;
    EXPECT_EQ(exemption->until, std::nullopt) << text;
    EXPECT_NE(exemption->reason.find("can't be taken for its end: exempt until that is mended; write until=2020-01-01"),
              std::string::npos)
        << exemption->reason;
  }
  for (const char* text : {"vault", "agreed 2020-01-01 until=2099-01-01", "SEC-2020-17", "x=", "a:b"}) {
    Subject subject = ann();
    subject.tags["rekeyer:exempt"] = text;
    EXPECT_EQ(exemption_for(PolicyConfig{}, subject, today)->reason.find("mended"), std::string::npos) << text;
  }
}

TEST(Exemption, AnEndIsReadHoweverItIsSpelled) {
  for (const char* text :
       {"vault UNTIL=2026-06-01", "vault until = 2026-06-01", "until= 2026-06-01 vault", "Until =2026-06-01 vault",
        "vault until: 2026-06-01", "vault until:2026-06-01", "until 2026-06-01 vault", "vault  until  =  2026-06-01"}) {
    Subject subject = ann();
    subject.tags["rekeyer:exempt"] = text;
    const auto exemption = exemption_for(PolicyConfig{}, subject, today);
    ASSERT_TRUE(exemption) << text;
    EXPECT_EQ(exemption->until, instant("2026-06-02")) << text;
    EXPECT_EQ(exemption->reason, "vault") << text;
    EXPECT_FALSE(exemption_for(PolicyConfig{}, subject, instant("2026-06-02"))) << text;
  }
}

TEST(Exemption, NothingAboutAnEndIsTakenForAReason) {
  const std::map<std::string, std::string> said{
      {"vault UNTIL=31.1.2020", "vault (\"UNTIL=31.1.2020\" can't be read"},
      {"vault until", "vault (\"until\" can't be read"},
      {"vault until =", "vault (\"until =\" can't be read"},
      {"until further notice", "further notice (\"until further\" can't be read"},
      {"until2026-06 vault", "vault (\"until2026-06\" can't be read"},
      {"until = 2020-01-01 Until: 2020-01-02", "no reason given (\"Until: 2020-01-02\" can't be read"}};
  for (const auto& [text, reason] : said) {
    Subject subject = ann();
    subject.tags["rekeyer:exempt"] = text;
    const auto exemption = exemption_for(PolicyConfig{}, subject, today);
    ASSERT_TRUE(exemption) << text;
    EXPECT_EQ(exemption->until, std::nullopt) << text;
    EXPECT_EQ(exemption->reason, reason + " as its end: exempt until that is mended)");
  }
}

TEST(Exemption, ByListAndTheFirstThatHasNotEnded) {
  PolicyConfig config;
  config.exempt_users = {
      {{.user = "a*"}, {"old", instant("2026-01-01"), {}, "rekeyer.toml:30"}},
      {{.user = "bob"}, {"not ann", {}, {}, "rekeyer.toml:34"}},
      {{.user = "ann"}, {"sealed envelope", instant("2027-01-01"), "SEC-123", "rekeyer.toml:38"}},
  };
  const auto exemption = exemption_for(config, ann(), today);
  ASSERT_TRUE(exemption);
  EXPECT_EQ(exemption->source, "rekeyer.toml:38");
  EXPECT_FALSE(exemption_for(config, ann(), instant("2027-01-01"))) << "an exemption that has ended re-enrols";
}

TEST(Exemption, AnEndedTagLeavesTheListInForce) {
  PolicyConfig config;
  config.exempt_users = {{{.user = "ann"}, {"sealed envelope", {}, {}, "rekeyer.toml:38"}}};
  Subject subject = ann();
  subject.tags["rekeyer:exempt"] = "old until=2020-01-01";
  EXPECT_EQ(exemption_for(config, subject, today)->source, "rekeyer.toml:38");
}

TEST(Match, IsDescribedAsItIsWritten) {
  Match match;
  match.user = "ci-*";
  match.path = "/ci/";
  match.tag = {"team", "pay*"};
  match.account = AccountId("111111111111");
  match.ou = OuId("ou-ab12-inner");
  EXPECT_EQ(describe(match),
            R"(user = "ci-*", path = "/ci/", tag = "team=pay*", account = "111111111111", ou = "ou-ab12-inner")");
}

}  // namespace
}  // namespace rekeyer::policy
