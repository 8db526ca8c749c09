// The one file that includes the TOML library.
#include "config/document.hpp"

#include <algorithm>
#include <stdexcept>

// The library asserts what some malformed files break ("[.a]"), and in a release build even assumes it. Either way
// that must be one more syntax error.
#undef NDEBUG
#define TOML_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : throw std::logic_error("the TOML library found itself where it can't be"))
#include <toml++/toml.h>

#include "base/shown_text.hpp"
#include "base/text.hpp"
#include "config/plain_text.hpp"

namespace rekeyer::config {
namespace {

SourcePosition place_of(const toml::source_region& region) {
  return {static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

Node::Kind kind_of(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string: return Node::Kind::text;
    case toml::node_type::integer: return Node::Kind::integer;
    case toml::node_type::floating_point: return Node::Kind::decimal;
    case toml::node_type::boolean: return Node::Kind::flag;
    case toml::node_type::date: return Node::Kind::date;
    case toml::node_type::array: return Node::Kind::list;
    case toml::node_type::table: return Node::Kind::table;
    case toml::node_type::time:
    case toml::node_type::date_time:
    case toml::node_type::none: return Node::Kind::other_date;
  }
  return Node::Kind::other_date;
}

Node convert(const toml::node& from);

std::vector<Member> members_of(const toml::table& table) {
  std::vector<Member> members;
  for (const auto& [key, value] : table) {
    members.push_back({std::string(key.str()), place_of(key.source()), convert(value)});
  }
  // The library sorts by name; people read their file from top to bottom.
  std::ranges::sort(members, {}, &Member::place);
  return members;
}

Node convert(const toml::node& from) {
  Node node;
  node.kind = kind_of(from);
  node.place = place_of(from.source());
  if (const auto* text = from.as_string()) node.text = text->get();
  if (const auto* integer = from.as_integer()) node.integer = integer->get();
  if (const auto* decimal = from.as_floating_point()) node.decimal = decimal->get();
  if (const auto* flag = from.as_boolean()) node.flag = flag->get();
  if (const auto* date = from.as_date()) {
    node.date = std::chrono::year_month_day{std::chrono::year{date->get().year}, std::chrono::month{date->get().month},
                                            std::chrono::day{date->get().day}};
  }
  if (const auto* list = from.as_array()) {
    for (const auto& item : *list) node.items.push_back(convert(item));
  }
  if (const auto* table = from.as_table()) node.members = members_of(*table);
  return node;
}

bool stops_the_library(std::string_view text) {
  try {
    static_cast<void>(toml::parse(text));
    return false;
  } catch (const toml::parse_error&) {
    return false;
  } catch (const std::exception&) {
    return true;
  }
}

/// An assertion tells no place. The first line that has one is the shortest beginning of the file that has one.
int line_that_stops_the_library(std::string_view text) {
  std::vector<std::size_t> ends;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') ends.push_back(at + 1);
  }
  const auto first =
      std::ranges::partition_point(ends, [&](std::size_t end) { return !stops_the_library(text.substr(0, end)); });
  return static_cast<int>(first - ends.begin()) + 1;
}

/// What the library complains about, and what to do where that is not plain.
std::string complaint_of(const toml::parse_error& error) {
  auto complaint = "not valid TOML: " + shown_text(error.description(), Unshown::dropped);
  if (error.description().find("redefine existing table") != std::string_view::npos) {
    complaint += "; put its keys under the heading that stands above already";
  }
  return complaint;
}

}  // namespace

const Member* find_member(const Node& table, std::string_view name) {
  const auto found = std::ranges::find(table.members, name, &Member::name);
  return found == table.members.end() ? nullptr : &*found;
}

std::string_view describe(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::text: return "a string";
    case Node::Kind::integer: return "an integer";
    case Node::Kind::decimal: return "a decimal number";
    case Node::Kind::flag: return "a boolean";
    case Node::Kind::date: return "a date";
    case Node::Kind::other_date: return "a time";
    case Node::Kind::list: return "a list";
    case Node::Kind::table: return "a table";
  }
  return "a value";
}

std::expected<Node, Problem> read_document(std::string_view text, const std::string& file_name) {
  const auto problem = [&](SourcePosition place, std::string message) {
    return std::unexpected(Problem{file_name, place.line, place.column, std::move(message)});
  };
  const auto plain = plain_text(text);
  if (!plain) return problem(plain.error().place, plain.error().why);
  try {
    // The file's name stays out of the library: it would only be copied into every node.
    return convert(toml::parse(std::string_view(*plain)));
  } catch (const toml::parse_error& error) {
    return problem(place_of(error.source()), complaint_of(error));
  } catch (const std::exception&) {
    return problem({line_that_stops_the_library(*plain), 1}, "not valid TOML: this line makes no sense");
  }
}

}  // namespace rekeyer::config
