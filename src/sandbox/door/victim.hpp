// The process under test, which a `signal` fault is for: told by a control call right after it was started.
#pragma once

#include <optional>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace rekeyer::sandbox {

class Victim {
 public:
  /// `clock` runs in real time: it measures how long a signal waits for its process.
  explicit Victim(Clock& clock) : clock_(clock) {}

  /// Forgets the one before. Fails with `usage` for what is not one process: 0, 1 and negative numbers.
  Result<> set(std::int64_t pid);
  /// How many signals were sent to this process.
  int signalled() const { return signalled_; }

  /// Sends the signal. Waits for a process to be named first, at most five seconds, since the call that a fault strikes
  /// may be quicker than the test that started the process. A killed process is forgotten.
  Task<void> send(int signal);

 private:
  Clock& clock_;
  std::optional<int> pid_;
  int signalled_ = 0;
};

}  // namespace rekeyer::sandbox
