// The command line as plain data, read from what parses it: completions and the manual are made from it, and so can't
// know other commands and flags than the program does.
#pragma once

#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace rekeyer::cli {

/// A flag (takes nothing), an option (takes a value) or an argument (has a place instead of a name).
struct FlagText {
  std::vector<std::string> names;  ///< "--yes", "-y"; none: an argument
  std::string value;               ///< what stands for its value, as in --help; of an argument its name; empty: a flag
  std::vector<std::string> choices;  ///< the only values there are; none: any
  std::string standard;              ///< the value where none is given, if that can be told in a word
  std::string text;
  bool file = false;  ///< its value names a file or a folder
  bool required = false;
  bool repeatable = false;

  bool takes_value() const { return !value.empty(); }
  bool argument() const { return names.empty(); }
};

struct CommandText {
  std::string name;  ///< its last word; of the root the program's
  std::string path;  ///< all its words: "sandbox serve"; of the root empty
  std::string text;
  std::string footer;
  std::vector<FlagText> flags;  ///< of the root those that may stand after every command
  std::vector<CommandText> commands;
};

CommandText read_commands(const CLI::App& app);

/// The command itself and all below it, each before those below it. Pointers into `command`.
std::vector<const CommandText*> with_all_below(const CommandText& command);

/// The flags and arguments of a command that may not stand after every other one too.
std::vector<const FlagText*> own_flags(const CommandText& root, const CommandText& command);

/// The argument of a command, if it takes one.
const FlagText* argument_of(const CommandText& command);

}  // namespace rekeyer::cli
