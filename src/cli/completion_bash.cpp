// Completion for bash. It uses no function of the package bash-completion, which a server may lack.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completion.hpp"
#include "engine/version.hpp"

namespace rekeyer::cli {
namespace {

constexpr std::string_view bash_beginning = R"(# Completion for bash, made by `rekeyer completion bash` (rekeyer {}).
_rekeyer_files() {{
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$1")
}}

_rekeyer() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} command='' flags='' words='' i
  # bash cuts --flag=value into three words.
  if [[ $word == '=' ]]; then
    word=''
  elif [[ $before == '=' ]]; then
    before=${{COMP_WORDS[COMP_CWORD - 2]}}
  fi
  # Which command is being typed: flags and their values are passed over.
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command ${{COMP_WORDS[i]}}" in
)";

constexpr std::string_view ending = R"(  esac
  [[ $word != -* && -n $words ]] || words=$flags
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -F _rekeyer rekeyer
)";

/// Matches "command flag" in the script: a flag of the root after any command.
std::string pattern(const CommandText& command, const std::string& name) {
  return command.path.empty() ? fmt::format("*' {}'", name) : fmt::format("'{} {}'", command.path, name);
}

/// All names of all flags that take a value.
std::string valued(const CommandText& root) {
  std::vector<std::string> patterns;
  for (const auto* command : with_all_below(root)) {
    for (const auto& flag : command->flags) {
      if (!flag.takes_value()) continue;
      for (const auto& name : flag.names) patterns.push_back(pattern(*command, name));
    }
  }
  return fmt::format("{}", fmt::join(patterns, " | "));
}

/// "command word" for every command, as the loop of the script meets it.
std::string commands_met(const CommandText& root) {
  std::vector<std::string> patterns;
  for (const auto* command : with_all_below(root)) {
    for (const auto& below : command->commands) patterns.push_back(fmt::format("'{} {}'", command->path, below.name));
  }
  return fmt::format("{}", fmt::join(patterns, " | "));
}

std::string values_of(const FlagText& flag) {
  if (flag.file) return "_rekeyer_files \"$word\"; return";
  if (flag.choices.empty()) return "return";
  return fmt::format("words='{}'", fmt::join(flag.choices, " "));
}

/// One line for each flag with a value: what may stand behind it.
std::string values(const CommandText& root) {
  std::string lines;
  for (const auto* command : with_all_below(root)) {
    for (const auto& flag : command->flags) {
      if (!flag.takes_value() || flag.argument()) continue;
      std::vector<std::string> patterns;
      for (const auto& name : flag.names) patterns.push_back(pattern(*command, name));
      lines += fmt::format("  {}) {} ;;\n", fmt::join(patterns, " | "), values_of(flag));
    }
  }
  return lines;
}

std::string flag_names(const std::vector<const FlagText*>& flags) {
  std::vector<std::string> names;
  for (const auto* flag : flags) names.insert(names.end(), flag->names.begin(), flag->names.end());
  return fmt::format("{}", fmt::join(names, " "));
}

/// What may stand in a command: its commands or its argument, and its flags.
std::string words_of(const CommandText& root, const CommandText& command) {
  std::vector<std::string> words;
  for (const auto& below : command.commands) words.push_back(below.name);
  const auto* argument = argument_of(command);
  if (argument != nullptr) words.insert(words.end(), argument->choices.begin(), argument->choices.end());
  auto line = fmt::format("    '{}')", command.path);
  line += fmt::format(" words='{}' flags=\"$flags {}\"", fmt::join(words, " "), flag_names(own_flags(root, command)));
  if (argument != nullptr && argument->file) line += "; [[ $word == -* ]] || { _rekeyer_files \"$word\"; return; }";
  return line + " ;;\n";
}

}  // namespace

std::string bash_completion(const CommandText& root) {
  auto script = fmt::format(bash_beginning, engine::version);
  script += fmt::format("    {})\n", valued(root));
  script += "      [[ ${COMP_WORDS[i + 1]} != '=' ]] || ((i++))\n      ((i++))\n      ;;\n";
  script +=
      fmt::format("    {}) command+=${{command:+ }}${{COMP_WORDS[i]}} ;;\n    esac\n  done\n", commands_met(root));
  script += "  case \"$command $before\" in\n" + values(root);
  std::vector<const FlagText*> everywhere;
  for (const auto& flag : root.flags) everywhere.push_back(&flag);
  script += fmt::format("  *)\n    flags='{}'\n    case \"$command\" in\n", flag_names(everywhere));
  for (const auto* command : with_all_below(root)) script += words_of(root, *command);
  return script + "    esac\n    ;;\n" + std::string(ending);
}

}  // namespace rekeyer::cli
