#include "scale/map_objects.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace rekeyer::scale {
namespace {

namespace json = boost::json;

std::string member(const json::value& place, std::string_view name) {
  const auto* found = place.as_object().if_contains(name);
  return found == nullptr || !found->is_string() ? std::string() : std::string(found->as_string());
}

json::object result_line(const Outcome& outcome) {
  if (outcome) return {{"Output", json::serialize(*outcome)}, {"Status", "SUCCEEDED"}};
  return {{"Error", outcome.error().name}, {"Cause", outcome.error().cause}, {"Status", "FAILED"}};
}

}  // namespace

std::expected<json::array, StateError> read_items(ObjectStore& objects, const json::value& place) {
  const auto bucket = member(place, "Bucket");
  const auto key = member(place, "Key");
  const auto failed = [&](std::string_view what) {
    return std::unexpected(StateError{"States.ItemReaderFailed", fmt::format("s3://{}/{}: {}", bucket, key, what)});
  };
  const auto text = objects.read(bucket, key);
  if (!text) return failed("it is not there");
  boost::system::error_code problem;
  auto value = json::parse(*text, problem);
  if (problem) return failed("it is not JSON");
  if (!value.is_array()) return failed("it is no array");
  return std::move(value.as_array());
}

std::expected<WrittenResults, StateError> write_results(ObjectStore& objects, const json::value& place,
                                                        const std::vector<std::optional<Outcome>>& results) {
  json::array succeeded;
  json::array failed;
  json::array pending;
  for (const auto& result : results) {
    if (!result) {
      pending.push_back(json::object{{"Status", "PENDING"}});
    } else {
      (*result ? succeeded : failed).push_back(result_line(*result));
    }
  }
  const auto bucket = member(place, "Bucket");
  const auto prefix = member(place, "Prefix");
  WrittenResults written;
  const auto write = [&](const std::string& name, const json::value& value) {
    ++written.objects;
    return objects.write(bucket, fmt::format("{}/{}", prefix, name), json::serialize(value));
  };
  json::object files;
  bool whole = true;
  for (const auto& [name, list] : {std::pair("SUCCEEDED", &succeeded), {"FAILED", &failed}, {"PENDING", &pending}}) {
    if (list->empty()) continue;
    const auto file = fmt::format("{}_0.json", name);
    files[name] = json::array{json::object{{"Key", fmt::format("{}/{}", prefix, file)}}};
    whole = whole && write(file, *list);
  }
  whole = whole && write("manifest.json", json::object{{"DestinationBucket", bucket}, {"ResultFiles", files}});
  if (!whole)
    return std::unexpected(StateError{"States.ResultWriterFailed", fmt::format("s3://{}/{}", bucket, prefix)});
  json::object details{{"Bucket", bucket}, {"Key", prefix + "/manifest.json"}};
  written.output = json::object{{"ResultWriterDetails", std::move(details)}};
  return written;
}

}  // namespace rekeyer::scale
