#include "aws/auth/sso_token.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <array>

#include "aws/http/json.hpp"
#include "aws/http/json_writer.hpp"
#include "base/digest.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

std::optional<Instant> read_date(std::string_view text) {
  if (!text.ends_with("UTC")) return parse_iso8601(text);
  text.remove_suffix(3);
  return parse_iso8601(std::string(text) + "Z");
}

/// Takes one member; returns false for a name that this file's readers do not know.
bool take(SsoToken& token, std::string_view name, std::string_view value) {
  if (name == "accessToken") {
    token.access_token = Secret{value};
  } else if (name == "expiresAt") {
    token.expires = read_date(value).value_or(Instant{});
  } else if (name == "refreshToken") {
    token.refresh_token = Secret{value};
  } else if (name == "clientId") {
    token.client_id = value;
  } else if (name == "clientSecret") {
    token.client_secret = Secret{value};
  } else if (name == "registrationExpiresAt") {
    token.registration_expires = read_date(value);
  } else {
    return false;
  }
  return true;
}

void add_member(JsonWriter& writer, std::string_view name, std::string_view value) {
  if (!value.empty()) writer.member(name, value);
}

}  // namespace

bool SsoToken::can_refresh(Instant now) const {
  return !refresh_token.empty() && !client_id.empty() && !client_secret.empty() &&
         (!registration_expires || *registration_expires > now);
}

std::filesystem::path sso_token_path(const std::filesystem::path& cache, std::string_view session_or_url) {
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(session_or_url.data()), session_or_url.size(), digest.data());
  return cache / (hex(digest) + ".json");
}

Result<SsoToken> parse_sso_token(std::string_view json) {
  TRY(const auto object, JsonValue::parse(json));
  SsoToken token;
  for (const auto& [name, value] : object.members()) {
    const auto text = value.as_string();
    if (text && !take(token, name, *text)) token.others.emplace_back(name, WipedString(*text));
  }
  if (token.access_token.empty()) return fail(ErrorKind::bad_reply, "accessToken is missing");
  if (token.expires == Instant{}) return fail(ErrorKind::bad_reply, "expiresAt is missing or no date");
  return token;
}

WipedString format_sso_token(const SsoToken& token) {
  JsonWriter writer;
  writer.begin_object();
  for (const auto& [name, value] : token.others) writer.member(name, std::string_view(value));
  writer.member("accessToken", token.access_token.reveal()).member("expiresAt", iso8601(token.expires));
  add_member(writer, "clientId", token.client_id);
  add_member(writer, "clientSecret", token.client_secret.reveal());
  if (token.registration_expires) writer.member("registrationExpiresAt", iso8601(*token.registration_expires));
  add_member(writer, "refreshToken", token.refresh_token.reveal());
  return writer.end().finish();
}

}  // namespace rekeyer::aws
