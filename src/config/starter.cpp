// The starter file of `rekeyer config init`, written from the table of keys, so that it can't miss one.
#include <fmt/format.h>

#include <algorithm>

#include "config/config.hpp"
#include "config/keys.hpp"

namespace rekeyer::config {
namespace {

void add_comment(std::string& file, std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    file += fmt::format("# {}\n", text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

/// A key with its default. One without a default, or of a table that is off, as an example that is commented out (no
/// space after the #).
void add_key(std::string& file, const Key& key, bool off) {
  if (!key.fallback.empty()) {
    add_comment(file, fmt::format("{} Takes {}.", key.meaning, allowed_text(key)));
    file += fmt::format("{}{} = {}\n", off ? "#" : "", key.name, key.fallback);
  } else if (!key.example.empty()) {
    add_comment(file, fmt::format("{} Takes {}.", key.meaning, allowed_text(key)));
    file += fmt::format("#{}\n", key.example);
  }
}

/// All keys in words, then examples that are commented out.
void add_examples(std::string& file, const Table& table) {
  for (const auto& key : table.keys) {
    const auto named = key.fallback.empty() ? std::string(key.name) : fmt::format("{} = {}", key.name, key.fallback);
    add_comment(file, fmt::format("{}: {} Takes {}.", named, key.meaning, allowed_text(key)));
  }
  auto lines = table.examples;
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    file += fmt::format("#{}\n", lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

}  // namespace

std::string starter_file() {
  std::string file =
      "# rekeyer.toml: what `rekeyer` does in your organization. Every key stands here with its default; what you "
      "remove keeps it.\n"
      "# Lines that begin with # and no space are examples: switch one on with its heading. Check the file with: "
      "rekeyer "
      "config check\n";
  for (const auto& table : tables()) {
    if (table.name == "match") continue;  // shown inside the examples of overrides and exemptions
    file += '\n';
    add_comment(file, table.meaning);
    if (!table.examples.empty()) {
      add_examples(file, table);
      continue;
    }
    switch (table.shape) {
      case TableKind::table: file += fmt::format("{}[{}]\n", table.off ? "#" : "", table.name); break;
      case TableKind::repeated: file += fmt::format("#[[{}]]\n", table.name); break;
      case TableKind::map: file += fmt::format("#[{}]\n", table.name); break;
    }
    for (const auto& key : table.keys) add_key(file, key, table.off);
  }
  return file;
}

}  // namespace rekeyer::config
