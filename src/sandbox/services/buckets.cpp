// S3: buckets, and lists of what is in them.
#include "sandbox/services/buckets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "base/text.hpp"
#include "base/try.hpp"
#include "sandbox/access/digest.hpp"
#include "sandbox/services/continuation.hpp"
#include "sandbox/wire/reply.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

constexpr std::string_view first_region = "us-east-1";

/// S3 writes milliseconds, and always three.
std::string object_time(Instant instant) {
  auto text = iso8601(std::chrono::floor<std::chrono::seconds>(instant));
  text.insert(text.size() - 1, ".000");
  return text;
}

bool is_bucket_name(std::string_view name) {
  const auto letter = [](char c) { return is_lower(c) || is_digit(c); };
  return name.size() >= 3 && name.size() <= 63 && letter(name.front()) && letter(name.back()) && !name.contains("..") &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || c == '-' || c == '.'; });
}

/// Names are the whole partition's.
Account* owner_of(World& world, const std::string& bucket) {
  for (auto& [id, account] : world.accounts) {
    if (account.buckets.contains(bucket)) return &account;
  }
  return nullptr;
}

/// The one element of CreateBucket's document that matters here.
std::string_view location_constraint(std::string_view document) {
  constexpr std::string_view open = "<LocationConstraint>";
  const auto begin = document.find(open);
  if (begin == std::string_view::npos) return {};
  document.remove_prefix(begin + open.size());
  return document.substr(0, document.find('<'));
}

Output create_bucket(const Call& call, const Context& context) {
  const std::string name(call.text_or_empty("Bucket"));
  if (!is_bucket_name(name)) return refuse("InvalidBucketName", "The specified bucket is not valid.");
  const auto constraint = location_constraint(call.text_or_empty("Body"));
  const bool from_first = call.region.str() == first_region;
  if (constraint.empty() ? !from_first : constraint != call.region.str() && !from_first) {
    return refuse("IllegalLocationConstraintException",
                  fmt::format("The {} location constraint is incompatible for the region specific endpoint this "
                              "request was sent to.",
                              constraint.empty() ? "unspecified" : constraint));
  }
  if (const Account* const owner = owner_of(context.world, name)) {
    if (owner != &context.account()) {
      return refuse("BucketAlreadyExists", "The requested bucket name is not available.", 409);
    }
    return refuse("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded.", 409);
  }
  Bucket bucket{name, constraint.empty() ? call.region : Region(std::string(constraint)), context.now, {}};
  context.account().buckets.emplace(name, std::move(bucket));
  return json::object{{"Location", "/" + name}};
}

Output head_bucket(const Call& call, const Context& context) {
  TRY(const Bucket* const bucket, wanted_bucket(call, context));
  return json::object{{"BucketRegion", bucket->region.str()}};
}

Output get_bucket_location(const Call& call, const Context& context) {
  TRY(const Bucket* const bucket, wanted_bucket(call, context));
  const bool first = bucket->region.str() == first_region;
  return json::object{{"LocationConstraint", first ? "" : bucket->region.str()}};
}

Output delete_bucket(const Call& call, const Context& context) {
  TRY(const Bucket* const bucket, wanted_bucket(call, context));
  if (!bucket->objects.empty()) {
    return refuse("BucketNotEmpty", "The bucket you tried to delete is not empty.", 409);
  }
  context.account().buckets.erase(std::string(call.text_or_empty("Bucket")));
  return json::object{};
}

Output list_buckets(const Call&, const Context& context) {
  json::array shown;
  for (const auto& [name, bucket] : context.account().buckets) {
    shown.push_back(json::object{{"Name", name}, {"CreationDate", object_time(bucket.created)}});
  }
  std::string owner;
  append_hexadecimal(owner, sha256(context.caller.account.str()));
  return json::object{{"Owner", json::object{{"ID", owner}}}, {"Buckets", json::object{{"Bucket", std::move(shown)}}}};
}

/// What a list asks for, with keys spelled as the answer has to spell them.
struct Listing {
  std::string prefix;
  std::string delimiter;
  bool encoded = false;

  explicit Listing(const Call& call)
      : prefix(call.text_or_empty("prefix")),
        delimiter(call.text_or_empty("delimiter")),
        encoded(call.text_or_empty("encoding-type") == "url") {}
  std::string spelled(const std::string& key) const {
    if (!encoded) return key;
    std::string text;
    for (std::size_t from = 0; from <= key.size();) {  // the slashes stay
      const auto slash = std::min(key.find('/', from), key.size());
      text += percent_encoded(std::string_view(key).substr(from, slash - from));
      if (slash < key.size()) text += '/';
      from = slash + 1;
    }
    return text;
  }
  /// The part of the key that is shown in its place; empty: the key itself.
  std::string common_prefix(const std::string& key) const {
    if (delimiter.empty()) return {};
    const auto end = key.find(delimiter, prefix.size());
    return end == std::string::npos ? std::string() : key.substr(0, end + delimiter.size());
  }
};

