// When credentials are fetched anew, and that many tasks share one fetch.
#include "aws/auth/cached_provider.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>

#include "base/log.hpp"

namespace rekeyer::aws {
namespace {

using namespace std::chrono_literals;

constexpr Instant start = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};

/// Answers from a script after a while; the last answer repeats.
class ScriptedProvider final : public CredentialsProvider {
 public:
  struct Answer {
    std::string id;  ///< empty: fails
    std::optional<Milliseconds> life;
  };
  explicit ScriptedProvider(Clock& clock) : clock_(clock) {}
  ResultTask<SharedCredentials> get() override {
    ++asked;
    const auto answer = answers.front();
    if (answers.size() > 1) answers.pop_front();
    co_await clock_.sleep_for(100ms);
    if (answer.id.empty()) co_return fail(ErrorKind::server_fault, "the source is down");
    auto credentials = std::make_shared<Credentials>();
    credentials->id = AccessKeyId{answer.id};
    credentials->secret = Secret{"topsecret"};
    if (answer.life) credentials->expiration = clock_.now() + *answer.life;
    co_return credentials;
  }
  std::string describe() const override { return "the source"; }

  std::deque<Answer> answers;
  int asked = 0;

 private:
  Clock& clock_;
};

class CachedProviderTest : public testing::Test {
 protected:
  CachedProviderTest() {
    log::configure(
        {log::Level::debug, log::Format::text, false, {}, {}, [this](std::string_view line) { logged += line; }});
  }
  ~CachedProviderTest() override { log::configure({}); }

  /// Asks now, runs until everybody has an answer.
  std::vector<std::string> ask(int tasks = 1) {
    std::vector<std::string> answers;
    int running = tasks;
    for (int i = 0; i < tasks; ++i) {
      boost::asio::co_spawn(context, cached.get(), [&](std::exception_ptr, Result<SharedCredentials> result) {
        answers.push_back(result ? (*result)->id.str() : std::string(name(result.error().kind)));
        --running;
      });
    }
    EXPECT_TRUE(clock.run([&] { return running > 0; })) << "somebody waits for nothing";
    return answers;
  }
  std::string one() { return ask().at(0); }

  std::string logged;
  boost::asio::io_context context;
  VirtualClock clock{context, start};
  std::shared_ptr<ScriptedProvider> source = std::make_shared<ScriptedProvider>(clock);
  CachedProvider cached{source, clock};
};

TEST_F(CachedProviderTest, AskedOnceWhileTheCredentialsAreGood) {
  source->answers = {{"A", 1h}};
  EXPECT_EQ(one(), "A");
  clock.advance(40min);
  EXPECT_EQ(one(), "A");
  EXPECT_EQ(source->asked, 1);
}

TEST_F(CachedProviderTest, CredentialsWithoutAnEndAreKept) {
  source->answers = {{"A", {}}};
  EXPECT_EQ(one(), "A");
  clock.advance(24h * 400);
  EXPECT_EQ(one(), "A");
  EXPECT_EQ(source->asked, 1);
}

TEST_F(CachedProviderTest, ManyTasksShareOneFetch) {
  source->answers = {{"A", 1h}};
  EXPECT_EQ(ask(100), std::vector<std::string>(100, "A"));
  EXPECT_EQ(source->asked, 1);
}

TEST_F(CachedProviderTest, ManyTasksShareOneFailureAndTheNextAsksAgain) {
  source->answers = {{"", {}}, {"B", 1h}};
  EXPECT_EQ(ask(10), std::vector<std::string>(10, "server_fault"));
  EXPECT_EQ(source->asked, 1);
  EXPECT_EQ(one(), "B");
}

TEST_F(CachedProviderTest, AheadOfTimeOneTaskRefreshesAndTheOthersGoOn) {
  source->answers = {{"A", 1h}, {"B", 1h}};
  EXPECT_EQ(one(), "A");
  clock.advance(46min);
  auto answers = ask(3);
  std::ranges::sort(answers);
  EXPECT_EQ(answers, (std::vector<std::string>{"A", "A", "B"}));
  EXPECT_EQ(source->asked, 2);
  EXPECT_EQ(one(), "B");
}

TEST_F(CachedProviderTest, AFailedRefreshAheadOfTimeKeepsTheOldOnesAndIsNotRepeatedAtOnce) {
  source->answers = {{"A", 1h}, {"", {}}};
  EXPECT_EQ(one(), "A");
  clock.advance(46min);
  EXPECT_EQ(one(), "A");
  EXPECT_EQ(one(), "A");
  EXPECT_EQ(source->asked, 2) << "within the pause";
  clock.advance(61s);
  EXPECT_EQ(one(), "A");
  EXPECT_EQ(source->asked, 3);
  EXPECT_NE(logged.find("could not be refreshed"), std::string::npos);
  EXPECT_EQ(logged.find("topsecret"), std::string::npos);
}

TEST_F(CachedProviderTest, ShortlyBeforeTheEndEverybodyWaitsForNewOnes) {
  source->answers = {{"A", 1h}, {"B", 1h}};
  EXPECT_EQ(one(), "A");
  clock.advance(56min);
  EXPECT_EQ(ask(5), std::vector<std::string>(5, "B"));
  EXPECT_EQ(source->asked, 2);
}

TEST_F(CachedProviderTest, ShortlyBeforeTheEndAFailureIsOne) {
  source->answers = {{"A", 1h}, {"", {}}};
  EXPECT_EQ(one(), "A");
  clock.advance(56min);
  EXPECT_EQ(one(), "server_fault") << "a rotation must not begin with credentials that end before its secret is stored";
}

TEST_F(CachedProviderTest, ExpiredCredentialsAreNeverHandedOut) {
  source->answers = {{"A", 1h}, {"", {}}};
  EXPECT_EQ(one(), "A");
  clock.advance(2h);
  EXPECT_EQ(one(), "server_fault");
  source->answers = {{"old", -1min}};
  EXPECT_EQ(one(), "credentials_expired");
}

TEST_F(CachedProviderTest, SourceThatHasOnlyMinutesLeftIsNotAskedAtEveryCall) {
  source->answers = {{"A", 3min}};
  EXPECT_EQ(one(), "A");
  EXPECT_EQ(one(), "A");
  EXPECT_EQ(source->asked, 1);
  clock.advance(61s);
  EXPECT_EQ(one(), "A");
  EXPECT_EQ(source->asked, 2);
}

TEST_F(CachedProviderTest, InvalidatedCredentialsAreFetchedAnewOnce) {
  source->answers = {{"A", 1h}, {"B", 1h}, {"C", 1h}};
  EXPECT_EQ(one(), "A");
  clock.advance(1min);
  cached.invalidate();
  EXPECT_EQ(one(), "B");
  cached.invalidate();  // a late report about A
  EXPECT_EQ(one(), "B");
  clock.advance(1min);
  cached.invalidate();
  EXPECT_EQ(one(), "C");
}

}  // namespace
}  // namespace rekeyer::aws
