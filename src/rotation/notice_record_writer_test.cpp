// What stands in the tag after it was written, whatever others have done to it since it was read.
#include "rotation/notice_record_writer.hpp"

#include <gtest/gtest.h>

#include "fakes/rotation_bench.hpp"

namespace rekeyer::rotation {
namespace {

using fakes::Bench;
using policy::NoticeKind;
using policy::NoticeRecord;

class NoticeRecordTest : public testing::Test {
 protected:
  static NoticeRecord one(const char* key, NoticeKind stage, bool accepted = true) {
    const Instant since = std::chrono::sys_days{std::chrono::year{2026} / 11 / 1};
    return {{{AccessKeyId(key), stage, 0, std::nullopt, since, accepted}}};
  }
  /// The tag is `record` now.
  void write(const NoticeRecord& record) {
    auto& tags = bench.account.stored[secret].description.tags;
    tags[std::string(policy::notice_tag)] = policy::encode(record).value();
    tags[std::string(proof_tag)] = "1 none 20260101T000000Z";
  }
  std::string tag() { return bench.account.stored.at(secret).description.tags.at(std::string(policy::notice_tag)); }
  /// A run that has read `read` puts `wanted` there.
  Result<> tell(const NoticeRecord& read, const NoticeRecord& wanted) {
    UserNotices user;
    user.subject.account = bench.account_id;
    user.subject.user = UserName("ann");
    user.secret = secret;
    const auto seen = bench.account.stored.find(secret);
    if (there_when_read && seen != bench.account.stored.end()) user.secret_arn = Arn("arn:of:" + secret.str());
    user.record = user.read = read;
    return bench.run(write_notice_record(bench.account, bench.settings, bench.clock, std::move(user), wanted)).value();
  }

  Bench bench;
  bool there_when_read = true;
  const SecretName secret = secret_name(bench.settings.store.name_template, bench.account_id, UserName("ann"));
};

TEST_F(NoticeRecordTest, TheRecordTakesThePlaceOfTheOneThatWasRead) {
  write(one("AKIAONE", NoticeKind::rotated));
  ASSERT_TRUE(tell(one("AKIAONE", NoticeKind::rotated), one("AKIAONE", NoticeKind::deactivated)));
  EXPECT_EQ(tag(), policy::encode(one("AKIAONE", NoticeKind::deactivated)).value());
}

TEST_F(NoticeRecordTest, ThatAnotherRunHasDeletedTheKeyMeanwhileStaysThere) {
  const auto gone = one("AKIAONE", NoticeKind::deleted, false);
  write(gone);
  ASSERT_TRUE(tell(one("AKIAONE", NoticeKind::deactivated), one("AKIAONE", NoticeKind::deletion_soon)));
  EXPECT_EQ(tag(), policy::encode(gone).value());
}

TEST_F(NoticeRecordTest, NothingIsWrittenOnASecretThatIsNotRekeyers) {
  write(one("AKIAONE", NoticeKind::rotated));
  bench.account.stored.at(secret).description.tags.erase(std::string(proof_tag));
  EXPECT_EQ(tell(one("AKIAONE", NoticeKind::rotated), one("AKIAONE", NoticeKind::deactivated)).error().kind,
            ErrorKind::conflict);
  EXPECT_EQ(tag(), policy::encode(one("AKIAONE", NoticeKind::rotated)).value());
}

TEST_F(NoticeRecordTest, WithoutASecretOneIsMade) {
  ASSERT_TRUE(tell({}, one("AKIAONE", NoticeKind::rotation_soon)));
  EXPECT_EQ(tag(), policy::encode(one("AKIAONE", NoticeKind::rotation_soon)).value());
}

TEST_F(NoticeRecordTest, ASecretThatIsMadeHasTheTagsOfTheSettings) {
  bench.settings.store.tags = {{"CostCenter", "42"}};
  ASSERT_TRUE(tell({}, one("AKIAONE", NoticeKind::rotation_soon)));
  EXPECT_EQ(bench.account.stored.at(secret).description.tags.at("CostCenter"), "42");
}

TEST_F(NoticeRecordTest, WhatCannotBeReadAgainIsWrittenAllTheSame) {
  write(one("AKIAONE", NoticeKind::rotated));
  bench.account.fault_of["DescribeSecret"] = {fakes::Fault::Kind::refused, ErrorKind::throttled};
  ASSERT_TRUE(tell(one("AKIAONE", NoticeKind::rotated), one("AKIAONE", NoticeKind::deactivated)));
  EXPECT_EQ(tag(), policy::encode(one("AKIAONE", NoticeKind::deactivated)).value());
}

// Another run has made it a moment ago, and has not proved it yet: with a record on it, nobody could tell whose it is.
TEST_F(NoticeRecordTest, NothingIsWrittenOnASecretThatIsNewAndCanNotBeLookedAt) {
  write(one("AKIAONE", NoticeKind::rotated));
  bench.account.stored.at(secret).description.tags.clear();
  there_when_read = false;
  bench.account.fault_of["DescribeSecret"] = {fakes::Fault::Kind::refused, ErrorKind::access_denied};
  EXPECT_EQ(tell({}, one("AKIAONE", NoticeKind::rotation_soon)).error().kind, ErrorKind::access_denied);
  EXPECT_TRUE(bench.account.stored.at(secret).description.tags.empty());
}

TEST_F(NoticeRecordTest, NothingNewCostsNoCall) {
  ASSERT_TRUE(tell(one("AKIAONE", NoticeKind::rotated), one("AKIAONE", NoticeKind::rotated)));
  EXPECT_TRUE(bench.account.log.empty());
}

}  // namespace
}  // namespace rekeyer::rotation
