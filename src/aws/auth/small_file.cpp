#include "aws/auth/small_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/file_descriptor.hpp"

namespace rekeyer::aws {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

std::unexpected<Error> unreadable(const std::filesystem::path& path, int error) {
  const auto kind = error == ENOENT || error == ENOTDIR ? ErrorKind::not_found : ErrorKind::usage;
  return fail(kind, fmt::format("can't read {}: {}", path.string(), reason(error)));
}

bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0;
}

}  // namespace

Result<WipedString> read_small_file(const std::filesystem::path& path, std::size_t limit) {
  const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)};
  if (!file.is_open()) return unreadable(path, errno);
  WipedString content;
  // Room at once: a string that grows would leave pieces of the secret to be wiped again and again.
  content.resize(4096);
  std::size_t size = 0;
  for (;;) {
    const auto count = ::read(file.get(), content.data() + size, content.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable(path, errno);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
    if (size > limit) {
      return fail(ErrorKind::usage,
                  fmt::format("{} is longer than {} bytes: this is not such a file", path.string(), limit));
    }
    if (size == content.size()) content.resize(size * 2);
  }
  content.resize(size);
  return content;
}

Result<> replace_private_file(const std::filesystem::path& path, std::string_view content) {
  std::string temporary = path.string() + ".XXXXXX";
  const FileDescriptor file{::mkostemp(temporary.data(), O_CLOEXEC)};  // created with mode 0600
  const auto failed = [&](int error) {
    if (file.is_open()) ::unlink(temporary.c_str());
    return fail(ErrorKind::rejected, fmt::format("can't write {}: {}", path.string(), reason(error)));
  };
  if (!file.is_open()) return failed(errno);
  if (::fchmod(file.get(), S_IRUSR | S_IWUSR) != 0 || !write_all(file.get(), content)) return failed(errno);
  if (::rename(temporary.c_str(), path.c_str()) != 0) return failed(errno);
  return {};
}

}  // namespace rekeyer::aws
