// How secrets look in answers.
#include "sandbox/services/secret_shape.hpp"

#include "sandbox/wire/reply.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

json::array as_array(const std::set<std::string>& stages) {
  json::array result;
  result.reserve(stages.size());
  for (const auto& stage : stages) result.emplace_back(stage);
  return result;
}

json::array as_array(const Tags& tags) {
  json::array result;
  result.reserve(tags.size());
  for (const auto& [key, value] : tags) result.emplace_back(json::object{{"Key", key}, {"Value", value}});
  return result;
}

/// Version id → labels; versions without a label are deprecated, and not shown.
json::object labelled_versions(const StoredSecret& secret, const SecretPast* past) {
  json::object result;
  if (past == nullptr) {
    result.reserve(secret.versions.size());
    for (const auto& [id, version] : secret.versions) {
      if (!version.stages.empty()) result.emplace(id, as_array(version.stages));
    }
    return result;
  }
  for (const auto& [id, stages] : past->stages) {
    if (!stages.empty()) result.emplace(id, as_array(stages));
  }
  return result;
}

json::object named_as(std::string_view arn, std::string_view name) {
  json::object result;
  result.reserve(12);
  result.emplace("ARN", arn);
  result.emplace("Name", name);
  return result;
}

}  // namespace

json::object named(const SecretPlace& place) {
  return named_as(arn_seen_in(*place.secret, place.region), place.secret->name);
}

json::object named(const StoredSecret& secret) { return named_as(secret.arn.str(), secret.name); }

json::object described(const StoredSecret& secret, const Region& region, std::string_view stages_member,
                       const SecretPast* past) {
  json::object result = named_as(arn_seen_in(secret, region), secret.name);
  const auto& description = past != nullptr ? past->description : secret.description;
  const auto& tags = past != nullptr ? past->tags : secret.tags;
  const auto& deleted_on = past != nullptr ? past->deleted_on : secret.deleted_on;
  if (!description.empty()) result.emplace("Description", description);
  if (!secret.kms_key_id.empty()) result.emplace("KmsKeyId", secret.kms_key_id);
  result.emplace("CreatedDate", json_time(secret.created));
  result.emplace("LastChangedDate", json_time(past != nullptr ? past->changed : secret.changed));
  if (secret.accessed) {
    result.emplace("LastAccessedDate", json_time(std::chrono::floor<std::chrono::days>(*secret.accessed)));
  }
  if (deleted_on) result.emplace("DeletedDate", json_time(*deleted_on));
  if (!tags.empty()) result.emplace("Tags", as_array(tags));
  json::object versions = labelled_versions(secret, past);
  if (!versions.empty()) result.emplace(stages_member, std::move(versions));
  if (!secret.replicas.empty()) {
    const std::string_view home = region_in(secret.arn.str());
    result.emplace("PrimaryRegion", home.empty() ? std::string_view(region.str()) : home);
  }
  return result;
}

json::array described_replicas(const StoredSecret& secret, Instant now) {
  json::array result;
  for (const SecretReplica& replica : secret.replicas) {
    const std::string_view key =
        replica.kms_key_id.empty() ? "alias/aws/secretsmanager" : std::string_view(replica.kms_key_id);
    const bool ready = replica.ready <= now;
    json::object entry{{"Region", replica.region.str()}, {"KmsKeyId", key}};
    entry.emplace("Status", ready ? std::string_view(replica.status) : "InProgress");
    if (ready && !replica.status_message.empty()) entry.emplace("StatusMessage", replica.status_message);
    result.push_back(std::move(entry));
  }
  return result;
}

json::array described_stages(const SecretVersion& version) { return as_array(version.stages); }

void add_value(json::object& answer, const SecretVersion& version) {
  answer["VersionId"] = version.id;
  answer[version.binary ? "SecretBinary" : "SecretString"] = version.value;
  if (!version.stages.empty()) answer["VersionStages"] = as_array(version.stages);
  answer["CreatedDate"] = json_time(version.created);
}

}  // namespace rekeyer::sandbox
