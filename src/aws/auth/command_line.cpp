#include "aws/auth/command_line.hpp"

#include <optional>
#include <utility>

namespace rekeyer::aws {
namespace {

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

Result<std::vector<std::string>> split_command_line(std::string_view text) {
  std::vector<std::string> arguments;
  std::optional<std::string> current;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == 0 && blank(c)) {
      if (current) arguments.push_back(*std::exchange(current, std::nullopt));
      continue;
    }
    if (!current) current.emplace();
    if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == '\\' && quote != '\'') {
      if (i + 1 == text.size()) return fail(ErrorKind::usage, "a backslash at the end");
      const char next = text[++i];
      // Inside double quotes a backslash is one, unless it protects the quote or itself.
      if (quote == '"' && next != '"' && next != '\\') *current += c;
      *current += next;
    } else {
      *current += c;
    }
  }
  if (quote != 0) return fail(ErrorKind::usage, "a quote that is not closed");
  if (current) arguments.push_back(*std::move(current));
  if (arguments.empty()) return fail(ErrorKind::usage, "the command is empty");
  return arguments;
}

}  // namespace rekeyer::aws
