#include "scale/states_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <vector>

#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::scale {
namespace {

namespace json = boost::json;

constexpr std::string_view dynamic = ".$";
constexpr std::string_view format_begins = "States.Format(";

bool is_member_character(char c) { return is_alnum(c) || c == '_'; }

/// The names on the way, and whether it leads into the context object.
struct Path {
  bool in_context = false;
  std::vector<std::string_view> members;
};

Result<Path> parse_path(std::string_view text) {
  const auto unknown = [&] {
    return fail(ErrorKind::usage,
                fmt::format("the path \"{}\" is of a kind that this interpreter does not know", text));
  };
  Path path;
  auto rest = text;
  if (!rest.starts_with('$')) return unknown();
  rest.remove_prefix(1);
  if (rest.starts_with('$')) {
    path.in_context = true;
    rest.remove_prefix(1);
  }
  while (!rest.empty()) {
    if (!rest.starts_with('.')) return unknown();
    rest.remove_prefix(1);
    const auto end = std::ranges::find_if_not(rest, is_member_character);
    const auto length = static_cast<std::size_t>(end - rest.begin());
    if (length == 0) return unknown();
    path.members.push_back(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  return path;
}

std::unexpected<StateError> runtime_error(std::string cause) {
  return std::unexpected(StateError{"States.Runtime", std::move(cause)});
}

/// "States.Format('text with {}', path, …)".
struct Format {
  std::string_view text;
  std::vector<std::string_view> arguments;
};

Result<Format> parse_format(std::string_view text) {
  const auto unknown = [&] {
    return fail(ErrorKind::usage, fmt::format("\"{}\" is no path, and no States.Format with paths", text));
  };
  if (!text.starts_with(format_begins) || !text.ends_with(')')) return unknown();
  auto rest = text.substr(format_begins.size(), text.size() - format_begins.size() - 1);
  if (!rest.starts_with('\'')) return unknown();
  const auto end = rest.find('\'', 1);
  if (end == std::string_view::npos) return unknown();
  Format format{rest.substr(1, end - 1), {}};
  if (format.text.find('\\') != std::string_view::npos) return unknown();
  rest.remove_prefix(end + 1);
  while (!rest.empty()) {
    if (!rest.starts_with(", ")) return unknown();
    rest.remove_prefix(2);
    const auto comma = std::min(rest.find(','), rest.size());
    TRY_VOID(parse_path(rest.substr(0, comma)));
    format.arguments.push_back(rest.substr(0, comma));
    rest.remove_prefix(comma);
  }
  return format;
}

Outcome fill_format(const Format& format, const Scope& scope) {
  std::string filled;
  auto rest = format.text;
  for (const auto argument : format.arguments) {
    const auto gap = rest.find("{}");
    if (gap == std::string_view::npos) return runtime_error("States.Format has more arguments than gaps");
    TRY(const auto value, read_path(argument, scope));
    const auto* text = value.if_string();
    if (text == nullptr) return runtime_error(fmt::format("States.Format: {} is no text", argument));
    filled.append(rest.substr(0, gap)).append(std::string_view(*text));
    rest.remove_prefix(gap + 2);
  }
  if (rest.find("{}") != std::string_view::npos) return runtime_error("States.Format has more gaps than arguments");
  filled.append(rest);
  return json::value(filled);
}

Outcome fill_dynamic(std::string_view text, const Scope& scope) {
  if (text.starts_with('$')) return read_path(text, scope);
  const auto format = parse_format(text);
  if (!format) return runtime_error(format.error().message);
  return fill_format(*format, scope);
}

}  // namespace

Result<> check_path(std::string_view path) {
  TRY_VOID(parse_path(path));
  return {};
}

Result<> check_template(const json::value& payload) {
  if (const auto* array = payload.if_array()) {
    for (const auto& element : *array) TRY_VOID(check_template(element));
    return {};
  }
  const auto* object = payload.if_object();
  if (object == nullptr) return {};
  for (const auto& [name, value] : *object) {
    if (!std::string_view(name).ends_with(dynamic)) {
      TRY_VOID(check_template(value));
      continue;
    }
    const auto* text = value.if_string();
    if (text == nullptr) return fail(ErrorKind::usage, fmt::format("\"{}\" must be a text", std::string_view(name)));
    if (text->starts_with('$')) {
      TRY_VOID(parse_path(*text));
    } else {
      TRY_VOID(parse_format(*text));
    }
  }
  return {};
}

Outcome read_path(std::string_view text, const Scope& scope) {
  const auto path = parse_path(text);
  if (!path) return runtime_error(path.error().message);
  const auto* at = path->in_context ? &scope.context : &scope.input;
  for (const auto member : path->members) {
    const auto* object = at->if_object();
    const auto* next = object == nullptr ? nullptr : object->if_contains(member);
    if (next == nullptr) return runtime_error(fmt::format("the path \"{}\" leads nowhere", text));
    at = next;
  }
  return *at;
}

Outcome fill_template(const json::value& payload, const Scope& scope) {
  if (const auto* array = payload.if_array()) {
    json::array filled;
    for (const auto& element : *array) {
      TRY(auto value, fill_template(element, scope));
      filled.push_back(std::move(value));
    }
    return json::value(std::move(filled));
  }
  const auto* object = payload.if_object();
  if (object == nullptr) return payload;
  json::object filled;
  for (const auto& [key, value] : *object) {
    const std::string_view name(key);
    if (name.ends_with(dynamic)) {
      TRY(auto found, fill_dynamic(value.as_string(), scope));
      filled[name.substr(0, name.size() - dynamic.size())] = std::move(found);
    } else {
      TRY(auto inner, fill_template(value, scope));
      filled[name] = std::move(inner);
    }
  }
  return json::value(std::move(filled));
}

Outcome put_result(json::value input, std::string_view text, json::value result) {
  const auto path = parse_path(text);
  if (!path || path->in_context) return runtime_error(fmt::format("ResultPath \"{}\" can't be written to", text));
  if (path->members.empty()) return result;
  auto* at = &input;
  for (const auto member : path->members) {
    if (!at->is_object()) return runtime_error(fmt::format("ResultPath \"{}\" leads through what is no object", text));
    at = &at->as_object()[member];
    if (at->is_null() && member != path->members.back()) at->emplace_object();
  }
  *at = std::move(result);
  return input;
}

}  // namespace rekeyer::scale
