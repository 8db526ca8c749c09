// Lambda's Runtime API, and the run's folder, over scripted replies.
#include "lambda/runtime_api.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"
#include "lambda/lambda_fixture.hpp"
#include "lambda/run_folder.hpp"

namespace rekeyer::lambda {
namespace {

using fakes::CallBench;

class RuntimeApiTest : public testing::Test {
 protected:
  CallBench bench;
  RuntimeApi api = *RuntimeApi::at(bench.transport, "127.0.0.1:9001");
};

TEST_F(RuntimeApiTest, FetchesAnEvent) {
  bench.transport.reply(200, R"({"a":1})",
                        {{"Lambda-Runtime-Aws-Request-Id", "id-1"}, {"Lambda-Runtime-Deadline-Ms", "1772409600000"}});
  const auto invocation = bench.run(api.next());
  ASSERT_TRUE(invocation);
  EXPECT_EQ(invocation->request_id, "id-1");
  EXPECT_EQ(iso8601(invocation->deadline), "2026-03-02T00:00:00Z");
  EXPECT_EQ(invocation->event, R"({"a":1})");
  EXPECT_EQ(bench.transport.sent.at(0).url, "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next");

  bench.transport.reply(200, "{}", {{"Lambda-Runtime-Aws-Request-Id", "id-1"}});
  EXPECT_EQ(bench.run(api.next()).error().kind, ErrorKind::bad_reply);
  bench.transport.reply(500, "");
  EXPECT_EQ(bench.run(api.next()).error().kind, ErrorKind::server_fault);
}

TEST_F(RuntimeApiTest, AnswersAndErrorsAreInLambdasForm) {
  bench.transport.reply(202, "");
  EXPECT_TRUE(bench.run(api.respond("id-1", "{}")));
  EXPECT_EQ(bench.transport.sent.at(0).url, "http://127.0.0.1:9001/2018-06-01/runtime/invocation/id-1/response");
  bench.transport.reply(202, "");
  EXPECT_TRUE(bench.run(api.report_error("id-1", function_error(Error{ErrorKind::access_denied, "no", {}, {}, {}}))));
  const auto& sent = bench.transport.sent.at(1);
  EXPECT_EQ(sent.header("Lambda-Runtime-Function-Error-Type"), "rekeyer.AccessDenied");
  EXPECT_EQ(sent.body, R"({"errorMessage":"no","errorType":"rekeyer.AccessDenied","stackTrace":[]})");
}

TEST_F(RuntimeApiTest, AnAnswerThatIsTooLongIsNotSent) {
  EXPECT_EQ(bench.run(api.respond("id", std::string(6 * 1024 * 1024 + 1, 'x'))).error().kind,
            ErrorKind::limit_exceeded);
  EXPECT_TRUE(bench.transport.sent.empty());
  bench.transport.reply(413, "");
  EXPECT_EQ(bench.run(api.respond("id", "x")).error().kind, ErrorKind::limit_exceeded);
  bench.transport.reply(500, "");
  EXPECT_EQ(bench.run(api.respond("id", "x")).error().kind, ErrorKind::server_fault);
}

class RunFolderTest : public testing::Test {
 protected:
  const std::string absent = "<Error><Code>NoSuchKey</Code><Message>no</Message></Error>";
  const std::string met = "<Error><Code>PreconditionFailed</Code><Message>no</Message></Error>";
  CallBench bench;
  RunFolder folder{aws::S3Client(bench.caller, bench.principal()), {"runs", "prod"}, "r1"};
};

TEST_F(RunFolderTest, TheFirstToComeWritesOnlyWhereNothingIs) {
  bench.transport.reply(404, absent);
  auto before = bench.run(folder.record(rotation::Mode::apply, fixture::account));
  ASSERT_TRUE(before);
  bench.transport.reply(200, "");
  EXPECT_TRUE(bench.run(folder.add_record(rotation::Mode::apply, fixture::record({}), std::move(*before))));
  EXPECT_EQ(bench.transport.sent.size(), 2U) << "what was read just now is not read again";
  const auto& sent = bench.transport.sent.at(1);
  EXPECT_EQ(sent.url, "https://runs.s3.eu-west-1.amazonaws.com/prod/r1/apply/111111111111.json");
  EXPECT_EQ(sent.header("If-None-Match"), "*");
}

TEST_F(RunFolderTest, WhoMeetsAnotherWriterMergesWithWhatItLeft) {
  const auto mine = fixture::record({fixture::row("ann", "K1", policy::Action::rotate, rotation::ActionStatus::done)});
  const auto other = fixture::record({fixture::row("bob", "K2", policy::Action::rotate, rotation::ActionStatus::done)});
  bench.transport.reply(412, met);
  bench.transport.reply(206, to_json(other), {{"ETag", "\"t1\""}});
  bench.transport.reply(200, "");
  const auto kept = bench.run(folder.add_record(rotation::Mode::apply, mine, std::nullopt));
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(fixture::told(*kept), "ann/K1 rotate done; bob/K2 rotate done");
  const auto& sent = bench.transport.sent.at(2);
  EXPECT_EQ(sent.header("If-Match"), "\"t1\"");
  EXPECT_EQ(fixture::told(*parse_record(sent.body)), "ann/K1 rotate done; bob/K2 rotate done");
}

TEST_F(RunFolderTest, ABrokenObjectIsNamed) {
  bench.transport.reply(206, "nonsense");
  const auto read = bench.run(folder.record(rotation::Mode::plan, fixture::account));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::bad_reply);
  EXPECT_NE(read.error().message.find("plan/111111111111.json"), std::string::npos);
}

}  // namespace
}  // namespace rekeyer::lambda
