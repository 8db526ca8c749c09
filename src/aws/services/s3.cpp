// S3 over rest-xml, as far as one reading and one writing call need it.
#include "aws/services/s3.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/http/query.hpp"
#include "aws/http/xml.hpp"
#include "aws/services/exchange.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

/// A bucket becomes part of a host name or path, so only what AWS allows in its name passes.
bool plausible_bucket(std::string_view bucket) {
  const auto letter = [](char c) { return is_lower(c) || is_digit(c); };
  return bucket.size() >= 3 && bucket.size() <= 63 && letter(bucket.front()) && letter(bucket.back()) &&
         bucket.find("..") == std::string_view::npos &&
         std::ranges::all_of(bucket, [&](char c) { return letter(c) || c == '-' || c == '.'; });
}

/// The region that a refusal names as the bucket's own; empty where it names none.
std::string region_named_by(const HttpResponse& refusal) {
  if (const auto header = refusal.headers.find("x-amz-bucket-region")) return std::string(*header);
  const auto error = XmlNode::parse(std::string_view(refusal.body));
  const auto region = error ? error->text("Region") : Result<std::string_view>{};
  return std::string(region.value_or(std::string_view{}));
}

/// Asks for one byte more than `limit`, so that what is longer shows, and is not read.
Call get_object(const std::string& bucket, const std::string& key, std::size_t limit) {
  Call call;
  call.service = &services::s3;
  call.operation = "GetObject";
  call.target = {"GET", fmt::format("/{}", percent_encode(key, Unreserved::rfc3986_or_slash)), {}, bucket};
  call.headers.set("Range", fmt::format("bytes=0-{}", limit));
  return call;
}

Call put_call(const std::string& bucket, const std::string& key, const std::string& bytes,
              const std::string& content_type, const WriteIf& condition) {
  Call call;
  call.service = &services::s3;
  call.operation = "PutObject";
  call.idempotent = Idempotent::yes;
  call.target = {"PUT", fmt::format("/{}", percent_encode(key, Unreserved::rfc3986_or_slash)), {}, bucket};
  if (condition.kind == WriteIf::Kind::absent) call.headers.set("If-None-Match", "*");
  if (condition.kind == WriteIf::Kind::unchanged) call.headers.set("If-Match", condition.etag);
  call.content_type = content_type;
  call.body = WipedString(bytes.begin(), bytes.end());
  return call;
}

Result<> check_place(const std::string& bucket, const std::string& key) {
  if (!plausible_bucket(bucket)) return fail(ErrorKind::usage, "that is not the name of an S3 bucket");
  if (key.empty()) return fail(ErrorKind::usage, "an S3 object without a key was asked for");
  return {};
}

Result<TaggedObject> read_object(const HttpResponse& reply) {
  TaggedObject object;
  object.bytes = std::string(std::string_view(reply.body));
  if (const auto etag = reply.headers.find("ETag")) object.etag = std::string(*etag);
  return object;
}

}  // namespace

ResultTask<TaggedObject> S3Client::ask(std::function<Call()> make) {
  Principal principal = principal_;
  std::string named_region;
  const auto send = [&] {
    Call call = make();
    call.refused = [&named_region](const HttpResponse& refusal) { named_region = region_named_by(refusal); };
    return exchange<TaggedObject>(caller_, principal, std::move(call), read_object);
  };
  auto object = co_await send();
  if (!object && !named_region.empty() && named_region != principal.region.str()) {
    principal.region = Region(named_region);
    auto again = co_await send();
    object = std::move(again);
  }
  co_return object;
}

ResultTask<TaggedObject> S3Client::tagged_object(std::string bucket, std::string key, std::size_t limit) {
  CO_TRY_VOID(check_place(bucket, key));
  auto object = co_await ask([&] { return get_object(bucket, key, limit); });
  // An empty object has no first byte to give.
  if (!object && object.error().code == "InvalidRange") co_return TaggedObject{};
  if (object && object->bytes.size() > limit) {
    co_return fail(Error{ErrorKind::rejected,
                         fmt::format("the object s3://{}/{} is longer than {} bytes", bucket, key, limit),
                         {},
                         "s3:GetObject",
                         {}});
  }
  co_return object;
}

ResultTask<std::string> S3Client::object(std::string bucket, std::string key, std::size_t limit) {
  CO_TRY(auto object, co_await tagged_object(std::move(bucket), std::move(key), limit));
  co_return std::move(object.bytes);
}

ResultTask<> S3Client::put_object(std::string bucket, std::string key, std::string bytes, std::string content_type,
                                  WriteIf condition) {
  CO_TRY_VOID(check_place(bucket, key));
  CO_TRY_VOID(co_await ask([&] { return put_call(bucket, key, bytes, content_type, condition); }));
  co_return Result<>{};
}

}  // namespace rekeyer::aws
