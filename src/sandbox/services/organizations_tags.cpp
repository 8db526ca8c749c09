// Organizations, tags of accounts, units, roots and policies.
#include <array>

#include "base/try.hpp"
#include "sandbox/services/organizations.hpp"

namespace rekeyer::sandbox {
namespace {

using boost::json::object;

constexpr std::size_t most_organization_tags = 50;

ServiceResult<std::string> asked_resource(const Call& call, const Context& context) {
  const Organization& organization = context.world.organization;
  std::string id(call.text_or_empty("ResourceId"));
  if (organization.controls.contains(id)) return id;
  return find_target(organization, id);
}

Output list_tags(const Call& call, const Context& context) {
  TRY(const std::string id, asked_resource(call, context));
  const auto& tags = context.world.organization.tags;
  boost::json::array shown;
  if (const auto found = tags.find(id); found != tags.end()) {
    for (const auto& [key, value] : found->second) shown.push_back(object{{"Key", key}, {"Value", value}});
  }
  return page_of(call, context,
                 {.member = "Tags", .of = id, .count = shown.size(), .item = [&](std::size_t i) { return shown[i]; }});
}

Output tag_organization_resource(const Call& call, const Context& context) {
  TRY(const std::string id, asked_resource(call, context));
  Tags tags;
  if (const auto found = context.world.organization.tags.find(id); found != context.world.organization.tags.end()) {
    tags = found->second;
  }
  for (const auto& [key, value] : call.tags()) {
    if (key.empty() || key.size() > 128 || value.size() > 256 || key.starts_with("aws:")) {
      return invalid_organization_input("a tag's key has 1 to 128 characters and does not begin with aws:.");
    }
    tags[key] = value;
  }
  if (tags.size() > most_organization_tags) {
    return refuse("ConstraintViolationException", "You have reached the limit of 50 tags on the resource.");
  }
  context.world.organization.tags[id] = std::move(tags);
  return object{};
}

Output untag_organization_resource(const Call& call, const Context& context) {
  TRY(const std::string id, asked_resource(call, context));
  auto& tags = context.world.organization.tags;
  const auto found = tags.find(id);
  if (found == tags.end()) return object{};
  for (const std::string& key : call.texts("TagKeys")) found->second.erase(key);
  if (found->second.empty()) tags.erase(found);
  return object{};
}

}  // namespace

std::span<const Operation> organization_tag_operations() {
  static constexpr std::array operations{
      Operation{"ListTagsForResource", guarded<check_reader, list_tags>},
      Operation{"TagResource", guarded<check_manager, tag_organization_resource>},
      Operation{"UntagResource", guarded<check_manager, untag_organization_resource>},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
