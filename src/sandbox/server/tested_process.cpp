#include "sandbox/server/tested_process.hpp"

#include <fmt/format.h>

#include <csignal>
#include <fstream>
#include <limits>
#include <string>

// The header of glibc 2.36 does not say that its functions are C's.
extern "C" {
#include <sys/pidfd.h>
}

namespace rekeyer::sandbox {
namespace {

/// 0 where nobody knows.
int parent_of(int pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string stat;
  std::getline(file, stat);
  // "12 (a name, with anything in it) S 7 …"
  const auto name_end = stat.rfind(") ");
  constexpr std::size_t to_parent = 4;
  if (name_end == std::string::npos || stat.size() <= name_end + to_parent) return 0;
  return std::atoi(stat.c_str() + name_end + to_parent);
}

bool descends(int pid, int from) {
  constexpr int most_generations = 1000;
  for (int generation = 0; pid > 1 && generation < most_generations; ++generation) {
    if (pid == from) return true;
    pid = parent_of(pid);
  }
  return false;
}

}  // namespace

Result<> TestedProcess::set(std::int64_t pid) {
  // 0 and negative numbers mean whole groups of processes to kill(), 1 the system itself.
  if (pid <= 1 || pid > std::numeric_limits<int>::max()) {
    return fail(ErrorKind::usage, fmt::format("pid names one process: a number above 1, not {}", pid));
  }
  if (!of_) {
    return fail(ErrorKind::usage, "no process may be signalled: the sandbox was started without --victims-of PID");
  }
  const auto number = static_cast<int>(pid);
  FileDescriptor process(pidfd_open(number, 0));
  // Looked at after it was opened: a number that passes to another process in between is not opened any more.
  if (!process.is_open() || !descends(number, *of_) || pidfd_send_signal(process.get(), 0, nullptr, 0) != 0) {
    return fail(ErrorKind::usage,
                fmt::format("process {} may not be signalled: it is neither {} nor started by it", pid, *of_));
  }
  process_ = std::move(process);
  signalled_ = 0;
  return {};
}

bool TestedProcess::alive() const {
  return process_.is_open() && pidfd_send_signal(process_.get(), 0, nullptr, 0) == 0;
}

Task<void> TestedProcess::send(int signal) {
  constexpr Milliseconds patience = std::chrono::seconds{5};
  constexpr Milliseconds between_looks{5};
  const auto until = clock_.now() + patience;
  // Where no process can be named there is nothing to wait for. One that has ended was named for an earlier run: this
  // one's may still come.
  while (of_ && !alive() && clock_.now() < until) co_await clock_.sleep_for(between_looks);
  if (!alive()) co_return;
  ++signalled_;
  pidfd_send_signal(process_.get(), signal, nullptr, 0);
  if (signal == SIGKILL) process_.close();
}

}  // namespace rekeyer::sandbox
