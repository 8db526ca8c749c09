// credential_process: the command line, the child and its answer. Real processes in real time.
#include "aws/auth/process_provider.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "aws/auth/command_line.hpp"
#include "fakes/temporary_folder.hpp"

namespace rekeyer::aws {
namespace {

using namespace std::chrono_literals;

std::string words_of(std::string_view text) {
  const auto arguments = split_command_line(text);
  return arguments ? fmt::format("{}", fmt::join(*arguments, "|")) : arguments.error().message;
}

TEST(CommandLine, SplitsAsAShellWould) {
  EXPECT_EQ(words_of("a b\tc"), "a|b|c");
  EXPECT_EQ(words_of("  a   b  "), "a|b");
  EXPECT_EQ(words_of(R"(a 'b c' "d e")"), "a|b c|d e");
  EXPECT_EQ(words_of(R"(a'b c'd"e f"g)"), "ab cde fg");
  EXPECT_EQ(words_of(R"(a\ b \'c\" \\)"), R"(a b|'c"|\)");
  EXPECT_EQ(words_of(R"("a\"b\\c\n$d" 'e\f')"), R"(a"b\c\n$d|e\f)");
  EXPECT_EQ(words_of("a '' \"\""), "a||");
  EXPECT_EQ(words_of("a $HOME `b` $(c) | d > e"), "a|$HOME|`b`|$(c)|||d|>|e");
}

TEST(CommandLine, BrokenOnesAreRefused) {
  EXPECT_EQ(words_of("a 'b"), "a quote that is not closed");
  EXPECT_EQ(words_of("a \"b"), "a quote that is not closed");
  EXPECT_EQ(words_of("a b\\"), "a backslash at the end");
  EXPECT_EQ(words_of("   "), "the command is empty");
}

class ProcessProviderTest : public testing::Test {
 protected:
  Result<SharedCredentials> run(std::vector<std::string> arguments, Milliseconds timeout = 30s) {
    ProcessProvider provider(std::move(arguments), clock, "profile dev", timeout);
    std::optional<Result<SharedCredentials>> result;
    boost::asio::io_context context;
    boost::asio::co_spawn(context, provider.get(),
                          [&](std::exception_ptr, Result<SharedCredentials> value) { result = std::move(value); });
    context.run();
    return *result;
  }
  Result<SharedCredentials> shell(const std::string& script, Milliseconds timeout = 30s) {
    return run({"sh", "-c", script}, timeout);
  }
  Error problem(const std::string& script, Milliseconds timeout = 30s) {
    auto result = shell(script, timeout);
    EXPECT_FALSE(result);
    return result ? Error{} : result.error();
  }
  RealClock clock;
};

TEST_F(ProcessProviderTest, ReadsTheAnswer) {
  const auto credentials = shell(R"(echo '{"Version":1,"AccessKeyId":"ASIA1","SecretAccessKey":"topsecret",
      "SessionToken":"token","Expiration":"2030-01-02T03:04:05+01:00"}'; echo noise >&2)");
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ((*credentials)->id, AccessKeyId{"ASIA1"});
  EXPECT_EQ((*credentials)->secret.reveal(), "topsecret");
  EXPECT_EQ((*credentials)->session_token.reveal(), "token");
  EXPECT_EQ((*credentials)->expiration, parse_iso8601("2030-01-02T02:04:05Z"));
}

TEST_F(ProcessProviderTest, TokenAndExpirationAreOptional) {
  const auto credentials = shell(R"(echo '{"Version":1,"AccessKeyId":"AKIA1","SecretAccessKey":"topsecret"}')");
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_TRUE((*credentials)->session_token.empty());
  EXPECT_FALSE((*credentials)->expiration);
}

TEST_F(ProcessProviderTest, ArgumentsReachTheProgramUntouchedByAShell) {
  const fakes::TemporaryFolder folder;
  const auto script =
      folder.write("get", "printf '{\"Version\":1,\"AccessKeyId\":\"AKIA1\",\"SecretAccessKey\":\"%s\"}' \"$1\"\n");
  const auto credentials = run({"sh", script.string(), "$HOME;`id`"});
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ((*credentials)->secret.reveal(), "$HOME;`id`");
}

TEST_F(ProcessProviderTest, AFailureTellsWhatTheProgramSaid) {
  const auto error = problem("echo 'please log' >&2; echo in >&2; exit 3");
  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_EQ(error.message, "profile dev: credential_process sh ended with exit status 3; it said: please log in");
  EXPECT_EQ(problem("kill -9 $$").message, "profile dev: credential_process sh ended with signal 9");
}

TEST_F(ProcessProviderTest, WhatItSaysOnStandardErrorIsBounded) {
  EXPECT_LT(problem("yes complaint | head -c 5000000 >&2; exit 1").message.size(), 1200U);
}

TEST_F(ProcessProviderTest, AProgramThatDoesNotExistIsNamed) {
  const auto result = run({"/no/such/program", "--password=topsecret"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::usage);
  EXPECT_NE(result.error().message.find("/no/such/program: No such file"), std::string::npos);
  EXPECT_EQ(result.error().message.find("topsecret"), std::string::npos);
}

TEST_F(ProcessProviderTest, AProgramThatHangsIsKilled) {
  const fakes::TemporaryFolder folder;
  const auto before = clock.now();
  const auto error = problem("echo waiting for a code >&2; echo $$ > " + folder.str() + "/pid; exec sleep 60", 300ms);
  EXPECT_LT(clock.now() - before, 20s);
  EXPECT_NE(error.message.find("without an answer; it said: waiting for a code"), std::string::npos) << error.message;
  EXPECT_NE(::kill(std::stoi(folder.read("pid")), 0), 0) << "it still runs";
}

TEST_F(ProcessProviderTest, ADetachedGrandchildWithOurPipeDoesNotHoldUsUp) {
  const auto before = clock.now();
  EXPECT_TRUE(shell(R"(sleep 30 & echo '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"B"}')"));
  EXPECT_LT(clock.now() - before, 20s);
}

TEST_F(ProcessProviderTest, EndlessOutputIsCut) {
  EXPECT_NE(problem("cat /dev/zero").message.find("wrote more than 64 KiB"), std::string::npos);
}

TEST_F(ProcessProviderTest, WrongAnswersAreExplainedWithoutTheirSecret) {
  for (const auto* answer :
       {R"({"Version":2,"AccessKeyId":"A","SecretAccessKey":"topsecret"})",
        R"({"AccessKeyId":"A","SecretAccessKey":"topsecret"})", R"({"Version":1,"SecretAccessKey":"topsecret"})",
        R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"topsecret\n"})",
        R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"topsecret","Expiration":"topsecret"})", "topsecret", ""}) {
    const auto error = problem(fmt::format("printf '%s' '{}'", answer));
    EXPECT_EQ(error.kind, ErrorKind::bad_reply) << answer;
    EXPECT_TRUE(error.message.starts_with("profile dev: credential_process sh: ")) << error.message;
    EXPECT_EQ(error.message.find("topsecret"), std::string::npos) << error.message;
  }
}

TEST_F(ProcessProviderTest, TheProgramGetsNoFileOfOurs) {
  // 0, 1, 2, and the one that lists the folder.
  const auto error = problem("echo $(ls /proc/self/fd | wc -l) >&2; exit 1");
  EXPECT_TRUE(error.message.ends_with("it said: 4")) << error.message;
}

}  // namespace
}  // namespace rekeyer::aws
