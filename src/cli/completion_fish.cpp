// Completion for fish: one `complete` a command, flag and argument, each under the command that it belongs to.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completion.hpp"
#include "engine/version.hpp"

namespace rekeyer::cli {
namespace {

constexpr std::string_view fish_beginning = R"(# Completion for fish, made by `rekeyer completion fish` (rekeyer {}).
# The command that is being typed: flags and their values are passed over.
function __rekeyer_command
    set -l command ''
    set -l passed_over no
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if test $passed_over = yes
            set passed_over no
            continue
        end
        switch "$command $word"
)";

constexpr std::string_view middle = R"fish(        end
    end
    printf '%s\n' $command
end

function __rekeyer_at
    test "$(__rekeyer_command)" = "$argv"
end

complete -c rekeyer -f
)fish";

std::string fish_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

/// Where a line of a command holds: everywhere for the root's flags.
std::string under(const CommandText& command) {
  return command.path.empty() ? std::string() : fmt::format(" -n '__rekeyer_at {}'", command.path);
}

std::string names_of(const FlagText& flag) {
  std::string result;
  for (const auto& name : flag.names) {
    result += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  return result;
}

std::string line(const CommandText& command, const FlagText& flag) {
  auto result = "complete -c rekeyer" + under(command) + names_of(flag);
  if (flag.file) {
    result += flag.argument() ? " -F" : " -r -F";
  } else if (!flag.choices.empty()) {
    result += fmt::format(" {} '{}'", flag.argument() ? "-a" : "-x -a", fmt::join(flag.choices, " "));
  } else if (flag.takes_value()) {
    result += " -x";
  }
  return result + " -d " + fish_quoted(flag.text) + "\n";
}

std::string passing(const CommandText& root) {
  std::vector<std::string> valued;
  std::vector<std::string> met;
  for (const auto* command : with_all_below(root)) {
    for (const auto& flag : command->flags) {
      if (!flag.takes_value()) continue;
      for (const auto& name : flag.names) {
        valued.push_back(fmt::format("'{} {}'", command->path.empty() ? "*" : command->path, name));
      }
    }
    for (const auto& below : command->commands) met.push_back(fmt::format("'{} {}'", command->path, below.name));
  }
  return fmt::format(
      "            case {}\n                set passed_over yes\n"
      "            case {}\n                set command (string trim -- \"$command $word\")\n",
      fmt::join(valued, " "), fmt::join(met, " "));
}

}  // namespace

std::string fish_completion(const CommandText& root) {
  auto script = fmt::format(fish_beginning, engine::version) + passing(root) + std::string(middle);
  for (const auto& flag : root.flags) script += line(root, flag);
  for (const auto* command : with_all_below(root)) {
    if (command != &root) {
      for (const auto* flag : own_flags(root, *command)) {
        // An argument that may be anything: there is nothing to offer.
        if (!flag->argument() || !flag->choices.empty() || flag->file) script += line(*command, *flag);
      }
    }
    for (const auto& below : command->commands) {
      script += fmt::format("complete -c rekeyer -n '__rekeyer_at{}{}' -a {} -d {}\n", command->path.empty() ? "" : " ",
                            command->path, below.name, fish_quoted(below.text));
    }
  }
  return script;
}

}  // namespace rekeyer::cli
