#include "sandbox/door/victim.hpp"

#include <fmt/format.h>

#include <csignal>
#include <limits>

namespace rekeyer::sandbox {

Result<> Victim::set(std::int64_t pid) {
  // 0 and negative numbers mean whole groups of processes to kill(), 1 the system itself.
  if (pid <= 1 || pid > std::numeric_limits<int>::max()) {
    return fail(ErrorKind::usage, fmt::format("pid names one process: a number above 1, not {}", pid));
  }
  pid_ = static_cast<int>(pid);
  signalled_ = 0;
  return {};
}

Task<void> Victim::send(int signal) {
  constexpr Milliseconds patience = std::chrono::seconds{5};
  constexpr Milliseconds between_looks{5};
  const auto until = clock_.now() + patience;
  while (!pid_ && clock_.now() < until) co_await clock_.sleep_for(between_looks);
  if (!pid_) co_return;
  ++signalled_;
  ::kill(*pid_, signal);
  if (signal == SIGKILL) pid_.reset();
}

}  // namespace rekeyer::sandbox
