// The one file that knows Boost.JSON. Every byte that it allocates is wiped: replies hold secret keys and tokens.
#include "aws/http/json.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/memory_resource.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <cstddef>
#include <new>
#include <utility>

#include "base/json_text.hpp"
#include "base/secret.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

namespace json = boost::json;

constexpr std::size_t json_depth_limit = 64;

class WipingResource final : public json::memory_resource {
 private:
  // The alignments that Boost 1.81 gives for one block can differ between the two calls, so neither is used: what plain
  // new gives is enough for everything in a document.
  void* do_allocate(std::size_t bytes, std::size_t) override { return ::operator new(bytes); }
  void do_deallocate(void* memory, std::size_t bytes, std::size_t) override {
    wipe(memory, bytes);
    ::operator delete(memory);
  }
  bool do_is_equal(const json::memory_resource& other) const noexcept override { return this == &other; }
};

/// The parser unescapes strings in a buffer on the stack, which nobody else wipes.
[[gnu::noinline]] void wipe_stack_below() {
  std::array<char, 16384> used;
  wipe(used.data(), used.size());
}

/// The value in `pool`; what the parser itself needs meanwhile in `memory`.
[[gnu::noinline]] json::value parse_into(const json::storage_ptr& pool, const json::storage_ptr& memory,
                                         std::string_view document, json::error_code& failure) {
  json::parse_options options;
  options.max_depth = json_depth_limit;
  json::parser parser(memory, options);
  parser.reset(pool);
  parser.write(document.data(), document.size(), failure);
  return failure ? json::value(nullptr, pool) : parser.release();
}

std::unexpected<Error> malformed_json(std::string message) { return fail(ErrorKind::bad_reply, std::move(message)); }

const json::value* as_value(const void* node) { return static_cast<const json::value*>(node); }

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

/// The member, or nothing where it is absent or null; fails where `node` is no object.
Result<const json::value*> find(const void* node, std::string_view name) {
  const auto* object = node == nullptr ? nullptr : as_value(node)->if_object();
  if (object == nullptr) {
    return malformed_json(fmt::format("there is no object to read {} from", json_quoted(name)));
  }
  const auto* member = object->if_contains(json::string_view(name.data(), name.size()));
  return member == nullptr || member->is_null() ? nullptr : member;
}

std::string_view describe(json::kind kind) {
  switch (kind) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "a boolean";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_: return "a number";
    case json::kind::string: return "a string";
    case json::kind::array: return "an array";
    case json::kind::object: return "an object";
  }
  return "something else";
}

std::unexpected<Error> wrong_type(const json::value& value, std::string_view name, std::string_view expected) {
  const auto what = name.empty() ? std::string("an element") : json_quoted(name);
  return malformed_json(fmt::format("{} is not {} but {}", what, expected, describe(value.kind())));
}

std::unexpected<Error> no_member(std::string_view name) {
  return malformed_json(fmt::format("there is no {}", json_quoted(name)));
}

Result<std::string_view> to_string(const json::value& value, std::string_view name) {
  if (const auto* text = value.if_string()) return view(*text);
  return wrong_type(value, name, "a string");
}

Result<double> to_number(const json::value& value, std::string_view name) {
  if (const auto* number = value.if_double()) return *number;
  if (const auto* number = value.if_int64()) return static_cast<double>(*number);
  if (const auto* number = value.if_uint64()) return static_cast<double>(*number);
  return wrong_type(value, name, "a number");
}

Result<std::int64_t> integer_in(const json::value& value, std::string_view name) {
  if (const auto* number = value.if_int64()) return *number;
  // Doubles are exact up to 2^53; beyond it, a whole number in exponent form is not one we can trust.
  const auto* number = value.if_double();
  if (number != nullptr && std::abs(*number) <= 9007199254740992.0 && std::trunc(*number) == *number) {
    return static_cast<std::int64_t>(*number);
  }
  if (number != nullptr || value.is_uint64()) {
    return malformed_json(fmt::format("{} is not a whole number of 64 bits", json_quoted(name)));
  }
  return wrong_type(value, name, "a whole number");
}

Result<bool> boolean_in(const json::value& value, std::string_view name) {
  if (const auto* boolean = value.if_bool()) return *boolean;
  return wrong_type(value, name, "a boolean");
}

Result<Instant> time_in(const json::value& value, std::string_view name) {
  if (const auto* text = value.if_string()) {
    const auto instant = parse_iso8601(view(*text));
    if (!instant) return malformed_json(fmt::format("{} is not a date", json_quoted(name)));
    return *instant;
  }
  if (!value.is_number()) return wrong_type(value, name, "a date");
  TRY(const auto seconds, to_number(value, name));
  return from_epoch_seconds(seconds);
}

template <class T>
Result<T> required_of(const void* node, std::string_view name,
                      Result<T> (*convert)(const json::value&, std::string_view)) {
  TRY(const auto* member, find(node, name));
  if (member == nullptr) return no_member(name);
  return convert(*member, name);
}

