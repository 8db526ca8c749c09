#include "aws/auth/sso_provider.hpp"

#include <fmt/format.h>

#include "aws/auth/credential_parts.hpp"
#include "aws/auth/environment.hpp"
#include "aws/auth/small_file.hpp"
#include "aws/http/json.hpp"
#include "aws/http/json_writer.hpp"
#include "aws/http/query.hpp"
#include "aws/http/service_error.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

constexpr Milliseconds refresh_ahead = std::chrono::minutes{15};
constexpr EndpointLimits portal_limits{std::chrono::seconds{10}, 3, std::chrono::seconds{1}, true};
/// Once: a refresh token may be good for one use only.
constexpr EndpointLimits oidc_limits{std::chrono::seconds{10}, 1, std::chrono::seconds{1}, true};

/// From the session, which the profile may repeat but not contradict; or from the profile alone.
Result<std::string> shared_setting(const Section& profile, const Section* session, std::string_view key) {
  TRY(auto own, profile.text(key));
  if (session == nullptr) return own;
  TRY(auto shared, session->text(key));
  if (!own.empty() && !shared.empty() && own != shared) {
    return fail(ErrorKind::usage, fmt::format("{}: {} differs from the sso-session's ({})", profile.find(key)->place(),
                                              key, session->find(key)->place()));
  }
  return shared;
}

Result<> require(const Section& profile, std::string_view name, std::string_view key, std::string_view value) {
  if (!value.empty()) return {};
  return fail(ErrorKind::usage,
              fmt::format("{}: profile `{}` uses IAM Identity Center, but {} is missing", profile.place, name, key));
}

Result<Url> address(const Service& service, const SsoSettings& settings, const EndpointSettings& endpoints,
                    std::string_view path) {
  TRY(auto endpoint, resolve_endpoint(service, settings.region, endpoints));
  while (endpoint.url.path.ends_with('/')) endpoint.url.path.pop_back();
  endpoint.url.path += path;
  return std::move(endpoint.url);
}

}  // namespace

Result<std::optional<SsoSettings>> read_sso_settings(const ProfileFiles& files, std::string_view profile_name) {
  const auto* profile = files.profile(profile_name);
  if (profile == nullptr) return std::nullopt;
  if (profile->find("sso_account_id") == nullptr && profile->find("sso_role_name") == nullptr) return std::nullopt;
  SsoSettings settings;
  settings.profile = profile_name;
  TRY(settings.session, profile->text("sso_session"));
  const Section* session = nullptr;
  if (!settings.session.empty()) {
    const auto position = files.sso_sessions.find(settings.session);
    if (position == files.sso_sessions.end()) {
      return fail(ErrorKind::usage, fmt::format("{}: there is no section [sso-session {}]",
                                                profile->find("sso_session")->place(), settings.session));
    }
    session = &position->second;
    TRY_VOID(session->whole());
  }
  TRY(settings.start_url, shared_setting(*profile, session, "sso_start_url"));
  TRY(auto region, shared_setting(*profile, session, "sso_region"));
  TRY(auto account, profile->text("sso_account_id"));
  TRY(auto role, profile->text("sso_role_name"));
  TRY_VOID(require(*profile, profile_name, "sso_start_url", settings.start_url));
  TRY_VOID(require(*profile, profile_name, "sso_region", region));
  TRY_VOID(require(*profile, profile_name, "sso_account_id", account));
  TRY_VOID(require(*profile, profile_name, "sso_role_name", role));
  settings.region = Region{std::move(region)};
  settings.account = AccountId{std::move(account)};
  settings.role = RoleName{std::move(role)};
  return settings;
}

SsoProvider::SsoProvider(SsoSettings settings, std::filesystem::path cache, EndpointSettings endpoints,
                         Transport& transport, Clock& clock)
    : settings_(std::move(settings)),
      token_path_(sso_token_path(cache, settings_.session.empty() ? settings_.start_url : settings_.session)),
      endpoints_(std::move(endpoints)),
      clock_(clock),
      portal_(transport, clock, portal_limits),
      oidc_(transport, clock, oidc_limits) {}

std::string SsoProvider::describe() const {
  return fmt::format("profile {}: IAM Identity Center, account {}, role {}", settings_.profile, settings_.account,
                     settings_.role);
}

std::unexpected<Error> SsoProvider::log_in(std::string_view why) const {
  return fail(ErrorKind::usage, fmt::format("{}: run `aws sso login --profile {}`", why, settings_.profile));
}

ResultTask<SharedCredentials> SsoProvider::get() {
  auto credentials = co_await fetch();
  if (!credentials) co_return fail(in_context(std::move(credentials).error(), describe()));
  co_return credentials;
}

ResultTask<SharedCredentials> SsoProvider::fetch() {
  auto token = co_await current_token();
  if (!token) co_return fail(std::move(token).error());
  auto question = credentials_request(*token);
  if (!question) co_return fail(std::move(question).error());
  const auto response = co_await portal_.send(*std::move(question));
  if (!response) co_return fail(response.error());
  if (response->status == 401) co_return log_in("the login is no longer valid");
  if (response->status != 200) co_return fail(refusal(*response));
  co_return read_credentials(response->body);
}

