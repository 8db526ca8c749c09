// Documents as JSON for files and as sentences for people; and how long IAM finds them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "base/json_text.hpp"
#include "permissions/model.hpp"

namespace rekeyer::permissions {
namespace {

constexpr std::size_t longest_line = 120;

std::string indented(int depth) { return std::string(static_cast<std::size_t>(depth) * 2, ' '); }

std::vector<std::string> quoted(const std::vector<std::string>& texts) {
  std::vector<std::string> all;
  for (const auto& text : texts) all.push_back(json_quoted(text));
  return all;
}

/// `"name": ` with one text, a list on one line where it fits, or one entry a line.
std::string texts_member(std::string_view name, const std::vector<std::string>& texts, int depth) {
  const auto entries = quoted(texts);
  const auto head = fmt::format("{}\"{}\": ", indented(depth), name);
  if (entries.size() == 1) return head + entries.front();
  auto line = fmt::format("{}[{}]", head, fmt::join(entries, ", "));
  if (line.size() <= longest_line) return line;
  const auto between = ",\n" + indented(depth + 1);
  return fmt::format("{}[\n{}{}\n{}]", head, indented(depth + 1), fmt::join(entries, between), indented(depth));
}

/// Keys of the same operator stand in one object, as JSON knows no member twice.
std::string condition_member(const std::vector<Condition>& conditions, int depth) {
  std::vector<std::string> operators;
  for (const auto& condition : conditions) {
    if (std::ranges::find(operators, condition.operation) == operators.end()) operators.push_back(condition.operation);
  }
  std::vector<std::string> parts;
  for (const auto& operation : operators) {
    std::vector<std::string> tests;
    for (const auto& condition : conditions) {
      if (condition.operation == operation) tests.push_back(texts_member(condition.key, condition.values, depth + 2));
    }
    parts.push_back(fmt::format("{}\"{}\": {{\n{}\n{}}}", indented(depth + 1), operation, fmt::join(tests, ",\n"),
                                indented(depth + 1)));
  }
  return fmt::format("{}\"Condition\": {{\n{}\n{}}}", indented(depth), fmt::join(parts, ",\n"), indented(depth));
}

std::string statement_text(const Statement& statement, int depth) {
  const auto inner = depth + 1;
  std::vector<std::string> members{
      texts_member("Sid", {statement.sid}, inner),
      texts_member("Effect", {statement.effect == Effect::allow ? "Allow" : "Deny"}, inner)};
  if (!statement.principal.empty()) {
    members.push_back(
        fmt::format("{}\"Principal\": {{\"AWS\": {}}}", indented(inner), json_quoted(statement.principal)));
  }
  members.push_back(texts_member(statement.all_but_actions ? "NotAction" : "Action", statement.actions, inner));
  if (!statement.resources.empty()) members.push_back(texts_member("Resource", statement.resources, inner));
  if (!statement.conditions.empty()) members.push_back(condition_member(statement.conditions, inner));
  return fmt::format("{0}{{\n{1}\n{0}}}", indented(depth), fmt::join(members, ",\n"));
}

/// Without the indentation of its first line, which follows a member's name.
std::string document_text(const Document& document, int depth) {
  std::vector<std::string> statements;
  for (const auto& statement : document.statements) statements.push_back(statement_text(statement, depth + 2));
  return fmt::format("{{\n{0}\"Version\": \"2012-10-17\",\n{0}\"Statement\": [\n{1}\n{0}]\n{2}}}", indented(depth + 1),
                     fmt::join(statements, ",\n"), indented(depth));
}

}  // namespace

std::string to_json(const Document& document) { return document_text(document, 0) + "\n"; }

std::string to_json(const std::vector<NamedDocument>& documents) {
  std::vector<std::string> members;
  for (const auto& [role, document] : documents) {
    members.push_back(fmt::format("{}{}: {}", indented(1), json_quoted(role), document_text(document, 1)));
  }
  return fmt::format("{{\n{}\n}}\n", fmt::join(members, ",\n"));
}

std::string explained(const Document& document) {
  std::string text;
  for (const auto& statement : document.statements) {
    text += fmt::format("{}: {}\n  {}{}{}\n", statement.sid, statement.why,
                        statement.effect == Effect::deny ? "never " : "",
                        statement.all_but_actions ? "anything but " : "", fmt::join(statement.actions, " "));
    if (!statement.resources.empty()) text += fmt::format("  on {}\n", fmt::join(statement.resources, " "));
    if (!statement.principal.empty()) text += fmt::format("  by {}\n", statement.principal);
    for (const auto& condition : statement.conditions) {
      text += fmt::format("  if {} {} {}\n", condition.key, condition.operation, fmt::join(condition.values, " or "));
    }
  }
  return text;
}

std::size_t size_of(const Document& document) {
  const auto text = to_json(document);
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return c != ' ' && c != '\n'; }));
}

}  // namespace rekeyer::permissions
