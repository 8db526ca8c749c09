// Signals that stop a command in good order.
#include "cli/stop_signals.hpp"

#include <gmock/gmock.h>

#include <csignal>

namespace rekeyer::cli {
namespace {

using ::testing::UnorderedElementsAre;

/// A signal's disposition while it lives.
class Disposed {
 public:
  Disposed(int signal, void (*handler)(int)) : signal_(signal), before_(std::signal(signal, handler)) {}
  Disposed(const Disposed&) = delete;
  Disposed& operator=(const Disposed&) = delete;
  ~Disposed() { std::signal(signal_, before_); }

 private:
  int signal_;
  void (*before_)(int);
};

TEST(StopSignals, AHangUpAndAQuitStopAsATerminationDoes) {
  const Disposed hang_up(SIGHUP, SIG_DFL);
  const Disposed quit(SIGQUIT, SIG_DFL);
  EXPECT_THAT(stop_signals(), UnorderedElementsAre(SIGINT, SIGTERM, SIGHUP, SIGQUIT));
}

TEST(StopSignals, WhatNohupIgnoresStaysIgnored) {
  const Disposed hang_up(SIGHUP, SIG_IGN);
  const Disposed quit(SIGQUIT, SIG_DFL);
  EXPECT_THAT(stop_signals(), UnorderedElementsAre(SIGINT, SIGTERM, SIGQUIT));
}

TEST(StopSignals, OneHangUpMayArriveTwice) {
  EXPECT_FALSE(insists(SIGHUP));
  EXPECT_TRUE(insists(SIGTERM));
  EXPECT_TRUE(insists(SIGINT));
  EXPECT_TRUE(insists(SIGQUIT));
}

}  // namespace
}  // namespace rekeyer::cli
