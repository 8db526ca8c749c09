// Output trees as JSON text.
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cmath>

#include "sandbox/wire/encode.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

/// Up to here every whole number has its own double.
constexpr double exact_whole = 9007199254740992.0;

template <class Number>
void append_formatted(WipedString& out, Number number) {
  fmt::memory_buffer text;
  fmt::format_to(std::back_inserter(text), "{}", number);
  out.append(text.data(), text.size());
}

void append_double(WipedString& out, double number) {
  if (!std::isfinite(number)) {
    out.append("null");
  } else if (std::abs(number) < exact_whole && std::floor(number) == number) {
    append_formatted(out, static_cast<std::int64_t>(number));
  } else {
    append_formatted(out, number);
  }
}

void append_escape(WipedString& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  switch (c) {
    case '"': out.append("\\\""); return;
    case '\\': out.append("\\\\"); return;
    case '\n': out.append("\\n"); return;
    case '\r': out.append("\\r"); return;
    case '\t': out.append("\\t"); return;
    default: out.append("\\u00"); break;
  }
  out.push_back(digits[byte >> 4U]);
  out.push_back(digits[byte & 15U]);
}

void append_string(WipedString& out, std::string_view text) {
  out.push_back('"');
  std::size_t begun = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20) continue;
    out.append(text.substr(begun, at - begun));
    append_escape(out, c);
    begun = at + 1;
  }
  out.append(text.substr(begun));
  out.push_back('"');
}

void append_list(WipedString& out, const json::array& items) {
  char before = '[';
  for (const json::value& item : items) {
    out.push_back(before);
    append_json(out, item);
    before = ',';
  }
  out.append(items.empty() ? "[]" : "]");
}

}  // namespace

void append_json(WipedString& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: out.append("null"); break;
    case json::kind::bool_: out.append(value.get_bool() ? "true" : "false"); break;
    case json::kind::int64: append_formatted(out, value.get_int64()); break;
    case json::kind::uint64: append_formatted(out, value.get_uint64()); break;
    case json::kind::double_: append_double(out, value.get_double()); break;
    case json::kind::string: append_string(out, {value.get_string().data(), value.get_string().size()}); break;
    case json::kind::array: append_list(out, value.get_array()); break;
    case json::kind::object: append_json(out, value.get_object()); break;
  }
}

void append_json(WipedString& out, const json::object& tree) {
  char before = '{';
  for (const auto& member : tree) {
    out.push_back(before);
    append_string(out, {member.key().data(), member.key().size()});
    out.push_back(':');
    append_json(out, member.value());
    before = ',';
  }
  out.append(tree.empty() ? "{}" : "}");
}

}  // namespace rekeyer::sandbox
