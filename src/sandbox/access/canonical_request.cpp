#include "sandbox/access/canonical_request.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "sandbox/access/digest.hpp"

namespace rekeyer::sandbox {
namespace {

bool unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

void append_encoded(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += digits[byte >> 4U];
  out += digits[byte & 15U];
}

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Decodes what is decodable and encodes everything again, so that two spellings of one query are one.
std::string encoded_again(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%' && i + 2 < text.size() && nibble(text[i + 1]) >= 0 && nibble(text[i + 2]) >= 0) {
      c = static_cast<char>(nibble(text[i + 1]) * 16 + nibble(text[i + 2]));
      i += 2;
    }
    if (unreserved(c)) {
      out += c;
    } else {
      append_encoded(out, c);
    }
  }
  return out;
}

/// Without dot segments and doubled slashes; a trailing slash stays.
std::string normalized(std::string_view path) {
  std::vector<std::string_view> kept;
  bool slash_at_end = false;
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto segment = path.substr(begin, end - begin);
    slash_at_end = segment.empty() || segment == "." || segment == "..";
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
    begin = end + 1;
  }
  std::string out;
  for (const auto segment : kept) out.append("/").append(segment);
  if (slash_at_end || out.empty()) out += '/';
  return out;
}

/// The path stands encoded on the request line; every service but S3 wants it encoded once more.
void append_path(std::string& out, std::string_view path, bool s3) {
  if (path.empty() || path == "/") {
    out += '/';
  } else if (s3) {
    out += path;
  } else {
    for (const char c : normalized(path)) {
      if (unreserved(c) || c == '/') {
        out += c;
      } else {
        append_encoded(out, c);
      }
    }
  }
}

void append_query(std::string& out, std::string_view query) {
  if (query.empty()) return;
  std::vector<std::pair<std::string, std::string>> pairs;
  for (std::size_t begin = 0; begin <= query.size();) {
    const auto end = std::min(query.find('&', begin), query.size());
    const auto pair = query.substr(begin, end - begin);
    const auto equals = std::min(pair.find('='), pair.size());
    const auto value = equals < pair.size() ? pair.substr(equals + 1) : std::string_view{};
    if (!pair.empty()) pairs.emplace_back(encoded_again(pair.substr(0, equals)), encoded_again(value));
    begin = end + 1;
  }
  std::ranges::sort(pairs);
  bool first = true;
  for (const auto& [name, value] : pairs) {
    if (!first) out += '&';
    first = false;
    out.append(name).append("=").append(value);
  }
}

/// Nothing to trim or to squeeze: nearly every value, and a session token is long.
bool is_tidy(std::string_view value) {
  if (value.starts_with(' ') || value.ends_with(' ')) return false;
  return value.find_first_of("\t\r\n") == std::string_view::npos && !value.contains("  ");
}

/// Trimmed, with runs of blanks squeezed to one.
void append_squeezed(std::string& out, std::string_view value) {
  if (is_tidy(value)) {
    out += value;
    return;
  }
  bool gap = false;
  bool any = false;
  for (const char c : value) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      gap = true;
      continue;
    }
    if (gap && any) out += ' ';
    gap = false;
    any = true;
    out += c;
  }
}

bool append_header(std::string& out, const aws::HttpRequest& request, std::string_view name) {
  out.append(name).append(":");
  bool found = false;
  for (const auto& field : request.headers.fields()) {
    if (!equal_ignoring_case(field.name, name)) continue;
    if (found) out += ',';
    found = true;
    append_squeezed(out, field.value);
  }
  if (!found && name == "host") {
    out += request.url.host_header();
    found = true;
  }
  out += '\n';
  return found;
}

}  // namespace

std::optional<std::string> canonical_request(const aws::HttpRequest& request, const SignatureHeader& header) {
  const bool s3 = header.service == "s3";
  std::string out;
  out.reserve(1024);
  out.append(request.method).append("\n");
  append_path(out, request.url.path, s3);
  out += '\n';
  append_query(out, request.url.query);
  out += '\n';
  for (const auto& name : header.signed_headers) {
    if (!append_header(out, request, name)) return std::nullopt;
  }
  out += '\n';
  bool first = true;
  for (const auto& name : header.signed_headers) {
    if (!first) out += ';';
    first = false;
    out += name;
  }
  out += '\n';
  const auto stated = s3 ? request.headers.find("x-amz-content-sha256") : std::nullopt;
  if (stated) {
    out += *stated;
  } else {
    append_hexadecimal(out, sha256({request.body.data(), request.body.size()}));
  }
  return out;
}

}  // namespace rekeyer::sandbox
