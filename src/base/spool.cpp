#include "base/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace rekeyer {
namespace {

std::string folder() {
  const char* chosen = std::getenv("TMPDIR");
  return chosen != nullptr && *chosen != '\0' ? chosen : "/tmp";
}

/// A file without a name. Where the file system can't make one, one that loses its name at once.
int open_nameless(const std::string& folder) {
  const int without = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
  if (without >= 0) return without;
  std::string name = folder + "/rekeyer-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

std::unexpected<Error> failed(const std::string& what) {
  return fail(ErrorKind::rejected, what + ": " + std::strerror(errno));
}

}  // namespace

Result<Spool::Range> Spool::put(std::string_view text) {
  if (!file_.is_open()) file_ = FileDescriptor(open_nameless(folder()));
  if (!file_.is_open()) return failed("no temporary file can be made in " + folder());
  for (std::size_t written = 0; written < text.size();) {
    const auto more =
        ::pwrite(file_.get(), text.data() + written, text.size() - written, static_cast<off_t>(end_ + written));
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0) return failed("a temporary file in " + folder() + " can't be written");
    written += static_cast<std::size_t>(more);
  }
  const Range place{end_, text.size()};
  end_ += text.size();
  return place;
}

Result<std::string> Spool::get(const Range& place) const {
  std::string text(place.length, '\0');
  for (std::size_t read = 0; read < text.size();) {
    const auto more = file_.is_open() ? ::pread(file_.get(), text.data() + read, text.size() - read,
                                                static_cast<off_t>(place.offset + read))
                                      : 0;
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0) return failed("a temporary file can't be read back");
    read += static_cast<std::size_t>(more);
  }
  return text;
}

}  // namespace rekeyer
