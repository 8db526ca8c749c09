// [notify], its channels and [owner]: good files, what each gives, and what follows from there being a channel.
#include <gtest/gtest.h>

#include <algorithm>

#include "config/config.hpp"
#include "policy/precedence.hpp"

namespace rekeyer::config {
namespace {

using notify::ChannelKind;
using notify::OwnerSource;

Configuration good_file(const std::string& text) {
  auto configuration = parse(text, "rekeyer.toml");
  if (configuration) return *std::move(configuration);
  for (const auto& problem : configuration.error()) ADD_FAILURE() << describe(problem);
  return {};
}

const std::string to_file = "[[notify.channel]]\ntype = \"file\"\npath = \"-\"\n";
const std::string by_mail = "[notify]\nfrom = \"keys@example.com\"\n[[notify.channel]]\ntype = \"ses\"\n";

TEST(NotifyConfig, NotifyIsRead) {
  const auto configuration = good_file(R"([notify]
from = "Access keys <access-keys@example.com>"
reply_to = ["help@example.com"]
administrators = ["ops@example.com", "security@example.com"]
account_digest = true
weekly = "monday"
templates = "s3://example-bucket/rekeyer/mails"
unreachable_after = "3d12h"
help_url = "https://wiki.example.com/access-keys?page=1#top"
warn_days = [1, 14, 3]
[[notify.channel]]
type = "ses"
)");
  const auto& settings = configuration.notify;
  EXPECT_EQ(settings.from, "Access keys <access-keys@example.com>");
  EXPECT_EQ(settings.reply_to, std::vector<std::string>{"help@example.com"});
  EXPECT_EQ(settings.administrators, (std::vector<std::string>{"ops@example.com", "security@example.com"}));
  EXPECT_TRUE(settings.account_digest);
  EXPECT_EQ(settings.weekly, std::chrono::Monday);
  EXPECT_EQ(settings.templates, "s3://example-bucket/rekeyer/mails");
  EXPECT_EQ(settings.unreachable_after, std::chrono::hours{84});
  EXPECT_EQ(settings.help_url, "https://wiki.example.com/access-keys?page=1#top");
  EXPECT_EQ(configuration.rotation.notices.warn_days, (std::vector{14, 3, 1})) << "sorted, whatever their order";
}

TEST(NotifyConfig, EveryDayOfTheWeekIsKnown) {
  const std::vector<std::string> days{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
  for (unsigned i = 0; i < days.size(); ++i) {
    const auto text = "[notify]\nweekly = \"" + days[i] + "\"\nadministrators = [\"a@example.com\"]\nfrom = " +
                      "\"b@example.com\"\n[[notify.channel]]\ntype = \"ses\"\n";
    EXPECT_EQ(good_file(text).notify.weekly, std::chrono::weekday{i}) << days[i];
  }
}

TEST(NotifyConfig, NoWarningsAreAChoiceToo) {
  EXPECT_TRUE(good_file("[notify]\nwarn_days = []\n" + to_file).rotation.notices.warn_days.empty());
}

TEST(NotifyConfig, MailChannelsAreRead) {
  const auto channels = good_file(R"([notify]
from = "keys@example.com"
[[notify.channel]]
type = "ses"
rate = 14
identity_arn = "arn:aws:ses:eu-west-1:111111111111:identity/keys@example.com"
configuration_set = "access-keys"
[[notify.channel]]
name = "inner"
type = "smtp"
rate = 0.5
host = "mail.internal"
port = 2525
security = "starttls"
user_parameter = "/rekeyer/user"
password_parameter = "arn:aws:ssm:eu-west-1:111111111111:parameter/rekeyer/password"
)")
                            .notify.channels;
  ASSERT_EQ(channels.size(), 2U);
  EXPECT_EQ(channels[0].kind, ChannelKind::ses);
  EXPECT_EQ(channels[0].name, "ses") << "its type, where it has no name";
  EXPECT_EQ(channels[0].rate, 14.0);
  EXPECT_EQ(channels[0].identity_arn, "arn:aws:ses:eu-west-1:111111111111:identity/keys@example.com");
  EXPECT_EQ(channels[0].region, Region("eu-west-1")) << "the identity's";
  EXPECT_EQ(channels[0].configuration_set, "access-keys");
  EXPECT_EQ(channels[1].kind, ChannelKind::smtp);
  EXPECT_EQ(channels[1].name, "inner");
  EXPECT_EQ(channels[1].rate, 0.5);
  EXPECT_EQ(channels[1].host, "mail.internal");
  EXPECT_EQ(channels[1].port, 2525);
  EXPECT_EQ(channels[1].security, notify::SmtpSecurity::starttls);
  EXPECT_EQ(channels[1].user_parameter, "/rekeyer/user");
  EXPECT_EQ(channels[1].password_parameter, "arn:aws:ssm:eu-west-1:111111111111:parameter/rekeyer/password");
}

TEST(NotifyConfig, EventChannelsAreRead) {
  const auto channels = good_file(R"(
[[notify.channel]]
type = "sns"
topic_arn = "arn:aws:sns:eu-central-1:111111111111:keys.fifo"
events = ["rotated", "exemption-ending"]
[[notify.channel]]
name = "slack"
type = "webhook"
url_parameter = "/rekeyer/slack"
body = "slack"
[[notify.channel]]
name = "own"
type = "webhook"
url = "http://127.0.0.1:8080/hook"
hmac_parameter = "/rekeyer/signature"
[[notify.channel]]
type = "eventbridge"
bus = "arn:aws:events:us-west-2:111111111111:event-bus/security"
[[notify.channel]]
name = "second"
type = "eventbridge"
region = "eu-west-1"
[[notify.channel]]
type = "file"
path = "notices.jsonl"
)")
                            .notify.channels;
  ASSERT_EQ(channels.size(), 6U);
  EXPECT_EQ(channels[0].topic_arn, "arn:aws:sns:eu-central-1:111111111111:keys.fifo");
  EXPECT_EQ(channels[0].region, Region("eu-central-1")) << "the topic's";
  EXPECT_EQ(channels[0].events, (std::vector{policy::NoticeKind::rotated, policy::NoticeKind::exemption_ending}));
  EXPECT_EQ(channels[1].url_parameter, "/rekeyer/slack");
  EXPECT_EQ(channels[1].body, notify::WebhookBody::slack);
  EXPECT_EQ(channels[2].url, "http://127.0.0.1:8080/hook");
  EXPECT_EQ(channels[2].hmac_parameter, "/rekeyer/signature");
  EXPECT_EQ(channels[2].body, notify::WebhookBody::json);
  EXPECT_EQ(channels[3].region, Region("us-west-2")) << "the bus's";
  EXPECT_EQ(channels[4].region, Region("eu-west-1"));
  EXPECT_EQ(channels[4].bus, "");
  EXPECT_EQ(channels[5].path, "notices.jsonl");
  EXPECT_TRUE(channels[5].events.empty()) << "all";
}

TEST(NotifyConfig, AFileTakesMailsToo) {
  const auto settings =
      good_file("[notify]\nadministrators = [\"ops@example.com\"]\nhelp_url = \"https://example.com\"\n" + to_file)
          .notify;
  EXPECT_EQ(settings.administrators.size(), 1U);
  EXPECT_TRUE(settings.from.empty());
}

TEST(NotifyConfig, UrlsToThisMachineNeedNoEncryption) {
  for (const char* url :
       {"http://localhost/hook", "http://127.0.0.1:9", "http://[::1]:8080/x", "https://example.com"}) {
    good_file("[[notify.channel]]\ntype = \"webhook\"\nurl = \"" + std::string(url) + "\"\n");
  }
}

TEST(NotifyConfig, OwnersAreRead) {
  const auto owner = good_file(R"([owner]
chain = ["group", "user-tag", "alternate-contact", "default"]
tag = "Contact"
alternate_contacts = ["billing"]
default = ["ops@example.com"]
[owner.groups]
payments = ["payments@example.com", "oncall@example.com"]
"team+x" = ["x@example.com"]
[owner.names]
ann = ["ann@example.com"]
)" + to_file)
                         .notify.owner;
  EXPECT_EQ(owner.chain, (std::vector{OwnerSource::group, OwnerSource::user_tag, OwnerSource::alternate_contact,
                                      OwnerSource::fallback}));
  EXPECT_EQ(owner.tag, "Contact");
  EXPECT_EQ(owner.alternate_contacts, std::vector<std::string>{"billing"});
  EXPECT_EQ(owner.fallback, std::vector<std::string>{"ops@example.com"});
  EXPECT_EQ(owner.groups.at("payments"), (std::vector<std::string>{"payments@example.com", "oncall@example.com"}));
  EXPECT_EQ(owner.groups.at("team+x"), std::vector<std::string>{"x@example.com"});
  EXPECT_EQ(owner.names.at("ann"), std::vector<std::string>{"ann@example.com"});
}

TEST(NotifyConfig, OwnersTagIsOfUseWithoutAnyChannel) {
  EXPECT_EQ(good_file("[owner]\ntag = \"Contact\"\n").notify.owner.tag, "Contact");
}

TEST(NotifyConfig, WithFixedAccountsOrganizationsIsNotAskedForOwners) {
  const auto chain = good_file("[accounts]\n\"111111111111\" = [\"*\"]\n" + to_file).notify.owner.chain;
  EXPECT_EQ(chain, (std::vector{OwnerSource::user_tag, OwnerSource::group, OwnerSource::alternate_contact,
                                OwnerSource::fallback}));
}

TEST(NotifyConfig, AChannelMakesNoticeRequired) {
  const auto without = good_file("").rotation;
  EXPECT_FALSE(without.notices.enabled);
  EXPECT_FALSE(without.policy.organisation.require_notice);
  const auto with = good_file(by_mail).rotation;
  EXPECT_TRUE(with.notices.enabled);
  ASSERT_TRUE(with.policy.organisation.require_notice);
  EXPECT_TRUE(with.policy.organisation.require_notice->value);
  EXPECT_EQ(with.policy.organisation.require_notice->source, "default, since [notify] has a channel");
}

TEST(NotifyConfig, WhatTheFileSaysOfRequiredNoticeHolds) {
  const auto off =
      good_file("[policy]\nrequire_notice = false\n" + by_mail).rotation.policy.organisation.require_notice;
  ASSERT_TRUE(off);
  EXPECT_FALSE(off->value);
  EXPECT_EQ(off->source, "rekeyer.toml:2");
  const auto on = good_file("[policy]\nrequire_notice = true\nnotice_period = \"36h\"\n" + by_mail).rotation.policy;
  EXPECT_EQ(on.organisation.require_notice->source, "rekeyer.toml:2");
  EXPECT_EQ(on.organisation.notice_period->value, std::chrono::hours{36});
}

TEST(NotifyConfig, OverridesMayLetSomeGoUntold) {
  const auto policy =
      good_file("[[override]]\nmatch = { user = \"ci-*\" }\nrequire_notice = false\n" + by_mail).rotation.policy;
  policy::Subject subject;
  subject.user = UserName("ci-deploy");
  EXPECT_FALSE(policy::effective_rules(policy, subject)->require_notice.value);
  subject.user = UserName("ann");
  EXPECT_TRUE(policy::effective_rules(policy, subject)->require_notice.value);
}

}  // namespace
}  // namespace rekeyer::config
