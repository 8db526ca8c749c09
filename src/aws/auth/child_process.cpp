#include "aws/auth/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/file_descriptor.hpp"
#include "base/text.hpp"

namespace rekeyer::aws {
namespace {

/// Two ends that no child inherits; reading never waits. Neither is open where there is none to be had.
struct Pipe {
  Pipe() {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
    read = FileDescriptor(ends[0]);
    write = FileDescriptor(ends[1]);
    ::fcntl(read.get(), F_SETFL, O_NONBLOCK);
  }

  FileDescriptor read;
  FileDescriptor write;
};

/// The child gets /dev/null, the two pipes, nothing else, and signals as any program expects them.
class SpawnPlan {
 public:
  SpawnPlan(int output, int errors) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    for (const int each : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD}) sigaddset(&signals, each);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  int run(pid_t& pid, const std::vector<std::string>& arguments) const {
    std::vector<char*> pointers;
    for (const auto& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
    pointers.push_back(nullptr);
    return posix_spawnp(&pid, pointers.front(), &actions_, &attributes_, pointers.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// What is there now, kept up to `limit`; the rest is read and dropped.
void read_available(int descriptor, WipedString& into, std::size_t limit) {
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    const auto room = limit > into.size() ? limit - into.size() : 0;
    into.append(buffer.data(), std::min(static_cast<std::size_t>(count), room));
  }
  wipe(buffer.data(), buffer.size());
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const std::vector<std::string>& arguments) {
  const auto refused = [&](int error) {
    return fail(ErrorKind::usage,
                fmt::format("can't start {}: {}", arguments.front(), std::generic_category().message(error)));
  };
  Pipe output;
  Pipe errors;
  if (!output.read.is_open() || !errors.read.is_open()) return refused(errno);
  ChildProcess child;
  const SpawnPlan plan(output.write.get(), errors.write.get());
  if (const int error = plan.run(child.pid_, arguments); error != 0) {
    child.pid_ = -1;
    return refused(error);
  }
  child.output_pipe_ = std::move(output.read);
  child.errors_pipe_ = std::move(errors.read);
  return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      status_(other.status_),
      output_pipe_(std::move(other.output_pipe_)),
      errors_pipe_(std::move(other.errors_pipe_)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)) {}

ChildProcess::~ChildProcess() {
  output_pipe_.close();
  errors_pipe_.close();
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
  }
}

void ChildProcess::drain() {
  read_available(output_pipe_.get(), output_, output_limit + 1);
  read_available(errors_pipe_.get(), errors_, errors_limit);
}

bool ChildProcess::poll() {
  if (pid_ < 0) return true;
  drain();
  const auto ended = ::waitpid(pid_, &status_, WNOHANG);
  if (ended == 0 || (ended < 0 && errno == EINTR)) return false;
  pid_ = -1;
  drain();
  return true;
}

bool ChildProcess::succeeded() const { return WIFEXITED(status_) && WEXITSTATUS(status_) == 0; }

std::string ChildProcess::ending() const {
  return WIFSIGNALED(status_) ? fmt::format("signal {}", WTERMSIG(status_))
                              : fmt::format("exit status {}", WEXITSTATUS(status_));
}

std::string ChildProcess::errors() const {
  std::string line;
  for (const char c : errors_) line += is_control(c) ? ' ' : c;
  return std::string(trimmed_end(line));
}

}  // namespace rekeyer::aws
