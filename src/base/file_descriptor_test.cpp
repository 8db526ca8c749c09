#include "base/file_descriptor.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>

namespace rekeyer {
namespace {

int open_something() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }
bool is_open(int number) { return ::fcntl(number, F_GETFD) != -1; }

TEST(FileDescriptor, IsClosedAtTheEnd) {
  const int number = open_something();
  ASSERT_GE(number, 0);
  {
    const FileDescriptor file(number);
    EXPECT_TRUE(file.is_open());
    EXPECT_EQ(file.get(), number);
    EXPECT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST(FileDescriptor, OfAFailedCallIsNone) {
  FileDescriptor none(::open("/nowhere/at/all", O_RDONLY | O_CLOEXEC));
  EXPECT_FALSE(none.is_open());
  none.close();
  EXPECT_FALSE(FileDescriptor().is_open());
}

TEST(FileDescriptor, HasOneOwner) {
  const int number = open_something();
  const int other = open_something();
  FileDescriptor first(number);
  FileDescriptor second(std::move(first));
  EXPECT_FALSE(first.is_open());  // NOLINT(bugprone-use-after-move): that it owns none is what a move leaves behind
  EXPECT_EQ(second.get(), number);
  FileDescriptor third(other);
  third = std::move(second);
  EXPECT_EQ(third.get(), number);
  EXPECT_FALSE(is_open(other)) << "what it owned before is closed";
  third.close();
  EXPECT_FALSE(is_open(number));
}

TEST(FileDescriptor, CanBeGivenUp) {
  FileDescriptor file(open_something());
  const int number = file.release();
  EXPECT_FALSE(file.is_open());
  EXPECT_TRUE(is_open(number));
  FileDescriptor again(number);
  errno = ENOSPC;
  again.close();
  EXPECT_EQ(errno, ENOSPC);
}

}  // namespace
}  // namespace rekeyer
