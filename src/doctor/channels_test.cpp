// Channels, and the owners' places, by what trying them came to.
#include "doctor/channels.hpp"

#include "doctor/judgement_fixture.hpp"
#include "doctor/owners.hpp"

namespace rekeyer::doctor {
namespace {

using notify::ChannelKind;
using testing::HasSubstr;
using Identity = Result<aws::MailIdentity>;

ChannelFacts channel(ChannelKind kind) {
  ChannelFacts facts;
  facts.settings.name = "out";
  facts.settings.kind = kind;
  facts.settings.topic_arn = "arn:aws:sns:eu-west-1:1:t";
  if (kind == ChannelKind::ses) {
    facts.address = Identity(refused(ErrorKind::not_found));
    facts.domain = Identity(aws::MailIdentity{true, "SUCCESS"});
    facts.account = Result<aws::SendingAccount>(aws::SendingAccount{true, true, 14, 50'000});
  }
  return facts;
}

Checks judged(ChannelFacts facts) {
  ChannelsFacts all;
  all.from = "keys@example.com";
  all.channels.push_back(std::move(facts));
  return judge(all);
}

TEST(DoctorChannels, OneOfEachKindIsFine) {
  ChannelsFacts facts;
  facts.from = "keys@example.com";
  facts.templates = Result<>{};
  for (const auto kind : {ChannelKind::ses, ChannelKind::smtp, ChannelKind::sns, ChannelKind::eventbridge,
                          ChannelKind::webhook, ChannelKind::file}) {
    facts.channels.push_back(channel(kind));
  }
  EXPECT_EQ(lines_of(judge(facts)),
            "ok notify.channels\nok notify.templates\nok ses.identity\nok ses.account\nok smtp.server\nok sns.topic\n"
            "ok eventbridge.bus\nok webhook.url\nok file.path\n");
}

TEST(DoctorChannels, NoneIsAWarning) { EXPECT_EQ(lines_of(judge(ChannelsFacts{})), "warning notify.channels\n"); }

TEST(DoctorChannels, TheSendersIdentityMustBeVerified) {
  const auto status = [](std::optional<Identity> address, std::optional<Identity> domain) {
    auto facts = channel(ChannelKind::ses);
    facts.address = std::move(address);
    facts.domain = std::move(domain);
    return status_of(judged(std::move(facts)), Topic::ses_identity);
  };
  const Identity verified(aws::MailIdentity{true, "SUCCESS"});
  const Identity pending(aws::MailIdentity{false, "PENDING"});
  const Identity none(refused(ErrorKind::not_found));
  const Identity denied(refused(ErrorKind::access_denied));
  EXPECT_EQ(status(verified, std::nullopt), "ok");
  EXPECT_EQ(status(pending, verified), "ok");
  EXPECT_EQ(status(none, verified), "ok");
  EXPECT_EQ(status(none, pending), "problem");
  EXPECT_EQ(status(pending, none), "problem");
  EXPECT_EQ(status(none, none), "problem");
  EXPECT_EQ(status(denied, denied), "not checked");
  EXPECT_EQ(status(none, denied), "not checked");
  EXPECT_EQ(status(std::nullopt, std::nullopt), "not checked") << "another account's identity";
}

TEST(DoctorChannels, TheSendingAccountMustBeInProduction) {
  const auto status = [](Result<aws::SendingAccount> account) {
    auto facts = channel(ChannelKind::ses);
    facts.account = std::move(account);
    return status_of(judged(std::move(facts)), Topic::ses_account);
  };
  EXPECT_EQ(status(aws::SendingAccount{true, true, 14, 50'000}), "ok");
  EXPECT_EQ(status(aws::SendingAccount{false, true, 14, 200}), "problem");
  EXPECT_EQ(status(aws::SendingAccount{true, false, 14, 50'000}), "problem");
  EXPECT_EQ(status(aws::SendingAccount{true, true, 1, 50'000}), "warning");
  EXPECT_EQ(status(refused(ErrorKind::access_denied)), "not checked");
}

TEST(DoctorChannels, AFailureIsJudgedByWhoElseWouldMeetIt) {
  struct Row {
    ChannelKind kind;
    Topic topic;
    ErrorKind error;
    std::string_view status;
  };
  for (const auto& [kind, topic, error, status] :
       std::vector<Row>{Row{ChannelKind::smtp, Topic::smtp_server, ErrorKind::not_sent, "problem"},
                        {ChannelKind::smtp, Topic::smtp_server, ErrorKind::credentials_invalid, "problem"},
                        {ChannelKind::sns, Topic::sns_topic, ErrorKind::not_found, "problem"},
                        {ChannelKind::sns, Topic::sns_topic, ErrorKind::access_denied, "not checked"},
                        {ChannelKind::eventbridge, Topic::eventbridge_bus, ErrorKind::not_found, "problem"},
                        {ChannelKind::eventbridge, Topic::eventbridge_bus, ErrorKind::access_denied, "not checked"},
                        {ChannelKind::webhook, Topic::webhook_url, ErrorKind::access_denied, "problem"},
                        {ChannelKind::webhook, Topic::webhook_url, ErrorKind::not_found, "problem"},
                        {ChannelKind::file, Topic::file_path, ErrorKind::rejected, "problem"}}) {
    auto facts = channel(kind);
    facts.tried = refused(error);
    EXPECT_EQ(status_of(judged(std::move(facts)), topic), status) << name(topic) << ' ' << name(error);
  }
}

TEST(DoctorChannels, ATopicThatNobodyReadsIsAWarning) {
  auto facts = channel(ChannelKind::sns);
  facts.subscriptions = "0";
  EXPECT_EQ(status_of(judged(facts), Topic::sns_topic), "warning");
  facts.subscriptions = "2";
  EXPECT_EQ(status_of(judged(facts), Topic::sns_topic), "ok");
}

TEST(DoctorChannels, BrokenTemplatesAreAProblem) {
  ChannelsFacts facts;
  facts.channels.push_back(channel(ChannelKind::file));
  facts.templates = Result<>(fail(ErrorKind::usage, "owner.html:3: unknown placeholder"));
  EXPECT_EQ(status_of(judge(facts), Topic::notify_templates), "problem");
}

TEST(DoctorOwners, ADenialIsWhatARunWouldMeet) {
  OwnersFacts facts;
  EXPECT_TRUE(judge(facts).empty());
  facts.account_tag = Result<>{};
  facts.alternate_contact = Result<>(refused(ErrorKind::access_denied));
  EXPECT_EQ(lines_of(judge(facts)), "ok owner.account-tag\nproblem owner.alternate-contact\n");
  EXPECT_THAT(judge(facts)[1].remedy, HasSubstr("account.amazonaws.com"));
  facts.account_tag = Result<>(refused(ErrorKind::throttled));
  EXPECT_EQ(status_of(judge(facts), Topic::owner_account_tag), "not checked");
}

}  // namespace
}  // namespace rekeyer::doctor
