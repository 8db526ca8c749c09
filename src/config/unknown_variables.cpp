// Variables in the environment that nobody reads.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/spelling.hpp"
#include "config/draft.hpp"
#include "config/older_environment.hpp"
#include "config/older_variables.hpp"

namespace rekeyer::config {
namespace {

/// What a shell, a C library, Lambda and the network expect there.
constexpr std::array<std::string_view, 34> of_systems{"PATH",
                                                      "LANG",
                                                      "LANGUAGE",
                                                      "TZ",
                                                      "HOME",
                                                      "PWD",
                                                      "OLDPWD",
                                                      "SHLVL",
                                                      "USER",
                                                      "LOGNAME",
                                                      "SHELL",
                                                      "TERM",
                                                      "HOSTNAME",
                                                      "TMPDIR",
                                                      "HTTP_PROXY",
                                                      "HTTPS_PROXY",
                                                      "NO_PROXY",
                                                      "ALL_PROXY",
                                                      "http_proxy",
                                                      "https_proxy",
                                                      "no_proxy",
                                                      "all_proxy",
                                                      "SSL_CERT_FILE",
                                                      "SSL_CERT_DIR",
                                                      "NO_COLOR",
                                                      "LD_LIBRARY_PATH",
                                                      "LD_PRELOAD",
                                                      "LAMBDA_TASK_ROOT",
                                                      "LAMBDA_RUNTIME_DIR",
                                                      "ASAN_OPTIONS",
                                                      "UBSAN_OPTIONS",
                                                      "LSAN_OPTIONS",
                                                      "MALLOC_ARENA_MAX",
                                                      "GLIBC_TUNABLES"};
/// AWS's and rekeyer's own; locales; folders of the desktop's standard; Lambda's and the shell's internal names.
constexpr std::array<std::string_view, 5> beginnings{"AWS_", "REKEYER_", "LC_", "XDG_", "_"};

bool is_expected(std::string_view name) {
  return std::ranges::find(of_systems, name) != of_systems.end() ||
         std::ranges::any_of(beginnings, [name](std::string_view begin) { return name.starts_with(begin); }) ||
         find_older_variable(name) != nullptr;
}

}  // namespace

std::vector<std::string> unknown_variables(const std::map<std::string, std::string>& variables) {
  std::vector<std::string_view> known{"REKEYER_CONFIG",           "REKEYER_MODE",       "REKEYER_RUNS",
                                      "REKEYER_ACCOUNT_FUNCTION", "REKEYER_DEPLOYMENT", "REKEYER_ALLOW_PLAIN_HTTP"};
  for (const auto& older : older_variables()) {
    if (!older.becomes.empty()) known.push_back(older.name);
  }
  std::vector<std::string> unknown;
  for (const auto& [name, value] : variables) {
    if (is_expected(name)) continue;
    const auto close = closest_name(name, known);
    unknown.push_back(fmt::format("the environment variable {} means nothing to rekeyer{}", shown(name),
                                  close.empty() ? std::string() : fmt::format("; did you mean {}?", close)));
  }
  return unknown;
}

}  // namespace rekeyer::config
