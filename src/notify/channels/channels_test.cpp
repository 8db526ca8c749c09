#include "notify/channels/channels.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "fakes/temporary_folder.hpp"
#include "notify/channels/channel_fixture.hpp"
#include "notify/channels/event_json.hpp"
#include "notify/channels/eventbridge_channel.hpp"
#include "notify/channels/sns_channel.hpp"

namespace rekeyer::notify {
namespace {

using policy::NoticeKind;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(EventJson, HasTheDocumentedShape) {
  EXPECT_EQ(
      event_json(sample_event()),
      R"({"version":1,"id":"event-1","run":"0123456789abcdef","time":"2026-03-01T00:00:00Z","event":"rotated",)"
      R"("severity":"warning","account":"111111111111","account_name":"sandbox","user":"ci-deploy",)"
      R"("access_key":"AKIAEXAMPLE1","due":"2026-03-11T00:00:00Z","headline":"Access key of ci-deploy was replaced",)"
      R"("detail":"Fetch the new one.","owners":["owner@example.com"]})");
  auto event = sample_event();
  event.due.reset();
  EXPECT_THAT(event_json(event), HasSubstr(R"("due":null)"));
}

TEST(EventJson, CutsTextsBetweenCharacters) {
  EXPECT_EQ(cut_text("abc", 3), "abc");
  EXPECT_EQ(cut_text("abcd", 3), "ab…");
  EXPECT_EQ(cut_text("äöüß", 3), "äö…");
  EXPECT_EQ(cut_text("", 3), "");
}

using Channels = ChannelTest;

TEST_F(Channels, SesSendsWithEverythingThatIsConfigured) {
  auto& channel = add(ChannelKind::ses, "ses");
  channel.configuration_set = "set-1";
  channel.identity_arn = "arn:aws:ses:eu-west-1:222222222222:identity/example.com";
  channel.region = Region("eu-central-1");
  transport().reply(200, R"({"MessageId":"m-1"})");
  EXPECT_EQ(outcome(send({"owner@example.com", "Subject", "text", "<p>html</p>"})), "done");
  const auto& sent = transport().sent.at(0);
  EXPECT_THAT(sent.url, HasSubstr("email.eu-central-1.amazonaws.com"));
  for (const auto* text :
       {"Robot <robot@example.com>", "help@example.com", "owner@example.com", "set-1", "identity/example.com"}) {
    EXPECT_TRUE(sent.has(text)) << text;
  }
  EXPECT_THAT(outcome(send({"no address", "s", "t", ""})), HasSubstr("rejected"));
}

TEST_F(Channels, SesKeepsToItsRate) {
  add(ChannelKind::ses, "ses").rate = 2;
  for (int i = 0; i < 5; ++i) {
    transport().reply(200, R"({"MessageId":"m"})");
    EXPECT_EQ(outcome(send({"owner@example.com", "s", "t", ""})), "done");
  }
  EXPECT_GE(transport().sent[4].at - transport().sent[0].at, std::chrono::milliseconds{2000});
}

TEST_F(Channels, SmtpReadsItsLoginWhenTheFirstMailComes) {
  auto& channel = add(ChannelKind::smtp, "smtp");
  channel.user_parameter = "/rekeyer/smtp/user";
  channel.password_parameter = "/rekeyer/smtp/password";
  channel.host = "127.0.0.1";
  channel.port = 1;
  EXPECT_TRUE(transport().sent.empty());
  transport().json_error(400, "ParameterNotFound");
  EXPECT_THAT(outcome(send({"owner@example.com", "s", "t", ""})),
              AllOf(HasSubstr("not_found"), HasSubstr("/rekeyer/smtp/user")));
  EXPECT_THAT(outcome(send({"owner@example.com", "s\nBcc: x@y.z", "t", ""})), HasSubstr("rejected"));
}

TEST_F(Channels, SnsGetsOneMessageForEachStageAndAccount) {
  auto other = sample_event(3);
  other.account = AccountId("222222222222");
  auto critical = sample_event(4);
  critical.severity = Severity::critical;
  const auto all = publications(Arn("arn:aws:sns:eu-west-1:111111111111:keys"),
                                {sample_event(1), sample_event(2, NoticeKind::deleted), other, critical});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].subject, "rekeyer: Access Key Rotated (2) in sandbox (111111111111)");
  EXPECT_EQ(all[0].attributes.at("event"), "rotated");
  EXPECT_EQ(all[0].attributes.at("account"), "111111111111");
  EXPECT_EQ(all[0].attributes.at("severity"), "critical");
  EXPECT_TRUE(all[0].group.empty());
  const auto json = aws::JsonValue::parse(all[0].message);
  ASSERT_TRUE(json);
  EXPECT_EQ(json->array("events")->size(), 2U);
  EXPECT_EQ(*json->string("severity"), "critical");
  EXPECT_EQ(all[1].attributes.at("event"), "deleted");
  EXPECT_EQ(all[2].attributes.at("account"), "222222222222");
}

