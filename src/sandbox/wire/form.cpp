#include "sandbox/wire/form.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <cstdint>

#include "base/utf8.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_list = 10'000;
constexpr int deepest_name = 12;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// Takes the name up to the next dot.
std::string_view take_part(std::string_view& name) {
  const auto dot = name.find('.');
  const auto part = name.substr(0, dot);
  name.remove_prefix(dot == std::string_view::npos ? name.size() : dot + 1);
  return part;
}

/// A list item that nobody has filled.
bool has_gap(const json::value& value) {
  if (const json::object* const object = value.if_object()) {
    for (const auto& member : *object) {
      if (has_gap(member.value())) return true;
    }
    return false;
  }
  const json::array* const list = value.if_array();
  if (list == nullptr) return value.is_null();
  for (const json::value& item : *list) {
    if (has_gap(item)) return true;
  }
  return false;
}

/// The tree under construction: a place is null until a name leads to it or through it.
class Tree {
 public:
  /// False where the name contradicts an earlier one or can't be one.
  bool set(std::string_view name, std::string_view value) {
    json::value* place = member_of(root_, take_part(name));
    for (int depth = 0; !name.empty(); ++depth) {
      if (depth > deepest_name) return false;
      const std::string_view part = take_part(name);
      const bool counted = (part == "member" || part == "entry") && !name.empty();
      place = counted ? item_of(*place, take_part(name)) : inner_of(*place, part);
      if (place == nullptr) return false;
    }
    if (!place->is_null()) return false;
    place->emplace_string().assign(value.data(), value.size());
    return true;
  }

  /// Nothing where a list has a gap.
  std::optional<json::object> take() {
    if (!in_order_) {
      for (const auto& member : root_) {
        if (has_gap(member.value())) return std::nullopt;
      }
    }
    return std::move(root_);
  }

 private:
  static json::value* member_of(json::object& object, std::string_view name) {
    return &object.emplace(name, nullptr).first->value();
  }

  static json::value* inner_of(json::value& place, std::string_view name) {
    if (place.is_null()) place.emplace_object();
    json::object* const object = place.if_object();
    return object == nullptr ? nullptr : member_of(*object, name);
  }

  /// The list's item of that number, counted from 1.
  json::value* item_of(json::value& place, std::string_view number) {
    std::size_t index = 0;
    const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), index);
    if (failure != std::errc{} || end != number.data() + number.size()) return nullptr;
    if (index == 0 || index > longest_list) return nullptr;
    if (place.is_null()) place.emplace_array();
    json::array* const list = place.if_array();
    if (list == nullptr) return nullptr;
    if (index > list->size() + 1) in_order_ = false;
    if (index > list->size()) list->resize(index);
    return &(*list)[index - 1];
  }

  json::object root_;
  bool in_order_ = true;
};

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  bool ascii = true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '%') {
      if (at + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[at + 1]);
      const int low = hex_digit(text[at + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      at += 2;
    } else if (c == '+' && plus == Plus::space) {
      c = ' ';
    }
    if (static_cast<unsigned char>(c) >= 0x80) ascii = false;
    decoded.push_back(c);
  }
  if (!ascii && !is_utf8(decoded)) return std::nullopt;
  return decoded;
}

std::optional<json::object> parse_form(std::string_view body) {
  Tree tree;
  while (!body.empty()) {
    const auto ampersand = body.find('&');
    const std::string_view pair = body.substr(0, ampersand);
    body.remove_prefix(ampersand == std::string_view::npos ? body.size() : ampersand + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const auto name = percent_decoded(pair.substr(0, equals), Plus::space);
    if (!name || name->empty()) return std::nullopt;
    const auto text = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    const auto value = percent_decoded(text, Plus::space);
    if (!value || !tree.set(*name, *value)) return std::nullopt;
  }
  return tree.take();
}

}  // namespace rekeyer::sandbox
