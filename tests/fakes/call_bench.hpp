// Everything that a client needs to make calls in a test: virtual time, a scripted transport, fixed credentials, a
// caller.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "aws/call/caller.hpp"
#include "aws/call/rate_limiter.hpp"
#include "base/log.hpp"
#include "fakes/scripted_transport.hpp"

namespace rekeyer::fakes {

inline constexpr Instant bench_start = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};
inline constexpr std::string_view bench_secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYBENCHKEY00";

inline aws::SharedCredentials bench_credentials(std::string_view id = "AKIABENCH0000000000A") {
  auto credentials = std::make_shared<aws::Credentials>();
  credentials->id = AccessKeyId(std::string(id));
  credentials->secret = Secret(bench_secret);
  return credentials;
}

/// Hands out credentials and counts how often they were declared expired.
class CountingProvider final : public aws::CredentialsProvider {
 public:
  ResultTask<aws::SharedCredentials> get() override {
    ++asked;
    co_return bench_credentials(invalidated == 0 ? "AKIABENCH0000000000A" : "AKIABENCH0000000000B");
  }
  void invalidate() override { ++invalidated; }
  std::string describe() const override { return "the bench"; }
  int asked = 0;
  int invalidated = 0;
};

class CallBench {
 public:
  CallBench() : CallBench(aws::CallerSettings{}) {}
  explicit CallBench(aws::CallerSettings settings) : caller(transport, shifted, random, limiter, std::move(settings)) {
    log::Settings capture;
    capture.level = log::Level::debug;
    capture.sink = [this](std::string_view line) {
      logged += line;
      logged += '\n';
    };
    log::configure(std::move(capture));
  }
  ~CallBench() { log::configure({}); }
  CallBench(const CallBench&) = delete;
  CallBench& operator=(const CallBench&) = delete;

  /// Runs the task to its end in virtual time.
  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    std::exception_ptr bug;
    boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr thrown, T value) {
      bug = thrown;
      result.emplace(std::move(value));
    });
    EXPECT_TRUE(clock.run([&] { return !result; })) << "the task waits for nothing";
    if (bug) std::rethrow_exception(bug);
    return *std::move(result);
  }

  aws::Principal principal() { return {provider, Region("eu-west-1"), AccountId("111111111111")}; }

  boost::asio::io_context context;
  VirtualClock clock{context, bench_start};
  ShiftedClock shifted{clock};
  Random random{7};
  aws::RateLimiter limiter{shifted};
  ScriptedTransport transport{clock};
  std::shared_ptr<CountingProvider> provider = std::make_shared<CountingProvider>();
  std::string logged;
  aws::Caller caller;
};

}  // namespace rekeyer::fakes
