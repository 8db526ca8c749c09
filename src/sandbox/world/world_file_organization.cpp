// The organisation of a world file: its units by path, its service control policies and delegated administrators.
#include <fmt/format.h>

#include <algorithm>

#include "sandbox/world/world_file_parts.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr double default_organization_age = 1000;  // days

void add_tags(Organization& organization, const std::string& id, Tags tags) {
  if (!tags.empty()) organization.tags[id] = std::move(tags);
}

OuId child_named(const Organization& organization, const OuId& parent, std::string_view name) {
  for (const auto& [id, unit] : organization.units) {
    if (unit.parent == parent && unit.name == name) return id;
  }
  return {};
}

OuId add_unit(World& world, const OuId& parent, std::string_view name, std::string id) {
  auto& organization = world.organization;
  const auto root_end = organization.root.str().substr(std::min<std::size_t>(2, organization.root.str().size()));
  const OuId made(id.empty() ? fmt::format("ou-{}-{}", root_end, world.ids.lower(8)) : std::move(id));
  organization.units[made] = Unit{made, parent, std::string(name)};
  return made;
}

/// What a policy may be attached to: an account's id, a unit's path or id, "root".
std::string target_id(const World& world, const std::string& text) {
  const auto& organization = world.organization;
  if (organization.parent_of.contains(AccountId(text))) return text;
  return (text == "root" ? organization.root : find_unit(organization, text)).str();
}

void read_control(World& world, const JsonPath& place) {
  Fields fields(place);
  ServiceControl control;
  control.id = fields.text("id");
  if (control.id.empty()) control.id = "p-" + world.ids.lower(8);
  control.name = fields.required("name");
  control.description = fields.text("description");
  control.document = fields.document("document");
  if (control.document.empty()) fields.report("document", "missing");
  fields.each("targets", [&](const JsonPath& each) {
    const auto text = each.text();
    auto target = target_id(world, text);
    if (target.empty()) {
      each.reading.report(each.path, fmt::format("no account, unit or root of the organization is \"{}\"", text));
    }
    control.targets.push_back(std::move(target));
  });
  const auto id = control.id;
  if (!world.organization.controls.try_emplace(id, std::move(control)).second) {
    fields.report("id", fmt::format("{} is there already", id));
  }
}

void read_request(World& world, const JsonPath& place) {
  Fields fields(place);
  CreateAccountRequest request;
  request.id = fields.required("id");
  request.name = fields.text("name");
  request.account = AccountId(fields.required("account"));
  request.requested = fields.instant("requested").value_or(place.reading.now);
  const auto id = request.id;
  world.organization.account_requests[id] = std::move(request);
}

}  // namespace

void start_organization(World& world, Fields& fields) {
  auto& organization = world.organization;
  organization.id = fields.text("id");
  if (organization.id.empty()) organization.id = "o-" + world.ids.lower(10);
  organization.root = OuId(fields.text("root"));
  if (organization.root.empty()) organization.root = OuId("r-" + world.ids.lower(4));
  organization.created =
      fields.instant("created").value_or(days_before(fields.reading().now, default_organization_age));
}

OuId make_unit(World& world, std::string_view path) {
  if (path.empty()) return world.organization.root;
  const auto slash = path.rfind('/');
  const bool top = slash == std::string_view::npos;
  const auto parent = make_unit(world, top ? std::string_view{} : path.substr(0, slash));
  const auto name = top ? path : path.substr(slash + 1);
  const auto known = child_named(world.organization, parent, name);
  return known.empty() ? add_unit(world, parent, name, {}) : known;
}

void read_unit(World& world, const JsonPath& place) {
  if (place.value.is_string()) {
    make_unit(world, place.text());
    return;
  }
  auto& organization = world.organization;
  Fields fields(place);
  const auto name = fields.required("name");
  const auto id = fields.text("id");
  const auto parent_text = fields.text("parent");
  const auto parent = find_unit(organization, parent_text);
  if (parent.empty()) fields.report("parent", fmt::format("no unit above this one is \"{}\"", parent_text));
  if (organization.units.contains(OuId(id))) fields.report("id", fmt::format("{} is there already", id));
  if (!child_named(organization, parent, name).empty()) {
    fields.report("name", fmt::format("\"{}\" is there already", name));
  }
  const auto made = add_unit(world, parent, name, id);
  add_tags(organization, made.str(), fields.text_map("tags"));
}

void read_organization(World& world, Fields& fields) {
  auto& organization = world.organization;
  add_tags(organization, organization.root.str(), fields.text_map("tags"));
  fields.each("controls", [&](const JsonPath& control) { read_control(world, control); });
  fields.each("delegated_administrators", [&](const JsonPath& each) {
    const AccountId account(each.text());
    if (!organization.parent_of.contains(account)) {
      each.reading.report(each.path, fmt::format("\"{}\" is no account of the organization", account));
    }
    organization.delegated_administrators.push_back(account);
  });
  fields.each("account_requests", [&](const JsonPath& request) { read_request(world, request); });
}

std::map<std::string, OuId> unit_paths(const Organization& organization) {
  std::map<std::string, OuId> paths{{"", organization.root}};
  for (const auto& [id, unit] : organization.units) {
    std::string path = unit.name;
    auto above = organization.units.find(unit.parent);
    for (; above != organization.units.end(); above = organization.units.find(above->second.parent)) {
      path.insert(0, above->second.name + "/");
    }
    paths.emplace(std::move(path), id);
  }
  return paths;
}

OuId find_unit(const Organization& organization, std::string_view path_or_id) {
  OuId id{std::string(path_or_id)};
  if (path_or_id.empty() || id == organization.root) return organization.root;
  if (organization.units.contains(id)) return id;
  const auto paths = unit_paths(organization);
  const auto found = paths.find(id.str());
  return found == paths.end() ? OuId{} : found->second;
}

}  // namespace rekeyer::sandbox
