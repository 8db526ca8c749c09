// What messages take of AWS, asked of the embedded AWS by the clients that rekeyer uses: paths, signatures, documents
// and refusals of either side, held against the other's.
#include <gtest/gtest.h>

#include "aws/services/account.hpp"
#include "aws/services/eventbridge.hpp"
#include "aws/services/organizations.hpp"
#include "aws/services/s3.hpp"
#include "aws/services/ses.hpp"
#include "aws/services/sns.hpp"
#include "aws/services/ssm.hpp"
#include "fakes/call_bench.hpp"
#include "fakes/known_key.hpp"
#include "sandbox/server/in_process.hpp"
#include "sandbox/world/world_file.hpp"

namespace rekeyer {
namespace {

constexpr std::string_view world = R"({
  "accounts": [
    {"id": "100000000000",
     "mail_identities": ["example.com"],
     "topics": [{"name": "keys", "region": "us-west-2"}],
     "parameters": [{"name": "/smtp/password", "region": "eu-west-1", "type": "SecureString", "value": "hidden-value"}],
     "buckets": [{"name": "templates", "region": "eu-west-1", "objects": [{"key": "a b/ü+1//x.txt", "text": "Hello"}, {"key": "empty"}]},
                 {"name": "far", "region": "us-west-2", "objects": [{"key": "k", "text": "far away"}]}]},
    {"id": "111111111111", "tags": {"owner": "ann@example.com"},
     "contacts": [{"type": "SECURITY", "email": "security@example.com"}]}]
})";

class Clients : public testing::Test {
 protected:
  Clients() {
    auto loaded = sandbox::parse_world(world, 7, fakes::bench_start);
    EXPECT_TRUE(loaded) << loaded.error().message;
    provider = fakes::provider_of(loaded->caller.key, loaded->caller.secret);
    aws_itself.world = std::move(loaded->world);
  }
  std::string kind(const auto& result) { return result ? "ok" : std::string(name(result.error().kind)); }
  const sandbox::Account& account() { return *aws_itself.world.find_account(AccountId("100000000000")); }
  aws::Principal principal() { return {provider, Region("eu-west-1"), AccountId("100000000000")}; }
  /// As everybody who is pointed at an endpoint of their own.
  static aws::CallerSettings settings() {
    aws::CallerSettings made;
    made.endpoints.default_endpoint_url = "http://127.0.0.1:5000";
    return made;
  }

  fakes::CallBench bench;
  sandbox::Sandbox aws_itself{7};
  sandbox::InProcessTransport transport{aws_itself, bench.clock};
  std::shared_ptr<aws::CredentialsProvider> provider;
  aws::Caller caller{transport, bench.shifted, bench.random, bench.limiter, settings()};
};

TEST_F(Clients, AMailArrivesAsItWasWritten) {
  aws::SesClient ses(caller, principal());
  aws::Email email;
  email.from = "Schlüssel <keys@example.com>";
  email.to = {"ann@example.com"};
  email.reply_to = {"help@example.com"};
  email.subject = "Grüße";
  email.text = "text";
  email.html = "<b>html</b>";
  const auto id = bench.run(ses.send_email(email));
  ASSERT_TRUE(id) << describe(id.error());
  const auto& mail = account().messages.mails.at(0);
  EXPECT_EQ(mail.id, *id);
  EXPECT_EQ(mail.from, "=?UTF-8?B?U2NobMO8c3NlbA==?= <keys@example.com>");
  EXPECT_EQ(mail.to, std::vector<std::string>{"ann@example.com"});
  EXPECT_EQ(mail.reply_to, std::vector<std::string>{"help@example.com"});
  EXPECT_EQ(mail.subject, "Grüße");
  EXPECT_EQ(mail.text, "text");
  EXPECT_EQ(mail.html, "<b>html</b>");
  email.from = "keys@unknown.example";
  EXPECT_EQ(kind(bench.run(ses.send_email(email))), "rejected");
  const auto sending = bench.run(ses.sending_account());
  ASSERT_TRUE(sending) << describe(sending.error());
  EXPECT_TRUE(sending->production && sending->enabled);
  EXPECT_EQ(sending->per_second, 14);
}

