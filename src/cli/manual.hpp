// The manual page rekeyer(1), in the man macros of roff: pure, from the commands as data.
#pragma once

#include <span>
#include <string>

#include "cli/command_tree.hpp"

namespace rekeyer::cli {

std::string manual_page(const CommandText& root);

/// A command line of the manual's examples, without the program's name, and what it is for.
struct ManualExample {
  std::string_view arguments;
  std::string_view text;
};
std::span<const ManualExample> manual_examples();

}  // namespace rekeyer::cli
