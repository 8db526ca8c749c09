// rekeyer completion and rekeyer manual.
#include "cli/command_tree.hpp"
#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/manual.hpp"
#include "cli/terminal.hpp"

namespace rekeyer::cli {
namespace {

std::string script(Shell shell, const CommandText& root) {
  switch (shell) {
    case Shell::bash: return bash_completion(root);
    case Shell::zsh: return zsh_completion(root);
    case Shell::fish: return fish_completion(root);
  }
  return {};
}

}  // namespace

int run_completion(const Options& options) {
  return print(script(options.shell, described_commands())) ? exit_ok : exit_failed;
}

int run_manual(const Options&) { return print(manual_page(described_commands())) ? exit_ok : exit_failed; }

}  // namespace rekeyer::cli
