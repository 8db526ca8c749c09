// Completion for zsh: a function a command, each with one _arguments.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/completion.hpp"
#include "engine/version.hpp"

namespace rekeyer::cli {
namespace {

/// As the inside of a single-quoted word, with a backslash before each of `special`.
std::string zsh_quoted(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
      continue;
    }
    if (c == '\\' || special.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string function_name(const CommandText& command) {
  std::string name = command.path.empty() ? "_rekeyer" : "_rekeyer " + command.path;
  std::ranges::replace(name, ' ', '_');
  return name;
}

/// ":what it is:where it comes from", behind a flag or an argument.
std::string value_part(const FlagText& flag) {
  const auto from = flag.file              ? "_files"
                    : flag.choices.empty() ? ""
                                           : fmt::format("({})", fmt::join(flag.choices, " "));
  return fmt::format(":{}:{}", zsh_quoted(flag.value, ":"), from);
}

/// One specification of _arguments, several names excluding each other.
std::string specification(const FlagText& flag) {
  if (flag.argument()) return fmt::format("'1{}'", value_part(flag));
  const auto text = fmt::format("[{}]", zsh_quoted(flag.text, "[]:"));
  const auto value = flag.takes_value() ? value_part(flag) : std::string();
  const auto once = flag.repeatable ? std::string("*") : fmt::format("({})", fmt::join(flag.names, " "));
  // With a value, --flag=value is as good as two words; a short name has no such form.
  const auto spelt = [&](const std::string& name) {
    return flag.takes_value() && name.starts_with("--") ? name + "=" : name;
  };
  std::string result;
  for (const auto& name : flag.names) {
    if (!result.empty()) result += " \\\n    ";
    result += fmt::format("'{}{}{}{}'", once, spelt(name), text, value);
  }
  return result;
}

std::string specifications(const CommandText& root, const CommandText& command) {
  std::string result;
  const auto add = [&](const FlagText& flag) { result += " \\\n    " + specification(flag); };
  for (const auto* flag : own_flags(root, command)) add(*flag);
  std::ranges::for_each(root.flags, add);
  return result;
}

std::string leaf(const CommandText& root, const CommandText& command) {
  return fmt::format("{}() {{\n  _arguments -s{}\n}}\n\n", function_name(command), specifications(root, command));
}

/// A command with commands of its own: the next word says which function goes on.
std::string branch(const CommandText& root, const CommandText& command) {
  auto script =
      fmt::format("{}() {{\n  local curcontext=$curcontext context state state_descr line\n", function_name(command));
  script += "  local -A opt_args\n  local -a commands\n";
  script += fmt::format("  _arguments -C -s{} \\\n    '(-): :->command' \\\n    '(-)*:: :->rest' && return\n",
                        specifications(root, command));
  script += "  case $state in\n  command)\n    commands=(\n";
  for (const auto& below : command.commands) {
    script += fmt::format("      '{}:{}'\n", below.name, zsh_quoted(below.text, ":"));
  }
  script += "    )\n    _describe -t commands command commands\n    ;;\n  rest)\n    case $words[1] in\n";
  for (const auto& below : command.commands) {
    script += fmt::format("    {}) {} ;;\n", below.name, function_name(below));
  }
  return script + "    esac\n    ;;\n  esac\n}\n\n";
}

}  // namespace

std::string zsh_completion(const CommandText& root) {
  auto script = fmt::format(
      "#compdef rekeyer\n# Completion for zsh, made by `rekeyer completion zsh` (rekeyer {}).\n\n", engine::version);
  for (const auto* command : with_all_below(root)) {
    script += command->commands.empty() ? leaf(root, *command) : branch(root, *command);
  }
  // A file in $fpath is itself the function when it is first called; otherwise it was sourced.
  script += "if [[ ${funcstack[1]} == _rekeyer ]]; then\n  _rekeyer \"$@\"\nelse\n  compdef _rekeyer rekeyer\nfi\n";
  return script;
}

}  // namespace rekeyer::cli
