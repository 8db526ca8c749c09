// Scripts that complete rekeyer's command line: pure, from the commands as data. They need nothing but their shell, and
// never run rekeyer.
#pragma once

#include <string>

#include "cli/command_tree.hpp"

namespace rekeyer::cli {

std::string bash_completion(const CommandText& root);
std::string zsh_completion(const CommandText& root);
std::string fish_completion(const CommandText& root);

}  // namespace rekeyer::cli