/// The position from which the list goes on: behind this key or common prefix.
ServiceResult<std::string> list_start(const Call& call, const Bucket& bucket, const std::string& question) {
  const auto token = call.text("continuation-token");
  if (!token) return std::string(call.text_or_empty("start-after"));
  const auto from = read_continuation(question, *token);
  if (!from || from->position == 0 || from->position > bucket.objects.size()) {
    return refuse("InvalidArgument", "The continuation token provided is incorrect");
  }
  return std::next(bucket.objects.begin(), static_cast<std::ptrdiff_t>(from->position - 1))->first;
}

Output list_objects(const Call& call, const Context& context) {
  TRY(const Bucket* const bucket, wanted_bucket(call, context));
  const Listing listing(call);
  const std::int64_t limit = std::min<std::int64_t>(call.integer("max-keys").value_or(1000), 1000);
  if (limit < 0) return refuse("InvalidArgument", "Argument maxKeys must be an integer between 0 and 2147483647");
  const auto question = fmt::format("ListObjectsV2 {} {} {}", bucket->name, listing.prefix, listing.delimiter);
  TRY(const std::string start, list_start(call, *bucket, question));

  json::array contents;
  json::array prefixes;
  std::string last_prefix;
  std::size_t position = 0;
  std::size_t shown_to = 0;
  bool truncated = false;
  for (const auto& [key, object] : bucket->objects) {
    ++position;
    if (key <= start || !key.starts_with(listing.prefix)) continue;
    const auto common = listing.common_prefix(key);
    const bool repeated = !common.empty() && common == last_prefix;
    if (!repeated && static_cast<std::int64_t>(contents.size() + prefixes.size()) >= limit) {
      truncated = limit > 0;
      break;
    }
    shown_to = position;
    if (repeated) continue;
    last_prefix = common;
    if (!common.empty()) {
      prefixes.push_back(json::object{{"Prefix", listing.spelled(common)}});
      continue;
    }
    contents.push_back(json::object{{"Key", listing.spelled(key)},
                                    {"LastModified", object_time(object.modified)},
                                    {"ETag", entity_tag(object.bytes)},
                                    {"Size", object.bytes.size()},
                                    {"StorageClass", "STANDARD"}});
  }
  json::object output{{"Name", bucket->name}, {"Prefix", listing.spelled(listing.prefix)}};
  if (!listing.delimiter.empty()) output["Delimiter"] = listing.spelled(listing.delimiter);
  output["MaxKeys"] = limit;
  if (listing.encoded) output["EncodingType"] = "url";
  output["KeyCount"] = contents.size() + prefixes.size();
  output["IsTruncated"] = truncated;
  if (truncated) output["NextContinuationToken"] = continuation_token(question, {.position = shown_to});
  output["Contents"] = std::move(contents);
  output["CommonPrefixes"] = std::move(prefixes);
  return output;
}

}  // namespace

std::span<const Operation> bucket_operations() {
  static constexpr Operation table[] = {
      {"CreateBucket", create_bucket}, {"HeadBucket", head_bucket},   {"GetBucketLocation", get_bucket_location},
      {"DeleteBucket", delete_bucket}, {"ListBuckets", list_buckets}, {"ListObjectsV2", list_objects},
  };
  return table;
}

ServiceResult<Bucket*> wanted_bucket(const Call& call, const Context& context) {
  const std::string name(call.text_or_empty("Bucket"));
  Account* const owner = owner_of(context.world, name);
  if (owner == nullptr) return refuse("NoSuchBucket", "The specified bucket does not exist", 404);
  Bucket& bucket = owner->buckets.at(name);
  if (bucket.region != call.region) {
    ServiceError elsewhere{
        "PermanentRedirect",
        "The bucket you are attempting to access must be addressed using the specified endpoint. Please "
        "send all future requests to this endpoint.",
        301, bucket.region.str()};
    return std::unexpected(std::move(elsewhere));
  }
  if (owner != &context.account()) return refuse("AccessDenied", "Access Denied", 403);
  return &bucket;
}

std::string entity_tag(std::string_view bytes) {
  std::string digits;
  append_hexadecimal(digits, sha256(bytes));
  return fmt::format("\"{}\"", digits.substr(0, 32));
}

}  // namespace rekeyer::sandbox
