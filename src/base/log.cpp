#include "base/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "base/json_text.hpp"
#include "base/shown_text.hpp"
#include "base/utf8.hpp"

namespace rekeyer::log {
namespace {

struct State {
  Settings settings;
  std::shared_ptr<spdlog::logger> stderr_logger;
};

State& state() {
  static State instance;
  return instance;
}

std::string_view label(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warn: return "warn";
    case Level::error: return "error";
    case Level::off: return "off";
  }
  return "info";
}

std::string_view colour_of(Level level) {
  switch (level) {
    case Level::debug: return "\x1b[2m";
    case Level::warn: return "\x1b[33m";
    case Level::error: return "\x1b[31m";
    case Level::info:
    case Level::off: return "";
  }
  return "";
}

/// A line stays a line: what may not be shown is seen for what it was, and not sent to the terminal.
std::string visible(std::string_view text) { return shown_text(text, Unshown::escaped); }

std::string quoted_if_needed(std::string_view value) {
  if (!value.empty() && value.find_first_of(" =\"") == std::string_view::npos) return visible(value);
  return json_quoted(cut_between_characters(value, longest_shown));
}

}  // namespace

void configure(Settings settings) {
  state().settings = std::move(settings);
  if (!state().stderr_logger) {
    state().stderr_logger =
        std::make_shared<spdlog::logger>("rekeyer", std::make_shared<spdlog::sinks::stderr_sink_st>());
    state().stderr_logger->set_pattern("%v");
    state().stderr_logger->flush_on(spdlog::level::trace);
  }
}

bool enabled(Level level) { return level >= state().settings.level && level != Level::off; }

void write(Level level, std::string_view message, Fields fields) {
  if (!enabled(level)) return;
  if (!state().stderr_logger) configure(state().settings);
  const auto& settings = state().settings;
  const auto date = settings.now ? iso8601(settings.now()) : std::string();
  const auto line = render(settings.format, settings.colour, date, level, message, fields, settings.always);
  if (settings.sink) {
    settings.sink(line);
  } else {
    state().stderr_logger->info("{}", line);
  }
}

bool parse_level(std::string_view text, Level& level) {
  for (const auto candidate : {Level::debug, Level::info, Level::warn, Level::error, Level::off}) {
    if (label(candidate) == text) {
      level = candidate;
      return true;
    }
  }
  return false;
}

std::string render(Format format, bool colour, std::string_view date, Level level, std::string_view message,
                   Fields fields, const std::vector<std::pair<std::string, std::string>>& always) {
  std::string line;
  if (format == Format::json) {
    line = "{";
    if (!date.empty()) line += fmt::format("\"time\":{},", json_quoted(date));
    line += fmt::format("\"level\":\"{}\",\"message\":{}", label(level), json_quoted(message));
    for (const auto& [key, value] : fields) line += fmt::format(",{}:{}", json_quoted(key), json_quoted(value));
    for (const auto& [key, value] : always) line += fmt::format(",{}:{}", json_quoted(key), json_quoted(value));
    return line + "}";
  }
  if (!date.empty()) line += fmt::format("{} ", date);
  const auto paint = colour ? colour_of(level) : std::string_view();
  line += fmt::format("{}{:<5}{} {}", paint, label(level), paint.empty() ? "" : "\x1b[0m", visible(message));
  for (const auto& [key, value] : fields) line += fmt::format(" {}={}", key, quoted_if_needed(value));
  for (const auto& [key, value] : always) line += fmt::format(" {}={}", key, quoted_if_needed(value));
  return line;
}

}  // namespace rekeyer::log
