#include "aws/auth/web_identity_provider.hpp"

#include <fmt/format.h>

#include "aws/auth/assume_role_provider.hpp"
#include "aws/auth/small_file.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

struct Lookup {
  const Environment& environment;
  bool use_environment;
  const Section* profile;

  Result<std::string> text(std::string_view variable, std::string_view key) const {
    if (use_environment) {
      TRY(auto value, environment.line(variable));
      if (value) return *std::move(value);
    }
    return profile == nullptr ? std::string{} : profile->text(key);
  }
};

Result<Secret> read_token(const std::filesystem::path& path) {
  auto content = read_small_file(path);
  if (!content) {
    auto error = std::move(content).error();
    error.kind = ErrorKind::usage;
    return fail(in_context(std::move(error), "web identity token"));
  }
  const auto text = trimmed_end(*content, " \r\n");
  if (text.empty()) return fail(ErrorKind::usage, fmt::format("web identity token: {} is empty", path.string()));
  return Secret{text};
}

}  // namespace

Result<std::optional<WebIdentity>> read_web_identity(const Environment& environment, bool use_environment,
                                                     const Section* profile) {
  const Lookup lookup{environment, use_environment, profile};
  TRY(const auto file, lookup.text("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file"));
  if (file.empty()) return std::nullopt;
  TRY(auto role, lookup.text("AWS_ROLE_ARN", "role_arn"));
  TRY(auto session_name, lookup.text("AWS_ROLE_SESSION_NAME", "role_session_name"));
  if (role.empty()) {
    return fail(ErrorKind::usage,
                "a web identity token file is configured, but no role: set AWS_ROLE_ARN (or role_arn in the profile)");
  }
  if (session_name.empty()) session_name = default_session_name;
  if (!valid_session_name(session_name)) {
    return fail(ErrorKind::usage,
                "the role session name of the web identity must be 2 to 64 characters of A-Za-z0-9_+=,.@-");
  }
  return WebIdentity{environment.expand(file),
                     AssumeRole{Arn{std::move(role)}, std::move(session_name), {}, std::chrono::seconds{3600}}};
}

WebIdentityProvider::WebIdentityProvider(Caller& caller, Region region, WebIdentity identity, std::string origin)
    : sts_(caller, Principal{nullptr, std::move(region), {}}),
      identity_(std::move(identity)),
      origin_(std::move(origin)) {}

ResultTask<SharedCredentials> WebIdentityProvider::get() {
  auto token = read_token(identity_.token_file);
  if (!token) co_return fail(std::move(token).error());
  auto credentials = co_await sts_.assume_role_with_web_identity(identity_.request, *std::move(token));
  if (!credentials) co_return fail(in_context(std::move(credentials).error(), describe()));
  co_return credentials;
}

std::string WebIdentityProvider::describe() const {
  return fmt::format("{}: web identity, role {}", origin_, identity_.request.role);
}

}  // namespace rekeyer::aws
