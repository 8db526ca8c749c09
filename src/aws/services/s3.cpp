// S3 over rest-xml, as far as one reading call needs it.
#include "aws/services/s3.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/http/query.hpp"
#include "aws/http/xml.hpp"
#include "aws/services/exchange.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

/// A bucket becomes part of a host name or path, so only what AWS allows in its name passes.
bool plausible_bucket(std::string_view bucket) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
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
  call.place = {"GET", fmt::format("/{}", percent_encode(key, true)), {}, bucket};
  call.headers.set("Range", fmt::format("bytes=0-{}", limit));
  return call;
}

}  // namespace

ResultTask<std::string> S3Client::object(std::string bucket, std::string key, std::size_t limit) {
  if (!plausible_bucket(bucket)) co_return fail(ErrorKind::usage, "that is not the name of an S3 bucket");
  if (key.empty()) co_return fail(ErrorKind::usage, "an S3 object without a key was asked for");

  Principal principal = principal_;
  std::string named_region;
  const auto ask = [&] {
    Call call = get_object(bucket, key, limit);
    call.refused = [&named_region](const HttpResponse& refusal) { named_region = region_named_by(refusal); };
    auto read = [](const HttpResponse& reply) -> Result<std::string> {
      return std::string(std::string_view(reply.body));
    };
    return exchange<std::string>(caller_, principal, std::move(call), std::move(read));
  };

  auto bytes = co_await ask();
  if (!bytes && !named_region.empty() && named_region != principal.region.str()) {
    principal.region = Region(named_region);
    auto again = co_await ask();
    bytes = std::move(again);
  }
  // An empty object has no first byte to give.
  if (!bytes && bytes.error().code == "InvalidRange") co_return std::string{};
  if (bytes && bytes->size() > limit) {
    co_return fail(Error{ErrorKind::rejected,
                         fmt::format("the object s3://{}/{} is longer than {} bytes", bucket, key, limit),
                         {},
                         "s3:GetObject",
                         {}});
  }
  co_return bytes;
}

}  // namespace rekeyer::aws
