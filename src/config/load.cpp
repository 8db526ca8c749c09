// Finds the configuration file and reads it.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include "base/try.hpp"
#include "config/config.hpp"

namespace rekeyer::config {
namespace {

constexpr std::string_view file_name = "rekeyer.toml";
constexpr std::uintmax_t most_bytes = 1024 * 1024;

std::optional<std::string> set_variable(const Surroundings& surroundings, std::string_view name) {
  auto value = surroundings.variable ? surroundings.variable(name) : std::nullopt;
  if (value && value->empty()) return std::nullopt;
  return value;
}

/// Is something there? A file that can't be looked at counts, and so does a link to nothing: skipping it would mean
/// other rules than those written.
bool is_there(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::symlink_status(path, error);
  return status.type() != std::filesystem::file_type::not_found;
}

constexpr mode_t writable_by_others = S_IWGRP | S_IWOTH;

bool is_trusted(uid_t owner) { return owner == 0 || owner == geteuid(); }

/// What is wrong with the file's owner or mode: who may write it says what is done with everybody's keys. A link counts
/// as well as what it leads to, and so does the owner of a pipe that the caller's shell made for this one call.
std::optional<std::string> mistrusted(const std::filesystem::path& path) {
  struct stat link{};
  struct stat file{};
  if (lstat(path.c_str(), &link) != 0 || stat(path.c_str(), &file) != 0) return std::nullopt;
  for (const auto owner : {link.st_uid, file.st_uid}) {
    if (is_trusted(owner)) continue;
    return fmt::format(
        "it belongs to another user (uid {}), who could change what is done; look at it, then: chown -h {} {}", owner,
        geteuid(), path.string());
  }
  if (S_ISREG(file.st_mode) && (file.st_mode & writable_by_others) != 0) {
    return fmt::format("others may write it (mode {:o}); look at it, then: chmod go-w {}", file.st_mode & 07777U,
                       path.string());
  }
  return std::nullopt;
}

/// The same for the folder that a file was found in because the caller happened to stand there: who may write it could
/// put another file in its place. Where everybody may, but only owners move their files (/tmp), the file's owner says
/// enough.
std::optional<std::string> mistrusted_folder(const std::filesystem::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  struct stat status{};
  if (stat(folder.c_str(), &status) != 0) return std::nullopt;
  constexpr std::string_view remedy = "look at the file, then name it with --config";
  if (!is_trusted(status.st_uid)) {
    return fmt::format("the folder that it was found in belongs to another user (uid {}); {}", status.st_uid, remedy);
  }
  if ((status.st_mode & writable_by_others) != 0 && (status.st_mode & S_ISVTX) == 0) {
    return fmt::format("others may write the folder that it was found in (mode {:o}); {}, or: chmod go-w {}",
                       status.st_mode & 07777U, remedy, folder.string());
  }
  return std::nullopt;
}

/// Where the configuration is, and how it came to be read.
struct Found {
  std::filesystem::path path;
  bool named = true;  ///< by a flag or a variable; else it was looked for
  bool here = false;  ///< it stands in the folder where the caller happens to be
};

Result<std::string> read_file(const Found& found, bool may_be_anybodys) {
  const auto& path = found.path;
  const auto failed = [&](std::string_view why) {
    return fail(ErrorKind::usage, fmt::format("can't read the configuration {}: {}", path.string(), why));
  };
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    const bool link = std::filesystem::is_symlink(path, error);
    return failed(link ? "it is a link to a file that is not there" : "there is no such file");
  }
  if (error) return failed(error.message());
  if (status.type() == std::filesystem::file_type::directory) return failed("it is a folder");
  if (!may_be_anybodys) {
    if (const auto why = mistrusted(path)) return failed(*why);
    if (const auto why = found.here ? mistrusted_folder(path) : std::nullopt) return failed(*why);
  }
  // Whoever names a pipe has made it; one that lies about would be waited for, or be filled by somebody else.
  if (!found.named && status.type() != std::filesystem::file_type::regular) return failed("it is no file");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return failed(errno != 0 ? std::strerror(errno) : "it can't be opened");
  std::string text;
  // Not by its size on disk: it may be a pipe.
  for (std::istreambuf_iterator<char> at(file), end; at != end; ++at) {
    if (text.size() == most_bytes) return failed("it is larger than 1 MiB");
    text += *at;
  }
  if (file.bad()) return failed("reading it failed");
  return text;
}

std::optional<Found> find(const std::optional<std::filesystem::path>& path, const Surroundings& surroundings) {
  // A file that is named is meant: where it is missing, that is a failure, and no other file takes its place.
  if (path) return Found{*path};
  if (const auto named = set_variable(surroundings, "REKEYER_CONFIG")) return Found{*named};
  std::vector<Found> places{{surroundings.working_folder / file_name, false, true}};
  if (const auto folder = set_variable(surroundings, "XDG_CONFIG_HOME")) {
    places.push_back({std::filesystem::path(*folder) / "rekeyer" / file_name, false});
  } else if (const auto home = set_variable(surroundings, "HOME")) {
    places.push_back({std::filesystem::path(*home) / ".config" / "rekeyer" / file_name, false});
  }
  places.push_back({surroundings.system_file, false});
  for (auto& place : places) {
    if (is_there(place.path)) return std::move(place);
  }
  return std::nullopt;
}

}  // namespace

Surroundings Surroundings::of_process() {
  Surroundings surroundings;
  surroundings.variable = [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
  return surroundings;
}

std::optional<std::filesystem::path> find_file(const std::optional<std::filesystem::path>& path,
                                               const Surroundings& surroundings) {
  auto found = find(path, surroundings);
  if (!found) return std::nullopt;
  return std::move(found->path);
}

Result<Configuration> load(const std::optional<std::filesystem::path>& path, const Surroundings& surroundings) {
  const auto found = find(path, surroundings);
  if (!found) return Configuration{};
  TRY(const auto text, read_file(*found, surroundings.file_may_be_anybodys));
  return parse_or_fail(text, found->path.string());
}

Result<Configuration> load(const std::optional<std::filesystem::path>& path) {
  return load(path, Surroundings::of_process());
}

}  // namespace rekeyer::config