TEST_F(Channels, SnsSubjectsAreShortAndPrintable) {
  auto event = sample_event();
  event.account_name = "Prüfstand\n" + std::string(200, 'x');
  const auto all = publications(Arn("arn:aws:sns:eu-west-1:1:keys"), {event});
  EXPECT_EQ(all[0].subject.size(), 99U);
  EXPECT_THAT(all[0].subject, AllOf(HasSubstr("Pr??fstand?xxx"), Not(HasSubstr("\n"))));
}

TEST_F(Channels, SnsMessagesStayBelowTheLimitAndFifoTopicsGetTheirIds) {
  std::vector<Event> events;
  for (int i = 0; i < 100; ++i) {
    events.push_back(sample_event(i));
    events.back().detail = std::string(7000, 'x');
  }
  const auto all = publications(Arn("arn:aws:sns:eu-west-1:1:keys.fifo"), events);
  EXPECT_EQ(all.size(), 4U);
  std::size_t count = 0;
  for (const auto& one : all) {
    EXPECT_LE(one.message.size(), std::size_t{200} * 1024);
    EXPECT_EQ(one.group, "111111111111");
    EXPECT_EQ(one.deduplication_id.size(), 64U);
    count += aws::JsonValue::parse(one.message)->array("events")->size();
  }
  EXPECT_EQ(count, 100U);
  EXPECT_NE(all[0].deduplication_id, all[1].deduplication_id);
  EXPECT_EQ(all[0].deduplication_id,
            publications(Arn("arn:aws:sns:eu-west-1:1:keys.fifo"), events)[0].deduplication_id);
}

TEST_F(Channels, SnsIsCalledInTheTopicsRegionAndTriesAll) {
  add(ChannelKind::sns, "topic").topic_arn = "arn:aws:sns:us-east-2:111111111111:keys";
  transport().xml_error(403, "AuthorizationError", "may not");
  transport().reply(200, "<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>");
  EXPECT_THAT(outcome(publish({sample_event(1), sample_event(2, NoticeKind::deleted)})), HasSubstr("may not"));
  ASSERT_EQ(transport().sent.size(), 2U);
  EXPECT_THAT(transport().sent[0].url, HasSubstr("sns.us-east-2.amazonaws.com"));
}

TEST_F(Channels, EventBridgeEntriesSayWhatTheyAre) {
  const auto event = bus_event(sample_event(), "bus-1", "aws-cn");
  EXPECT_EQ(event.source, "rekeyer");
  EXPECT_EQ(event.detail_type, "Access Key Rotated");
  EXPECT_EQ(event.detail, event_json(sample_event()));
  EXPECT_EQ(event.bus, "bus-1");
  EXPECT_THAT(event.resources, testing::ElementsAre("arn:aws-cn:iam::111111111111:root"));
}

TEST_F(Channels, EventBridgeEntriesThatFailedAreSentOnceMore) {
  add(ChannelKind::eventbridge, "bus").bus = "rekeyer";
  const std::string good = R"({"EventId":"e"})";
  const std::string bad = R"({"ErrorCode":"InternalFailure","ErrorMessage":"try again"})";
  transport().reply(200, R"({"FailedEntryCount":1,"Entries":[)" + good + "," + bad + "]}");
  transport().reply(200, R"({"FailedEntryCount":0,"Entries":[)" + good + "]}");
  EXPECT_EQ(outcome(publish({sample_event(1), sample_event(2)})), "done");
  EXPECT_FALSE(transport().sent[1].has("event-1"));
  EXPECT_TRUE(transport().sent[1].has("event-2"));

  transport().reply(200, R"({"FailedEntryCount":1,"Entries":[)" + good + "," + bad + "]}");
  transport().reply(200, R"({"FailedEntryCount":1,"Entries":[)" + bad + "]}");
  EXPECT_THAT(outcome(publish({sample_event(1), sample_event(2)})),
              AllOf(HasSubstr("1 of 2 events"), HasSubstr("InternalFailure")));
}

