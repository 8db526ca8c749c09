// How a dump is written: members of objects one after the other, without those that say nothing.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.hpp"

namespace rekeyer::sandbox {

/// ISO 8601, to the millisecond where there are any.
std::string exact_text(Instant instant);
/// A policy document: as an object where that says the same to the byte, else as the text it is.
boost::json::value document_value(const std::string& text);

/// What `write` makes of each value, by its name.
template <class Map, class Write>
boost::json::object map_of(const Map& map, Write write) {
  boost::json::object object;
  for (const auto& [name, value] : map) object[name] = write(value);
  return object;
}

/// What it makes of each, in their order.
template <class List, class Write>
boost::json::array list_of(const List& list, Write write) {
  boost::json::array array;
  array.reserve(list.size());
  for (const auto& each : list) array.emplace_back(write(each));
  return array;
}

/// The values of a map, in its order.
template <class Map, class Write>
boost::json::array values_of(const Map& map, Write write) {
  return list_of(map, [&](const auto& entry) { return write(entry.second); });
}

/// Puts members into an object, leaving out those that are empty or as by default.
class Members {
 public:
  Members& text(std::string_view name, const std::string& value, std::string_view usual = {}) {
    if (value != usual) object_[name] = value;
    return *this;
  }
  Members& flag(std::string_view name, std::same_as<bool> auto value, bool usual) {
    if (value != usual) object_[name] = value;
    return *this;
  }
  Members& number(std::string_view name, std::same_as<int> auto value, int usual = 0) {
    if (value != usual) object_[name] = value;
    return *this;
  }
  Members& instant(std::string_view name, Instant value) {
    object_[name] = exact_text(value);
    return *this;
  }
  Members& some_instant(std::string_view name, const std::optional<Instant>& value) {
    if (value) object_[name] = exact_text(*value);
    return *this;
  }
  Members& texts(std::string_view name, const auto& list) {
    return filled(name, list_of(list, [](const std::string& each) { return boost::json::string(each); }));
  }
  Members& text_map(std::string_view name, const std::map<std::string, std::string>& map) {
    return filled(name, map_of(map, [](const std::string& each) { return boost::json::string(each); }));
  }
  Members& documents(std::string_view name, const std::map<std::string, std::string>& map) {
    return filled(name, map_of(map, document_value));
  }
  /// An object or a list, where there is anything in it.
  template <class Container>
  Members& filled(std::string_view name, Container container) {
    if (!container.empty()) object_[name] = std::move(container);
    return *this;
  }
  template <class Value>
  Members& always(std::string_view name, Value value) {
    object_[name] = std::move(value);
    return *this;
  }
  boost::json::object take() { return std::move(object_); }

 private:
  boost::json::object object_;
};

}  // namespace rekeyer::sandbox
