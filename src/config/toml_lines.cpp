#include "config/toml_lines.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/json_text.hpp"

namespace rekeyer::config {
namespace {

/// Stands between a line and the names. Values hold it nowhere behind their last quote, so the last one on a line
/// counts.
constexpr std::string_view before_names = "  # ";

std::string named(std::string_view text, const VariableNames& names, std::string_view note) {
  return fmt::format("{}{}{}{}{}\n", text, before_names, fmt::join(names, ", "), note.empty() ? "" : ": ", note);
}

}  // namespace

void TomlLines::open(std::string heading) { sections_.push_back({std::move(heading), {}}); }

void TomlLines::set(std::string_view key, std::string_view value, const VariableNames& names, std::string_view note) {
  sections_.back().lines.push_back({fmt::format("{} = {}", key, value), names, std::string(note)});
}

void TomlLines::remark(std::string_view text) { sections_.back().lines.push_back({fmt::format("# {}", text), {}, {}}); }

bool TomlLines::empty() const {
  return std::ranges::all_of(sections_, [](const Section& section) { return section.lines.empty(); });
}

std::string TomlLines::text() const {
  std::string result;
  for (const auto& section : sections_) {
    if (section.lines.empty()) continue;
    VariableNames names;
    for (const auto& line : section.lines) {
      for (const auto name : line.names) {
        if (std::ranges::find(names, name) == names.end()) names.push_back(name);
      }
    }
    result += '\n';
    // What is wrong with a table as a whole is reported at its heading.
    result += names.empty() ? section.heading + "\n" : named(section.heading, names, {});
    for (const auto& line : section.lines) {
      result += line.names.empty() ? line.text + "\n" : named(line.text, line.names, line.note);
    }
  }
  return result;
}

std::string toml_text(std::string_view text) { return json_quoted(text); }  // TOML knows all escapes that JSON has

std::string toml_list(const std::vector<std::string>& texts) {
  std::vector<std::string> quoted;
  for (const auto& text : texts) quoted.push_back(toml_text(text));
  return fmt::format("[{}]", fmt::join(quoted, ", "));
}

std::map<int, std::string> variables_by_line(std::string_view text) {
  std::map<int, std::string> variables;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto at = line.rfind(before_names);
    if (line.starts_with('#') || at == std::string_view::npos) continue;
    const auto names = line.substr(at + before_names.size());
    variables.emplace(number, names.substr(0, names.find(':')));
  }
  return variables;
}

}  // namespace rekeyer::config
