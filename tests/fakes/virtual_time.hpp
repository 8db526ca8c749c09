// Tasks run under virtual time, for tests that need a loop and a clock and nothing of AWS.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>

#include "base/clock.hpp"

namespace rekeyer::fakes {

struct VirtualTime {
  static constexpr Instant start = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};

  boost::asio::io_context context;  // first, so that it outlives what waits in the clock
  VirtualClock clock{context, start};
  std::size_t live = 0;

  /// Begins a task at the next run(); an exception in it comes out of run().
  void begin(Task<void> task) {
    ++live;
    boost::asio::co_spawn(context, std::move(task), [this](std::exception_ptr thrown) {
      --live;
      if (thrown) std::rethrow_exception(thrown);
    });
  }

  /// False: some task waits for nothing.
  bool run() {
    return clock.run([this] { return live > 0; });
  }

  /// Runs one task to its end.
  void run(Task<void> task) {
    begin(std::move(task));
    EXPECT_TRUE(run()) << "the task waits for nothing";
  }

  /// The same, with a result.
  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    run(keep(std::move(task), result));
    return std::move(result).value();
  }

  std::chrono::milliseconds elapsed() const { return clock.now() - start; }

 private:
  template <class T>
  static Task<void> keep(Task<T> task, std::optional<T>& result) {
    result.emplace(co_await std::move(task));
  }
};

}  // namespace rekeyer::fakes
