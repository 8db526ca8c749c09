// Good files, and what each gives; files that differ from the starter by one thing never crash the parser.
#include "config/config.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

#include "config/keys.hpp"
#include "policy/precedence.hpp"

namespace rekeyer::config {
namespace {

Configuration all_of(std::string_view text) {
  auto configuration = parse(text, "rekeyer.toml");
  if (configuration) return *std::move(configuration);
  for (const auto& problem : configuration.error()) ADD_FAILURE() << describe(problem);
  return {};
}

rotation::Settings good(std::string_view text) { return all_of(text).rotation; }

Instant midnight(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}};
}

auto values(const policy::Rules& rules) {
  return std::tuple(rules.rotation_period.value, rules.installation_grace.value, rules.recovery_grace.value,
                    rules.warn_period.value, rules.in_use.value, rules.in_use_window.value, rules.hard_deadline.value,
                    rules.unused.value, rules.two_active.value, rules.idle_period.value, rules.orphan_grace.value,
                    rules.require_notice.value, rules.notice_period.value);
}

void expect_notify_defaults(const notify::Settings& settings) {
  const notify::Settings defaults;
  EXPECT_FALSE(settings.enabled());
  EXPECT_EQ(settings.from, defaults.from);
  EXPECT_TRUE(settings.reply_to.empty());
  EXPECT_TRUE(settings.administrators.empty());
  EXPECT_EQ(settings.account_digest, defaults.account_digest);
  EXPECT_EQ(settings.weekly, defaults.weekly);
  EXPECT_EQ(settings.templates, defaults.templates);
  EXPECT_EQ(settings.unreachable_after, defaults.unreachable_after);
  EXPECT_EQ(settings.help_url, defaults.help_url);
  EXPECT_EQ(settings.owner.chain, defaults.owner.chain);
  EXPECT_EQ(settings.owner.tag, defaults.owner.tag);
  EXPECT_EQ(settings.owner.account_tag, defaults.owner.account_tag);
  EXPECT_TRUE(settings.owner.groups.empty());
  EXPECT_TRUE(settings.owner.names.empty());
  EXPECT_EQ(settings.owner.alternate_contacts, defaults.owner.alternate_contacts);
  EXPECT_TRUE(settings.owner.fallback.empty());
}

void expect_defaults(const Configuration& configuration) {
  const auto& settings = configuration.rotation;
  const rotation::Settings defaults;
  EXPECT_TRUE(settings.scope.fixed_accounts.empty());
  EXPECT_TRUE(settings.scope.include_ous.empty());
  EXPECT_TRUE(settings.scope.exclude_ous.empty());
  EXPECT_TRUE(settings.scope.include_accounts.empty());
  EXPECT_TRUE(settings.scope.exclude_accounts.empty());
  EXPECT_EQ(settings.scope.management_account, defaults.scope.management_account);
  EXPECT_EQ(settings.scope.member_role, defaults.scope.member_role);
  EXPECT_EQ(settings.scope.external_id, defaults.scope.external_id);
  EXPECT_EQ(settings.scope.session_name, defaults.scope.session_name);
  EXPECT_EQ(settings.scope.list_role, defaults.scope.list_role);
  EXPECT_EQ(settings.scope.own_account, defaults.scope.own_account);
  policy::Rules rules;
  policy::apply(settings.policy.organisation, rules);
  EXPECT_EQ(values(rules), values(policy::Rules{}));
  EXPECT_TRUE(settings.policy.overrides.empty());
  EXPECT_EQ(settings.policy.policy_tag, defaults.policy.policy_tag);
  EXPECT_EQ(settings.policy.exempt_group, defaults.policy.exempt_group);
  EXPECT_EQ(settings.policy.exempt_tag, defaults.policy.exempt_tag);
  EXPECT_TRUE(settings.policy.exempt_users.empty());
  EXPECT_EQ(settings.store.location, defaults.store.location);
  EXPECT_EQ(settings.store.region, defaults.store.region);
  EXPECT_EQ(settings.store.name_template, defaults.store.name_template);
  EXPECT_EQ(settings.store.kms_key_id, defaults.store.kms_key_id);
  EXPECT_TRUE(settings.store.replica_regions.empty());
  EXPECT_TRUE(settings.store.replica_kms_key_ids.empty());
  EXPECT_EQ(settings.store.grant, defaults.store.grant);
  EXPECT_EQ(settings.store.deletion_recovery_days, defaults.store.deletion_recovery_days);
  EXPECT_EQ(settings.store.tags, defaults.store.tags);
  EXPECT_EQ(settings.discovery, defaults.discovery);
  EXPECT_EQ(settings.limits.max_changes, defaults.limits.max_changes);
  EXPECT_EQ(settings.limits.max_changes_per_account, defaults.limits.max_changes_per_account);
  EXPECT_EQ(settings.limits.concurrency, defaults.limits.concurrency);
  EXPECT_EQ(settings.limits.users_per_account, defaults.limits.users_per_account);
  EXPECT_EQ(settings.limits.iam_rate, defaults.limits.iam_rate);
  EXPECT_EQ(settings.limits.iam_share, defaults.limits.iam_share);
  EXPECT_EQ(settings.notices.enabled, defaults.notices.enabled);
  EXPECT_EQ(settings.notices.warn_days, defaults.notices.warn_days);
  expect_notify_defaults(configuration.notify);
}

