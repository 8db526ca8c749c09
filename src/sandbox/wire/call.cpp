// Looking into a call's input: the same answers whether the protocol sent numbers and lists, or texts only.
#include "sandbox/wire/call.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <charconv>

#include "base/text.hpp"
#include "sandbox/wire/member_text.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

/// As the query protocol tolerates them: a sign and leading zeros; no blanks, fractions or exponents.
std::optional<std::int64_t> integer_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

constexpr std::string_view reading[] = {"Get",    "List",     "Describe", "Assume", "Generate", "BatchGet",
                                        "Lookup", "Simulate", "Validate", "Decode", "Sign",     "Verify"};

}  // namespace

std::optional<std::string_view> Call::text(std::string_view member) const {
  const json::value* found = input.if_contains(member);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  return view(found->get_string());
}

std::string_view member_text(const json::object& object, std::string_view member) {
  const json::value* found = object.if_contains(member);
  if (found == nullptr || !found->is_string()) return {};
  return view(found->get_string());
}

std::vector<std::string> member_texts(const json::object& object, std::string_view member) {
  std::vector<std::string> result;
  const json::value* found = object.if_contains(member);
  const json::array* items = found == nullptr ? nullptr : found->if_array();
  if (items == nullptr) return result;
  result.reserve(items->size());
  for (const json::value& item : *items) {
    if (item.is_string()) result.emplace_back(view(item.get_string()));
  }
  return result;
}

std::string_view Call::text_or_empty(std::string_view member) const { return member_text(input, member); }

std::optional<std::int64_t> Call::integer(std::string_view member) const {
  const json::value* found = input.if_contains(member);
  if (found == nullptr) return std::nullopt;
  if (found->is_string()) return integer_of(view(found->get_string()));
  boost::system::error_code inexact;
  const auto value = found->to_number<std::int64_t>(inexact);
  if (inexact) return std::nullopt;
  return value;
}

std::optional<bool> Call::boolean(std::string_view member) const {
  const json::value* found = input.if_contains(member);
  if (found == nullptr) return std::nullopt;
  if (found->is_bool()) return found->get_bool();
  if (!found->is_string()) return std::nullopt;
  if (equal_ignoring_case(view(found->get_string()), "true")) return true;
  if (equal_ignoring_case(view(found->get_string()), "false")) return false;
  return std::nullopt;
}

std::vector<std::string> Call::texts(std::string_view member) const { return member_texts(input, member); }

std::vector<std::pair<std::string, std::string>> Call::tags(std::string_view member) const {
  std::vector<std::pair<std::string, std::string>> result;
  const json::array* found = list(member);
  if (found == nullptr) return result;
  result.reserve(found->size());
  for (const json::value& item : *found) {
    const json::object* const tag = item.if_object();
    if (tag != nullptr) result.emplace_back(member_text(*tag, "Key"), member_text(*tag, "Value"));
  }
  return result;
}

const json::array* Call::list(std::string_view member) const {
  const json::value* found = input.if_contains(member);
  return found == nullptr ? nullptr : found->if_array();
}

bool Call::changing() const {
  if (operation.empty()) return false;
  for (const std::string_view prefix : reading) {
    if (operation.starts_with(prefix)) return false;
  }
  return true;
}

}  // namespace rekeyer::sandbox
