#include "aws/auth/container_provider.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/auth/credential_parts.hpp"
#include "aws/auth/small_file.hpp"
#include "aws/http/service_error.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

constexpr std::string_view relative_uri = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr std::string_view full_uri = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr std::string_view token_file = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
constexpr std::string_view token_variable = "AWS_CONTAINER_AUTHORIZATION_TOKEN";

/// An address in 127.0.0.0/8: four numbers, so that 127.0.0.1.example.com is not one.
bool is_loopback_v4(std::string_view host) {
  return host.starts_with("127.") && std::ranges::count(host, '.') == 3 &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// The token travels in clear text, so only to this machine.
bool may_use_plain_http(std::string_view host) {
  static constexpr std::string_view agents[] = {"localhost", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"};
  return is_loopback_v4(host) || std::ranges::find(agents, host) != std::end(agents);
}

}  // namespace

bool ContainerProvider::configured(const Environment& environment) {
  return environment.value(relative_uri) || environment.value(full_uri);
}

ContainerProvider::ContainerProvider(Environment environment, Transport& transport, Clock& clock, EndpointLimits limits)
    : environment_(std::move(environment)), client_(transport, clock, limits) {}

Result<Url> ContainerProvider::address() const {
  TRY(const auto relative, environment_.line(relative_uri));
  if (relative) {
    auto url = parse_url("http://169.254.170.2" + *relative);
    // "@elsewhere" or ".example" would otherwise make it another host.
    if (!relative->starts_with('/') || !url || url->host != "169.254.170.2") {
      return fail(ErrorKind::usage, fmt::format("{} must be a path that begins with \"/\"", relative_uri));
    }
    return url;
  }
  TRY(const auto full, environment_.line(full_uri));
  if (!full) return fail(ErrorKind::usage, fmt::format("neither {} nor {} is set", relative_uri, full_uri));
  auto url = parse_url(*full);
  if (!url) return fail(in_context(std::move(url).error(), full_uri));
  if (url->scheme != "https" && !may_use_plain_http(url->host)) {
    return fail(ErrorKind::usage,
                fmt::format("{}: the host {} is asked over https only (plain http is for this machine "
                            "and the container agent)",
                            full_uri, url->host));
  }
  return url;
}

Result<std::optional<Secret>> ContainerProvider::token() const {
  const auto path = environment_.value(token_file);
  if (!path) {
    auto token = environment_.secret(token_variable);
    if (token.empty()) return std::nullopt;
    if (!is_one_line(token.reveal())) {
      return fail(ErrorKind::usage, fmt::format("{} holds a line break or control character", token_variable));
    }
    return token;
  }
  auto content = read_small_file(environment_.expand(*path));
  if (!content) {
    auto error = std::move(content).error();
    error.kind = ErrorKind::usage;
    return fail(in_context(std::move(error), token_file));
  }
  const auto text = trimmed_end(*content, "\r\n");
  if (text.empty() || !is_one_line(text)) {
    return fail(ErrorKind::usage, fmt::format("{}: {} is empty or holds a line break inside", token_file, *path));
  }
  return Secret{text};
}

Result<HttpRequest> ContainerProvider::request() const {
  HttpRequest request;
  TRY(request.url, address());
  TRY(const auto authorization, token());
  request.headers.set("Accept", "application/json");
  if (authorization) request.headers.set("Authorization", authorization->reveal());
  return request;
}

ResultTask<SharedCredentials> ContainerProvider::get() {
  auto question = request();
  if (!question) co_return fail(std::move(question).error());
  const auto response = co_await client_.send(*std::move(question));
  if (!response) co_return fail(in_context(response.error(), describe()));
  if (response->status != 200) {
    const auto error = read_service_error(ErrorFormat::json, *response);
    const bool denied = response->status == 401 || response->status == 403;
    // Without an error document the code is the status, and there are no words.
    const bool told = error.code != std::to_string(response->status);
    auto words = fmt::format("{}: the agent answered {}{}{}", describe(), response->status, told ? ": " : "",
                             told ? error.message : std::string());
    if (denied) words += fmt::format("; look at {} and {}", token_variable, token_file);
    co_return fail({denied ? ErrorKind::access_denied : ErrorKind::rejected,
                    std::move(words),
                    told ? error.code : std::string(),
                    {},
                    {}});
  }
  co_return read_credential_document(response->body, {"Token", true, true}, describe());
}

}  // namespace rekeyer::aws
