#include "base/file_descriptor.hpp"

#include <unistd.h>

#include <cerrno>

namespace rekeyer {

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    close();
    number_ = other.release();
  }
  return *this;
}

void FileDescriptor::close() {
  if (!is_open()) return;
  const int before = errno;
  ::close(release());
  errno = before;
}

}  // namespace rekeyer
