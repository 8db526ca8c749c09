#include "sandbox/log/call_log.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace rekeyer::sandbox {
namespace {

const Instant when{Milliseconds(1'767'323'045'500)};

Call put_secret() {
  Call call;
  call.service = "secretsmanager";
  call.operation = "PutSecretValue";
  call.region = Region("eu-west-1");
  call.signature = SignatureHeader{
      .key = AccessKeyId("AKIAX"), .date = {}, .region = {}, .service = {}, .signed_headers = {}, .signature = {}};
  call.input = boost::json::parse(R"({"SecretId":"s","SecretString":"hidden","NextToken":"t","Tags":[{"Key":"k"}]})")
                   .get_object();
  return call;
}

TEST(CallLog, ShowsNamesAndNeverAValue) {
  CallLog log;
  const auto index = log.open(put_secret(), when);
  log.at(index)->status = 200;
  EXPECT_EQ(boost::json::serialize(describe(log.entries().at(0))),
            R"({"at":1.7673230455E9,"service":"secretsmanager","operation":"PutSecretValue","region":"eu-west-1",)"
            R"("key":"AKIAX","account":null,"principal":null,"lab":false,"changing":true,"page":true,)"
            R"("input":{"SecretId":"s","Tags":[{"Key":"k"}]},"status":200,"code":null,"fault":null,"n":0})");
}

TEST(CallLog, KeepsOnlyTheCountWhereNothingIsKept) {
  CallLog log;
  log.keep = false;
  for (int i = 0; i < 3; ++i) {
    const auto index = log.open(put_secret(), when);
    log.at(index)->code = "X";
    EXPECT_EQ(log.at(index)->number, static_cast<std::uint64_t>(i));
    EXPECT_EQ(log.at(index)->operation, "PutSecretValue");
    EXPECT_EQ(log.at(index)->code, "X");
  }
  EXPECT_TRUE(log.entries().empty());
  EXPECT_EQ(log.count(), 3U);
  log.clear();
  EXPECT_EQ(log.count(), 0U);
}

}  // namespace
}  // namespace rekeyer::sandbox
