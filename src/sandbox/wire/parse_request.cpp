// Which service, operation and input a request means, told by its signature's scope, its target, its form or its path.
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <span>

#include "sandbox/access/signature.hpp"
#include "sandbox/wire/call.hpp"
#include "sandbox/wire/form.hpp"
#include "sandbox/wire/object_request.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

struct Named {
  std::string_view sign;
  std::string_view service;
};

constexpr Named targets[] = {{"AWSOrganizationsV20161128", "organizations"},
                             {"secretsmanager", "secretsmanager"},
                             {"TrentService", "kms"},
                             {"AmazonSSM", "ssm"},
                             {"AWSEvents", "events"},
                             {"AWSStepFunctions", "states"}};
constexpr Named versions[] = {
    {"2011-06-15", "sts"}, {"2010-05-08", "iam"}, {"2010-03-31", "sns"}, {"2010-12-01", "ses"}};

std::string_view service_of(std::span<const Named> names, std::string_view sign) {
  for (const Named& name : names) {
    if (name.sign == sign) return name.service;
  }
  return {};
}

std::string_view body_of(const aws::HttpRequest& request) { return {request.body.data(), request.body.size()}; }

/// False where the body is anything but an object; no body is an empty one.
bool read_json(std::string_view body, json::object& input) {
  if (body.empty()) return true;
  boost::system::error_code failure;
  json::value value = json::parse(body, failure);
  if (failure || !value.is_object()) return false;
  input = std::move(value.get_object());
  return true;
}

void read_target(const aws::HttpRequest& request, std::string_view target, ParsedRequest& parsed) {
  Call& call = parsed.call;
  call.protocol = Protocol::json;
  const auto dot = target.rfind('.');
  call.operation = target.substr(dot == std::string_view::npos ? 0 : dot + 1);
  if (call.service.empty() && dot != std::string_view::npos) {
    call.service = service_of(targets, target.substr(0, dot));
  }
  parsed.malformed = !read_json(body_of(request), call.input);
}

void read_form(std::string_view form, ParsedRequest& parsed) {
  Call& call = parsed.call;
  call.protocol = Protocol::query;
  auto input = parse_form(form);
  parsed.malformed = !input;
  if (!input) return;
  call.input = std::move(*input);
  call.operation = call.text_or_empty("Action");
  if (call.service.empty()) call.service = service_of(versions, call.text_or_empty("Version"));
}

/// A path that means an operation: method, what stands before the name that the path may end with, operation.
struct Route {
  std::string_view service;
  std::string_view method;
  std::string_view path;
  std::string_view operation;
  std::string_view named;  ///< the input member that takes the rest of the path; empty: there is no rest
};

constexpr std::string_view mail_paths = "/v2/email/";
constexpr Route routes[] = {
    {"ses", "POST", "/v2/email/outbound-emails", "SendEmail", {}},
    {"ses", "GET", "/v2/email/account", "GetAccount", {}},
    {"ses", "GET", "/v2/email/identities", "ListEmailIdentities", {}},
    {"ses", "POST", "/v2/email/identities", "CreateEmailIdentity", {}},
    {"ses", "GET", "/v2/email/identities/", "GetEmailIdentity", "EmailIdentity"},
    {"ses", "DELETE", "/v2/email/identities/", "DeleteEmailIdentity", "EmailIdentity"},
    {"scheduler", "GET", "/schedules", "ListSchedules", {}},
    {"scheduler", "GET", "/schedules/", "GetSchedule", "Name"},
    {"scheduler", "POST", "/schedules/", "CreateSchedule", "Name"},
    {"account", "POST", "/getAlternateContact", "GetAlternateContact", {}},
    {"account", "POST", "/putAlternateContact", "PutAlternateContact", {}},
    {"account", "POST", "/deleteAlternateContact", "DeleteAlternateContact", {}},
};

const Route* route_of(std::string_view method, std::string_view path) {
  for (const Route& route : routes) {
    if (method != route.method || !path.starts_with(route.path)) continue;
    const std::string_view rest = path.substr(route.path.size());
    if (route.named.empty() ? rest.empty() : !rest.empty() && rest.find('/') == std::string_view::npos) return &route;
  }
  return nullptr;
}

void read_path(const aws::HttpRequest& request, ParsedRequest& parsed) {
  Call& call = parsed.call;
  call.protocol = Protocol::rest_json;
  const Route* const route = route_of(request.method, request.url.path);
  if (call.service.empty()) call.service = route == nullptr ? "ses" : route->service;
  if (route == nullptr) return;
  call.operation = route->operation;
  parsed.malformed = !read_json(body_of(request), call.input);
  if (!route->named.empty()) {
    const auto name = percent_decoded(std::string_view(request.url.path).substr(route->path.size()), Plus::literal);
    if (!name) parsed.malformed = true;
    if (name) call.input[route->named] = *name;
  }
  if (auto parameters = parse_form(request.url.query)) {
    for (auto& parameter : *parameters) call.input[parameter.key()] = std::move(parameter.value());
  } else {
    parsed.malformed = true;
  }
}

}  // namespace

ParsedRequest parse_request(const aws::HttpRequest& request) {
  ParsedRequest parsed;
  Call& call = parsed.call;
  if (const auto authorization = request.headers.find("authorization")) {
    call.signature = parse_authorization(*authorization);
  }
  if (call.signature) {
    call.service = call.signature->service;
    call.region = Region(call.signature->region);
  }
  if (const auto target = request.headers.find("x-amz-target")) {
    read_target(request, *target, parsed);
  } else if (call.service == "s3") {
    read_object_request(request, parsed);
  } else if (request.url.path.starts_with(mail_paths) || call.service == "account" ||
             route_of(request.method, request.url.path) != nullptr) {
    read_path(request, parsed);
  } else {
    read_form(request.body.empty() ? std::string_view(request.url.query) : body_of(request), parsed);
  }
  return parsed;
}

}  // namespace rekeyer::sandbox
