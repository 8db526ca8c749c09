// Bad files about messages: [notify], [[notify.channel]] and [owner].
#include <gtest/gtest.h>

#include "config/bad_files.hpp"
#include "config/config.hpp"

namespace rekeyer::config {
namespace {

// Each begins on line 1, so that a row's own line 2, 3, … is easy to count.
#define FROM "[notify]\nfrom = \"keys@example.com\"\n"
#define SES "[[notify.channel]]\ntype = \"ses\"\n"
#define SMTP "[[notify.channel]]\ntype = \"smtp\"\n"
#define SNS "[[notify.channel]]\ntype = \"sns\"\n"
#define TOPIC "topic_arn = \"arn:aws:sns:eu-west-1:111111111111:keys\"\n"
#define WEBHOOK "[[notify.channel]]\ntype = \"webhook\"\n"
#define BUS "[[notify.channel]]\ntype = \"eventbridge\"\n"
#define TO_FILE "[[notify.channel]]\ntype = \"file\"\npath = \"-\"\n"
#define FIXED "[accounts]\n\"111111111111\" = [\"*\"]\n"

TEST(NotifyProblems, Values) {
  constexpr Bad rows[] = {
      {"[notify]\nfrom = \"\"\n" SES, 2, "`notify.from`: \"\" is not a mail address"},
      {"[notify]\nfrom = \"keys\"\n" SES, 2, "\"keys\" is not a mail address, such as ops@example.com"},
      {"[notify]\nfrom = \"Keys <keys>\"\n" SES, 2, "is not a sender, such as Access keys <access-keys@example.com>"},
      {"[notify]\nfrom = \"<keys@example.com>\"\n" SES, 2, "is not a sender"},
      {"[notify]\nfrom = \"Keys, Access <keys@example.com>\"\n" SES, 2, "is not a sender"},
      {"[notify]\nfrom = \"Keys <keys@example.com> x\"\n" SES, 2, "is not a sender"},
      {"[notify]\nfrom = \"a\\r\\nBcc: b@example.com <keys@example.com>\"\n" SES, 2,
       "must be one line without control characters"},
      {FROM "reply_to = [\"Ann <ann@example.com>\"]\n" SES, 3, "has a name; give the address alone"},
      {FROM "reply_to = \"ann@example.com\"\n" SES, 3, "must be a list of strings, not a string"},
      {FROM "administrators = [\"a@example.com\",\n\"a@Example.com\"]\n" SES, 4,
       "\"a@Example.com\" stands twice in `notify.administrators`: hosts ignore case"},
      {FROM "administrators = [\"m\xc3\xbcller@example.com\"]\n" SES, 3, "is not a mail address"},
      {FROM "account_digest = \"yes\"\n" SES, 3, "must be true or false"},
      {FROM "administrators = [\"a@example.com\"]\nweekly = \"mondays\"\n" SES, 4, "did you mean `monday`?"},
      {FROM "weekly = \"monday\"\n" SES, 3, "`notify.weekly` has no effect without `administrators`"},
      {FROM "templates = \"http://example.com/\"\n" SES, 3, "is neither a folder nor s3://bucket/prefix"},
      {FROM "templates = \"s3:/bucket/prefix\"\n" SES, 3, "is neither a folder nor s3://bucket/prefix"},
      {FROM "templates = \"s3://\"\n" SES, 3, "is neither a folder nor s3://bucket/prefix"},
      {FROM "unreachable_after = \"14\"\n" SES, 3, "must be a period from 1h to 365d, such as \"14d\", not \"14\""},
      {FROM "unreachable_after = \"366d\"\n" SES, 3, "must be a period from 1h to 365d"},
      {FROM "unreachable_after = 14\n" SES, 3, "must be a string, not an integer"},
      {FROM "help_url = \"wiki\"\n" SES, 3, "`notify.help_url`: is not a URL"},
      {FROM "help_url = \"https://\"\n" SES, 3, "is not a URL"},
      {FROM "help_url = \"https://ann:secret@wiki.example.com\"\n" SES, 3, "is not a URL"},
      {FROM "help_url = \"javascript:alert(1)\"\n" SES, 3, "is not a URL"},
      {FROM "warn_days = 7\n" SES, 3, "must be a list of whole numbers, such as [7, 3, 1], not an integer"},
      {FROM "warn_days = [\"7\"]\n" SES, 3, "must hold whole numbers only, not a string"},
      {FROM "warn_days = [7,\n0]\n" SES, 4, "must hold numbers from 1 to 90, not 0"},
      {FROM "warn_days = [91]\n" SES, 3, "must hold numbers from 1 to 90, not 91"},
      {FROM "warn_days = [7, 3, 7]\n" SES, 3, "7 stands twice in `notify.warn_days`"},
      {FROM "administrator = []\n" SES, 3, "did you mean `administrators`?"},
      {"[notify]\nchannel = \"ses\"\n", 2, "must be a list of tables, not a string; write [[notify.channel]]"},
      {"[notify]\nowner = \"ann@example.com\"\n", 2, "unknown key \"owner\" in [notify]"},
  };
  expect_problems(rows);
}

TEST(NotifyProblems, Channels) {
  constexpr Bad rows[] = {
      {"[[notify.channel]]\nname = \"a\"\n", 1, "[[notify.channel]] has no `type`; write type = \"ses\""},
      {"[[notify.channel]]\ntype = \"mail\"\n", 2, "must be one of ses, smtp, sns, webhook, eventbridge, file"},
      {"[[notify.channel]]\ntype = \"Slack\"\nurl = \"https://example.com\"\n", 2, "not \"Slack\""},
      {FROM SES SES, 5, "two channels are called \"ses\"; give this one a `name` of its own"},
      {TO_FILE "[[notify.channel]]\ntype = \"file\"\npath = \"b\"\nname = \"file\"\n", 7,
       "two channels are called \"file\""},
      {FROM SES "name = \"a b\"\n", 5, "\"a b\" is not a channel's name"},
      {FROM SES "rate = 0\n", 5, "`notify.channel.rate` must be a number from 0.1 to 1000"},
      {FROM SES "rate = nan\n", 5, "must be a number from 0.1 to 1000"},
      {FROM SES "rate = inf\n", 5, "must be a number from 0.1 to 1000"},
      {FROM SES "rate = \"10\"\n", 5, "must be a number from 0.1 to 1000, not a string"},
      {FROM SES "region = \"europe\"\n", 5, "\"europe\" is not a region"},
      {SES, 1, "[[notify.channel]] \"ses\" sends mails, so [notify] needs `from`"},
      {SMTP "host = \"mail.example.com\"\n", 1, "[[notify.channel]] \"smtp\" sends mails, so [notify] needs `from`"},
      {FROM SES "identity_arn = \"example.com\"\n", 5, "is not an identity's ARN"},
      {FROM SES "identity_arn = \"arn:aws:ses:eu-west-1:111111111111:identity/example.com\"\nregion = \"us-east-1\"\n",
       6, "`notify.channel.region` is us-east-1, and `identity_arn` is in eu-west-1"},
      {FROM SES "configuration_set = \"a b\"\n", 5, "is not a configuration set's name"},
      {FROM SES "host = \"mail.example.com\"\n", 5,
       "`notify.channel.host` is for type = \"smtp\"; this channel's type is \"ses\""},
      {FROM SES "events = [\"rotated\"]\n", 5,
       "is for type = \"sns\", \"webhook\", \"eventbridge\", \"file\"; this channel's type is \"ses\""},
      {FROM SMTP, 3, "of type \"smtp\" has no `host`; write host = \"mail.example.com\""},
      {FROM SMTP "host = \"mail:25\"\n", 5, "\"mail:25\" is not a server's name"},
      {FROM SMTP "host = \"a\"\nport = 0\n", 6, "must be a whole number from 1 to 65535, not 0"},
      {FROM SMTP "host = \"a\"\nsecurity = \"none\"\n", 6, "must be one of tls, starttls"},
      {FROM SMTP "host = \"a\"\nuser_parameter = \"u\"\n", 6,
       "`notify.channel.user_parameter` needs `password_parameter`"},
      {FROM SMTP "host = \"a\"\npassword_parameter = \"p\"\n", 6, "needs `user_parameter` too"},
      {FROM SMTP "host = \"a\"\nregion = \"eu-west-1\"\n", 6,
       "`notify.channel.region` is for type = \"ses\", \"sns\", \"eventbridge\""},
      {SNS, 1, "of type \"sns\" has no `topic_arn`"},
      {SNS "topic_arn = \"keys\"\n", 3, "\"keys\" is not a topic's ARN"},
      {SNS "topic_arn = \"arn:aws:sqs:eu-west-1:111111111111:keys\"\n", 3, "is not a topic's ARN"},
      {SNS "topic_arn = \"arn:aws:sns:eu-west-1:1:keys\"\n", 3, "is not a topic's ARN"},
      {SNS "topic_arn = \"arn:aws:sns:eu-west-1:111111111111:keys:0123\"\n", 3, "is not a topic's ARN"},
      {SNS TOPIC "region = \"eu-central-1\"\n", 4,
       "is eu-central-1, and `topic_arn` is in eu-west-1; remove the region"},
      {SNS TOPIC "events = []\n", 4, "`notify.channel.events` is empty, so nothing would be sent"},
      {SNS TOPIC "events = [\"rotate\"]\n", 4, "did you mean `rotated`?"},
      {SNS TOPIC "events = [\"rotated\", \"rotated\"]\n", 4, "\"rotated\" stands twice"},
      {SNS TOPIC "url = \"https://example.com\"\n", 4, "`notify.channel.url` is for type = \"webhook\""},
      {WEBHOOK, 1, "of type \"webhook\" has no `url_parameter`"},
      {WEBHOOK "url = \"https://example.com\"\nurl_parameter = \"/a\"\n", 4, "both say where to send; remove one"},
      {WEBHOOK "url = \"http://example.com/hook\"\n", 3, "http:// is for this machine only"},
      {WEBHOOK "url = \"http://127.0.0.1.example.com/hook\"\n", 3, "http:// is for this machine only"},
      {WEBHOOK "url = \"http://localhost@example.com/\"\n", 3, "is not a URL that begins with https://"},
      {WEBHOOK "url = \"example.com\"\n", 3, "`notify.channel.url`: is not a URL that begins with https://"},
      {WEBHOOK "url = \"https://exa mple.com\"\n", 3, "is not a URL that begins with https://"},
      {WEBHOOK "url = \"https://example.com:x/\"\n", 3, "is not a URL that begins with https://"},
      {WEBHOOK "url_parameter = \"https://example.com\"\n", 3, "is not the name of a Systems Manager parameter"},
      {WEBHOOK "url = \"https://example.com\"\nbody = \"slak\"\n", 4, "did you mean `slack`?"},
      {WEBHOOK "url = \"https://example.com\"\nbody = \"teams\"\nhmac_parameter = \"k\"\n", 5,
       "signs body = \"json\" only"},
      {BUS "bus = \"a bus\"\n", 3, "\"a bus\" is not an event bus"},
      {BUS "bus = \"arn:aws:events:eu-west-1:111111111111:rule/a\"\n", 3, "is not an event bus"},
      {BUS "bus = \"arn:aws:events:eu-west-1:111111111111:event-bus/a\"\nregion = \"us-east-1\"\n", 4,
       "and `bus` is in eu-west-1"},
      {BUS "path = \"a\"\n", 3, "`notify.channel.path` is for type = \"file\"; this channel's type is \"eventbridge\""},
      {"[[notify.channel]]\ntype = \"file\"\n", 1, "of type \"file\" has no `path`"},
      {"[[notify.channel]]\ntype = \"file\"\npath = \"\"\n", 3, "must name a file; \"-\" is standard output"},
      {TO_FILE "rate = 5\n", 4, "`notify.channel.rate` is for type = "},
      {TO_FILE "administrators = []\n", 4,
       "unknown key \"administrators\" in [[notify.channel]]; it belongs to [notify]"},
  };
  expect_problems(rows);
}

TEST(NotifyProblems, WhatNobodyWouldEverSee) {
  constexpr Bad rows[] = {
      {FROM, 2, "`notify.from` has no effect without a [[notify.channel]]; add one, or remove it"},
      {"[notify]\nadministrators = [\"a@example.com\"]\n", 2, "`notify.administrators` has no effect without a"},
      {"[notify]\nweekly = \"monday\"\n", 2, "`notify.weekly` has no effect without a"},
      {"[notify]\nunreachable_after = \"7d\"\n", 2, "`notify.unreachable_after` has no effect without a"},
      {"[notify]\nwarn_days = [5]\n", 2, "`notify.warn_days` has no effect without a"},
      {"[policy]\nnotice_period = \"2d\"\n", 2, "`policy.notice_period` has no effect without a"},
      {"[policy]\nrequire_notice = true\n", 2, "`policy.require_notice` needs a [[notify.channel]]"},
      {"[[override]]\nmatch = { user = \"a\" }\nrequire_notice = true\n", 1,
       "[[override]]: `require_notice` needs a [[notify.channel]]"},
      {"[notify]\nfrom = \"a@example.com\"\n" SNS TOPIC, 2,
       "`notify.from` has no effect: no [[notify.channel]] is of type \"ses\", \"smtp\" or \"file\""},
      {"[notify]\nadministrators = [\"a@example.com\"]\n" SNS TOPIC, 2, "`notify.administrators` has no effect: no"},
      {"[notify]\naccount_digest = true\n" SNS TOPIC, 2, "`notify.account_digest` has no effect: no"},
      {"[notify]\ntemplates = \"mails\"\n" SNS TOPIC, 2, "`notify.templates` has no effect: no"},
      {"[notify]\nhelp_url = \"https://example.com\"\n" SNS TOPIC, 2, "`notify.help_url` has no effect: no"},
      {FIXED FROM "account_digest = true\n" SES, 5, "`notify.account_digest` has no effect with [accounts]"},
      {"[policy]\ninstallation_grace = \"12h\"\n" TO_FILE, 1,
       "[policy]: notice_period (1d) is longer than installation_grace (12h)"},
      {"[policy]\nnotice_period = \"20d\"\n" TO_FILE, 1, "[policy]: notice_period (20d) is longer than"},
      {TO_FILE "[[override]]\nmatch = { user = \"a\" }\nrecovery_grace = \"2h\"\n", 4,
       "[[override]], together with [policy]: notice_period (1d) is longer than recovery_grace (2h)"},
  };
  expect_problems(rows);
}

TEST(NotifyProblems, Owners) {
  constexpr Bad rows[] = {
      {"[owner]\ntag = \"aws:owner\"\n", 2, "is reserved"},
      {"[owner]\naccount_tag = \"a!\"\n" TO_FILE, 2, "is not a tag's key"},
      {"[owner]\nchain = []\n" TO_FILE, 2, "`owner.chain` is empty, so nobody would have an owner"},
      {"[owner]\nchain = [\"group\",\n\"user_tag\"]\n" TO_FILE, 3,
       "\"user_tag\" is none of user-tag, group, account-tag, alternate-contact, account-email, default; did you mean "
       "`user-tag`?"},
      {"[owner]\nchain = \"default\"\n" TO_FILE, 2, "must be a list of strings, not a string"},
      {"[owner]\nchain = [\"group\", \"group\"]\n" TO_FILE, 2, "\"group\" stands twice"},
      {"[owner]\nalternate_contacts = [\"Security\"]\n" TO_FILE, 2,
       "\"Security\" is none of security, operations, billing; did you mean `security`?"},
      {"[owner]\ndefault = [\"ops\"]\n" TO_FILE, 2, "`owner.default`: \"ops\" is not a mail address"},
      {"[owner]\ndomains = [\"*.example.com\"]\n" TO_FILE, 2,
       "`owner.domains`: \"*.example.com\" is not a mail domain such as example.com"},
      {"[owner]\ndomains = [\"a@example.com\"]\n" TO_FILE, 2, "is not a mail domain"},
      {"[owner]\ndomains = \"example.com\"\n" TO_FILE, 2, "must be a list of strings, not a string"},
      {"[owner]\ndefaults = []\n" TO_FILE, 2, "unknown key \"defaults\" in [owner]; did you mean `default`?"},
      {"[owner.groups]\n\"a b\" = [\"a@example.com\"]\n" TO_FILE, 2,
       "in [owner.groups]: \"a b\" is not a group's name"},
      {"[owner.groups]\na = [\"x\"]\n" TO_FILE, 2, "`owner.groups.a`: \"x\" is not a mail address"},
      {"[owner.groups]\na = \"a@example.com\"\n" TO_FILE, 2, "must be a list of strings, not a string"},
      {"[owner.groups]\na = []\n" TO_FILE, 2, "`owner.groups.a` names no address"},
      {"[owner.groups]\nA = [\"a@example.com\"]\na = [\"b@example.com\"]\n" TO_FILE, 3,
       "in [owner.groups]: \"a\" stands twice: case makes no difference"},
      {"[owner]\ngroups = [\"a\"]\n" TO_FILE, 2, "`owner.groups` must be a table, not a list; write [owner.groups]"},
      {"[owner.names]\n\"a b\" = [\"a@example.com\"]\n" TO_FILE, 2, "in [owner.names]: \"a b\" is not one word"},
      {"[owner.names]\n\"a@b\" = [\"a@example.com\"]\n" TO_FILE, 2, "is not one word"},
      {"[owner.names]\nann = [\"a@example.com\", \"a@EXAMPLE.com\"]\n" TO_FILE, 2, "stands twice in `owner.names.ann`"},
      {"[owner.people]\nann = [\"a@example.com\"]\n" TO_FILE, 1, "unknown key \"people\" in [owner]"},
  };
  expect_problems(rows);
}

TEST(NotifyProblems, OwnersThatNobodyAsksFor) {
  constexpr Bad rows[] = {
      {"[owner]\ndefault = [\"ops@example.com\"]\n", 2,
       "`owner.default` has no effect without a [[notify.channel]]; add one, or remove it"},
      {"[owner]\nchain = [\"default\"]\n", 2, "`owner.chain` has no effect without a"},
      {"[owner.groups]\na = [\"a@example.com\"]\n", 1, "`owner.groups` has no effect without a"},
      {"[owner.names]\na = [\"a@example.com\"]\n", 1, "`owner.names` has no effect without a"},
      {"[owner]\nchain = [\"default\"]\ngroups = { a = [\"a@example.com\"] }\n" TO_FILE, 3,
       "`owner.groups` has no effect: `owner.chain` does not hold group"},
      {"[owner]\nchain = [\"default\"]\nnames = { a = [\"a@example.com\"] }\n" TO_FILE, 3,
       "`owner.names` has no effect: `owner.chain` does not hold user-tag"},
      {"[owner]\nchain = [\"group\"]\ndefault = [\"ops@example.com\"]\n" TO_FILE, 3,
       "`owner.default` has no effect: `owner.chain` does not hold default"},
      {"[owner]\nchain = [\"group\"]\naccount_tag = \"team\"\n" TO_FILE, 3, "does not hold account-tag"},
      {"[owner]\nchain = [\"group\"]\nalternate_contacts = [\"billing\"]\n" TO_FILE, 3,
       "does not hold alternate-contact"},
      {"[owner]\nchain = [\"account-tag\"]\n" FIXED TO_FILE, 2,
       "`owner.chain` holds account-tag, which has no effect with [accounts]"},
      {"[owner]\naccount_tag = \"team\"\n" FIXED TO_FILE, 2, "`owner.account_tag` has no effect with [accounts]"},
  };
  expect_problems(rows);
}

TEST(NotifyProblems, WhatMayBeASecretIsNeverShown) {
  for (const char* text : {WEBHOOK "url = \"http://example.com/hush\"\n", WEBHOOK "url = \"hush\"\n",
                           WEBHOOK "url_parameter = \"hush hush\"\n",
                           FROM SMTP "host = \"a\"\nuser_parameter = \"u\"\npassword_parameter = \"hush!\"\n"}) {
    const auto settings = parse(text, "rekeyer.toml");
    ASSERT_FALSE(settings) << text;
    ASSERT_FALSE(settings.error().empty()) << text;
    for (const auto& problem : settings.error()) EXPECT_EQ(problem.message.find("hush"), std::string::npos) << text;
  }
}

TEST(NotifyProblems, AChannelOfUnknownTypeBringsNoFurtherProblems) {
  const auto settings =
      parse(FROM "[[notify.channel]]\ntype = \"mail\"\nhost = \"a\"\n[owner]\nchain = [\"default\"]\n", "rekeyer.toml");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().size(), 1U);
}

}  // namespace
}  // namespace rekeyer::config
