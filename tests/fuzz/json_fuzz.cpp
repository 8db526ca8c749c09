// AWS's JSON replies: whatever comes, reading it ends without a crash, and errors are told, not thrown.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aws/http/json.hpp"
#include "aws/http/service_error.hpp"

namespace {

void walk(const rekeyer::aws::JsonValue& value) {
  static_cast<void>(value.as_string());
  if (const auto list = value.as_array()) {
    for (const auto& item : *list) walk(item);
  }
  for (const auto& [name, member] : value.members()) {
    static_cast<void>(value.optional_time(name));
    static_cast<void>(value.optional_integer(name));
    static_cast<void>(value.optional_strings(name));
    walk(member);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto document = rekeyer::aws::JsonValue::parse(text)) walk(*document);
  static_cast<void>(rekeyer::aws::read_json_error(text));
  return 0;
}
