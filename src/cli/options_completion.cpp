#include "cli/options_completion.hpp"

#include <CLI/CLI.hpp>

#include "cli/options.hpp"

namespace rekeyer::cli {

void add_completion_commands(CLI::App& app, Options& options, std::string& shell) {
  auto* completion = app.add_subcommand("completion", "Print a script that completes rekeyer's commands in a shell");
  completion->add_option("shell", shell, "bash | zsh | fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->callback([&options] { options.command = Command::completion; });
  auto* manual = app.add_subcommand("manual", "Print the manual page (rekeyer manual | man -l -)");
  manual->callback([&options] { options.command = Command::manual; });
}

Shell read_shell(const std::string& name) {
  if (name == "zsh") return Shell::zsh;
  return name == "fish" ? Shell::fish : Shell::bash;
}

}  // namespace rekeyer::cli
