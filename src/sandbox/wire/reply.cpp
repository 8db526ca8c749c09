#include "sandbox/wire/reply.hpp"

#include <algorithm>
#include <iterator>

#include "sandbox/wire/encode.hpp"
#include "sandbox/wire/object_reply.hpp"

namespace rekeyer::sandbox {
namespace {

std::string_view xml_namespace(std::string_view service) {
  if (service == "sts") return "https://sts.amazonaws.com/doc/2011-06-15/";
  if (service == "sns") return "http://sns.amazonaws.com/doc/2010-03-31/";
  if (service == "ses") return "http://ses.amazonaws.com/doc/2010-12-01/";
  return "https://iam.amazonaws.com/doc/2010-05-08/";
}

/// Operations without output have no Result element, but some have one that stays empty. IAM's without output are many,
/// the others' few: each side lists the exceptions.
constexpr std::string_view empty_results_of_iam[] = {"UpdateRole", "DeleteServiceLinkedRole"};
constexpr std::string_view resultless_elsewhere[] = {"AddPermission",           "DeleteTopic",
                                                     "RemovePermission",        "SetSubscriptionAttributes",
                                                     "SetTopicAttributes",      "Unsubscribe",
                                                     "VerifyEmailAddress",      "DeleteVerifiedEmailAddress",
                                                     "PutDataProtectionPolicy", "UpdateAccountSendingEnabled"};

bool has_result(const Call& call, const boost::json::object& output) {
  if (!output.empty()) return true;
  if (call.service == "iam") {
    return std::ranges::find(empty_results_of_iam, call.operation) != std::end(empty_results_of_iam);
  }
  return std::ranges::find(resultless_elsewhere, call.operation) == std::end(resultless_elsewhere);
}

/// AWS JSON 1.0 where the service's model says so.
std::string_view json_type(std::string_view service) {
  if (service == "states" || service == "dynamodb" || service == "sqs") return "application/x-amz-json-1.0";
  return "application/x-amz-json-1.1";
}

std::string_view content_type(const Call& call) {
  switch (call.protocol) {
    case Protocol::query: return "text/xml";
    case Protocol::rest_xml: return "application/xml";
    case Protocol::json: return json_type(call.service);
    case Protocol::rest_json: return "application/json";
  }
  return "text/xml";
}

aws::HttpResponse reply(const Call& call, int status, std::string_view request_id) {
  aws::HttpResponse response;
  response.status = status;
  response.headers.add("x-amzn-RequestId", request_id);
  response.headers.add("Content-Type", content_type(call));
  return response;
}

void append_xml_reply(WipedString& out, const Call& call, const boost::json::object& output,
                      std::string_view request_id) {
  const std::string& name = call.operation;
  out.append("<").append(name).append("Response xmlns=\"").append(xml_namespace(call.service)).append("\">");
  if (has_result(call, output)) {
    out.append("<").append(name).append("Result>");
    append_xml(out, output);
    out.append("</").append(name).append("Result>");
  }
  out.append("<ResponseMetadata><RequestId>").append(request_id).append("</RequestId></ResponseMetadata></");
  out.append(name).append("Response>");
}

void append_xml_error(WipedString& out, const Call& call, const ServiceError& refusal, std::string_view request_id) {
  out.append("<ErrorResponse xmlns=\"").append(xml_namespace(call.service)).append("\"><Error><Type>");
  out.append(refusal.status >= 500 ? "Receiver" : "Sender").append("</Type><Code>");
  append_xml_text(out, refusal.code);
  out.append("</Code><Message>");
  append_xml_text(out, refusal.message);
  out.append("</Message></Error><RequestId>").append(request_id).append("</RequestId></ErrorResponse>");
}

/// Organizations and Secrets Manager spell it with a capital.
std::string_view message_member(const Call& call) {
  return call.service == "organizations" || call.service == "secretsmanager" ? "Message" : "message";
}

}  // namespace

aws::HttpResponse success(const Call& call, const boost::json::object& output, std::string_view request_id) {
  if (call.protocol == Protocol::rest_xml) return object_reply(call, output, request_id);
  aws::HttpResponse response = reply(call, 200, request_id);
  response.body.reserve(512);
  if (call.protocol == Protocol::query) {
    append_xml_reply(response.body, call, output, request_id);
  } else {
    append_json(response.body, output);
  }
  return response;
}

aws::HttpResponse failure(const Call& call, const ServiceError& refusal, std::string_view request_id) {
  if (call.protocol == Protocol::rest_xml) return object_refusal(call, refusal, request_id);
  aws::HttpResponse response = reply(call, refusal.status, request_id);
  response.body.reserve(384 + refusal.message.size());
  if (call.protocol == Protocol::query) {
    append_xml_error(response.body, call, refusal, request_id);
    return response;
  }
  boost::json::object body;
  if (call.protocol == Protocol::json) body["__type"] = refusal.code;
  if (call.protocol == Protocol::rest_json) response.headers.add("x-amzn-ErrorType", refusal.code);
  body[message_member(call)] = refusal.message;
  append_json(response.body, body);
  return response;
}

}  // namespace rekeyer::sandbox
