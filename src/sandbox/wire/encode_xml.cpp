// Output trees as the query protocol's XML.
#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "sandbox/wire/encode.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

void append_element(WipedString& out, std::string_view name, const json::value& value);

void append_number(WipedString& out, const json::value& value) {
  fmt::memory_buffer text;
  if (value.is_int64()) fmt::format_to(std::back_inserter(text), "{}", value.get_int64());
  if (value.is_uint64()) fmt::format_to(std::back_inserter(text), "{}", value.get_uint64());
  if (value.is_double()) fmt::format_to(std::back_inserter(text), "{}", value.get_double());
  out.append(text.data(), text.size());
}

void append_items(WipedString& out, std::string_view name, const json::array& items) {
  for (const json::value& item : items) append_element(out, name, item);
}

void append_content(WipedString& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: break;
    case json::kind::bool_: out.append(value.get_bool() ? "true" : "false"); break;
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_: append_number(out, value); break;
    case json::kind::string: append_xml_text(out, {value.get_string().data(), value.get_string().size()}); break;
    case json::kind::array: append_items(out, "member", value.get_array()); break;
    case json::kind::object: append_xml(out, value.get_object()); break;
  }
}

void append_element(WipedString& out, std::string_view name, const json::value& value) {
  out.append("<").append(name).append(">");
  append_content(out, value);
  out.append("</").append(name).append(">");
}

constexpr std::string_view escape_of(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&apos;";
    case '\r': return "&#xD;";
    case '\t':
    case '\n': return {};
    default: return static_cast<unsigned char>(c) < 0x20 ? std::string_view("\xef\xbf\xbd") : std::string_view();
  }
}

/// Whether escape_of() has something for the byte: nearly all of what is written has nothing.
constexpr auto escaped = [] {
  std::array<bool, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) table[byte] = !escape_of(static_cast<char>(byte)).empty();
  return table;
}();

}  // namespace

void append_xml(WipedString& out, const json::object& tree) {
  const bool map = tree.size() == 1;
  for (const auto& member : tree) {
    const std::string_view name(member.key().data(), member.key().size());
    if (member.value().is_null()) continue;
    if (map && name == "entry" && member.value().is_array()) {
      append_items(out, name, member.value().get_array());
    } else {
      append_element(out, name, member.value());
    }
  }
}

void append_xml_text(WipedString& out, std::string_view text) {
  std::size_t begun = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!escaped[static_cast<unsigned char>(text[at])]) continue;
    out.append(text.substr(begun, at - begun)).append(escape_of(text[at]));
    begun = at + 1;
  }
  out.append(text.substr(begun));
}

}  // namespace rekeyer::sandbox
