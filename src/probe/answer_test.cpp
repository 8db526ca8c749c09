#include "probe/answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rekeyer::probe {
namespace {

using testing::HasSubstr;

Answer refusal(int status, std::string code, ErrorKind kind, std::string message = "words") {
  Answer answer;
  answer.status = status;
  answer.refusal = Error{kind, std::move(message), std::move(code), "iam:DoIt", {}};
  return answer;
}

TEST(JudgeRefusal, TakesStatusCodeAndWords) {
  const Refusal believed{409, {"LimitExceeded"}, "accesskeysperuser"};
  const auto verdict = [&](const Answer& answer) { return judge_refusal(answer, believed).verdict; };
  const auto kind = ErrorKind::limit_exceeded;
  EXPECT_EQ(verdict(refusal(409, "LimitExceeded", kind, "quota for AccessKeysPerUser: 2")), Verdict::as_believed);
  EXPECT_EQ(verdict(refusal(400, "LimitExceeded", kind, "quota for AccessKeysPerUser: 2")), Verdict::different);
  EXPECT_EQ(verdict(refusal(409, "LimitExceeded", kind, "quota for Users: 5000")), Verdict::different);
  EXPECT_EQ(verdict(refusal(409, "Other", ErrorKind::rejected)), Verdict::different);
}

TEST(JudgeRefusal, AcceptedIsDifferent) {
  EXPECT_EQ(judge_refusal(Answer{}, {400, {"X"}}).verdict, Verdict::different);
}

TEST(JudgeRefusal, ADenialInsteadOfTheAnswerTellsNothing) {
  const auto finding = judge_refusal(refusal(403, "AccessDenied", ErrorKind::access_denied), {404, {"NoSuchEntity"}});
  EXPECT_EQ(finding.verdict, Verdict::not_tried);
  EXPECT_THAT(finding.seen, HasSubstr("no right for it"));
}

TEST(JudgeRefusal, ADenialThatIsAskedForIsTheAnswer) {
  const auto answer = refusal(403, "AccessDenied", ErrorKind::access_denied);
  EXPECT_EQ(judge_refusal(answer, {403, {"AccessDenied"}}).verdict, Verdict::as_believed);
}

TEST(JudgeDenial, AnotherDenialIsDifferent) {
  const auto answer = refusal(403, "AccessDenied", ErrorKind::access_denied);
  EXPECT_EQ(judge_denial(answer, {403, {"AccessDenied"}}).verdict, Verdict::as_believed);
  EXPECT_EQ(judge_denial(answer, {403, {"AuthorizationError"}}).verdict, Verdict::different);
  EXPECT_EQ(judge_denial(refusal(500, "X", ErrorKind::server_fault), {403, {"Y"}}).verdict, Verdict::not_tried);
}

TEST(JudgeRefusal, WhatAwsDidNotSayTellsNothing) {
  for (const auto kind :
       {ErrorKind::not_sent, ErrorKind::throttled, ErrorKind::outcome_unknown, ErrorKind::server_fault}) {
    EXPECT_EQ(judge_refusal(refusal(500, "Broken", kind), {400, {"X"}}).verdict, Verdict::not_tried) << name(kind);
    EXPECT_EQ(judge_acceptance(refusal(500, "Broken", kind)).verdict, Verdict::not_tried) << name(kind);
  }
}

TEST(JudgeAcceptance, ARefusalIsDifferentAndADenialTellsNothing) {
  EXPECT_EQ(judge_acceptance(Answer{}).verdict, Verdict::as_believed);
  EXPECT_EQ(judge_acceptance(refusal(400, "X", ErrorKind::rejected)).verdict, Verdict::different);
  EXPECT_EQ(judge_acceptance(refusal(403, "AccessDenied", ErrorKind::access_denied)).verdict, Verdict::not_tried);
}

TEST(Unanswered, AReplyThatCantBeReadIsADifference) {
  EXPECT_EQ(unanswered(Error{ErrorKind::bad_reply, "no XML", {}, {}, {}}).verdict, Verdict::different);
  EXPECT_EQ(unanswered(Error{ErrorKind::cancelled, "", {}, {}, {}}).verdict, Verdict::not_tried);
  EXPECT_EQ(unanswered(Error{ErrorKind::limit_exceeded, "", {}, {}, {}}).verdict, Verdict::not_tried);
}

}  // namespace
}  // namespace rekeyer::probe