template <class T>
Result<std::optional<T>> optional_member(const void* node, std::string_view name,
                                         Result<T> (*convert)(const json::value&, std::string_view)) {
  TRY(const auto* member, find(node, name));
  if (member == nullptr) return std::optional<T>{};
  TRY(const auto value, convert(*member, name));
  return std::optional<T>{value};
}

}  // namespace

/// Everything in it lies in a few blocks, which go together: no value is ever changed or freed alone.
struct JsonValue::Document {
  explicit Document(std::size_t size) : pool(size, &memory) {}

  WipingResource memory;
  json::monotonic_resource pool;
  // Last, so that it is gone before its memory.
  json::value root;
};

Result<JsonValue> JsonValue::parse(std::string_view document) {
  // A tree takes about twice its text.
  auto owned = std::make_shared<Document>(2 * document.size());
  json::error_code failure;
  // Moving between values of one resource moves pointers; assigning to a value of another resource would copy. So the
  // value is built anew in its place.
  auto parsed = parse_into(&owned->pool, &owned->memory, document, failure);
  std::destroy_at(&owned->root);
  std::construct_at(&owned->root, std::move(parsed), json::storage_ptr(&owned->pool));
  wipe_stack_below();
  if (failure) return malformed_json(fmt::format("the reply is not whole JSON: {}", failure.message()));
  const void* root = &owned->root;
  return JsonValue(std::move(owned), root);
}

Result<std::string_view> JsonValue::string(std::string_view name) const { return required_of(node_, name, to_string); }
Result<double> JsonValue::number(std::string_view name) const { return required_of(node_, name, to_number); }
Result<std::int64_t> JsonValue::integer(std::string_view name) const { return required_of(node_, name, integer_in); }
Result<bool> JsonValue::boolean(std::string_view name) const { return required_of(node_, name, boolean_in); }
Result<Instant> JsonValue::time(std::string_view name) const { return required_of(node_, name, time_in); }

Result<JsonValue> JsonValue::object(std::string_view name) const {
  TRY(auto value, optional_object(name));
  if (!value) return no_member(name);
  return *std::move(value);
}

Result<std::vector<JsonValue>> JsonValue::array(std::string_view name) const {
  TRY(const auto* member, find(node_, name));
  if (member == nullptr) return no_member(name);
  return optional_array(name);
}

Result<std::optional<std::string_view>> JsonValue::optional_string(std::string_view name) const {
  return optional_member(node_, name, to_string);
}
Result<std::optional<double>> JsonValue::optional_number(std::string_view name) const {
  return optional_member(node_, name, to_number);
}
Result<std::optional<std::int64_t>> JsonValue::optional_integer(std::string_view name) const {
  return optional_member(node_, name, integer_in);
}
Result<std::optional<bool>> JsonValue::optional_boolean(std::string_view name) const {
  return optional_member(node_, name, boolean_in);
}
Result<std::optional<Instant>> JsonValue::optional_time(std::string_view name) const {
  return optional_member(node_, name, time_in);
}

Result<std::optional<JsonValue>> JsonValue::optional_object(std::string_view name) const {
  TRY(const auto* member, find(node_, name));
  if (member == nullptr) return std::optional<JsonValue>{};
  if (!member->is_object()) return wrong_type(*member, name, "an object");
  return std::optional<JsonValue>{JsonValue(document_, member)};
}

Result<std::vector<JsonValue>> JsonValue::optional_array(std::string_view name) const {
  TRY(const auto* member, find(node_, name));
  std::vector<JsonValue> result;
  if (member == nullptr) return result;
  const auto* elements = member->if_array();
  if (elements == nullptr) return wrong_type(*member, name, "an array");
  result.reserve(elements->size());
  for (const auto& element : *elements) result.push_back(JsonValue(document_, &element));
  return result;
}

Result<std::vector<std::string_view>> JsonValue::optional_strings(std::string_view name) const {
  TRY(const auto elements, optional_array(name));
  std::vector<std::string_view> result;
  result.reserve(elements.size());
  for (const auto& element : elements) {
    TRY(const auto text, to_string(*as_value(element.node_), name));
    result.push_back(text);
  }
  return result;
}

std::vector<std::pair<std::string_view, JsonValue>> JsonValue::members() const {
  std::vector<std::pair<std::string_view, JsonValue>> result;
  if (!is_object()) return result;
  for (const auto& member : as_value(node_)->get_object()) {
    const auto name = member.key();
    result.emplace_back(std::string_view(name.data(), name.size()), JsonValue(document_, &member.value()));
  }
  return result;
}

bool JsonValue::is_object() const { return node_ != nullptr && as_value(node_)->is_object(); }

Result<std::string_view> JsonValue::as_string() const {
  if (node_ == nullptr) return malformed_json("there is no string");
  return to_string(*as_value(node_), {});
}

Result<std::vector<JsonValue>> JsonValue::as_array() const {
  const auto* elements = node_ == nullptr ? nullptr : as_value(node_)->if_array();
  if (elements == nullptr) return malformed_json("it is not an array");
  std::vector<JsonValue> result;
  for (const auto& element : *elements) result.push_back(JsonValue(document_, &element));
  return result;
}

}  // namespace rekeyer::aws
