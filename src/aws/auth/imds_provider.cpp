#include "aws/auth/imds_provider.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "aws/auth/credential_parts.hpp"
#include "aws/http/json.hpp"
#include "aws/http/query.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

constexpr std::chrono::seconds token_life{21600};
constexpr std::chrono::seconds token_margin{60};
constexpr Milliseconds extension = std::chrono::minutes{15};
constexpr std::string_view hop_limit_hint =
    "; in a container the token's answer is lost where the instance's hop limit is 1: raise it by aws ec2 "
    "modify-instance-metadata-options --instance-id ID --http-put-response-hop-limit 2";
constexpr std::string_view role_path = "/latest/meta-data/iam/security-credentials/";

Result<std::string> setting(const Environment& environment, const Section* profile, std::string_view variable,
                            std::string_view key) {
  TRY(auto value, environment.line(variable));
  if (value) return *std::move(value);
  return profile == nullptr ? std::string{} : profile->text(key);
}

Result<int> small_number(const Environment& environment, std::string_view variable, int otherwise) {
  const auto text = environment.value(variable);
  if (!text) return otherwise;
  int number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size() || number < 1 || number > 100) {
    return fail(ErrorKind::usage, fmt::format("{} must be a whole number from 1 to 100", variable));
  }
  return number;
}

