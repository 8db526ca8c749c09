#include "aws/auth/environment_provider.hpp"

#include <fmt/format.h>

#include "aws/auth/credential_parts.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {

bool EnvironmentProvider::configured(const Environment& environment) {
  return environment.value("AWS_ACCESS_KEY_ID") || !environment.secret("AWS_SECRET_ACCESS_KEY").empty();
}

ResultTask<SharedCredentials> EnvironmentProvider::get() { co_return read(); }

Result<SharedCredentials> EnvironmentProvider::read() const {
  if (!configured(environment_)) {
    return fail(ErrorKind::usage, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set");
  }
  const auto id = environment_.value("AWS_ACCESS_KEY_ID").value_or("");
  if (id.empty()) return fail(ErrorKind::usage, "AWS_SECRET_ACCESS_KEY is set, AWS_ACCESS_KEY_ID is not");
  const auto secret = environment_.secret("AWS_SECRET_ACCESS_KEY");
  if (secret.empty()) return fail(ErrorKind::usage, "AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not");
  // The older name comes first, as in the AWS CLI.
  auto token = environment_.secret("AWS_SECURITY_TOKEN");
  if (token.empty()) token = environment_.secret("AWS_SESSION_TOKEN");
  std::optional<Instant> expiration;
  TRY(const auto end, environment_.line("AWS_CREDENTIAL_EXPIRATION"));
  if (end) {
    expiration = parse_iso8601(*end);
    if (!expiration) {
      return fail(ErrorKind::usage, fmt::format("AWS_CREDENTIAL_EXPIRATION is not a date: {}", *end));
    }
  }
  return make_credentials({id, secret.reveal(), token.reveal(), expiration}, "environment");
}

}  // namespace rekeyer::aws
