#include "cli/command_tree.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "base/text.hpp"

namespace rekeyer::cli {
namespace {

/// CLI11 tells a value's type and what checks it in one text: "TEXT:{table,json}", "UINT:UINT in [1 - 9]", "TEXT:FILE".
struct TypeText {
  std::string type;
  std::vector<std::string> choices;
  bool file = false;
};

bool names_a_file(std::string_view word) {
  return word == "FILE" || word == "DIR" || word == "PATH" || word.starts_with("PATH(");
}

TypeText read_type(const std::string& text) {
  TypeText result;
  const auto parts = split(text, ':');
  result.type = parts.front();
  for (const auto part : parts) {
    if (names_a_file(part)) result.file = true;
    if (part.size() > 2 && part.front() == '{' && part.back() == '}') {
      const auto choices = split(part.substr(1, part.size() - 2), ',');
      result.choices.assign(choices.begin(), choices.end());
    }
  }
  return result;
}

FlagText read_flag(const CLI::Option& option) {
  FlagText flag;
  for (const auto& name : option.get_lnames()) flag.names.push_back("--" + name);
  for (const auto& name : option.get_snames()) flag.names.push_back("-" + name);
  flag.text = option.get_description();
  flag.required = option.get_required();
  if (option.get_items_expected_max() == 0) return flag;
  auto type = read_type(option.get_type_name());
  flag.value = flag.argument() ? option.get_single_name() : type.type;
  flag.choices = std::move(type.choices);
  flag.file = type.file;
  flag.standard = option.get_default_str();
  flag.repeatable = option.get_expected_max() > 1;
  return flag;
}

CommandText read_below(const CLI::App& app, const std::string& path) {
  CommandText command;
  command.name = app.get_name();
  command.path = path;
  command.text = app.get_description();
  command.footer = app.get_footer();
  for (const auto* option : app.get_options({})) command.flags.push_back(read_flag(*option));
  for (const auto* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    command.commands.push_back(read_below(*below, path.empty() ? below->get_name() : path + " " + below->get_name()));
  }
  return command;
}

}  // namespace

CommandText read_commands(const CLI::App& app) { return read_below(app, ""); }

std::vector<const CommandText*> with_all_below(const CommandText& command) {
  std::vector<const CommandText*> all{&command};
  for (const auto& below : command.commands) {
    for (const auto* one : with_all_below(below)) all.push_back(one);
  }
  return all;
}

std::vector<const FlagText*> own_flags(const CommandText& root, const CommandText& command) {
  std::vector<const FlagText*> own;
  for (const auto& flag : command.flags) {
    const bool everywhere = std::ranges::any_of(
        root.flags, [&](const FlagText& other) { return !flag.argument() && other.names == flag.names; });
    if (!everywhere) own.push_back(&flag);
  }
  return own;
}

const FlagText* argument_of(const CommandText& command) {
  const auto found = std::ranges::find_if(command.flags, &FlagText::argument);
  return found == command.flags.end() ? nullptr : &*found;
}

}  // namespace rekeyer::cli
