// A TOML text as a plain tree with places, so that only document.cpp knows the TOML library.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace rekeyer::config {

/// Where something stands in the file; both count from 1.
struct SourcePosition {
  int line = 0;
  int column = 0;
  auto operator<=>(const SourcePosition&) const = default;
};

struct Member;

/// One value. Which of the fields below `kind` is filled follows from it.
struct Node {
  enum class Kind { text, integer, decimal, flag, date, other_date, list, table };
  Kind kind = Kind::table;
  SourcePosition place;
  std::string text;
  std::int64_t integer = 0;
  double decimal = 0;
  bool flag = false;
  std::chrono::year_month_day date{};
  std::vector<Node> items;      ///< of a list
  std::vector<Member> members;  ///< of a table, in the order of the file
};

/// A key and its value.
struct Member {
  std::string name;
  SourcePosition place;  ///< of the key
  Node value;
};

/// The member of a table with that name; null where it has none.
const Member* find_member(const Node& table, std::string_view name);

/// "a string", "an integer", …: for messages.
std::string_view describe(Node::Kind kind);

/// Reads TOML. Fails with the one problem at which the syntax stops making sense. Pure; never throws.
std::expected<Node, Problem> read_document(std::string_view text, const std::string& file_name);

}  // namespace rekeyer::config
