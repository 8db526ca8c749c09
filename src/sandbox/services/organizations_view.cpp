// How Organizations shows what it has, and how it cuts lists into pages.
#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"
#include "sandbox/services/continuation.hpp"
#include "sandbox/services/organizations.hpp"
#include "sandbox/wire/reply.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr int largest_organization_page = 20;

/// The three-valued Status that AWS took out of its replies.
std::string_view old_status(std::string_view state) {
  if (state == "CLOSED") return "SUSPENDED";
  if (state == "PENDING_ACTIVATION") return "ACTIVE";
  return state;
}

struct AskedPage {
  std::size_t size = 0;
  Continuation from;
};

ServiceResult<AskedPage> asked_page(const Call& call, const Context& context, std::string_view question) {
  AskedPage page;
  std::int64_t size = largest_organization_page;
  if (call.input.contains("MaxResults")) {
    const auto asked = call.integer("MaxResults");
    if (!asked || *asked < 1 || *asked > largest_organization_page) {
      return invalid_organization_input("MaxResults must be between 1 and 20.");
    }
    size = *asked;
  }
  page.size = static_cast<std::size_t>(
      std::max<std::int64_t>(1, std::min<std::int64_t>(size, context.behaviour.organizations_page)));
  if (const auto token = call.text("NextToken")) {
    const auto from = read_continuation(question, *token);
    if (!from) return refuse("InvalidInputException", "You provided an invalid NextToken.");
    page.from = *from;
  }
  return page;
}

}  // namespace

Output page_of(const Call& call, const Context& context, const Listing& listing) {
  const std::string question = fmt::format("{} {} {}", context.world.organization.id, call.operation, listing.of);
  TRY(const AskedPage page, asked_page(call, context, question));
  boost::json::object output;
  boost::json::array& items = output[listing.member].emplace_array();
  if (context.behaviour.organizations_empty_pages && !page.from.after_empty) {
    output["NextToken"] = continuation_token(question, {.position = page.from.position, .after_empty = true});
    return output;
  }
  const std::size_t first = std::min(page.from.position, listing.count);
  const std::size_t end = std::min(first + page.size, listing.count);
  items.reserve(end - first);
  for (std::size_t i = first; i < end; ++i) items.push_back(listing.item(i));
  if (end < listing.count) output["NextToken"] = continuation_token(question, {.position = end});
  return output;
}

std::string organization_arn(const World& world, std::string_view kind, std::string_view id) {
  const Organization& organization = world.organization;
  std::string arn =
      fmt::format("arn:{}:organizations::{}:{}/{}", world.partition, organization.management, kind, organization.id);
  if (!id.empty()) arn += fmt::format("/{}", id);
  return arn;
}

std::string organization_path(const Organization& organization, const OuId& parent) {
  std::string path;
  OuId at = parent;
  // A world file could hold a circle; nothing is deeper than all units in a row.
  for (std::size_t depth = 0; depth <= organization.units.size() && at != organization.root; ++depth) {
    path.insert(0, at.str() + "/");
    const auto unit = organization.units.find(at);
    if (unit == organization.units.end()) break;
    at = unit->second.parent;
  }
  return fmt::format("{}/{}/{}", organization.id, organization.root, path);
}

boost::json::object describe_organization(const World& world) {
  const Organization& organization = world.organization;
  const Account* management = world.find_account(organization.management);
  return {{"Id", organization.id},
          {"Arn", organization_arn(world, "organization", "")},
          {"FeatureSet", "ALL"},
          {"MasterAccountArn", organization_arn(world, "account", organization.management.str())},
          {"MasterAccountId", organization.management.str()},
          {"MasterAccountEmail", management == nullptr ? "" : management->email},
          {"AvailablePolicyTypes",
           boost::json::array{boost::json::object{{"Type", "SERVICE_CONTROL_POLICY"}, {"Status", "ENABLED"}}}}};
}

boost::json::object describe_account(const Context& context, const AccountId& id) {
  const Organization& organization = context.world.organization;
  boost::json::object shown{{"Id", id.str()}, {"Arn", organization_arn(context.world, "account", id.str())}};
  if (const auto parent = organization.parent_of.find(id); parent != organization.parent_of.end()) {
    shown["Paths"] = boost::json::array{
        boost::json::value(fmt::format("{}{}/", organization_path(organization, parent->second), id))};
  }
  const Account* account = context.world.find_account(id);
  if (account == nullptr) return shown;
  shown["Email"] = account->email;
  shown["Name"] = account->name;
  const AwsBehaviour& behaviour = context.behaviour;
  if (!behaviour.organizations_omit_state) shown["State"] = account->state;
  if (behaviour.organizations_old_status || behaviour.organizations_omit_state)
    shown["Status"] = old_status(account->state);
  shown["JoinedMethod"] = id == organization.management ? "INVITED" : "CREATED";
  shown["JoinedTimestamp"] = json_time(account->joined);
  return shown;
}

boost::json::object describe_unit(const World& world, const Unit& unit) {
  return {{"Id", unit.id.str()},
          {"Arn", organization_arn(world, "ou", unit.id.str())},
          {"Name", unit.name},
          {"Path", organization_path(world.organization, unit.id)}};
}

bool is_parent(const Organization& organization, const OuId& id) {
  return id == organization.root || organization.units.contains(id);
}

ServiceResult<std::string> find_target(const Organization& organization, std::string_view id) {
  std::string text(id);
  if (is_parent(organization, OuId(text)) || organization.parent_of.contains(AccountId(text))) return text;
  return refuse("TargetNotFoundException", "You specified a target that doesn't exist.");
}

void keep_tags(const Call& call, Organization& organization, const std::string& id) {
  for (auto& [key, value] : call.tags()) organization.tags[id][key] = value;
}

}  // namespace rekeyer::sandbox
