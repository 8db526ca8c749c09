#include "sandbox/wire/object_reply.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "sandbox/wire/encode.hpp"
#include "sandbox/wire/member_text.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

constexpr std::string_view object_namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

/// Operations whose reply is headers, with the object's bytes or nothing behind them.
constexpr std::string_view in_headers[] = {"CreateBucket", "HeadBucket",   "PutObject",   "GetObject",
                                           "HeadObject",   "DeleteObject", "DeleteBucket"};
constexpr std::pair<std::string_view, std::string_view> reply_headers[] = {
    {"ETag", "ETag"},
    {"LastModified", "Last-Modified"},
    {"ContentType", "Content-Type"},
    {"ContentLength", "Content-Length"},
    {"ContentRange", "Content-Range"},
    {"AcceptRanges", "Accept-Ranges"},
    {"Location", "Location"},
    {"BucketRegion", "x-amz-bucket-region"},
};

std::string_view root_of(std::string_view operation) {
  if (operation == "ListBuckets") return "ListAllMyBucketsResult";
  if (operation == "ListObjectsV2") return "ListBucketResult";
  return "LocationConstraint";
}

int status_of(const Call& call, const json::object& output) {
  if (call.operation.starts_with("Delete")) return 204;
  return output.contains("ContentRange") ? 206 : 200;
}

void append_members(WipedString& out, const json::object& tree);

void append_object_element(WipedString& out, std::string_view name, const json::value& value) {
  if (const json::array* const items = value.if_array()) {
    for (const json::value& item : *items) append_object_element(out, name, item);
    return;
  }
  out.append("<").append(name).append(">");
  if (const json::object* const members = value.if_object()) {
    append_members(out, *members);
  } else if (value.is_string()) {
    append_xml_text(out, {value.get_string().data(), value.get_string().size()});
  } else if (value.is_bool()) {
    out.append(value.get_bool() ? "true" : "false");
  } else {
    append_json(out, value);
  }
  out.append("</").append(name).append(">");
}

void append_members(WipedString& out, const json::object& tree) {
  for (const auto& member : tree) {
    append_object_element(out, std::string_view(member.key().data(), member.key().size()), member.value());
  }
}

aws::HttpResponse started(int status, std::string_view request_id) {
  aws::HttpResponse response;
  response.status = status;
  response.headers.add("x-amz-request-id", request_id);
  response.headers.add("x-amz-id-2", "sandbox");
  return response;
}

}  // namespace

aws::HttpResponse object_reply(const Call& call, const json::object& output, std::string_view request_id) {
  aws::HttpResponse response = started(status_of(call, output), request_id);
  if (std::ranges::find(in_headers, call.operation) != std::end(in_headers)) {
    for (const auto& [member, header] : reply_headers) {
      if (const auto value = member_text(output, member); !value.empty()) response.headers.set(header, value);
    }
    response.body = member_text(output, "Body");
    return response;
  }
  response.headers.add("Content-Type", "application/xml");
  const auto root = root_of(call.operation);
  response.body.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<").append(root).append(" xmlns=\"");
  response.body.append(object_namespace).append("\">");
  // Of all replies this one has its text in the root itself.
  if (call.operation == "GetBucketLocation") {
    append_xml_text(response.body, member_text(output, root));
  } else {
    append_members(response.body, output);
  }
  response.body.append("</").append(root).append(">");
  return response;
}

aws::HttpResponse object_refusal(const Call& call, const ServiceError& refusal, std::string_view request_id) {
  aws::HttpResponse response = started(refusal.status, request_id);
  if (!refusal.bucket_region.empty()) response.headers.add("x-amz-bucket-region", refusal.bucket_region);
  response.headers.add("Content-Type", "application/xml");
  // The reply to HEAD never has a body.
  if (call.operation.starts_with("Head")) return response;
  WipedString& out = response.body;
  out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>");
  append_xml_text(out, refusal.code);
  out.append("</Code><Message>");
  append_xml_text(out, refusal.message);
  out.append("</Message>");
  for (const std::string_view member : {"Bucket", "Key"}) {
    if (const auto value = member_text(call.input, member); !value.empty()) {
      out.append("<").append(member == "Bucket" ? "BucketName" : member).append(">");
      append_xml_text(out, value);
      out.append("</").append(member == "Bucket" ? "BucketName" : member).append(">");
    }
  }
  out.append("<RequestId>").append(request_id).append("</RequestId><HostId>sandbox</HostId></Error>");
  return response;
}

}  // namespace rekeyer::sandbox
