// The S3 client: where a bucket is, and that no more is read than was asked for.
#include "aws/services/s3.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using fakes::CallBench;

std::string error_document(std::string_view code, std::string_view more = "") {
  return fmt::format("<Error><Code>{}</Code><Message>no</Message>{}<RequestId>r</RequestId></Error>", code, more);
}

class S3Test : public testing::Test {
 protected:
  std::string kind(const auto& result) { return result ? "ok" : std::string(name(result.error().kind)); }
  CallBench bench;
  S3Client s3{bench.caller, bench.principal()};
};

TEST_F(S3Test, ReadsAnObject) {
  bench.transport.reply(206, "the bytes");
  EXPECT_EQ(bench.run(s3.object("templates", "a b/c+d//é.html", 100)).value(), "the bytes");
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_EQ(sent.method, "GET");
  EXPECT_EQ(sent.url, "https://templates.s3.eu-west-1.amazonaws.com/a%20b/c%2Bd//%C3%A9.html");
  EXPECT_EQ(sent.header("Host"), "templates.s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(sent.header("Range"), "bytes=0-100");
  EXPECT_EQ(sent.header("X-Amz-Content-Sha256"), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_NE(sent.header("Authorization").find("/eu-west-1/s3/aws4_request"), std::string::npos);
}

TEST_F(S3Test, ABucketWithDotsAndOnesOwnEndpointTakeThePath) {
  bench.transport.reply(200, "x");
  EXPECT_TRUE(bench.run(s3.object("my.bucket", "k")));
  EXPECT_EQ(bench.transport.sent.at(0).url, "https://s3.eu-west-1.amazonaws.com/my.bucket/k");

  CallerSettings settings;
  settings.endpoints.default_endpoint_url = "http://127.0.0.1:5000";
  CallBench local(settings);
  local.transport.reply(200, "x");
  S3Client client(local.caller, local.principal());
  EXPECT_TRUE(local.run(client.object("bucket", "k")));
  EXPECT_EQ(local.transport.sent.at(0).url, "http://127.0.0.1:5000/bucket/k");
}

TEST_F(S3Test, GoesOnceToTheRegionThatS3Names) {
  bench.transport.reply(301, error_document("PermanentRedirect"), {{"x-amz-bucket-region", "us-west-2"}});
  bench.transport.reply(206, "x");
  EXPECT_EQ(bench.run(s3.object("bucket", "k")).value(), "x");
  EXPECT_EQ(bench.transport.sent.at(1).url, "https://bucket.s3.us-west-2.amazonaws.com/k");
  EXPECT_NE(bench.transport.sent.at(1).header("Authorization").find("/us-west-2/s3/"), std::string::npos);

  bench.transport.reply(400, error_document("AuthorizationHeaderMalformed", "<Region>us-east-2</Region>"));
  bench.transport.reply(301, error_document("PermanentRedirect"), {{"x-amz-bucket-region", "us-west-2"}});
  EXPECT_EQ(kind(bench.run(s3.object("bucket", "k"))), "rejected");
  EXPECT_EQ(bench.transport.sent.at(3).url, "https://bucket.s3.us-east-2.amazonaws.com/k");
  EXPECT_EQ(bench.transport.sent.size(), 4u);
}

TEST_F(S3Test, WhatIsTooLongIsRefusedAndAnEmptyObjectIsEmpty) {
  bench.transport.reply(206, "12345");
  EXPECT_EQ(bench.run(s3.object("bucket", "k", 5)).value(), "12345");
  bench.transport.reply(206, "123456");
  EXPECT_EQ(kind(bench.run(s3.object("bucket", "k", 5))), "rejected");
  bench.transport.reply(416, error_document("InvalidRange"));
  EXPECT_EQ(bench.run(s3.object("bucket", "k", 5)).value(), "");
  EXPECT_EQ(bench.transport.sent.size(), 3u);
}

TEST_F(S3Test, AbsenceAndRefusal) {
  bench.transport.reply(404, error_document("NoSuchKey"));
  EXPECT_EQ(kind(bench.run(s3.object("bucket", "k"))), "not_found");
  bench.transport.reply(404, error_document("NoSuchBucket"));
  EXPECT_EQ(kind(bench.run(s3.object("bucket", "k"))), "not_found");
  bench.transport.reply(403, error_document("AccessDenied"));
  EXPECT_EQ(kind(bench.run(s3.object("bucket", "k"))), "access_denied");
  for (const char* bucket : {"", "ab", "Bucket", "a/b", "a..b", "-ab", "host@evil"}) {
    EXPECT_EQ(kind(bench.run(s3.object(bucket, "k"))), "usage") << bucket;
  }
  EXPECT_EQ(kind(bench.run(s3.object("bucket", ""))), "usage");
  EXPECT_EQ(bench.transport.sent.size(), 3u);
}

TEST_F(S3Test, WritesAnObjectUnderACondition) {
  bench.transport.reply(200, "");
  EXPECT_TRUE(bench.run(s3.put_object("runs", "r/a b.json", "{}", "application/json", WriteIf::absent())));
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_EQ(sent.method, "PUT");
  EXPECT_EQ(sent.url, "https://runs.s3.eu-west-1.amazonaws.com/r/a%20b.json");
  EXPECT_EQ(sent.header("If-None-Match"), "*");
  EXPECT_EQ(sent.header("Content-Type"), "application/json");
  EXPECT_EQ(sent.body, "{}");
  // What decides whether the write happens is signed.
  EXPECT_NE(sent.header("Authorization").find("if-none-match"), std::string::npos);

  bench.transport.reply(200, "");
  EXPECT_TRUE(bench.run(s3.put_object("runs", "k", "{}", "application/json", WriteIf::unchanged("\"abc\""))));
  EXPECT_EQ(bench.transport.sent.at(1).header("If-Match"), "\"abc\"");
  EXPECT_EQ(bench.transport.sent.at(1).header("If-None-Match"), "");
}

TEST_F(S3Test, AWriteWhoseConditionDoesNotHoldIsAConflict) {
  bench.transport.reply(412, error_document("PreconditionFailed"));
  EXPECT_EQ(kind(bench.run(s3.put_object("runs", "k", "x", "text/plain", WriteIf::absent()))), "conflict");
  bench.transport.reply(409, error_document("ConditionalRequestConflict"));
  EXPECT_EQ(kind(bench.run(s3.put_object("runs", "k", "x", "text/plain", WriteIf::absent()))), "conflict");
}

TEST_F(S3Test, AnObjectComesWithItsTag) {
  bench.transport.reply(206, "x", {{"ETag", "\"abc\""}});
  EXPECT_EQ(bench.run(s3.tagged_object("runs", "k", 10)).value().etag, "\"abc\"");
}

}  // namespace
}  // namespace rekeyer::aws
