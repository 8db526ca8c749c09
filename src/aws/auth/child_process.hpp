// A program run without a shell, its output gathered without ever waiting: the event loop asks now and then.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/file_descriptor.hpp"
#include "base/secret.hpp"

namespace rekeyer::aws {

class ChildProcess {
 public:
  /// Finds arguments[0] on the PATH and starts it with an empty standard input and no file of ours but the standard
  /// ones. Fails with `usage` where it can't be started.
  static Result<ChildProcess> start(const std::vector<std::string>& arguments);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  /// Kills it where it still runs.
  ~ChildProcess();

  /// Takes what it has written so far; true once it has ended. Never waits.
  bool poll();
  /// More than output_limit on standard output: it should be stopped.
  bool too_much() const { return output_.size() > output_limit; }
  /// After the end: ended by itself with status 0?
  bool succeeded() const;
  /// "exit status 2", "signal 9".
  std::string ending() const;
  const WipedString& output() const { return output_; }
  /// The beginning of what it wrote to standard error, on one line.
  std::string errors() const;

  static constexpr std::size_t output_limit = std::size_t{64} << 10;
  static constexpr std::size_t errors_limit = 1000;

 private:
  ChildProcess() = default;
  void drain();

  pid_t pid_ = -1;
  int status_ = 0;
  FileDescriptor output_pipe_;
  FileDescriptor errors_pipe_;
  WipedString output_;
  WipedString errors_;
};

}  // namespace rekeyer::aws
