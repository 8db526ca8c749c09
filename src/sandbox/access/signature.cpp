#include "sandbox/access/signature.hpp"

#include <algorithm>
#include <span>
#include <unordered_map>

#include "base/text.hpp"
#include "sandbox/access/canonical_request.hpp"
#include "sandbox/access/digest.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view terminator = "aws4_request";
/// Enough for the sessions of one round over an organisation; then it starts afresh.
constexpr std::size_t most_signing_keys = 16'384;

void append_scope(std::string& out, const SignatureHeader& header) {
  out.append(header.date).append("/").append(header.region).append("/").append(header.service).append("/");
  out.append(terminator);
}

Digest derive(const SignatureHeader& header, std::string_view secret) {
  const auto first = std::string("AWS4").append(secret);
  const auto by_date = hmac_sha256({reinterpret_cast<const unsigned char*>(first.data()), first.size()}, header.date);
  const auto by_region = hmac_sha256(by_date, header.region);
  const auto by_service = hmac_sha256(by_region, header.service);
  return hmac_sha256(by_service, terminator);
}

/// A key serves many calls of one day: four of the five HMACs are saved.
Digest signing_key(const SignatureHeader& header, std::string_view secret) {
  thread_local std::unordered_map<std::string, Digest> known;  // unordered: lookup only
  thread_local std::string name;
  name.assign(header.key.str()).append("\n").append(secret).append("\n");
  append_scope(name, header);
  if (const auto found = known.find(name); found != known.end()) return found->second;
  if (known.size() >= most_signing_keys) known.clear();
  return known.emplace(name, derive(header, secret)).first->second;
}

/// Key id, date, region, service and the terminator.
bool read_credential(std::string_view value, SignatureHeader& header) {
  const auto parts = split(value, '/');
  if (parts.size() != 5 || parts[4] != terminator) return false;
  if (std::ranges::any_of(parts, [](std::string_view part) { return part.empty(); })) return false;
  header.key = AccessKeyId(std::string(parts[0]));
  header.date = parts[1];
  header.region = parts[2];
  header.service = parts[3];
  return true;
}

}  // namespace

std::string expected_signature(const aws::HttpRequest& request, const SignatureHeader& header,
                               std::string_view secret_access_key) {
  const auto canonical = canonical_request(request, header);
  const auto stamp = request.headers.find("x-amz-date");
  if (!canonical || !stamp) return {};
  std::string to_sign;
  to_sign.reserve(256);
  to_sign.append(algorithm).append("\n").append(*stamp).append("\n");
  append_scope(to_sign, header);
  to_sign += '\n';
  append_hexadecimal(to_sign, sha256(*canonical));
  std::string signature;
  append_hexadecimal(signature, hmac_sha256(signing_key(header, secret_access_key), to_sign));
  return signature;
}

std::optional<SignatureHeader> parse_authorization(std::string_view header) {
  if (!header.starts_with(algorithm)) return std::nullopt;
  header.remove_prefix(algorithm.size());
  if (header.empty() || (header.front() != ' ' && header.front() != '\t')) return std::nullopt;
  SignatureHeader result;
  for (const auto each : split(header, ',')) {
    const auto part = trimmed(each, " \t");
    const auto equals = std::min(part.find('='), part.size());
    const auto name = part.substr(0, equals);
    const auto value = equals < part.size() ? part.substr(equals + 1) : std::string_view{};
    if (name == "Credential") {
      if (!read_credential(value, result)) return std::nullopt;
    } else if (name == "SignedHeaders") {
      for (const auto signed_header : split(value, ';')) result.signed_headers.emplace_back(signed_header);
    } else if (name == "Signature") {
      result.signature = value;
    }
  }
  const bool complete = !result.key.empty() && !result.signed_headers.empty() && !result.signature.empty();
  return complete ? std::optional(std::move(result)) : std::nullopt;
}

}  // namespace rekeyer::sandbox
