// The tested process, which a `signal` fault is for: told by a control call right after it was started. Control
// calls need no credentials, so they can't choose freely: only what was started by the process that the sandbox was
// told of.
#pragma once

#include <optional>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/file_descriptor.hpp"

namespace rekeyer::sandbox {

class TestedProcess {
 public:
  /// `clock` runs in real time: it measures how long a signal waits for its process. `of`: the process that may be
  /// named, and whatever descends from it; without it, none may.
  explicit TestedProcess(Clock& clock, std::optional<int> of = std::nullopt) : clock_(clock), of_(of) {}

  /// Forgets the one before. Fails with `usage` for what is not one process (0, 1 and negative numbers), and for any
  /// that may not be named.
  Result<> set(std::int64_t pid);
  /// How many signals were sent to this process.
  int signalled() const { return signalled_; }

  /// Sends the signal. Waits for a process to be named first, at most five seconds, since the call that a fault strikes
  /// may be quicker than the test that started the process. A killed process is forgotten.
  Task<void> send(int signal);

 private:
  /// A process is named, and has not ended.
  bool alive() const;

  Clock& clock_;
  std::optional<int> of_;
  FileDescriptor process_;  ///< a process, and not a number that the next one may get
  int signalled_ = 0;
};

}  // namespace rekeyer::sandbox
