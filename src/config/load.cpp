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

/// Is something there? A file that can't be looked at counts: skipping it would mean other rules than those written.
bool is_there(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  return status.type() != std::filesystem::file_type::not_found;
}

/// What is wrong with the file's owner or mode: who may write it says what is done with everybody's keys. A link counts
/// as well as what it leads to; pipes and the like, which somebody made for this one call, do not.
std::optional<std::string> mistrusted(const std::filesystem::path& path) {
  struct stat link{};
  struct stat file{};
  if (lstat(path.c_str(), &link) != 0 || stat(path.c_str(), &file) != 0 || !S_ISREG(file.st_mode)) return std::nullopt;
  for (const auto owner : {link.st_uid, file.st_uid}) {
    if (owner == 0 || owner == geteuid()) continue;
    return fmt::format(
        "it belongs to another user (uid {}), who could change what is done; look at it, then: chown {} {}", owner,
        geteuid(), path.string());
  }
  if ((file.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return fmt::format("others may write it (mode {:o}); look at it, then: chmod go-w {}", file.st_mode & 07777U,
                       path.string());
  }
  return std::nullopt;
}

Result<std::string> read_file(const std::filesystem::path& path, bool may_be_anybodys) {
  const auto failed = [&](std::string_view why) {
    return fail(ErrorKind::usage, fmt::format("can't read the configuration {}: {}", path.string(), why));
  };
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) return failed("there is no such file");
  if (error) return failed(error.message());
  if (status.type() == std::filesystem::file_type::directory) return failed("it is a folder");
  if (const auto why = may_be_anybodys ? std::nullopt : mistrusted(path)) return failed(*why);
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
  // A file that is named is meant: where it is missing, that is a failure, and no other file takes its place.
  if (path) return path;
  if (const auto named = set_variable(surroundings, "REKEYER_CONFIG")) return std::filesystem::path(*named);
  std::vector<std::filesystem::path> places{surroundings.working_folder / file_name};
  if (const auto folder = set_variable(surroundings, "XDG_CONFIG_HOME")) {
    places.push_back(std::filesystem::path(*folder) / "rekeyer" / file_name);
  } else if (const auto home = set_variable(surroundings, "HOME")) {
    places.push_back(std::filesystem::path(*home) / ".config" / "rekeyer" / file_name);
  }
  places.push_back(surroundings.system_file);
  for (auto& place : places) {
    if (is_there(place)) return std::move(place);
  }
  return std::nullopt;
}

Result<Configuration> load(const std::optional<std::filesystem::path>& path, const Surroundings& surroundings) {
  const auto found = find_file(path, surroundings);
  if (!found) return Configuration{};
  TRY(const auto text, read_file(*found, surroundings.file_may_be_anybodys));
  return parse_or_fail(text, found->string());
}

Result<Configuration> load(const std::optional<std::filesystem::path>& path) {
  return load(path, Surroundings::of_process());
}

}  // namespace rekeyer::config
