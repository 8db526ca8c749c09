#include "engine/session.hpp"

#include <gmock/gmock.h>

#include <optional>

#include "fakes/call_bench.hpp"

namespace rekeyer::engine {
namespace {

using testing::HasSubstr;

constexpr std::string_view me =
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::222222222222:assumed-role/r/s</Arn>"
    "<UserId>AROA:s</UserId><Account>222222222222</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

class SessionTest : public testing::Test {
 protected:
  Context context() {
    aws::Principal principal{bench_.provider, Region("eu-west-1"), {}};
    return {configuration_,
            bench_.caller,
            principal,
            bench_.shifted,
            stop_,
            RunId("run"),
            {bench_.caller,
             principal,
             bench_.transport,
             bench_.shifted,
             bench_.random,
             bench_.limiter,
             bench_.context.get_executor(),
             {}}};
  }

  /// The session, in `session_`, or why there is none.
  ResultTask<> keep(ResultTask<Session> opening) {
    auto opened = co_await std::move(opening);
    if (!opened) co_return fail(std::move(opened).error());
    session_.emplace(*std::move(opened));
    co_return Result<>{};
  }

  Result<> opened() { return bench_.run(keep(Session::open(context()))); }
  Result<> identified() { return bench_.run(keep(Session::identify(context()))); }

  fakes::CallBench bench_;
  config::Configuration configuration_;
  rotation::StopFlag stop_;
  std::optional<Session> session_;
};

TEST_F(SessionTest, WhateverIsCalledCountsAgainstTheCallersAccount) {
  bench_.transport.reply(200, std::string(me));
  ASSERT_TRUE(opened());
  EXPECT_EQ(session_->self().account.str(), "222222222222");
  EXPECT_EQ(session_->context().principal.pace_account.str(), "222222222222");
  EXPECT_EQ(session_->context().channel_parts.principal.pace_account.str(), "222222222222") << "mails, too";
}

TEST_F(SessionTest, AConfigurationOfAnotherPartitionIsRefusedBeforeAnythingElseIsSent) {
  configuration_.rotation.store.region = Region("us-gov-west-1");
  bench_.transport.reply(200, std::string(me));
  const auto refused = opened();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::usage);
  EXPECT_THAT(refused.error().message, HasSubstr("us-gov-west-1"));
  EXPECT_EQ(bench_.transport.sent.size(), 1U);
}

TEST_F(SessionTest, WhoeverTellsOfThePartitionIsLetIn) {
  configuration_.rotation.store.region = Region("us-gov-west-1");
  bench_.transport.reply(200, std::string(me));
  ASSERT_TRUE(identified());
  EXPECT_FALSE(session_->fits());
}

TEST_F(SessionTest, WithoutAnIdentityThereIsNone) {
  bench_.transport.xml_error(403, "InvalidClientTokenId");
  EXPECT_FALSE(opened());
  EXPECT_FALSE(session_);
}

}  // namespace
}  // namespace rekeyer::engine
