// The Lambda client: what an asynchronous invocation looks like on the wire.
#include "aws/services/functions.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

TEST(FunctionsClient, InvokesWithoutWaiting) {
  fakes::CallBench bench;
  FunctionsClient functions(bench.caller, bench.principal());
  bench.transport.reply(202, "");
  const std::string arn = "arn:aws:lambda:eu-west-1:111111111111:function:rekeyer-account";
  EXPECT_TRUE(bench.run(functions.invoke_asynchronously(arn, R"({"a":1})")));
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url,
            "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/"
            "arn%3Aaws%3Alambda%3Aeu-west-1%3A111111111111%3Afunction%3Arekeyer-account/invocations");
  EXPECT_EQ(sent.header("X-Amz-Invocation-Type"), "Event");
  EXPECT_EQ(sent.body, R"({"a":1})");
}

TEST(FunctionsClient, IsThrottledAndComesBack) {
  fakes::CallBench bench;
  FunctionsClient functions(bench.caller, bench.principal());
  bench.transport.reply(429, R"({"Reason":"CallerRateLimitExceeded"})",
                        {{"x-amzn-errortype", "TooManyRequestsException"}});
  bench.transport.reply(202, "");
  EXPECT_TRUE(bench.run(functions.invoke_asynchronously("f", "{}")));
  EXPECT_EQ(bench.transport.sent.size(), 2U);
  EXPECT_EQ(bench.run(functions.invoke_asynchronously("", "{}")).error().kind, ErrorKind::usage);
}

}  // namespace
}  // namespace rekeyer::aws
