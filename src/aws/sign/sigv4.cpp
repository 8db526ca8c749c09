#include "aws/sign/sigv4.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace rekeyer::aws {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

/// %XX becomes its byte; a "%" that is not followed by two digits stays.
std::string percent_decoded(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) {
      result += text[i];
      continue;
    }
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

/// Calls `visit` with each piece between separators, empty ones included.
template <class Visit>
void for_each_piece(std::string_view text, char separator, Visit visit) {
  for (;;) {
    const auto end = text.find(separator);
    visit(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

std::string normalized_path(std::string_view path) {
  std::vector<std::string_view> kept;
  for_each_piece(path, '/', [&](std::string_view segment) {
    if (segment.empty() || segment == ".") return;
    if (segment != "..") {
      kept.push_back(segment);
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  });
  std::string result;
  for (const auto segment : kept) result.append("/").append(segment);
  if (result.empty() || path.ends_with('/')) result += '/';
  return result;
}

std::string canonical_path(std::string_view path, const SigningScope& scope) {
  std::string result = scope.normalize_path ? normalized_path(path) : std::string(path);
  if (scope.double_encode_path) result = percent_encode(result, Unreserved::rfc3986_or_slash);
  return result.empty() ? "/" : result;
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for_each_piece(query, '&', [&](std::string_view piece) {
    if (piece.empty()) return;
    const auto equals = piece.find('=');
    const auto value = equals == std::string_view::npos ? std::string_view{} : piece.substr(equals + 1);
    // Decoded first, so that the two spellings of one byte give one signature.
    parameters.emplace_back(percent_encode(percent_decoded(piece.substr(0, equals))),
                            percent_encode(percent_decoded(value)));
  });
  std::ranges::sort(parameters);
  std::string result;
  for (const auto& [name, value] : parameters) {
    if (!result.empty()) result += '&';
    result.append(name).append("=").append(value);
  }
  return result;
}

/// Without outer white space, inner runs squeezed to one space (folded lines too).
std::string canonical_value(std::string_view value) {
  std::string result;
  bool gap = false;
  for (const char c : value) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f') {
      gap = !result.empty();
      continue;
    }
    if (gap) result += ' ';
    gap = false;
    result += c;
  }
  return result;
}

/// What a proxy or the transport may change on the way, and the signature itself.
bool left_unsigned(std::string_view lower_case_name) {
  static constexpr std::string_view names[] = {
      "authorization", "connection",        "expect",  "keep-alive", "proxy-authenticate", "proxy-authorization", "te",
      "trailer",       "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
  };
  return std::ranges::find(names, lower_case_name) != std::end(names);
}

/// A field that is signed: its lower-case name, and its value without needless space.
using CanonicalHeader = std::pair<std::string, std::string>;

/// Sorted by name, values of repeated fields joined in their order.
std::vector<CanonicalHeader> canonical_headers(const HttpRequest& request) {
  std::vector<CanonicalHeader> headers;
  headers.reserve(request.headers.fields().size());
  for (const auto& field : request.headers.fields()) {
    auto name = lower_case(field.name);
    if (left_unsigned(name)) continue;
    const auto same = std::ranges::find(headers, name, &CanonicalHeader::first);
    if (same == headers.end()) {
      headers.emplace_back(std::move(name), canonical_value(field.value));
    } else {
      same->second.append(",").append(canonical_value(field.value));
    }
  }
  std::ranges::sort(headers, {}, &CanonicalHeader::first);
  return headers;
}

std::string joined_names(const std::vector<CanonicalHeader>& headers) {
  std::string names;
  for (const auto& [name, value] : headers) {
    if (!names.empty()) names += ';';
    names += name;
  }
  return names;
}

/// The scope as it is written, once for all the places where it stands.
struct WrittenScope {
  explicit WrittenScope(const SigningScope& scope)
      : instant(compact_iso8601(scope.time)),
        date(instant.substr(0, 8)),
        credential(fmt::format("{}/{}/{}/aws4_request", date, scope.region, scope.service)) {}

  std::string instant;
  std::string date;
  std::string credential;
};

std::string canonical_request(const HttpRequest& request, const SigningScope& scope,
                              const std::vector<CanonicalHeader>& headers, std::string_view names) {
  std::string block;
  for (const auto& [name, value] : headers) block.append(name).append(":").append(value).append("\n");
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, canonical_path(request.url.path, scope),
                     canonical_query(request.url.query), block, names, sha256_hex(request.body));
}

std::string string_to_sign(std::string_view canonical_request, const WrittenScope& written) {
  return fmt::format("{}\n{}\n{}\n{}", algorithm, written.instant, written.credential, sha256_hex(canonical_request));
}

std::string signature(std::string_view string_to_sign, const Secret& secret, const SigningScope& scope,
                      std::string_view date) {
  std::vector<char, WipingAllocator<char>> first_key;
  first_key.reserve(4 + secret.reveal().size());
  for (const std::string_view part : {std::string_view{"AWS4"}, secret.reveal()}) {
    first_key.insert(first_key.end(), part.begin(), part.end());
  }
  Digest key = hmac_sha256({first_key.data(), first_key.size()}, date);
  for (const std::string_view part :
       {std::string_view{scope.region}, std::string_view{scope.service}, std::string_view{"aws4_request"}}) {
    key = hmac_sha256(bytes_of(key), part);
  }
  const Digest result = hmac_sha256(bytes_of(key), string_to_sign);
  wipe(key.data(), key.size());
  return hex(result);
}

}  // namespace

std::string signed_headers(const HttpRequest& request) { return joined_names(canonical_headers(request)); }

std::string canonical_request(const HttpRequest& request, const SigningScope& scope) {
  const auto headers = canonical_headers(request);
  return canonical_request(request, scope, headers, joined_names(headers));
}

std::string string_to_sign(std::string_view canonical_request, const SigningScope& scope) {
  return string_to_sign(canonical_request, WrittenScope(scope));
}

std::string signature(std::string_view string_to_sign, const Secret& secret, const SigningScope& scope) {
  return signature(string_to_sign, secret, scope, WrittenScope(scope).date);
}

void sign(HttpRequest& request, const Credentials& credentials, const SigningScope& scope) {
  const WrittenScope written(scope);
  auto& headers = request.headers;
  headers.remove("Authorization");
  headers.set("Host", request.url.host_header());
  headers.set("X-Amz-Date", written.instant);
  if (credentials.session_token.empty()) {
    headers.remove("X-Amz-Security-Token");
  } else {
    headers.set("X-Amz-Security-Token", credentials.session_token.reveal());
  }
  if (scope.sign_body_header) headers.set("X-Amz-Content-Sha256", sha256_hex(request.body));

  const auto signed_fields = canonical_headers(request);
  const auto names = joined_names(signed_fields);
  const auto to_sign = string_to_sign(canonical_request(request, scope, signed_fields, names), written);
  const auto result = signature(to_sign, credentials.secret, scope, written.date);
  headers.set("Authorization", fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm,
                                           credentials.id, written.credential, names, result));
}

}  // namespace rekeyer::aws
