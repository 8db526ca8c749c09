// Percent-encoding straight into the body, so that a secret parameter leaves no copy behind.
#include "aws/http/query.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace rekeyer::aws {
namespace {

bool unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

template <class String>
void append_encoded(String& out, std::string_view text, bool keep_slash) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    if (unreserved(c) || (keep_slash && c == '/')) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace

std::string percent_encode(std::string_view text, bool keep_slash) {
  std::string result;
  result.reserve(text.size() + text.size() / 4);
  append_encoded(result, text, keep_slash);
  return result;
}

Result<std::string> percent_decode(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    const auto high = i + 1 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : std::nullopt;
    if (!high || !low) {
      return fail(ErrorKind::bad_reply,
                  fmt::format("a percent-encoded text has a \"%\" without two hexadecimal digits at byte {}", i));
    }
    result += static_cast<char>(*high << 4U | *low);
    i += 2;
  }
  return result;
}

QueryBody::QueryBody(std::string_view action, std::string_view version) {
  body_.reserve(256);
  add("Action", action).add("Version", version);
}

QueryBody& QueryBody::add(std::string_view name, std::string_view value) {
  if (!body_.empty()) body_ += '&';
  append_encoded(body_, name, false);
  body_ += '=';
  append_encoded(body_, value, false);
  return *this;
}

WipedString QueryBody::finish() { return std::exchange(body_, {}); }

}  // namespace rekeyer::aws