TEST_F(Clients, APublicationArrivesInItsTopicsRegion) {
  aws::SnsClient sns(caller, principal());
  aws::Publication publication;
  publication.topic = Arn("arn:aws:sns:us-west-2:100000000000:keys");
  publication.subject = "Grüße";
  publication.message = "a & b";
  publication.attributes = {{"stage", "failed"}};
  const auto id = bench.run(sns.publish(publication));
  ASSERT_TRUE(id) << describe(id.error());
  const auto& published = account().messages.topics.at(publication.topic.str()).published.at(0);
  EXPECT_EQ(published.id, *id);
  EXPECT_EQ(published.subject, "Gr??e");
  EXPECT_EQ(published.message, "a & b");
  EXPECT_EQ(published.attributes.at("stage"), "failed");
  publication.topic = Arn("arn:aws:sns:us-west-2:100000000000:none");
  EXPECT_EQ(kind(bench.run(sns.publish(publication))), "not_found");
}

TEST_F(Clients, EventsAreKeptAndRefusedOneByOne) {
  aws::EventBridgeClient events(caller, principal());
  aws::BusEvent event;
  event.source = "rekeyer";
  event.detail_type = "Access key";
  event.detail = R"({"a":1})";
  event.resources = {"arn:x"};
  event.time = fakes::bench_start;
  aws::BusEvent refused = event;
  refused.bus = "none";
  std::vector<aws::BusEvent> both;
  both.push_back(event);
  both.push_back(refused);
  const auto fates = bench.run(events.put_events(both));
  ASSERT_TRUE(fates) << describe(fates.error());
  EXPECT_FALSE(fates->at(0));
  EXPECT_EQ(fates->at(1), "ResourceNotFoundException: Event bus none does not exist.");
  const auto& kept = account().buses.at("arn:aws:events:eu-west-1:100000000000:event-bus/default").events.at(0);
  EXPECT_EQ(kept.detail, R"({"a":1})");
  EXPECT_EQ(kept.time, fakes::bench_start);
}

TEST_F(Clients, ASecretParameterIsReadInTheClear) {
  aws::SsmClient ssm(caller, principal());
  const auto value = bench.run(ssm.parameter("/smtp/password"));
  ASSERT_TRUE(value) << describe(value.error());
  EXPECT_EQ(value->reveal(), "hidden-value");
  EXPECT_EQ(kind(bench.run(ssm.parameter("/none"))), "not_found");
}

TEST_F(Clients, ObjectsAreReadWhereverTheirBucketIs) {
  aws::S3Client s3(caller, principal());
  EXPECT_EQ(bench.run(s3.object("templates", "a b/ü+1//x.txt")).value(), "Hello");
  EXPECT_EQ(bench.run(s3.object("templates", "empty")).value(), "");
  EXPECT_EQ(bench.run(s3.object("far", "k")).value(), "far away");
  EXPECT_EQ(kind(bench.run(s3.object("templates", "a b/ü+1//x.txt", 4))), "rejected");
  EXPECT_EQ(kind(bench.run(s3.object("templates", "none"))), "not_found");
  EXPECT_EQ(kind(bench.run(s3.object("nowhere", "k"))), "not_found");
}

TEST_F(Clients, OwnersAreFoundInContactsAndTags) {
  aws::AccountClient accounts(caller, principal());
  const AccountId member("111111111111");
  EXPECT_EQ(bench.run(accounts.alternate_contact(member, "security")).value(), "security@example.com");
  EXPECT_EQ(bench.run(accounts.alternate_contact(member, "billing")).value(), std::nullopt);
  EXPECT_EQ(bench.run(accounts.alternate_contact(AccountId(), "security")).value(), std::nullopt);
  EXPECT_EQ(kind(bench.run(accounts.alternate_contact(AccountId("999999999999"), "security"))), "access_denied");
  aws::OrganizationsClient organizations(caller, principal());
  EXPECT_EQ(bench.run(organizations.tags_of(member)).value(),
            (std::map<std::string, std::string>{{"owner", "ann@example.com"}}));
}

}  // namespace
}  // namespace rekeyer
