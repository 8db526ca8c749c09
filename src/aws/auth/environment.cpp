#include "aws/auth/environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "aws/http/message.hpp"
#include "base/text.hpp"

namespace rekeyer::aws {

Environment Environment::system() {
  return {[](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  }};
}

Environment Environment::of(std::map<std::string, std::string, std::less<>> variables) {
  return {[variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
    const auto position = variables.find(name);
    if (position == variables.end()) return std::nullopt;
    return position->second;
  }};
}

std::optional<std::string> Environment::value(std::string_view name) const {
  auto text = get(name);
  if (text && text->empty()) return std::nullopt;
  return text;
}

Result<std::optional<std::string>> Environment::line(std::string_view name) const {
  auto text = value(name);
  if (text && !is_one_line(*text)) {
    return fail(ErrorKind::usage,
                fmt::format("the environment variable {} holds a line break or control character", name));
  }
  return text;
}

Secret Environment::secret(std::string_view name) const {
  auto text = value(name);
  if (!text) return {};
  Secret result{*text};
  wipe(text->data(), text->size());
  return result;
}

bool Environment::flag(std::string_view name) const {
  const auto text = value(name);
  return text && equal_ignoring_case(*text, "true");
}

std::optional<std::filesystem::path> Environment::home() const {
  const auto text = value("HOME");
  if (!text) return std::nullopt;
  return std::filesystem::path(*text);
}

std::filesystem::path Environment::expand(std::string_view path) const {
  const bool at_home = path == "~" || path.starts_with("~/");
  const auto folder = at_home ? home() : std::nullopt;
  if (!folder) return path;
  return path.size() > 2 ? *folder / path.substr(2) : *folder;
}

bool is_one_line(std::string_view text) { return std::ranges::none_of(text, is_control); }

}  // namespace rekeyer::aws
