// From text to settings: the document, its tables by the table of keys, then what only the whole shows.
#include "config/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "config/keys.hpp"
#include "config/older_environment.hpp"
#include "config/toml_lines.hpp"

namespace rekeyer::config {
namespace {

/// Tables that stand on their own in the file, not inside another.
std::vector<std::string_view> top_level_names() {
  std::vector<std::string_view> names;
  for (const auto& table : tables()) {
    if (table.name != "match" && table.name.find('.') == std::string_view::npos) names.push_back(table.name);
  }
  return names;
}

void report_unknown(Draft& draft, const Member& member, const std::vector<std::string_view>& known) {
  const bool is_table = member.value.kind == Node::Kind::table || member.value.kind == Node::Kind::list;
  auto hint = did_you_mean(member.name, known);
  for (const auto& table : tables()) {
    const bool has_it = std::ranges::find(table.keys, member.name, &Key::name) != table.keys.end();
    if (hint.empty() && !is_table && has_it) hint = fmt::format("; write it below [{}]", table.name);
  }
  draft.report(member.place, fmt::format("unknown {} {}{}", is_table ? "table" : "key", shown(member.name), hint));
}

}  // namespace

std::string describe(const Problem& problem) {
  if (!problem.variable.empty()) {
    const bool several = problem.variable.find(',') != std::string::npos;
    return fmt::format("environment variable{} {}: {}", several ? "s" : "", problem.variable, problem.message);
  }
  return fmt::format("{}:{}:{}: {}", problem.file, problem.line, problem.column, problem.message);
}

std::expected<Configuration, std::vector<Problem>> parse(std::string_view text, const std::string& file_name) {
  Draft draft;
  if (file_name == environment_name) draft.variables = variables_by_line(text);
  const auto document = read_document(text, file_name);
  if (!document) {
    auto problem = document.error();
    problem.variable = draft.variables[problem.line];
    return std::unexpected(std::vector{std::move(problem)});
  }
  draft.file = file_name;
  draft.settings.file = file_name;
  const auto known = top_level_names();
  for (const auto& member : document->members) {
    if (std::ranges::find(known, member.name) == known.end()) {
      report_unknown(draft, member, known);
    } else {
      read_table(draft, *find_table(member.name), member);
    }
  }
  check_whole(draft);
  if (draft.problems.empty()) return Configuration{std::move(draft.settings), std::move(draft.notify)};
  std::ranges::sort(draft.problems, {}, [](const Problem& problem) {
    return std::tuple(problem.line, problem.column, std::string_view(problem.message));
  });
  return std::unexpected(std::move(draft.problems));
}

Result<Configuration> parse_or_fail(std::string_view text, const std::string& file_name) {
  auto configuration = parse(text, file_name);
  if (configuration) return *std::move(configuration);
  std::string message;
  for (const auto& problem : configuration.error()) {
    if (!message.empty()) message += '\n';
    message += describe(problem);
  }
  return fail(ErrorKind::usage, std::move(message));
}

}  // namespace rekeyer::config
