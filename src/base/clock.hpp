// Time, injected: the only folder that may read the machine's clock. Tests and simulations put a VirtualClock here.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "base/task.hpp"
#include "base/time.hpp"

namespace rekeyer {

/// Where "now" comes from and how one waits for later.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
  /// Returns once now() >= instant; at once where that is so already.
  virtual Task<void> sleep_until(Instant instant) = 0;
  Task<void> sleep_for(Milliseconds duration) { return sleep_until(now() + duration); }
};

/// The machine's clock: the date at construction plus the time since boot gone by, so that setting the machine's date
/// in the middle of a run moves nothing, and a suspended machine's lost time counts.
class RealClock final : public Clock {
 public:
  RealClock();
  Instant now() const override;
  Task<void> sleep_until(Instant instant) override;

 private:
  Instant date_at_start_;
  Milliseconds boot_at_start_;
};

/// Another clock, shifted: AWS's now. The server's Date header sets the offset; see aws/call/caller.cpp.
class ShiftedClock final : public Clock {
 public:
  explicit ShiftedClock(Clock& source) : source_(source) {}
  Instant now() const override { return source_.now() + offset_; }
  Task<void> sleep_until(Instant instant) override;
  Milliseconds offset() const { return offset_; }
  void set_offset(Milliseconds offset) { offset_ = offset; }

 private:
  Clock& source_;
  Milliseconds offset_{0};
};

/// Time that moves only when everybody waits: run() lets all tasks go until none can, jumps to the earliest deadline,
/// and repeats. Deadlines of the same instant fire in the order in which they were asked for, so a run repeats exactly.
class VirtualClock final : public Clock {
 public:
  VirtualClock(boost::asio::io_context& context, Instant start) : context_(context), now_(start) {}
  Instant now() const override { return now_; }
  Task<void> sleep_until(Instant instant) override;

  /// Runs the io_context to its end. Returns false where tasks are left that wait for nothing (a deadlock): `live` says
  /// how many tasks the caller still counts as running.
  bool run(const std::function<bool()>& live = [] { return false; });
  /// Moves now() forward without running anything; for tests of pure code.
  void advance(Milliseconds duration) { now_ += duration; }

 private:
  boost::asio::io_context& context_;
  Instant now_;
  std::uint64_t sequence_ = 0;
  std::map<std::pair<Instant, std::uint64_t>, std::function<void()>> waiting_;
};

}  // namespace rekeyer
