#include "sandbox/world/world_file_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cmath>

#include "base/spelling.hpp"

namespace rekeyer::sandbox {
namespace json = boost::json;
namespace {

std::string_view kind_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "true or false";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_: return "a number";
    case json::kind::string: return "a string";
    case json::kind::array: return "a list";
    case json::kind::object: return "an object";
  }
  return "nothing";
}

std::string instead_of(std::string_view wanted, const json::value& value) {
  return fmt::format("must be {}, not {}", wanted, kind_of(value));
}

std::optional<double> number(const json::value& value) {
  json::error_code failure;
  const double read = value.to_number<double>(failure);
  if (failure || !std::isfinite(read)) return std::nullopt;
  return read;
}

std::string document_text(const json::value& value, const std::string& path, Reading& reading) {
  if (const auto* text = value.if_string()) return std::string(*text);
  if (value.is_object()) return json::serialize(value);
  reading.report(path, instead_of("a policy document", value));
  return {};
}

}  // namespace

void Reading::report(std::string_view path, std::string_view what) {
  if (problem.empty()) problem = path.empty() ? std::string(what) : fmt::format("{}: {}", path, what);
}

Result<> Reading::outcome() const {
  if (failed()) return fail(ErrorKind::usage, problem);
  return {};
}

std::string JsonPath::text() const {
  if (const auto* found = value.if_string()) return std::string(*found);
  reading.report(path, instead_of("a string", value));
  return {};
}

Fields::Fields(const JsonPath& place) : object_(place.value.if_object()), path_(place.path), reading_(place.reading) {
  if (object_ == nullptr) reading_.report(path_, instead_of("an object", place.value));
}

Fields::Fields(const json::object& object, std::string path, Reading& reading)
    : object_(&object), path_(std::move(path)), reading_(reading) {}

Fields::~Fields() {
  if (object_ == nullptr || reading_.failed()) return;
  for (const auto& member : *object_) {
    const std::string_view name = member.key();
    if (std::ranges::find(asked_, name) != asked_.end()) continue;
    const auto meant = closest_name(name, asked_);
    if (meant.empty()) {
      report(name, fmt::format("unknown; known here are {}", fmt::join(asked_, ", ")));
    } else {
      report(name, fmt::format("unknown; did you mean {}?", meant));
    }
  }
  for (const auto name : missing_) report(name, "missing");
}

std::string Fields::path(std::string_view name) const {
  return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

bool Fields::has(std::string_view name) {
  asked_.push_back(name);
  return object_ != nullptr && object_->contains(name);
}

const json::value* Fields::find(std::string_view name) {
  asked_.push_back(name);
  const auto* value = object_ == nullptr ? nullptr : object_->if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::string Fields::text(std::string_view name, std::string_view fallback) {
  const auto* value = find(name);
  if (value == nullptr) return std::string(fallback);
  return JsonPath{*value, path(name), reading_}.text();
}

std::string Fields::required(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) {
    missing_.push_back(name);
    return {};
  }
  auto text = JsonPath{*value, path(name), reading_}.text();
  if (text.empty()) report(name, "must not be empty");
  return text;
}

bool Fields::flag(std::string_view name, bool fallback) {
  const auto* value = find(name);
  if (value == nullptr) return fallback;
  if (value->is_bool()) return value->get_bool();
  report(name, instead_of("true or false", *value));
  return fallback;
}

int Fields::whole(std::string_view name, int fallback, int most) {
  const auto* value = find(name);
  if (value == nullptr) return fallback;
  const auto read = number(*value);
  if (read && *read >= 0 && *read <= most && std::floor(*read) == *read) return static_cast<int>(*read);
  report(name, fmt::format("must be a whole number from 0 to {}", most));
  return fallback;
}

std::optional<Instant> Fields::instant(std::string_view name) {
  constexpr double most_days = 36'500;
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (const auto* text = value->if_string()) {
    const auto read = parse_iso8601(*text);
    if (!read) report(name, "must be a number of days before now, or an instant like 2026-01-31T12:00:00Z");
    return read;
  }
  const auto days = number(*value);
  if (!days) {
    report(name, instead_of("a number of days before now, or an instant like 2026-01-31T12:00:00Z", *value));
    return std::nullopt;
  }
  if (*days < 0 || *days > most_days) {
    report(name, fmt::format("must be from 0 to {} days before now", most_days));
    return std::nullopt;
  }
  return days_before(reading_.now, *days);
}

std::string Fields::choice(std::string_view name, std::string_view fallback,
                           const std::vector<std::string_view>& words) {
  auto word = text(name, fallback);
  if (std::ranges::find(words, word) == words.end()) {
    report(name, fmt::format("must be one of {}, not \"{}\"", fmt::join(words, ", "), word));
  }
  return word;
}

std::string Fields::document(std::string_view name, std::string_view fallback) {
  const auto* value = find(name);
  return value == nullptr ? std::string(fallback) : document_text(*value, path(name), reading_);
}

std::map<std::string, std::string> Fields::documents(std::string_view name) {
  std::map<std::string, std::string> read;
  const auto* value = find(name);
  if (value == nullptr) return read;
  if (!value->is_object()) {
    report(name, instead_of("an object of names and policy documents", *value));
    return read;
  }
  for (const auto& member : value->get_object()) {
    const auto where = fmt::format("{}.{}", path(name), std::string_view(member.key()));
    read.emplace(member.key(), document_text(member.value(), where, reading_));
  }
  return read;
}

std::map<std::string, std::string> Fields::text_map(std::string_view name) {
  std::map<std::string, std::string> read;
  const auto* value = find(name);
  if (value == nullptr) return read;
  if (!value->is_object()) {
    report(name, instead_of("an object of names and texts", *value));
    return read;
  }
  for (const auto& member : value->get_object()) {
    const auto where = fmt::format("{}.{}", path(name), std::string_view(member.key()));
    read.emplace(member.key(), JsonPath{member.value(), where, reading_}.text());
  }
  return read;
}

std::vector<std::string> Fields::texts(std::string_view name) {
  std::vector<std::string> read;
  each(name, [&](const JsonPath& place) { read.push_back(place.text()); });
  return read;
}

void Fields::each(std::string_view name, const std::function<void(const JsonPath&)>& read) {
  const auto* value = find(name);
  if (value == nullptr) return;
  if (!value->is_array()) return report(name, instead_of("a list", *value));
  const auto& list = value->get_array();
  for (std::size_t i = 0; i < list.size() && !reading_.failed(); ++i) {
    read(JsonPath{list[i], fmt::format("{}[{}]", path(name), i), reading_});
  }
}

Instant days_before(Instant now, double days) {
  return std::chrono::floor<std::chrono::seconds>(now - Milliseconds{std::llround(days * 86'400'000)});
}

}  // namespace rekeyer::sandbox
