#include "sandbox/wire/object_request.hpp"

#include <algorithm>

#include "sandbox/wire/form.hpp"

namespace rekeyer::sandbox {
namespace {

enum class About { service, bucket, object };

struct ObjectRoute {
  std::string_view method;
  About about;
  std::string_view asking;  ///< a parameter that must be there
  std::string_view operation;
};

constexpr ObjectRoute object_routes[] = {
    {"GET", About::service, "", "ListBuckets"},
    {"PUT", About::bucket, "", "CreateBucket"},
    {"HEAD", About::bucket, "", "HeadBucket"},
    {"GET", About::bucket, "location", "GetBucketLocation"},
    {"GET", About::bucket, "list-type", "ListObjectsV2"},
    {"DELETE", About::bucket, "", "DeleteBucket"},
    {"PUT", About::object, "", "PutObject"},
    {"GET", About::object, "", "GetObject"},
    {"HEAD", About::object, "", "HeadObject"},
    {"DELETE", About::object, "", "DeleteObject"},
};

/// A sub-resource that the sandbox does not have (?acl, ?versioning, ?uploads) makes another operation of it.
bool is_plain(std::string_view parameter) {
  constexpr std::string_view plain[] = {"list-type",   "prefix",        "delimiter",   "max-keys",
                                        "max-buckets", "start-after",   "fetch-owner", "continuation-token",
                                        "location",    "encoding-type", "x-id"};
  return std::ranges::find(plain, parameter) != std::end(plain);
}

/// Headers that are input.
constexpr std::pair<std::string_view, std::string_view> request_headers[] = {{"Range", "Range"},
                                                                             {"Content-Type", "ContentType"},
                                                                             {"x-amz-copy-source", "CopySource"},
                                                                             {"If-None-Match", "IfNoneMatch"},
                                                                             {"If-Match", "IfMatch"}};

}  // namespace

void read_object_request(const aws::HttpRequest& request, ParsedRequest& parsed) {
  Call& call = parsed.call;
  call.protocol = Protocol::rest_xml;
  std::string_view path = request.url.path;
  if (path.starts_with('/')) path.remove_prefix(1);
  const auto slash = std::min(path.find('/'), path.size());
  const auto bucket = percent_decoded(path.substr(0, slash), Plus::literal);
  const auto key = percent_decoded(path.substr(std::min(slash + 1, path.size())), Plus::literal);
  auto parameters = parse_form(request.url.query);
  if (!bucket || !key || !parameters) {
    parsed.malformed = true;
    return;
  }
  if (std::ranges::any_of(*parameters, [](const auto& each) { return !is_plain(each.key()); })) return;
  const auto about = bucket->empty() ? About::service : key->empty() ? About::bucket : About::object;
  for (const ObjectRoute& route : object_routes) {
    if (route.method != request.method || route.about != about) continue;
    if (!route.asking.empty() && !parameters->contains(route.asking)) continue;
    call.operation = route.operation;
    break;
  }
  call.input = std::move(*parameters);
  if (about != About::service) call.input["Bucket"] = *bucket;
  if (about == About::object) call.input["Key"] = *key;
  for (const auto& [header, member] : request_headers) {
    if (const auto value = request.headers.find(header)) call.input[member] = *value;
  }
  if (request.method == "PUT") call.input["Body"] = std::string_view(request.body.data(), request.body.size());
}

}  // namespace rekeyer::sandbox
