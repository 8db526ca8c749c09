#include "aws/auth/credential_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/http/json.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

/// Keys and tokens are of printable ASCII; anything else would break the request that carries them.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

/// IAM's pattern for the id of an access key is \w+; its length is AWS's to judge.
bool is_key_id(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '_'; });
}

/// How the ids of keys begin that AWS refuses without their session token.
constexpr std::string_view temporary_key = "ASIA";

/// A value in quotes: in these files and variables they belong to the value.
bool is_quoted(std::string_view text) {
  return text.size() >= 2 && text.front() == text.back() && (text.front() == '"' || text.front() == '\'');
}

Result<SharedCredentials> read_members(const JsonValue& object, const CredentialDocument& form,
                                       std::string_view origin) {
  TRY(const auto id, object.string("AccessKeyId"));
  TRY(const auto secret, object.string("SecretAccessKey"));
  TRY(const auto token, object.optional_string(form.token_member));
  TRY(const auto expiration, object.optional_time("Expiration"));
  if (form.token_required && !token) {
    return fail(ErrorKind::bad_reply, fmt::format("{} is missing", form.token_member));
  }
  if (form.expiration_required && !expiration) return fail(ErrorKind::bad_reply, "Expiration is missing");
  auto credentials = make_credentials({id, secret, token.value_or(""), expiration}, origin);
  // Somebody else's broken answer is not the person's broken configuration.
  if (!credentials) credentials.error().kind = ErrorKind::bad_reply;
  return credentials;
}

}  // namespace

Result<SharedCredentials> make_credentials(const CredentialParts& parts, std::string_view origin) {
  const auto refuse = [&](std::string_view problem) {
    return fail(ErrorKind::usage, fmt::format("{}: {}", origin, problem));
  };
  if (parts.id.empty()) return refuse("the access key id is missing");
  if (parts.secret.empty()) return refuse("the secret access key is missing");
  for (const auto& [name, part] : {std::pair{"access key id", parts.id}, std::pair{"secret access key", parts.secret},
                                   std::pair{"session token", parts.session_token}}) {
    if (is_quoted(part))
      return refuse(fmt::format("the {} stands in quotes, which count as a part of it: leave them out", name));
  }
  if (!is_key_id(parts.id)) return refuse("the access key id holds a character that no key has");
  if (!is_plain(parts.secret)) return refuse("the secret access key holds a character that no key has");
  if (!is_plain(parts.session_token)) return refuse("the session token holds a character that no token has");
  if (parts.id.starts_with(temporary_key) && parts.session_token.empty()) {
    return refuse(
        fmt::format("the access key id is that of temporary credentials ({}…), and their session token is "
                    "missing: set aws_session_token, or AWS_SESSION_TOKEN, as well",
                    temporary_key));
  }
  return std::make_shared<const Credentials>(Credentials{AccessKeyId{std::string(parts.id)}, Secret{parts.secret},
                                                         Secret{parts.session_token}, parts.expiration});
}

SharedCredentials with_expiration(const Credentials& credentials, Instant expiration) {
  return std::make_shared<const Credentials>(Credentials{credentials.id, Secret{credentials.secret.reveal()},
                                                         Secret{credentials.session_token.reveal()}, expiration});
}

Result<SharedCredentials> read_credential_document(std::string_view json, const CredentialDocument& form,
                                                   std::string_view origin) {
  const auto object = JsonValue::parse(json);
  if (!object) return fail(in_context(object.error(), origin));
  auto credentials = read_members(*object, form, origin);
  if (!credentials && !credentials.error().message.starts_with(origin)) {
    return fail(in_context(std::move(credentials).error(), origin));
  }
  return credentials;
}

}  // namespace rekeyer::aws
