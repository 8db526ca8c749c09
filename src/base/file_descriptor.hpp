// Who closes a file.
#pragma once

#include <utility>

namespace rekeyer {

/// Owns a descriptor of the operating system and closes it. Below 0 it owns none, which is what a failed call gives.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor() { close(); }

  bool is_open() const { return number_ >= 0; }
  int get() const { return number_; }
  /// Gives it up without closing it.
  int release() { return std::exchange(number_, -1); }
  /// Closes it now; harmless where nothing is open. `errno` stays, so that a failure before can still be told.
  void close();

 private:
  int number_ = -1;
};

}  // namespace rekeyer