/// The starter file with its examples switched on; `but_not` names a table whose examples stay off.
std::string with_examples(const std::string& but_not) {
  std::string result;
  std::istringstream lines(starter_file());
  bool skipping = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#[")) skipping = line == but_not;
    if (line.starts_with("[")) skipping = false;
    const bool example = line.starts_with("#") && !line.starts_with("# ");
    result += (example && !skipping ? line.substr(1) : line) + '\n';
  }
  return result;
}

TEST(Config, AnEmptyFileGivesTheDefaults) { expect_defaults(all_of("")); }

TEST(Config, TheStarterFileGivesTheDefaults) {
  const auto configuration = all_of(starter_file());
  expect_defaults(configuration);
  EXPECT_EQ(configuration.rotation.file, "rekeyer.toml");
}

TEST(Config, TheStarterFileHoldsEveryKeyThatHasADefaultOrAnExample) {
  const auto file = starter_file();
  for (const auto& table : tables()) {
    for (const auto& key : table.keys) {
      if (!key.fallback.empty()) {
        EXPECT_NE(file.find(std::string(key.name) + " = " + std::string(key.fallback)), std::string::npos) << key.name;
      }
      if (!key.example.empty()) EXPECT_NE(file.find(key.example), std::string::npos) << key.name;
      const std::string heading = "[" + std::string(table.name) + "]";
      if (key.fallback.empty()) {
        EXPECT_NE(file.find(table.shape == TableKind::map ? heading : key.name), std::string::npos) << key.name;
      }
    }
  }
}

TEST(Config, TheStarterFilesExamplesAreGoodToo) {
  const auto configuration = all_of(with_examples("#[accounts]"));
  const auto& settings = configuration.rotation;
  EXPECT_EQ(configuration.notify.channels.size(), 6U) << "one of each type";
  EXPECT_EQ(configuration.notify.owner.groups.size(), 1U);
  EXPECT_EQ(configuration.notify.owner.names.size(), 1U);
  EXPECT_EQ(settings.policy.overrides.size(), 1U);
  EXPECT_EQ(settings.policy.exempt_users.size(), 1U);
  EXPECT_EQ(good(with_examples("#[[override]]")).scope.fixed_accounts.size(), 1U);
}

TEST(Config, TheStarterFileTakesAtItsEndWhatTheDocumentsShowOfMessages) {
  const auto configuration = all_of(starter_file() +
                                    "[notify]\nfrom = \"keys@example.com\"\nadministrators = "
                                    "[\"ops@example.com\"]\n[[notify.channel]]\ntype = \"ses\"\n");
  EXPECT_EQ(configuration.notify.channels.size(), 1U);
}