TEST_F(Channels, EventBridgeEntriesOfALostCallAreNotSentAgain) {
  add(ChannelKind::eventbridge, "bus");
  transport().json_error(400, "AccessDeniedException", "not yours");
  EXPECT_THAT(outcome(publish({sample_event(1), sample_event(2)})),
              AllOf(HasSubstr("2 of 2 events"), HasSubstr("not yours")));
  EXPECT_EQ(transport().sent.size(), 1U);
}

TEST_F(Channels, EventBridgeGetsTenEntriesACall) {
  add(ChannelKind::eventbridge, "bus");
  const auto answer = [](int count) {
    std::string entries;
    for (int i = 0; i < count; ++i) entries += std::string(i == 0 ? "" : ",") + R"({"EventId":"e"})";
    return R"({"FailedEntryCount":0,"Entries":[)" + entries + "]}";
  };
  std::vector<Event> events;
  for (int i = 0; i < 23; ++i) events.push_back(sample_event(i));
  transport().reply(200, answer(10)).reply(200, answer(10)).reply(200, answer(3));
  EXPECT_EQ(outcome(publish(events)), "done");
  std::vector<std::size_t> sizes;
  for (const auto& sent : transport().sent) sizes.push_back(aws::JsonValue::parse(sent.body)->array("Entries")->size());
  EXPECT_EQ(sizes, (std::vector<std::size_t>{10, 10, 3}));
}

TEST_F(Channels, OnlyTheStagesOfTheSettingsArePublished) {
  auto& channel = add(ChannelKind::webhook, "hook");
  channel.url = "https://example.com/hook";
  channel.events = {NoticeKind::failed, NoticeKind::deleted};
  EXPECT_EQ(outcome(publish({sample_event()})), "done");
  EXPECT_TRUE(transport().sent.empty());
  transport().reply(200, "");
  EXPECT_EQ(outcome(publish({sample_event(1), sample_event(2, NoticeKind::deleted)})), "done");
  EXPECT_FALSE(transport().sent.at(0).has("event-1"));
  EXPECT_TRUE(transport().sent.at(0).has("event-2"));
}

TEST_F(Channels, AFileTakesEventsAndMailsAsLines) {
  const fakes::TemporaryFolder folder;
  const auto path = std::filesystem::path(folder.path()) / "events.jsonl";
  add(ChannelKind::file, "file").path = path.string();
  EXPECT_EQ(outcome(publish({sample_event(1), sample_event(2)})), "done");
  EXPECT_EQ(outcome(send({"owner@example.com", "a \"quoted\" subject", "two\nlines", std::string(10'000, 'x')})),
            "done");
  EXPECT_EQ(contents(path), event_json(sample_event(1)) + "\n" + event_json(sample_event(2)) + "\n" +
                                R"({"to":"owner@example.com","subject":"a \"quoted\" subject","text":"two\nlines"})" +
                                "\n");
  struct stat state{};
  ASSERT_EQ(::stat(path.c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777U, 0600U);
}

TEST_F(Channels, AFileThatCanNotBeWrittenIsAnError) {
  const fakes::TemporaryFolder folder;
  add(ChannelKind::file, "file").path = (std::filesystem::path(folder.path()) / "missing" / "file").string();
  EXPECT_THAT(outcome(publish({sample_event()})), AllOf(HasSubstr("not_sent"), HasSubstr("No such file")));
}

TEST_F(Channels, AFileIsNoMailChannelBesideARealOne) {
  add(ChannelKind::file, "file").path = "-";
  add(ChannelKind::ses, "ses");
  const auto set = make();
  ASSERT_EQ(set.mails.size(), 1U);
  EXPECT_EQ(set.mails[0]->name(), "ses");
  ASSERT_EQ(set.events.size(), 1U);
  EXPECT_EQ(set.events[0]->name(), "file");
}

}  // namespace
}  // namespace rekeyer::notify
