// Instants and policy documents as a dump has them.
#include "sandbox/world/world_file_members.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace rekeyer::sandbox {
namespace json = boost::json;

std::string exact_text(Instant instant) {
  auto text = iso8601(instant);
  const auto rest = instant - std::chrono::floor<std::chrono::seconds>(instant);
  if (rest != Milliseconds::zero()) text.insert(text.size() - 1, fmt::format(".{:03}", rest.count()));
  return text;
}

json::value document_value(const std::string& text) {
  json::error_code failure;
  auto value = json::parse(text, failure);
  if (!failure && value.is_object() && json::serialize(value) == text) return value;
  return json::string(text);
}

}  // namespace rekeyer::sandbox
