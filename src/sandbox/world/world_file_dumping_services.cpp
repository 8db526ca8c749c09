// Parameters, buckets, event buses, schedules, state machines and contacts as a world file has them.
#include "base/utf8.hpp"
#include "sandbox/wire/base64.hpp"
#include "sandbox/world/world_file_dumping.hpp"
#include "sandbox/world/world_file_members.hpp"
#include "sandbox/world/world_file_parts.hpp"

namespace rekeyer::sandbox {
namespace json = boost::json;
namespace {

json::object dump_parameter(const Region& region, const Parameter& parameter) {
  return Members()
      .always("name", parameter.name)
      .text("region", region.str(), default_region)
      .text("type", parameter.type, "String")
      .always("value", parameter.value)
      .text("description", parameter.description)
      .text("kms_key_id", parameter.kms_key_id)
      .number("version", parameter.version, 1)
      .instant("modified", parameter.modified)
      .text("modified_by", parameter.modified_by)
      .take();
}

json::object dump_object(const std::string& key, const StoredObject& object) {
  Members members;
  members.always("key", key);
  if (is_utf8(object.bytes)) {
    members.text("text", object.bytes);
  } else {
    members.always("base64", encode_base64(object.bytes));
  }
  return members.text("content_type", object.content_type, StoredObject().content_type)
      .instant("modified", object.modified)
      .take();
}

json::object dump_bucket(const Bucket& bucket) {
  json::array objects;
  for (const auto& [key, object] : bucket.objects) objects.emplace_back(dump_object(key, object));
  return Members()
      .always("name", bucket.name)
      .text("region", bucket.region.str(), default_region)
      .instant("created", bucket.created)
      .filled("objects", std::move(objects))
      .take();
}

json::object dump_kept_event(const KeptEvent& event) {
  return Members()
      .always("id", event.id)
      .instant("at", event.at)
      .instant("time", event.time)
      .always("source", event.source)
      .always("detail_type", event.detail_type)
      .always("detail", document_value(event.detail))
      .texts("resources", event.resources)
      .take();
}

/// The fourth part of an ARN.
std::string region_of(const Arn& arn) {
  std::string_view rest = arn.str();
  for (int i = 0; i < 3; ++i) rest.remove_prefix(std::min(rest.find(':') + 1, rest.size()));
  return std::string(rest.substr(0, rest.find(':')));
}

json::object dump_bus(const EventBus& bus) {
  return Members()
      .always("name", bus.name)
      .text("region", region_of(bus.arn), default_region)
      .text("description", bus.description)
      .instant("created", bus.created)
      .filled("events", list_of(bus.events, dump_kept_event))
      .take();
}

json::object dump_schedule(const Schedule& schedule) {
  return Members()
      .always("name", schedule.name)
      .text("region", region_of(schedule.arn), default_region)
      .always("expression", schedule.expression)
      .text("time_zone", schedule.time_zone, Schedule().time_zone)
      .always("enabled", schedule.enabled)
      .always("target", schedule.target)
      .always("role", schedule.role)
      .text("input", schedule.input)
      .instant("created", schedule.created)
      .take();
}

json::object dump_execution(const Execution& execution) {
  Members members;
  members.always("name", execution.name)
      .always("status", execution.status)
      .text("input", execution.input, Execution().input)
      .instant("started", execution.started);
  if (execution.stopped) members.instant("stopped", *execution.stopped);
  return members.take();
}

json::object dump_state_machine(const StateMachine& machine) {
  return Members()
      .always("name", machine.name)
      .text("region", region_of(machine.arn), default_region)
      .always("definition", document_value(machine.definition))
      .always("role", machine.role)
      .instant("created", machine.created)
      .filled("executions", list_of(machine.executions, dump_execution))
      .take();
}

json::object dump_contact(const std::string& kind, const AlternateContact& contact) {
  return {{"type", kind},
          {"name", contact.name},
          {"title", contact.title},
          {"email", contact.email},
          {"phone", contact.phone}};
}

}  // namespace

void dump_services(Members& members, const Account& account) {
  json::array parameters;
  for (const auto& [region, vault] : account.vaults) {
    for (const auto& [name, parameter] : vault.parameters) parameters.emplace_back(dump_parameter(region, parameter));
  }
  json::array contacts;
  for (const auto& [kind, contact] : account.contacts) contacts.emplace_back(dump_contact(kind, contact));
  members.filled("parameters", std::move(parameters))
      .filled("buckets", values_of(account.buckets, dump_bucket))
      .filled("event_buses", values_of(account.buses, dump_bus))
      .filled("schedules", values_of(account.schedules, dump_schedule))
      .filled("state_machines", values_of(account.state_machines, dump_state_machine))
      .filled("contacts", std::move(contacts));
}

}  // namespace rekeyer::sandbox
