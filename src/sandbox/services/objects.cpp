// S3: objects. They have one version, and no metadata besides their type.
#include <fmt/format.h>

#include <charconv>

#include "base/try.hpp"
#include "sandbox/services/buckets.hpp"
#include "sandbox/wire/reply.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

/// If-None-Match: only "*" is known to PutObject. If-Match: the object is there and is in that state.
ServiceResult<bool> condition_holds(const Call& call, const Bucket& bucket, const std::string& key) {
  const auto found = bucket.objects.find(key);
  const bool there = found != bucket.objects.end();
  if (const auto absent = call.text("IfNoneMatch")) {
    if (*absent != "*") {
      return refuse("NotImplemented", "A header you provided implies functionality that is not implemented", 501);
    }
    return !there;
  }
  const auto tag = call.text("IfMatch");
  if (!tag) return true;
  if (!there) return refuse("NoSuchKey", "The specified key does not exist.", 404);
  return entity_tag(found->second.bytes) == *tag;
}

Output put_object(const Call& call, const Context& context) {
  TRY(Bucket* const bucket, wanted_bucket(call, context));
  if (call.input.contains("CopySource")) {
    return refuse("NotImplemented", "The sandbox does not copy objects; put them.", 501);
  }
  const std::string key(call.text_or_empty("Key"));
  if (key.size() > 1024) return refuse("KeyTooLongError", "Your key is too long");
  TRY(const bool may, condition_holds(call, *bucket, key));
  if (!may) {
    return refuse("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
  }
  StoredObject object;
  object.bytes = call.text_or_empty("Body");
  if (const auto type = call.text("ContentType")) object.content_type = *type;
  object.modified = context.now;
  json::object output{{"ETag", entity_tag(object.bytes)}};
  bucket->objects.insert_or_assign(key, std::move(object));
  return output;
}

ServiceResult<const StoredObject*> wanted_object(const Call& call, const Context& context) {
  TRY(const Bucket* const bucket, wanted_bucket(call, context));
  const auto found = bucket->objects.find(std::string(call.text_or_empty("Key")));
  if (found == bucket->objects.end()) return refuse("NoSuchKey", "The specified key does not exist.", 404);
  return &found->second;
}

json::object describe_object(const StoredObject& object) {
  return {{"AcceptRanges", "bytes"},
          {"LastModified", http_date(object.modified)},
          {"ETag", entity_tag(object.bytes)},
          {"ContentType", object.content_type}};
}

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Range {
  std::size_t first = 0;
  std::size_t last = 0;  ///< included
};

/// "bytes=0-99", "bytes=100-", "bytes=-5". Nothing for what is no such range, which is then ignored; refused where it
/// holds no byte of the object.
ServiceResult<std::optional<Range>> read_range(std::string_view text, std::size_t size) {
  constexpr std::string_view unit = "bytes=";
  const auto dash = text.find('-');
  if (!text.starts_with(unit) || dash == std::string_view::npos) return std::nullopt;
  const auto first = number(text.substr(unit.size(), dash - unit.size()));
  const auto last = number(text.substr(dash + 1));
  const auto unsatisfiable = refuse("InvalidRange", "The requested range is not satisfiable", 416);
  if (!first) {
    if (dash != unit.size() || !last) return std::nullopt;
    if (*last == 0 || size == 0) return unsatisfiable;
    return Range{size - std::min(*last, size), size - 1};
  }
  if (!last && dash + 1 < text.size()) return std::nullopt;
  if (last && *last < *first) return std::nullopt;
  if (*first >= size) return unsatisfiable;
  return Range{*first, last ? std::min(*last, size - 1) : size - 1};
}

Output get_object(const Call& call, const Context& context) {
  TRY(const StoredObject* const object, wanted_object(call, context));
  json::object output = describe_object(*object);
  TRY(const auto range, read_range(call.text_or_empty("Range"), object->bytes.size()));
  if (!range) {
    output["Body"] = object->bytes;
    return output;
  }
  output["ContentRange"] = fmt::format("bytes {}-{}/{}", range->first, range->last, object->bytes.size());
  output["Body"] = object->bytes.substr(range->first, range->last - range->first + 1);
  return output;
}

Output head_object(const Call& call, const Context& context) {
  TRY(const StoredObject* const object, wanted_object(call, context));
  json::object output = describe_object(*object);
  output["ContentLength"] = fmt::to_string(object->bytes.size());
  return output;
}

/// One that is not there is deleted already.
Output delete_object(const Call& call, const Context& context) {
  TRY(Bucket* const bucket, wanted_bucket(call, context));
  bucket->objects.erase(std::string(call.text_or_empty("Key")));
  return json::object{};
}

}  // namespace

std::span<const Operation> object_operations() {
  static constexpr Operation table[] = {
      {"PutObject", put_object},
      {"GetObject", get_object},
      {"HeadObject", head_object},
      {"DeleteObject", delete_object},
  };
  return table;
}

}  // namespace rekeyer::sandbox
