#include "cli/environment_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/http/json.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::cli {
namespace {

using Variables = std::map<std::string, std::string>;

/// The map itself: what is printed may be a whole function's configuration, or a part of it.
Result<aws::JsonValue> map_in(aws::JsonValue document) {
  TRY(const auto environment, document.optional_object("Environment"));
  if (environment) document = *environment;
  TRY(const auto variables, document.optional_object("Variables"));
  return variables ? *variables : document;
}

Result<Variables> read_json(std::string_view text, std::string_view file_name) {
  const auto wrong = [&](std::string_view why) {
    return fail(
        ErrorKind::usage,
        fmt::format("{}: {}; it takes what `aws lambda get-function-configuration --query Environment.Variables` "
                    "prints",
                    file_name, why));
  };
  const auto document = aws::JsonValue::parse(text);
  if (!document) return wrong("is not JSON");
  const auto map = map_in(*document);
  if (!map) return wrong("is no map of names to texts");
  Variables variables;
  for (const auto& [name, value] : map->members()) {
    const auto string = value.as_string();
    if (!string) return wrong(fmt::format("the value of `{}` is no text", name));
    variables.insert_or_assign(std::string(name), std::string(*string));
  }
  return variables;
}

bool is_name(std::string_view text) {
  return !text.empty() && !is_digit(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '_'; });
}

std::string_view without_quotes(std::string_view value) {
  const bool quoted =
      value.size() >= 2 && value.front() == value.back() && (value.front() == '"' || value.front() == '\'');
  return quoted ? value.substr(1, value.size() - 2) : value;
}

Result<Variables> read_lines(std::string_view text, std::string_view file_name) {
  Variables variables;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("export ")) line = trimmed(line.substr(7));
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || !is_name(line.substr(0, equals))) {
      // The line is not shown: a file of variables may hold anything.
      return fail(ErrorKind::usage, fmt::format("{}:{}: is neither NAME=VALUE nor JSON", file_name, number));
    }
    variables.insert_or_assign(std::string(line.substr(0, equals)),
                               std::string(without_quotes(trimmed(line.substr(equals + 1)))));
  }
  return variables;
}

}  // namespace

Result<Variables> parse_environment_file(std::string_view text, std::string_view file_name) {
  const auto content = trimmed(text);
  if (content.empty()) return fail(ErrorKind::usage, fmt::format("{}: is empty", file_name));
  return content.starts_with('{') ? read_json(content, file_name) : read_lines(text, file_name);
}

}  // namespace rekeyer::cli
