// Bad files, one thing wrong in each: where the problem is said to be, and what is said.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "config/bad_files.hpp"
#include "config/config.hpp"

namespace rekeyer::config {
namespace {

constexpr std::string_view central = "[store]\nlocation = \"central\"\n";

TEST(ConfigProblems, SyntaxAndShape) {
  constexpr Bad rows[] = {
      {"[policy]\nrotation_period = \n", 2, "not valid TOML: "},
      {"[policy\n", 1, "not valid TOML: "},
      {"[policy]\n\n[store]\n\n[policy]\n", 5, "under the heading that stands above already"},
      {"[policy]\nin_use = \"hold\"\nin_use = \"warn\"\n", 3, "not valid TOML: "},
      {"\n[accounts]\n\"111111111111\" = [\"a\"]\n\"111111111111\" = [\"b\"]\n", 4, "not valid TOML: "},
      {"a = \"\xff\"\n", 1, "not valid TOML: "},
      {"\xef\xbb\x8c", 1, "outside quotes there are plain letters, digits and signs only"},
      {"[policy]\nin_use = “hold”\n", 2, "outside quotes there are plain letters, digits and signs only"},
      {"[policy]\nin_use = \"\"\"hold\"\"\"\n", 2, "strings of several lines are not used here"},
      {"e=04l0\"\xc8\x80", 1, "not valid TOML"},
      {"[owner]\ntag = 'Großmutter'\n", 2, "letters outside ASCII need \"double quotes\" here"},
      {"# \xed\xa0\x80 half a pair\n", 1, "the file is not UTF-8"},
      {"# \xc0\xaf too long\n", 1, "the file is not UTF-8"},
      {"# cut \xe2\x82", 1, "the file is not UTF-8"},
      {"[policy]\n\n[.a]\n[store]\n", 3, "not valid TOML: this line makes no sense"},
      {"[.a]", 1, "not valid TOML: this line makes no sense"},
      {"[polcy]\n", 1, "unknown table \"polcy\"; did you mean `policy`?"},
      {"[[overrides]]\n", 1, "unknown table \"overrides\"; did you mean `override`?"},
      {"[something]\nelse = 1\n", 1, "unknown table \"something\""},
      {"rotation_period = \"90d\"\n", 1, "unknown key \"rotation_period\"; write it below [policy]"},
      {"[policy]\n\nrotation_perod = \"90d\"\n", 3,
       "unknown key \"rotation_perod\" in [policy]; did you mean `rotation_period`?"},
      {"[policy]\nmax_changes = 5\n", 2, "unknown key \"max_changes\" in [policy]; it belongs to [limits]"},
      {"[exempt]\nlist = []\n", 2, "unknown key \"list\" in [exempt]"},
      {"[override]\nmatch = { user = \"a\" }\n", 1,
       "`override` must be a list of tables, not a table; write [[override]]"},
      {"[[policy]]\n", 1, "`policy` must be a table, not a list; write [policy]"},
      {"store = 1\n", 1, "`store` must be a table, not an integer; write [store]"},
      {"override = [1]\n", 1, "`override` must hold tables only, not an integer"},
      {"[exempt.user]\nreason = \"r\"\n", 1,
       "`exempt.user` must be a list of tables, not a table; write [[exempt.user]]"},
      {"[\"a\\u001b[31m\"]\n", 1, "unknown table \"a\\u001b[31m\""},
  };
  expect_problems(rows);
}

TEST(ConfigProblems, Organization) {
  constexpr Bad rows[] = {
      {"[organization]\nmember_role = \"\"\n", 2, "`organization.member_role`: \"\" is not a role's name"},
      {"[organization]\nmember_role = \"arn:aws:iam::111111111111:role/x\"\n", 2, "give the role's name only"},
      {"[organization]\nmember_role = 'a b'\n", 2, "is not a role's name"},
      {"[organization]\nmember_role = 1\n", 2, "`organization.member_role` must be a string, not an integer"},
      {"[organization]\nexternal_id = \"x\"\n", 2, "`organization.external_id`: must have 2 to 1224"},
      {"[organization]\nlist_role_arn = \"reader\"\n", 2, "\"reader\" is not a role's ARN"},
      {"[organization]\nlist_role_arn = \"arn:aws:iam::1:role/x\"\n", 2, "is not a role's ARN"},
      {"[organization]\ninclude_ous = \"ou-ab12-cdef3456\"\n", 2,
       "must be a list of strings, not a string; write [\"ou-ab12-cdef3456\"]"},
      {"[organization]\ninclude_ous = [\n  \"ou-ab12-cdef3456\",\n  \"ou-AB12-cdef3456\"]\n", 4,
       "`organization.include_ous`: \"ou-AB12-cdef3456\" is not the id of an organizational unit"},
      {"[organization]\nexclude_ous = [\"sandbox\"]\n", 2, "\"sandbox\" is not the id of an organizational unit"},
      {"[organization]\ninclude_accounts = [\"11111111111\"]\n", 2,
       "\"11111111111\" is not an account id, which has twelve"},
      {"[organization]\ninclude_accounts = [111111111111]\n", 2,
       "must hold strings only, not an integer; put it in quotes"},
      {"[organization]\nexclude_accounts = [\"111111111111\",\n\"111111111111\"]\n", 3,
       "\"111111111111\" stands twice"},
      {"[organization]\nmanagement_account = \"yes\"\n", 2, "must be true or false, without quotes, not a string"},
      {"[organization]\nown_account = \"rol\"\n", 2, "must be one of direct, role, not \"rol\"; did you mean `role`?"},
      {"[organization]\ninclude_accounts = [\"111111111111\"]\nexclude_accounts = [\"111111111111\"]\n", 3,
       "111111111111 is both in include_accounts and in exclude_accounts"},
      {"[organization]\ninclude_ous = [\"r-ab12\"]\nexclude_ous = [\"r-ab12\"]\n", 3, "r-ab12 is both in include_ous"},
  };
  expect_problems(rows);
}

TEST(ConfigProblems, Accounts) {
  constexpr Bad rows[] = {
      {"[accounts]\n", 1, "[accounts] names no account"},
      {"[accounts]\n123 = [\"a\"]\n", 2, "in [accounts]: \"123\" is not an account id, which has twelve digits"},
      {"[accounts]\nmember_role = \"x\"\n", 2, "that key belongs to [organization]"},
      {"[accounts]\n\"111111111111\" = []\n", 2, "names no user; write [\"*\"] for all"},
      {"[accounts]\n\"111111111111\" = \"*\"\n", 2, "must be a list of strings, not a string; write [\"*\"]"},
      {"[accounts]\n\"111111111111\" = [\"*\", \"a\"]\n", 2, "\"*\" means all users, so it stands alone"},
      {"[accounts]\n\"111111111111\" = [\"Ann\", \"ann\"]\n", 2, "\"ann\" stands twice"},
      {"[accounts]\n\"111111111111\" = [\"a/b\"]\n", 2, "\"a/b\" is not a user's name"},
      {"[organization]\ninclude_ous = [\"r-ab12\"]\n[accounts]\n\"111111111111\" = [\"*\"]\n", 2,
       "`organization.include_ous` has no effect with [accounts]"},
      {"[accounts]\n\"111111111111\" = [\"*\"]\n[organization]\nmanagement_account = true\n", 4,
       "`organization.management_account` has no effect with [accounts]"},
      {"[accounts]\n\"111111111111\" = [\"*\"]\n[[override]]\nmatch = { ou = \"r-ab12\" }\nin_use = \"warn\"\n", 4,
       "`match.ou` can't match with [accounts]"},
      {"[accounts]\n\"111111111111\" = [\"*\"]\n[[override]]\nmatch = { account = \"222222222222\" }\nin_use = "
       "\"warn\"\n",
       4, "`match.account` names 222222222222, which [accounts] does not"},
  };
  expect_problems(rows);
}

TEST(ConfigProblems, Policy) {
  constexpr Bad rows[] = {
      {"[policy]\nrotation_period = 90\n", 2,
       "`policy.rotation_period` must be a string, not an integer; write \"90d\""},
      {"[policy]\nrotation_period = \"90\"\n", 2, "rotation_period"},
      {"[policy]\nrotation_period = \"90 days\"\n", 2, "rotation_period"},
      {"[policy]\nrotation_period = \"0d\"\n", 2, "rotation_period"},
      {"[policy]\nrotation_period = 2027-01-31\n", 2, "must be a string, not a date"},
      {"[policy]\nrotation_period = \"1\\nd\"\n", 2, "must be one line without control characters"},
      {"[policy]\nwarn_period = \"never\"\n", 2, "warn_period"},
      {"[policy]\nin_use = \"holt\"\n", 2, "did you mean \"hold\"?"},
      {"[policy]\ntwo_active = true\n", 2, "`policy.two_active` must be a string, not a boolean"},
      {"[policy]\ntag = \"aws:x\"\n", 2, "\"aws:x\" is reserved"},
      {"[policy]\ntag = \"a!b\"\n", 2, "\"a!b\" is not a tag's key"},
      {"[policy]\ntag = \"rekeyer:exempt\"\n", 2, "`exempt.tag` and `policy.tag` are both \"rekeyer:exempt\""},
      {"[policy]\nrequire_notice = \"true\"\n", 2,
       "`policy.require_notice` must be true or false, without quotes, not a string"},
      {"[policy]\nrequire_notice = 1\n", 2, "must be true or false, without quotes, not an integer"},
      {"[policy]\nnotice_period = \"31d\"\n", 2, "notice_period = \"31d\" is outside 0d to 30d"},
      {"[policy]\nrotation_period = \"15d\"\n", 1, "[policy]: rotation_period (15d) is shorter than"},
  };
  expect_problems(rows);
}

TEST(ConfigProblems, Overrides) {
  constexpr Bad rows[] = {
      {"\n[[override]]\nrotation_period = \"30d\"\n", 2, "[[override]] has no `match`"},
      {"[[override]]\nmatch = { user = \"a\" }\n", 1, "[[override]] changes no rule"},
      {"[[override]]\nmatch = {}\nin_use = \"warn\"\n", 2, "`match` is empty, so it would match everybody"},
      {"[[override]]\nmatch = \"ci-*\"\nin_use = \"warn\"\n", 2,
       "`match` must be a table, not a string; write { user ="},
      {"[[override]]\nmatch = { users = \"a\" }\nin_use = \"warn\"\n", 2,
       "unknown key \"users\" in [match]; did you mean `user`?"},
      {"[[override]]\nmatch = { user = \"a b\" }\nin_use = \"warn\"\n", 2, "\"a b\" matches no user's name"},
      {"[[override]]\nmatch = { path = \"ci/\" }\nin_use = \"warn\"\n", 2, "paths begin with /"},
      {"[[override]]\nmatch = { tag = \"team\" }\nin_use = \"warn\"\n", 2, "\"team=*\" for any value"},
      {"[[override]]\nmatch = { tag = \"=x\" }\nin_use = \"warn\"\n", 2, "is not a tag's key"},
      {"[[override]]\nmatch = { account = \"1\" }\nin_use = \"warn\"\n", 2, "\"1\" is not an account id"},
      {"[[override]]\nmatch = { ou = \"x\" }\nin_use = \"warn\"\n", 2, "\"x\" is not the id of an organizational unit"},
      {"[[override]]\nmatch = { user = \"a\" }\nrotation_perod = \"30d\"\n", 3,
       "unknown key \"rotation_perod\" in [[override]]; did you mean `rotation_period`?"},
      {"[[override]]\nmatch = { user = \"a\" }\nrotation_period = \"30\"\n", 3, "rotation_period"},
      {"[[override]]\nmatch = { user = \"a\" }\nrotation_period = \"15d\"\n", 1,
       "[[override]], together with [policy]: rotation_period (15d) is shorter than"},
      {"[[override]]\nmatch = { user = \"a\" }\nreason = \"r\"\nin_use = \"warn\"\n", 3,
       "unknown key \"reason\" in [[override]]; it belongs to [[exempt.user]]"},
  };
  expect_problems(rows);
}

TEST(ConfigProblems, Exemptions) {
  constexpr Bad rows[] = {
      {"[exempt]\ngroup = \"a b\"\n", 2, "`exempt.group`: \"a b\" is not a group's name"},
      {"[exempt]\ngroup = [\"a\"]\n", 2, "`exempt.group` must be a string, not a list"},
      {"[[exempt.user]]\nmatch = { user = \"a\" }\n", 1, "[[exempt.user]] has no `reason`"},
      {"[[exempt.user]]\nreason = \"r\"\n", 1, "[[exempt.user]] has no `match`"},
      {"[[exempt.user]]\nmatch = { user = \"a\" }\nreason = \"  \"\n", 3, "`exempt.user.reason` must say why"},
      {"[[exempt.user]]\nmatch = { user = \"a\" }\nreason = \"r\"\nuntil = \"2027-01-31\"\n", 4,
       "must be a date without quotes"},
      {"[[exempt.user]]\nmatch = { user = \"a\" }\nreason = \"r\"\nuntil = 2027-01-31T00:00:00Z\n", 4,
       "without a time, such as 2027-01-31"},
      {"[[exempt.user]]\nmatch = { user = \"a\" }\nreason = \"r\"\nuntil = 2027-02-30\n", 4, "not valid TOML"},
      {"[[exempt.user]]\nmatch = { user = \"a\" }\nreason = \"r\"\nuntil = 5\n", 4,
       "such as 2027-01-31, not an integer"},
      {"[[exempt.user]]\nmatch = { user = \"a\" }\nreason = \"r\"\nin_use = \"warn\"\n", 4,
       "unknown key \"in_use\" in [[exempt.user]]; it belongs to [policy]"},
  };
  expect_problems(rows);
}

TEST(ConfigProblems, TagsOfSecrets) {
  constexpr Bad rows[] = {
      {"[store]\ntags = \"x\"\n", 2, "`store.tags` must be a table, not a string; write { CostCenter = \"42\" }"},
      {"[store]\ntags = { Team = 5 }\n", 2, "`store.tags.Team` must be a string"},
      {"[store.tags]\n\"aws:x\" = \"y\"\n", 2, "is reserved: AWS sets tags that begin with aws: itself"},
      {"[store.tags]\n\"Rekeyer:custody\" = \"y\"\n", 2, "is reserved: rekeyer keeps its own records"},
      {"[store.tags]\n\"a;b\" = \"y\"\n", 2, "\"a;b\" is not a tag's key"},
      {"[store.tags]\n\"\" = \"y\"\n", 2, "\"\" is not a tag's key"},
      {"[store.tags]\na = \"<y>\"\n", 2, "\"<y>\" is not a tag's value"},
  };
  expect_problems(rows);
}

TEST(ConfigProblems, TagsOfSecretsAreBounded) {
  const auto problems_of = [](std::size_t tags, std::size_t value, std::size_t key) {
    std::string text = "[store.tags]\n";
    for (std::size_t i = 0; i < tags; ++i) {
      text += fmt::format("{}{:02} = \"{}\"\n", std::string(key - 2, 'k'), i, std::string(value, 'v'));
    }
    const auto configuration = parse(text, "rekeyer.toml");
    return configuration ? std::string("none") : configuration.error().front().message;
  };
  EXPECT_EQ(problems_of(40, 256, 128), "none");
  EXPECT_EQ(problems_of(41, 1, 2), "`store.tags` holds 41 tags, and 40 are the most");
  EXPECT_NE(problems_of(1, 257, 2).find("is not a tag's value"), std::string::npos);
  EXPECT_NE(problems_of(1, 1, 129).find("is not a tag's key"), std::string::npos);
}

TEST(ConfigProblems, NamesOfSessions) {
  constexpr Bad rows[] = {
      {"[organization]\nrole_session_name = \"\"\n", 2, "\"\" is not a session's name"},
      {"[organization]\nrole_session_name = \"a\"\n", 2, "\"a\" is not a session's name"},
      {"[organization]\nrole_session_name = \"a b\"\n", 2, "\"a b\" is not a session's name"},
      {"[organization]\nrole_session_name = \"{run}{run}\"\n", 2, "{run} in it, at most once"},
      {"[organization]\nrole_session_name = \"0123456789abcdef0123456789abcdef-{run}\"\n", 2,
       "is not a session's name"},
  };
  expect_problems(rows);
}

TEST(ConfigProblems, Store) {
  constexpr Bad rows[] = {
      {"[store]\nlocation = \"centrl\"\n", 2,
       "must be one of member, central, not \"centrl\"; did you mean `central`?"},
      {"[store]\nproof = \"alias/proofs\"\n", 2, "`store.proof` must be \"none\" or the ARN of a KMS key"},
      {"[store]\nlock = \"read\"\n", 2, "`store.lock` must be one of"},
      {"[store]\nwriters = [\"rekeyer\"]\n", 2, "\"rekeyer\" is not the ARN of a role or user"},
      {"[store]\nwriters = [\"arn:aws:iam::{account}:role/*\"]\n", 2, "is not the ARN of a role or user"},
      {"[store]\nreaders = [\"*\"]\n", 2, "\"*\" is not the ARN of a role or user"},
      {"[store]\nregion = \"us_east_1\"\n", 2, "\"us_east_1\" is not a region"},
      {"[store]\nregion = \"\"\n", 2, "\"\" is not a region"},
      {"[store]\nname = \"key\"\n", 2, "`store.name` must hold {user}"},
      {"[store]\nname = \"k/{acount}/{user}/key\"\n", 2,
       "unknown placeholder \"{acount}\"; there are {account} and {user}; did you mean `account`?"},
      {"[store]\nname = \"k/{{user}}/key\"\n", 2, "unknown placeholder"},
      {"[store]\nname = \"k/{user}/{user}/key\"\n", 2, "holds {user} twice"},
      {"[store]\nname = \"k/{user\"\n", 2, "holds a { without its }"},
      {"[store]\nname = \"k/user}\"\n", 2, "holds a } without its {"},
      {"[store]\nname = \"k/{user} key\"\n", 2, "may hold letters, digits and /_+=.@- only"},
      {"[store]\nname = \"key-of-{user}\"\n", 2, "can end in a hyphen and six letters or digits"},
      {"[store]\nname = \"k/{user}key\"\n", 2, "can end in a hyphen and six letters or digits"},
      {"[store]\nname = \"k/{user}-secret\"\n", 2, "can end in a hyphen and six letters or digits"},
      {"[store]\nname = \"{user}/{account}/key\"\n", 2, "must have something before {user}"},
      {"[store]\nname = 5\n", 2, "`store.name` must be a string, not an integer"},
      {"[store]\nkms_key_id = \"my key\"\n", 2, "\"my key\" is not a KMS key"},
      {"[store]\nkms_key_id = \"arn:aws:kms:eu-west-1:111111111111:key/a\"\n", 2, "and the secret is in us-east-1"},
      {"[store]\nkms_key_id = \"arn:aws:kms:us-east-1:1:key/a\"\n", 2, "is not a KMS key's ARN"},
      {"[store]\nreplica_regions = [\"us-east-1\"]\n", 2, "holds us-east-1, where the secrets are already"},
      {"[store]\nreplica_regions = [\"eu-west-1\", \"eu-west-1\"]\n", 2, "\"eu-west-1\" stands twice"},
      {"[store]\nreplica_kms_key_ids = { \"eu-west-1\" = \"k\" }\n", 2,
       "names eu-west-1, which is not in replica_regions"},
      {"[store]\nreplica_kms_key_ids = \"k\"\n", 2, "must be a table, not a string; write { \"eu-west-1\" = "},
      {"[store]\nreplica_regions = [\"eu-west-1\"]\nreplica_kms_key_ids = { \"eu-west-1\" = 5 }\n", 3,
       "`store.replica_kms_key_ids.eu-west-1` must be a string"},
      {"[store]\ngrant = \"secret_policy\"\n", 2, "did you mean `secret-policy`?"},
      {"[store]\ndeletion_recovery_days = 6\n", 2, "must be a whole number from 7 to 30, not 6"},
      {central, 2, "`store.kms_key_id` is required with location = \"central\""},
      {"[store]\nlocation = \"central\"\nkms_key_id = \"alias/aws/secretsmanager\"\n", 3, "must be a key of yours"},
      {"[store]\nlocation = \"central\"\nkms_key_id = \"alias/k\"\nname = \"k/{user}/key\"\n", 4,
       "must hold {account}"},
      {"[store]\nlocation = \"central\"\nkms_key_id = \"alias/k\"\ngrant = \"user-policy\"\n", 4, "write \"both\""},
      {"[store]\nlocation = \"central\"\nkms_key_id = \"alias/k\"\nreplica_regions = [\"eu-west-1\"]\n", 4,
       "`store.replica_kms_key_ids` must name a key for eu-west-1"},
  };
  expect_problems(rows);
}

TEST(ConfigProblems, DiscoveryAndLimits) {
  constexpr Bad rows[] = {
      {"[discovery]\nmode = \"reports\"\n", 2,
       "must be one of report, direct, not \"reports\"; did you mean `report`?"},
      {"[limits]\nmax_changes = 0\n", 2, "`limits.max_changes` must be a whole number from 1 to 1000000, not 0"},
      {"[limits]\nmax_changes_per_account = -1\n", 2, "not -1"},
      {"[limits]\nconcurrency = 1001\n", 2, "from 1 to 1000, not 1001"},
      {"[limits]\nconcurrency = 1.5\n", 2, "not a decimal number"},
      {"[limits]\nusers_per_account = \"4\"\n", 2, "from 1 to 64, not a string"},
      {"[limits]\niam_rate = 0.9\n", 2, "`limits.iam_rate` must be a number from 1 to 1000, not 0.9"},
      {"[limits]\niam_rate = 1001\n", 2, "from 1 to 1000, not 1001"},
      {"[limits]\niam_rate = true\n", 2, "from 1 to 1000, not "},
      {"[limits]\niam_share = 0\n", 2, "`limits.iam_share` must be a number more than 0 and at most 1, not 0"},
      {"[limits]\niam_share = -0.5\n", 2, "at most 1, not -0.5"},
      {"[limits]\niam_share = 1.01\n", 2, "at most 1, not 1.01"},
      {"[limits]\niam_share = nan\n", 2, "at most 1, not nan"},
      {"[limits]\niam_share = \"50%\"\n", 2, "at most 1, not a string"},
      {"[limits]\niam_rates = 5\n", 2, "did you mean `iam_rate`?"},
  };
  expect_problems(rows);
}

TEST(ConfigProblems, AllAreToldAtOnceInTheOrderOfTheFile) {
  const auto settings =
      parse("[store]\nlocation = \"centrl\"\ngrant = 1\n[limits]\nmax_changes = 0\n[polcy]\n", "a.toml");
  ASSERT_FALSE(settings);
  std::vector<int> lines;
  for (const auto& problem : settings.error()) lines.push_back(problem.line);
  EXPECT_EQ(lines, (std::vector{2, 3, 5, 6}));
  EXPECT_EQ(describe(settings.error()[3]), "a.toml:6:2: unknown table \"polcy\"; did you mean `policy`?");
}

TEST(ConfigProblems, AnExternalIdIsNeverShown) {
  const auto settings = parse("[organization]\nexternal_id = \"hush hush\"\n", "rekeyer.toml");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().front().message.find("hush"), std::string::npos);
}

}  // namespace
}  // namespace rekeyer::config