TEST(Config, OrganizationIsRead) {
  const auto settings = good(R"(
[organization]
member_role = "security/rekeyer"
external_id = "shared-word"
list_role_arn = "arn:aws:iam::111111111111:role/reader"
include_ous = ["ou-ab12-cdef3456", "r-ab12"]
exclude_ous = ["ou-ab12-00000000"]
include_accounts = ["000000000001"]
exclude_accounts = ["222222222222"]
management_account = true
own_account = "role"
)");
  EXPECT_EQ(settings.scope.member_role, RoleName("security/rekeyer"));
  EXPECT_EQ(settings.scope.external_id, "shared-word");
  EXPECT_EQ(settings.scope.list_role, Arn("arn:aws:iam::111111111111:role/reader"));
  EXPECT_EQ(settings.scope.include_ous, (std::vector{OuId("ou-ab12-cdef3456"), OuId("r-ab12")}));
  EXPECT_EQ(settings.scope.exclude_ous, std::vector{OuId("ou-ab12-00000000")});
  EXPECT_EQ(settings.scope.include_accounts, std::vector{AccountId("000000000001")});
  EXPECT_EQ(settings.scope.exclude_accounts, std::vector{AccountId("222222222222")});
  EXPECT_TRUE(settings.scope.management_account);
  EXPECT_EQ(settings.scope.own_account, rotation::OwnAccount::role);
}

TEST(Config, AccountsMayStandBesideTheRoleToEnterThem) {
  const auto settings = good(R"(
[organization]
member_role = "rotator"
[accounts]
"111111111111" = ["ann", "bob"]
"222222222222" = ["*"]
)");
  EXPECT_EQ(settings.scope.member_role, RoleName("rotator"));
  EXPECT_EQ(settings.scope.fixed_accounts,
            (std::map<AccountId, std::vector<std::string>>{{AccountId("111111111111"), {"ann", "bob"}},
                                                           {AccountId("222222222222"), {"*"}}}));
}

TEST(Config, RulesCarryWhereTheyStand) {
  const auto settings = good("[policy]\nrotation_period = \"60d\"\nhard_deadline = \"never\"\ntag = \"\"\n");
  const auto& rules = settings.policy.organisation;
  ASSERT_TRUE(rules.rotation_period);
  EXPECT_EQ(rules.rotation_period->value, std::chrono::days{60});
  EXPECT_EQ(rules.rotation_period->source, "rekeyer.toml:2");
  ASSERT_TRUE(rules.hard_deadline);
  EXPECT_EQ(rules.hard_deadline->value, std::nullopt);
  EXPECT_FALSE(rules.in_use);
  EXPECT_EQ(settings.policy.policy_tag, "");
}

TEST(Config, OverridesKeepTheirOrderAndTheirPlaces) {
  const auto settings = good(R"([[override]]
match = { user = "ci-*", path = "/ci/", tag = "team=pay=ments", account = "222222222222", ou = "ou-ab12-cdef3456" }
rotation_period = "30d"

[[override]]
match.account = "111111111111"
in_use = "ignore"
)");
  ASSERT_EQ(settings.policy.overrides.size(), 2U);
  const auto& first = settings.policy.overrides[0];
  EXPECT_EQ(first.source, "rekeyer.toml:1");
  EXPECT_EQ(first.match.user, "ci-*");
  EXPECT_EQ(first.match.path, "/ci/");
  EXPECT_EQ(first.match.tag, (std::pair<std::string, std::string>{"team", "pay=ments"}));
  EXPECT_EQ(first.match.account, AccountId("222222222222"));
  EXPECT_EQ(first.match.ou, OuId("ou-ab12-cdef3456"));
  EXPECT_EQ(first.changes.rotation_period->source, "rekeyer.toml:3");
  const auto& second = settings.policy.overrides[1];
  EXPECT_EQ(second.source, "rekeyer.toml:5");
  EXPECT_EQ(second.match.account, AccountId("111111111111"));
  EXPECT_EQ(second.match.user, std::nullopt);
  EXPECT_EQ(second.changes.in_use->value, policy::InUse::ignore);
}

TEST(Config, OverridesMayBeWrittenAsAList) {
  const auto settings = good("override = [{ match = { user = \"a\" }, unused = \"ignore\" }]\n");
  ASSERT_EQ(settings.policy.overrides.size(), 1U);
  EXPECT_EQ(settings.policy.overrides[0].source, "rekeyer.toml:1");
}