Result<std::string> endpoint_text(const Environment& environment, const Section* profile) {
  TRY(auto endpoint,
      setting(environment, profile, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint"));
  if (!endpoint.empty()) return endpoint;
  TRY(const auto mode,
      setting(environment, profile, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode"));
  if (mode.empty() || equal_ignoring_case(mode, "ipv4")) return "http://169.254.169.254";
  if (equal_ignoring_case(mode, "ipv6")) return "http://[fd00:ec2::254]";
  return fail(ErrorKind::usage, fmt::format("the instance metadata endpoint mode is IPv4 or IPv6, not {}", mode));
}

std::string_view first_line(std::string_view text) { return trimmed(text.substr(0, text.find_first_of("\r\n")), " "); }

/// With status 200 the document may still say that there are no credentials.
std::optional<Error> refusal(std::string_view document, std::string_view origin) {
  const auto object = JsonValue::parse(document);
  if (!object) return std::nullopt;
  const auto code = object->optional_string("Code");
  if (!code || !*code || **code == "Success") return std::nullopt;
  const auto words = object->optional_string("Message");
  const std::string message{words && *words ? **words : std::string_view{}};
  return Error{ErrorKind::rejected, fmt::format("{}: {}: {}", origin, **code, message), {}, {}, {}};
}

/// What a captive portal answers to everything.
bool is_page(std::string_view text) { return trimmed(text).starts_with('<'); }

}  // namespace

Result<ImdsSettings> read_imds_settings(const Environment& environment, const Section* profile) {
  ImdsSettings settings;
  settings.disabled = environment.flag("AWS_EC2_METADATA_DISABLED");
  TRY(const auto v1_disabled,
      setting(environment, profile, "AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled"));
  settings.v1_disabled = equal_ignoring_case(v1_disabled, "true");
  TRY(const auto endpoint, endpoint_text(environment, profile));
  auto url = parse_url(endpoint);
  if (!url) return fail(in_context(std::move(url).error(), "instance metadata endpoint"));
  settings.endpoint = *std::move(url);
  while (settings.endpoint.path.ends_with('/')) settings.endpoint.path.pop_back();
  TRY(const auto seconds, small_number(environment, "AWS_METADATA_SERVICE_TIMEOUT", 1));
  TRY(settings.limits.attempts, small_number(environment, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", 1));
  settings.limits.timeout = std::chrono::seconds{seconds};
  return settings;
}

ImdsProvider::ImdsProvider(ImdsSettings settings, Transport& transport, Clock& clock)
    : settings_(std::move(settings)), clock_(clock), client_(transport, clock, settings_.limits) {}

ResultTask<SharedCredentials> ImdsProvider::get() {
  if (settings_.disabled) {
    co_return fail(ErrorKind::usage, "EC2 instance metadata is switched off (AWS_EC2_METADATA_DISABLED)");
  }
  auto fetched = co_await fetch();
  if (!fetched) {
    if (!last_) co_return fetched;
    co_return extended(*last_, fetched.error().message);
  }
  last_ = *fetched;
  if (*last_->expiration <= clock_.now()) co_return extended(*last_, "the service gives out expired credentials");
  co_return last_;
}

SharedCredentials ImdsProvider::extended(const Credentials& credentials, std::string_view reason) const {
  log::warn("the instance's credentials could not be refreshed; the present ones stay in use",
            {{"reason", std::string(reason)}});
  const auto end = clock_.now() + extension;
  return with_expiration(credentials, credentials.expiration ? std::max(end, *credentials.expiration) : end);
}

ResultTask<SharedCredentials> ImdsProvider::fetch() {
  if (!token_end_ || clock_.now() >= *token_end_) {
    auto renewed = co_await renew_token();
    if (!renewed) co_return fail(std::move(renewed).error());
  }
  auto roles = co_await read(std::string(role_path));
  if (!roles) co_return fail(std::move(roles).error());
  if (roles->status == 404) {
    co_return fail(ErrorKind::not_found, fmt::format("{}: the instance has no role", describe()));
  }
  if (token_.empty() && (roles->status == 401 || roles->status == 403))
    co_return fail(refused_both_ways(roles->status));
  if (roles->status != 200) co_return fail(unexpected("the role's name", *roles));
  const std::string role(first_line(roles->body));
  if (role.empty()) co_return fail(ErrorKind::not_found, fmt::format("{}: the instance has no role", describe()));
  if (is_page(role)) co_return fail(unexpected("the role's name", *roles));

  auto document = co_await read(std::string(role_path) + percent_encode(role));
  if (!document) co_return fail(std::move(document).error());
  if (document->status != 200) co_return fail(unexpected("the role's credentials", *document));
  if (auto refused = refusal(document->body, describe())) co_return fail(*std::move(refused));
  co_return read_credential_document(document->body, {"Token", true, true}, describe());
}

/// No token is a success where version 1 may be tried: `token_` is empty then.
Task<Result<>> ImdsProvider::renew_token() {
  token_ = Secret{};
  token_end_.reset();
  auto response = co_await send("PUT", "/latest/api/token");
  if (response && response->status == 200 && !response->body.empty() && is_one_line(response->body) &&
      !is_page(response->body)) {
    token_ = Secret{response->body};
    token_end_ = clock_.now() + token_life - token_margin;
    co_return Result<>{};
  }
  // A refused connection: nobody is there, in no version. A timeout: the answer may have died on its way into a
  // container.
  if (!response && response.error().kind != ErrorKind::outcome_unknown) {
    co_return fail(in_context(std::move(response).error(), describe()));
  }
  const int status = response ? response->status : 0;
  no_token_ = response
                  ? fmt::format("the service answered {} to the request for one", status)
                  : fmt::format("nothing came back within {} s", settings_.limits.timeout / std::chrono::seconds{1});
  hop_limit_hint_ = response ? "" : hop_limit_hint;
  const bool only_v1 = !response || status == 403 || status == 404 || status == 405;
  if (!only_v1) co_return fail(unexpected("a token", *response));
  if (settings_.v1_disabled) {
    co_return fail(ErrorKind::access_denied,
                   fmt::format("{}: no version 2 token could be had ({}), and version 1 is switched off "
                               "(ec2_metadata_v1_disabled){}",
                               describe(), no_token_, hop_limit_hint_));
  }
  co_return Result<>{};
}

/// Once more with a new token where the service does not know this one any more.
ResultTask<HttpResponse> ImdsProvider::read(std::string path) {
  auto response = co_await send("GET", path);
  if (!response || response->status != 401 || token_.empty()) co_return response;
  auto renewed = co_await renew_token();
  if (!renewed) co_return fail(std::move(renewed).error());
  auto again = co_await send("GET", path);
  co_return again;
}

ResultTask<HttpResponse> ImdsProvider::send(std::string method, std::string path) {
  HttpRequest request;
  request.method = method;
  request.url = settings_.endpoint;
  request.url.path += path;
  if (method == "PUT") {
    request.headers.set("x-aws-ec2-metadata-token-ttl-seconds", std::to_string(token_life.count()));
  } else if (!token_.empty()) {
    request.headers.set("x-aws-ec2-metadata-token", token_.reveal());
  }
  auto response = co_await client_.send(std::move(request));
  co_return response;
}

/// The second of two refusals is told by AWS, the first is the cause.
Error ImdsProvider::refused_both_ways(int status) const {
  return {ErrorKind::access_denied,
          fmt::format("{}: no version 2 token could be had ({}), and version 1 is refused ({}){}", describe(),
                      no_token_, status, hop_limit_hint_),
          {},
          {},
          {}};
}

Error ImdsProvider::unexpected(std::string_view what, const HttpResponse& response) const {
  const bool denied = response.status == 401 || response.status == 403;
  return {denied ? ErrorKind::access_denied : ErrorKind::rejected,
          response.status == 200
              ? fmt::format("{}: asked for {}, the service answered with something else: a proxy or a login page?",
                            describe(), what)
              : fmt::format("{}: asked for {}, the service answered {}", describe(), what, response.status),
          {},
          {},
          {}};
}

}  // namespace rekeyer::aws
