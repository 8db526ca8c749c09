// Reading AWS JSON field by field. An absent or null optional member is fine, a wrong type is a clear error, unknown
// members are ignored.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace rekeyer::aws {

/// A value in a JSON document. It shares the document (whose memory is wiped at its end), so it may outlive the value
/// that it came from; strings are views that live as long as any value of the document. Every reader fails with
/// `bad_reply` and names the member; the required ones also where it is absent or null.
class JsonValue {
 public:
  /// Reads a whole document. Fails with `bad_reply`: not JSON, something after it, or nested deeper than 64.
  static Result<JsonValue> parse(std::string_view document);

  Result<std::string_view> string(std::string_view name) const;
  Result<double> number(std::string_view name) const;
  /// A whole number, also where it is written as 3.0 or 3e0.
  Result<std::int64_t> integer(std::string_view name) const;
  Result<bool> boolean(std::string_view name) const;
  /// A date: epoch seconds in any notation, or an ISO 8601 string.
  Result<Instant> time(std::string_view name) const;
  Result<JsonValue> object(std::string_view name) const;
  Result<std::vector<JsonValue>> array(std::string_view name) const;

  Result<std::optional<std::string_view>> optional_string(std::string_view name) const;
  Result<std::optional<double>> optional_number(std::string_view name) const;
  Result<std::optional<std::int64_t>> optional_integer(std::string_view name) const;
  Result<std::optional<bool>> optional_boolean(std::string_view name) const;
  Result<std::optional<Instant>> optional_time(std::string_view name) const;
  Result<std::optional<JsonValue>> optional_object(std::string_view name) const;
  /// Absent, null and empty are all an empty list.
  Result<std::vector<JsonValue>> optional_array(std::string_view name) const;
  /// A list of strings; absent and null are an empty list.
  Result<std::vector<std::string_view>> optional_strings(std::string_view name) const;

  /// The members in the order of the document (a name given twice counts once, with its last value); empty for anything
  /// that is not an object.
  std::vector<std::pair<std::string_view, JsonValue>> members() const;
  bool is_object() const;
  /// This value itself, for the elements of lists.
  Result<std::string_view> as_string() const;
  Result<std::vector<JsonValue>> as_array() const;

 private:
  struct Document;
  /// `node` is a boost::json::value inside `document`; the library stays in the .cpp.
  JsonValue(std::shared_ptr<const Document> document, const void* node) : document_(std::move(document)), node_(node) {}

  std::shared_ptr<const Document> document_;
  const void* node_ = nullptr;
};

}  // namespace rekeyer::aws
