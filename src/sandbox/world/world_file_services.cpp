// Parameters, buckets, event buses, schedules, state machines and contacts of an account, read from a world file.
#include <fmt/format.h>

#include "sandbox/wire/base64.hpp"
#include "sandbox/world/world_file_parts.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr int most_versions = 1'000'000;

void read_parameter(Account& account, const JsonPath& place) {
  Fields fields(place);
  const Region region(fields.text("region", default_region));
  Parameter parameter;
  parameter.name = fields.required("name");
  parameter.type = fields.choice("type", "String", {"String", "StringList", "SecureString"});
  parameter.value = fields.required("value");
  parameter.description = fields.text("description");
  parameter.kms_key_id = fields.text("kms_key_id");
  parameter.version = fields.whole("version", 1, most_versions);
  parameter.modified = fields.instant("modified").value_or(days_before(place.reading.now, 0));
  parameter.modified_by = fields.text("modified_by", fmt::format("arn:aws:iam::{}:root", account.id));
  auto name = parameter.name;
  const auto [found, made] = account.vaults[region].parameters.try_emplace(std::move(name), std::move(parameter));
  if (!made) fields.report("name", fmt::format("{} is there already", found->first));
}

void read_object(Bucket& bucket, const JsonPath& place) {
  Fields fields(place);
  const auto key = fields.required("key");
  StoredObject object;
  object.bytes = fields.text("text");
  if (fields.has("base64")) {
    const auto bytes = decode_base64(fields.text("base64"));
    if (!bytes) fields.report("base64", "this is not base64");
    if (fields.has("text")) fields.report("base64", "say either this or text");
    object.bytes = bytes.value_or("");
  }
  object.content_type = fields.text("content_type", StoredObject().content_type);
  object.modified = fields.instant("modified").value_or(bucket.created);
  if (!bucket.objects.try_emplace(key, std::move(object)).second) {
    fields.report("key", fmt::format("{} is there already", key));
  }
}

void read_bucket(const World& world, Account& account, const JsonPath& place) {
  Fields fields(place);
  Bucket bucket;
  bucket.name = fields.required("name");
  bucket.region = Region(fields.text("region", default_region));
  bucket.created = fields.instant("created").value_or(days_before(place.reading.now, 0));
  fields.each("objects", [&](const JsonPath& object) { read_object(bucket, object); });
  for (const auto& [id, other] : world.accounts) {
    if (other.buckets.contains(bucket.name)) fields.report("name", fmt::format("{} is there already", bucket.name));
  }
  auto name = bucket.name;
  account.buckets.try_emplace(std::move(name), std::move(bucket));
}

KeptEvent read_event(World& world, const JsonPath& place) {
  Fields fields(place);
  KeptEvent event;
  event.id = fields.text("id");
  if (event.id.empty()) event.id = world.ids.uuid();
  event.at = fields.instant("at").value_or(place.reading.now);
  event.time = fields.instant("time").value_or(event.at);
  event.source = fields.required("source");
  event.detail_type = fields.required("detail_type");
  event.detail = fields.document("detail", "{}");
  event.resources = fields.texts("resources");
  return event;
}

void read_bus(World& world, Account& account, const JsonPath& place) {
  Fields fields(place);
  EventBus bus;
  bus.name = fields.required("name");
  const auto region = fields.text("region", default_region);
  bus.arn = Arn(fmt::format("arn:{}:events:{}:{}:event-bus/{}", world.partition, region, account.id, bus.name));
  bus.description = fields.text("description");
  bus.created = fields.instant("created").value_or(days_before(place.reading.now, 0));
  fields.each("events", [&](const JsonPath& event) { bus.events.push_back(read_event(world, event)); });
  auto arn = bus.arn.str();
  const auto [found, made] = account.buses.try_emplace(std::move(arn), std::move(bus));
  if (!made) fields.report("name", fmt::format("{} is there already", found->first));
}