TEST(Config, AnExemptionHoldsThroughItsLastDay) {
  const auto settings = good(R"([exempt]
group = ""
tag = "leave-alone"
[[exempt.user]]
match = { user = "break-glass-*" }
reason = "sealed envelope"
until = 2027-01-31
ticket = "SEC-123"
[[exempt.user]]
match = { path = "/robots/" }
reason = "r"
)");
  EXPECT_EQ(settings.policy.exempt_group, "");
  EXPECT_EQ(settings.policy.exempt_tag, "leave-alone");
  ASSERT_EQ(settings.policy.exempt_users.size(), 2U);
  const auto& exemption = settings.policy.exempt_users[0].exemption;
  EXPECT_EQ(exemption.reason, "sealed envelope");
  EXPECT_EQ(exemption.until, midnight(2027, 2, 1));
  EXPECT_EQ(exemption.ticket, "SEC-123");
  EXPECT_EQ(exemption.source, "rekeyer.toml:4");
  EXPECT_EQ(settings.policy.exempt_users[1].exemption.until, std::nullopt);

  policy::Subject subject{AccountId("111111111111"), {}, UserName("Break-Glass-1"), {}, "/", {}, {}};
  EXPECT_TRUE(policy::exemption_for(settings.policy, subject, midnight(2027, 2, 1) - Milliseconds{1}));
  EXPECT_FALSE(policy::exemption_for(settings.policy, subject, midnight(2027, 2, 1)));
}

TEST(Config, WhereTheSecretsAreIsChosenOrFollowsThePartition) {
  EXPECT_FALSE(good("").store.region_chosen);
  EXPECT_TRUE(good("[store]\nregion = \"us-east-1\"\n").store.region_chosen);
  const auto settings = good("[store]\nkms_key_id = \"arn:aws-us-gov:kms:us-gov-west-1:111111111111:key/a\"\n");
  EXPECT_FALSE(settings.store.region_chosen) << "whose partition it is shows when the caller is known";
}

TEST(Config, SessionsMayBeNamed) {
  EXPECT_EQ(good("[organization]\nrole_session_name = \"keys-{run}@x\"\n").scope.session_name, "keys-{run}@x");
  EXPECT_EQ(good("[organization]\nrole_session_name = \"ab\"\n").scope.session_name, "ab");
}

TEST(Config, StoreLimitsAndTheRestAreRead) {
  const auto settings = good(R"(
[store]
location = "central"
region = "eu-west-1"
name = "keys/{account}/{user}/access-key"
kms_key_id = "arn:aws:kms:eu-west-1:111111111111:key/aaaaaaaa-0000-4000-8000-000000000000"
replica_regions = ["eu-central-1"]
replica_kms_key_ids = { "eu-central-1" = "alias/keys" }
grant = "both"
tags = { CostCenter = "42", "Équipe" = "" }
deletion_recovery_days = 7
[discovery]
mode = "direct"
[limits]
max_changes = 1
max_changes_per_account = 2
concurrency = 3
users_per_account = 4
iam_rate = 12.5
iam_share = 1
)");
  EXPECT_EQ(settings.store.location, rotation::StoreLocation::central);
  EXPECT_EQ(settings.store.region, Region("eu-west-1"));
  EXPECT_EQ(settings.store.name_template, "keys/{account}/{user}/access-key");
  EXPECT_EQ(settings.store.replica_regions, std::vector{Region("eu-central-1")});
  EXPECT_EQ(settings.store.replica_kms_key_ids.at(Region("eu-central-1")), "alias/keys");
  EXPECT_EQ(settings.store.grant, rotation::Grant::both);
  EXPECT_EQ(settings.store.deletion_recovery_days, 7);
  EXPECT_EQ(settings.store.tags, (std::map<std::string, std::string>{{"CostCenter", "42"}, {"Équipe", ""}}));
  EXPECT_EQ(settings.discovery, rotation::Discovery::direct);
  EXPECT_EQ(settings.limits.max_changes, 1U);
  EXPECT_EQ(settings.limits.max_changes_per_account, 2U);
  EXPECT_EQ(settings.limits.concurrency, 3U);
  EXPECT_EQ(settings.limits.users_per_account, 4U);
  EXPECT_EQ(settings.limits.iam_rate, 12.5);
  EXPECT_EQ(settings.limits.iam_share, 1.0);
}

