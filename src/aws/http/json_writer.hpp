// Writing JSON requests and secrets' values as a stream. Secrets go straight into memory that is wiped.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace rekeyer::aws {

/// Objects and arrays in the order of the calls, without spaces. `name` only inside an object, no name only inside an
/// array or at the top: the writer adds commas, and trusts its caller for the rest.
class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& begin_object(std::string_view name);
  JsonWriter& begin_array();
  JsonWriter& begin_array(std::string_view name);
  /// Names the object or array that is begun next; for writers that write one wherever it stands.
  JsonWriter& key(std::string_view name);
  /// Closes the innermost object or array.
  JsonWriter& end();

  JsonWriter& member(std::string_view name, std::string_view value);
  JsonWriter& member(std::string_view name, const char* value) { return member(name, std::string_view(value)); }
  JsonWriter& member(std::string_view name, std::integral auto value) {
    if constexpr (std::same_as<decltype(value), bool>) {
      return literal_member(name, value ? "true" : "false");
    } else {
      return literal_member(name, std::to_string(value));
    }
  }
  JsonWriter& null_member(std::string_view name) { return literal_member(name, "null"); }

  JsonWriter& value(std::string_view value);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(std::integral auto number) {
    if constexpr (std::same_as<decltype(number), bool>) {
      return literal(number ? "true" : "false");
    } else {
      return literal(std::to_string(number));
    }
  }

  /// Closes what is open and gives the document; the writer is empty afterwards.
  WipedString finish();
  /// The same, for documents that hold no secret.
  std::string finish_text();
  /// What is there so far, for documents that are passed on piece by piece and hold no secret; writing goes on after
  /// it.
  std::string take_text();
  /// How much that would be.
  std::size_t size() const { return text_.size(); }

 private:
  void separate();
  void append_key(std::string_view name);
  void append_quoted(std::string_view text);
  JsonWriter& literal_member(std::string_view name, std::string_view text);
  JsonWriter& literal(std::string_view text);
  JsonWriter& open(char bracket);

  WipedString text_;
  std::vector<char> closers_;
  bool first_ = true;
};

}  // namespace rekeyer::aws
