// Flags of `rekeyer completion` and `rekeyer manual`.
#pragma once

#include <string>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace rekeyer::cli {

struct Options;
enum class Shell { bash, zsh, fish };

void add_completion_commands(CLI::App& app, Options& options, std::string& shell);
/// Of a name that the parser has let through.
Shell read_shell(const std::string& name);

}  // namespace rekeyer::cli
