// Who calls, with what key, by what time.
#include "doctor/caller.hpp"

#include "doctor/judgement_fixture.hpp"

namespace rekeyer::doctor {
namespace {

using std::chrono::milliseconds;

CallerFacts session() {
  CallerFacts facts;
  facts.self =
      rotation::OwnIdentity{AccountId("111111111111"), Arn("arn:aws:sts::111111111111:assumed-role/r/s"), "aws", {}};
  facts.region = Region("eu-west-1");
  return facts;
}

TEST(DoctorCaller, ASessionIsFine) {
  EXPECT_EQ(lines_of(judge(session())), "ok caller.identity\nok caller.credentials\nok caller.region\nok clock\n");
}

TEST(DoctorCaller, AUsersOwnKeyIsNamed) {
  auto facts = session();
  facts.self->arn = Arn("arn:aws:iam::111111111111:user/ops");
  facts.self->signer_key = AccessKeyId("AKIAOPS");
  const auto check = of(judge(facts), Topic::caller_credentials);
  EXPECT_EQ(check.status, Status::warning);
  EXPECT_THAT(check.finding, testing::HasSubstr("AKIAOPS"));
  facts.self->arn = Arn("arn:aws:iam::111111111111:root");
  EXPECT_EQ(status_of(judge(facts), Topic::caller_credentials), "problem");
}

TEST(DoctorCaller, AConfigurationOfAnotherPartitionIsAProblemOfTheRegion) {
  auto facts = session();
  facts.fits = fail(ErrorKind::usage, "`store.region` is us-gov-west-1");
  const auto check = of(judge(facts), Topic::caller_region);
  EXPECT_EQ(check.status, Status::problem);
  EXPECT_THAT(check.finding, testing::HasSubstr("store.region"));
}

TEST(DoctorCaller, WithoutCredentialsThereIsNothingElseToSay) {
  CallerFacts facts;
  facts.self = refused(ErrorKind::credentials_invalid);
  EXPECT_EQ(lines_of(judge(facts)), "problem caller.identity\n");
}

TEST(DoctorClock, IsJudgedByHowFarItIsOff) {
  struct Row {
    std::int64_t offset;
    std::string_view status;
  };
  for (const auto& [offset, status] : std::vector<Row>{Row{0, "ok"},
                                                       {60'000, "ok"},
                                                       {60'001, "warning"},
                                                       {-61'000, "warning"},
                                                       {240'000, "warning"},
                                                       {240'001, "problem"},
                                                       {-400'000, "problem"}}) {
    auto facts = session();
    facts.clock_offset = milliseconds(offset);
    EXPECT_EQ(status_of(judge(facts), Topic::clock), status) << offset;
  }
  auto facts = session();
  facts.clock_offset = milliseconds(90'000);
  EXPECT_THAT(of(judge(facts), Topic::clock).finding, testing::HasSubstr("90 s behind"));
  facts.clock_offset = milliseconds(-90'000);
  EXPECT_THAT(of(judge(facts), Topic::clock).finding, testing::HasSubstr("90 s ahead of"));
}

}  // namespace
}  // namespace rekeyer::doctor
