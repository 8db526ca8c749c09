// The one way to log: a sentence and named fields, as text for people or JSON lines for machines, on stderr.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace rekeyer::log {

enum class Level { debug, info, warn, error, off };
enum class Format { text, json };

using Field = std::pair<std::string_view, std::string>;
using Fields = std::initializer_list<Field>;

struct Settings {
  Level level = Level::info;
  Format format = Format::text;
  bool colour = false;
  /// Dates the lines; the composition root passes its clock. Without it, lines carry no date.
  std::function<Instant()> now;
  /// Fields of every line, after its own: which invocation wrote it.
  std::vector<std::pair<std::string, std::string>> always;
  /// Where a finished line goes; stderr when empty. Tests capture with it.
  std::function<void(std::string_view line)> sink;
};

/// Sets up logging; called once by a composition root, and by tests.
void configure(Settings settings);
bool enabled(Level level);

void write(Level level, std::string_view message, Fields fields);
inline void debug(std::string_view message, Fields fields = {}) { write(Level::debug, message, fields); }
inline void info(std::string_view message, Fields fields = {}) { write(Level::info, message, fields); }
inline void warn(std::string_view message, Fields fields = {}) { write(Level::warn, message, fields); }
inline void error(std::string_view message, Fields fields = {}) { write(Level::error, message, fields); }

/// "debug", "info", "warn", "error", "off"; false for anything else.
bool parse_level(std::string_view text, Level& level);
/// One line without its newline; pure.
std::string render(Format format, bool colour, std::string_view date, Level level, std::string_view message,
                   Fields fields, const std::vector<std::pair<std::string, std::string>>& always = {});

}  // namespace rekeyer::log
