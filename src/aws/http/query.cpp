// Percent-encoding straight into the body, so that a secret parameter leaves no copy behind.
#include "aws/http/query.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/text.hpp"

namespace rekeyer::aws {

Result<std::string> percent_decode(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    const int high = i + 1 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return fail(ErrorKind::bad_reply,
                  fmt::format("a percent-encoded text has a \"%\" without two hexadecimal digits at byte {}", i));
    }
    result += static_cast<char>(high * 16 + low);
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
  append_percent_encoded(body_, name);
  body_ += '=';
  append_percent_encoded(body_, value);
  return *this;
}

WipedString QueryBody::finish() { return std::exchange(body_, {}); }

}  // namespace rekeyer::aws