void read_schedule(const World& world, Account& account, const JsonPath& place) {
  Fields fields(place);
  Schedule schedule;
  schedule.name = fields.required("name");
  const auto region = fields.text("region", default_region);
  schedule.arn = Arn(fmt::format("arn:{}:scheduler:{}:{}:schedule/{}/{}", world.partition, region, account.id,
                                 schedule.group, schedule.name));
  schedule.expression = fields.text("expression", "rate(1 day)");
  schedule.time_zone = fields.text("time_zone", schedule.time_zone);
  schedule.enabled = fields.flag("enabled", true);
  schedule.target = fields.required("target");
  schedule.role = fields.text("role", fmt::format("arn:{}:iam::{}:role/scheduler", world.partition, account.id));
  schedule.input = fields.text("input");
  schedule.created = fields.instant("created").value_or(days_before(place.reading.now, 0));
  auto arn = schedule.arn.str();
  const auto [found, made] = account.schedules.try_emplace(std::move(arn), std::move(schedule));
  if (!made) fields.report("name", fmt::format("{} is there already", found->first));
}

Execution read_execution(World& world, const StateMachine& machine, const JsonPath& place) {
  Fields fields(place);
  Execution execution;
  execution.name = fields.text("name");
  if (execution.name.empty()) execution.name = world.ids.uuid();
  execution.status =
      fields.choice("status", execution.status, {"RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"});
  execution.input = fields.text("input", execution.input);
  execution.started = fields.instant("started").value_or(place.reading.now);
  execution.stopped = fields.instant("stopped");
  auto start = machine.arn.str();
  start.replace(start.find(":stateMachine:"), std::string_view(":stateMachine:").size(), ":execution:");
  execution.arn = Arn(fmt::format("{}:{}", start, execution.name));
  return execution;
}

void read_state_machine(World& world, Account& account, const JsonPath& place) {
  Fields fields(place);
  StateMachine machine;
  machine.name = fields.required("name");
  const auto region = fields.text("region", default_region);
  machine.arn =
      Arn(fmt::format("arn:{}:states:{}:{}:stateMachine:{}", world.partition, region, account.id, machine.name));
  machine.definition = fields.document("definition", machine.definition);
  machine.role = fields.text("role", fmt::format("arn:{}:iam::{}:role/states", world.partition, account.id));
  machine.created = fields.instant("created").value_or(days_before(place.reading.now, 0));
  fields.each("executions",
              [&](const JsonPath& each) { machine.executions.push_back(read_execution(world, machine, each)); });
  auto arn = machine.arn.str();
  const auto [found, made] = account.state_machines.try_emplace(std::move(arn), std::move(machine));
  if (!made) fields.report("name", fmt::format("{} is there already", found->first));
}

void read_contact(Account& account, const JsonPath& place) {
  Fields fields(place);
  const auto kind = fields.choice("type", "SECURITY", {"BILLING", "OPERATIONS", "SECURITY"});
  AlternateContact contact{fields.text("name", "Somebody"), fields.text("title", "Contact"), fields.required("email"),
                           fields.text("phone", "+1 555 0100")};
  if (!account.contacts.try_emplace(kind, std::move(contact)).second) {
    fields.report("type", fmt::format("{} is there already", kind));
  }
}

}  // namespace

void read_services(World& world, Account& account, Fields& fields) {
  fields.each("parameters", [&](const JsonPath& each) { read_parameter(account, each); });
  fields.each("buckets", [&](const JsonPath& each) { read_bucket(world, account, each); });
  fields.each("event_buses", [&](const JsonPath& each) { read_bus(world, account, each); });
  fields.each("schedules", [&](const JsonPath& each) { read_schedule(world, account, each); });
  fields.each("state_machines", [&](const JsonPath& each) { read_state_machine(world, account, each); });
  fields.each("contacts", [&](const JsonPath& each) { read_contact(account, each); });
}

}  // namespace rekeyer::sandbox