ResultTask<SsoToken> SsoProvider::current_token() {
  auto token = read_token();
  if (!token) co_return token;
  const auto now = clock_.now();
  if (token->expires - now >= refresh_ahead) co_return token;
  const bool expired = token->expires <= now;
  if (settings_.session.empty() || !token->can_refresh(now)) {
    if (expired) co_return log_in("the login has expired");
    co_return token;
  }
  const auto expires = token->expires;
  auto renewed = co_await refreshed(*std::move(token));
  if (renewed) co_return renewed;
  if (expires <= clock_.now()) {
    co_return log_in(fmt::format("the login has expired and could not be renewed ({})", renewed.error().message));
  }
  log::debug("the SSO token could not be renewed ahead of time", {{"error", renewed.error().message}});
  co_return read_token();
}

Result<SsoToken> SsoProvider::read_token() const {
  const auto content = read_small_file(token_path_);
  if (!content && content.error().kind == ErrorKind::not_found) return log_in("nobody is logged in");
  if (!content) return fail(content.error());
  auto token = parse_sso_token(*content);
  if (!token) return log_in(fmt::format("{}: {}", token_path_.string(), token.error().message));
  if (!is_one_line(token->access_token.reveal())) return log_in(fmt::format("{} is damaged", token_path_.string()));
  return token;
}

ResultTask<SsoToken> SsoProvider::refreshed(SsoToken token) {
  auto question = refresh_request(token);
  if (!question) co_return fail(std::move(question).error());
  const auto response = co_await oidc_.send(*std::move(question));
  if (!response) co_return fail(response.error());
  if (response->status != 200) co_return fail(refusal(*response));
  auto renewed = read_refreshed(response->body, std::move(token));
  if (!renewed) co_return renewed;
  const auto content = format_sso_token(*renewed);
  if (const auto written = replace_private_file(token_path_, content); !written) {
    // This run has its token; the next one will have to log in.
    log::warn("the renewed SSO token could not be kept", {{"error", written.error().message}});
  }
  co_return renewed;
}

Result<HttpRequest> SsoProvider::refresh_request(const SsoToken& token) const {
  HttpRequest request;
  request.method = "POST";
  TRY(request.url, address(services::sso_oidc, settings_, endpoints_, "/token"));
  request.headers.set("Content-Type", "application/json");
  JsonWriter writer;
  writer.begin_object()
      .member("clientId", token.client_id)
      .member("clientSecret", token.client_secret.reveal())
      .member("grantType", "refresh_token")
      .member("refreshToken", token.refresh_token.reveal());
  request.body = writer.end().finish();
  return request;
}

Result<SsoToken> SsoProvider::read_refreshed(std::string_view json, SsoToken token) const {
  TRY(const auto object, JsonValue::parse(json));
  TRY(const auto access, object.string("accessToken"));
  TRY(const auto seconds, object.integer("expiresIn"));
  TRY(const auto refresh, object.optional_string("refreshToken"));
  token.access_token = Secret{access};
  token.expires = clock_.now() + std::chrono::seconds{seconds};
  if (refresh) token.refresh_token = Secret{*refresh};
  return token;
}

Result<HttpRequest> SsoProvider::credentials_request(const SsoToken& token) const {
  HttpRequest request;
  TRY(request.url, address(services::sso, settings_, endpoints_, "/federation/credentials"));
  request.url.query = fmt::format("role_name={}&account_id={}", percent_encode(settings_.role.str()),
                                  percent_encode(settings_.account.str()));
  request.headers.set("x-amz-sso_bearer_token", token.access_token.reveal());
  return request;
}

Result<SharedCredentials> SsoProvider::read_credentials(std::string_view json) const {
  TRY(const auto object, JsonValue::parse(json));
  TRY(const auto role, object.object("roleCredentials"));
  TRY(const auto id, role.string("accessKeyId"));
  TRY(const auto secret, role.string("secretAccessKey"));
  TRY(const auto token, role.string("sessionToken"));
  TRY(const auto milliseconds, role.integer("expiration"));
  return make_credentials({id, secret, token, Instant{Milliseconds{milliseconds}}}, "the portal's answer");
}

Error SsoProvider::refusal(const HttpResponse& response) const {
  auto error = read_service_error(ErrorFormat::rest_json, response);
  const auto kind = response.status == 403 || response.status == 404 ? ErrorKind::access_denied
                    : response.status == 429                         ? ErrorKind::throttled
                    : response.status >= 500                         ? ErrorKind::server_fault
                                                                     : ErrorKind::rejected;
  const auto hint = response.status == 403 ? " (is the role assigned to you in this account?)" : "";
  return {kind,
          fmt::format("{}{}", error.message.empty() ? error.code : error.message, hint),
          std::move(error.code),
          {},
          std::move(error.request_id)};
}

}  // namespace rekeyer::aws
