// Text that is put aside and read again later, in a file without a name: nothing of it is left when the process ends,
// however it ends.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/file_descriptor.hpp"

namespace rekeyer {

class Spool {
 public:
  /// Where a text lies.
  struct Range {
    std::uint64_t offset = 0;
    std::size_t length = 0;
  };

  /// The file is made at the first text, readable by this user only, in $TMPDIR or /tmp. Fails with `rejected` where it
  /// can't be made, or is full; what was put aside before stays readable.
  Result<Range> put(std::string_view text);
  /// Fails with `rejected`.
  Result<std::string> get(const Range& place) const;

 private:
  FileDescriptor file_;
  std::uint64_t end_ = 0;
};

}  // namespace rekeyer