/// Breaks a file in one to four places: bytes and lines dropped, doubled, swapped, replaced by what TOML finds meaning
/// in.
std::string mutated(std::string text, std::mt19937_64& random) {
  static const std::vector<std::string> scraps{"[",
                                               "]",
                                               "[[",
                                               "\"",
                                               "'''",
                                               "=",
                                               ".",
                                               "{",
                                               "}",
                                               "\n",
                                               "#",
                                               ",",
                                               "\\u",
                                               "-1",
                                               "1e9999",
                                               "9223372036854775808",
                                               "2027-02-30",
                                               "07:61",
                                               "true",
                                               "\xff",
                                               "\xef\xbb\xbf",
                                               std::string(1, '\0'),
                                               "a.b.c.d",
                                               "inf",
                                               "[[exempt.user]]\n"};
  const auto below = [&](std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random); };
  for (std::size_t left = 1 + below(4); left > 0; --left) {
    if (text.empty()) return text;
    const auto at = below(text.size());
    const auto length = std::min(text.size() - at, 1 + below(40));
    switch (below(5)) {
      case 0: text.erase(at, length); break;
      case 1: text.insert(at, text.substr(at, length)); break;
      case 2: text[at] = static_cast<char>(below(256)); break;
      case 3: text.insert(at, scraps[below(scraps.size())]); break;
      default: text.insert(below(text.size()), text.substr(at, length)); break;
    }
  }
  return text;
}

TEST(Config, NoMutatedFileCrashesTheParser) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RecordProperty("seed", std::to_string(seed));
  std::mt19937_64 random(seed);
  const std::vector<std::string> starts{starter_file(), with_examples("#[accounts]"), with_examples("#[[override]]")};
  int taken = 0;
  for (int round = 0; round < 3000; ++round) {
    const auto text = mutated(starts[static_cast<std::size_t>(round) % starts.size()], random);
    const auto settings = parse(text, "rekeyer.toml");
    if (settings) {
      ++taken;
      continue;
    }
    ASSERT_FALSE(settings.error().empty()) << "round " << round;
    for (const auto& problem : settings.error()) {
      ASSERT_GE(problem.line, 1) << "round " << round << ": " << problem.message;
      ASSERT_EQ(problem.message.find('\n'), std::string::npos) << "round " << round << ": " << problem.message;
    }
  }
  EXPECT_GT(taken, 30) << "what is refused at once tries little of the parser";
  EXPECT_LT(taken, 2970) << "what is taken has no problem to look at";
}

TEST(Config, AProblemIsOneLineWhateverTheFileHolds) {
  const auto settings = parse("a = fals\nb = 1\n", "rekeyer.toml");
  ASSERT_FALSE(settings);
  ASSERT_FALSE(settings.error().empty());
  for (const auto& problem : settings.error()) EXPECT_EQ(problem.message.find('\n'), std::string::npos);
}

TEST(Config, AnyLetterMayStandInStringsAndComments) {
  const auto settings = good(
      "\xef\xbb\xbf# Schlüssel\r\n[[exempt.user]] # ﻌ\r\nmatch = { user = 'a' }\r\n"
      "reason = \"Gro\\\"ß ﻌ # no comment\"\r\n");
  ASSERT_EQ(settings.policy.exempt_users.size(), 1U);
  EXPECT_EQ(settings.policy.exempt_users[0].exemption.reason, "Gro\"ß ﻌ # no comment");
}

TEST(Config, ANameOfEndlessPartsIsRefusedNotFollowed) {
  std::string name = "a";
  for (int i = 0; i < 200'000; ++i) name += ".a";
  for (const auto& text : {"[" + name + "]\n", name + " = 1\n", "x = { " + name + " = 1 }\n"}) {
    const auto settings = parse(text, "rekeyer.toml");
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().front().message, "a name of too many parts");
  }
}

}  // namespace
}  // namespace rekeyer::config
