// GetAccountAuthorizationDetails: one call that shows all users with their groups and tags.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/try.hpp"
#include "sandbox/services/iam_account_reads.hpp"
#include "sandbox/services/iam_entities.hpp"
#include "sandbox/services/iam_input.hpp"
#include "sandbox/services/iam_managed.hpp"
#include "sandbox/services/iam_page.hpp"
#include "sandbox/wire/reply.hpp"
#include "sandbox/world/built_in_policies.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

/// Looked up only, never walked.
using GroupsOfUsers = std::unordered_map<const User*, std::vector<const Group*>>;  // unordered: lookup only

GroupsOfUsers groups_of_users(const Iam& iam) {
  GroupsOfUsers groups;
  for (const auto& [name, group] : iam.groups) {
    for (const UserName& member : group.members) {
      const auto user = iam.users.find(folded(member.str()));
      if (user != iam.users.end()) groups[&user->second].push_back(&group);
    }
  }
  return groups;
}

json::array& list(json::object& into, std::string_view member) {
  return into.emplace(member, json::array_kind).first->value().get_array();
}

void describe_policies(json::object& into, std::string_view member, const InlinePolicies& policies) {
  json::array& items = list(into, member);
  for (const auto& [name, document] : policies) {
    json::object& policy = items.emplace_back(json::object_kind).get_object();
    policy.emplace("PolicyName", name);
    policy.emplace("PolicyDocument", percent_encoded(document));
  }
}

void describe_attached(json::object& into, const std::vector<std::string>& attached) {
  json::array& items = list(into, "AttachedManagedPolicies");
  for (const std::string& arn : attached) append_attached_policy(items, arn);
}

void describe(json::object& into, const Context& context, const User& user, const GroupsOfUsers& groups) {
  describe_user(into, context, user);
  into.erase("PasswordLastUsed");
  if (!user.policies.empty()) describe_policies(into, "UserPolicyList", user.policies);
  json::array& names = list(into, "GroupList");
  if (const auto found = groups.find(&user); found != groups.end()) {
    for (const Group* const group : found->second) names.emplace_back(group->name.str());
  }
  describe_attached(into, user.attached);
  describe_tags(into, user.tags);
}

void describe(json::object& into, const Context& context, const Group& group) {
  describe_group(into, context, group);
  describe_policies(into, "GroupPolicyList", group.policies);
  describe_attached(into, group.attached);
}

void describe(json::object& into, const Context& context, const Role& role) {
  describe_role(into, context, role);
  list(into, "InstanceProfileList");
  describe_policies(into, "RolePolicyList", role.policies);
  describe_attached(into, role.attached);
  describe_tags(into, role.tags);
  into.emplace("RoleLastUsed", json::object_kind);
}

void describe(json::object& into, const Context& context, const ManagedPolicy& policy) {
  describe_managed_policy(into, context, policy);
  describe_policy_version(list(into, "PolicyVersionList").emplace_back(json::object_kind).get_object(), policy);
}

/// Pages run over users, groups, roles and policies in turn; a marker is the letter of the kind and the item's key.
class Walk {
 public:
  Walk(IamPage& page, json::object& output) : page_(page), output_(output) {}

  template <class Map, class Describe>
  void over(char letter, std::string_view member, const Map& map, Describe describe_item) {
    json::array& items = output_.contains(member) ? output_.at(member).get_array() : list(output_, member);
    const std::string& after = page_.after();
    if (over_ || (!after.empty() && after[0] > letter)) return;
    const bool continued = !after.empty() && after[0] == letter;
    for (auto item = continued ? map.upper_bound(after.substr(1)) : map.begin(); item != map.end(); ++item) {
      if (page_.full()) {
        page_.truncate(last_);
        over_ = true;
        return;
      }
      describe_item(items.emplace_back(json::object_kind).get_object(), item->second);
      page_.take();
      last_.assign(1, letter).append(item->first);
    }
  }

 private:
  IamPage& page_;
  json::object& output_;
  std::string last_;
  bool over_ = false;
};

constexpr std::array<std::string_view, 5> kinds = {"User", "Group", "Role", "LocalManagedPolicy", "AWSManagedPolicy"};

ServiceResult<std::vector<std::string>> read_filter(const Call& call) {
  auto filter = call.texts("Filter");
  for (const std::string& kind : filter) {
    if (std::ranges::find(kinds, kind) != kinds.end()) continue;
    return iam_validation(
        fmt::format("Value '[{}]' at 'filter' failed to satisfy constraint: Member must satisfy "
                    "constraint: [Member must satisfy enum value set: [{}]]",
                    kind, fmt::join(kinds, ", ")));
  }
  return filter;
}

}  // namespace

Output get_account_authorization_details(const Call& call, const Context& context) {
  TRY(const auto filter, read_filter(call));
  TRY(IamPage page, IamPage::open(call, context.behaviour));
  const auto wanted = [&](std::string_view kind) {
    return filter.empty() ? kind != "AWSManagedPolicy" : std::ranges::find(filter, kind) != filter.end();
  };
  const Iam& iam = context.iam();
  json::object output = arena_output();
  Walk walk(page, output);
  const auto plainly = [&](json::object& into, const auto& item) { describe(into, context, item); };
  if (wanted("User")) {
    const GroupsOfUsers groups = groups_of_users(iam);
    walk.over('1', "UserDetailList", iam.users,
              [&](json::object& into, const User& user) { describe(into, context, user, groups); });
  }
  if (wanted("Group")) walk.over('2', "GroupDetailList", iam.groups, plainly);
  if (wanted("Role")) walk.over('3', "RoleDetailList", iam.roles, plainly);
  if (wanted("LocalManagedPolicy")) walk.over('4', "Policies", iam.policies, plainly);
  if (wanted("AWSManagedPolicy")) walk.over('5', "Policies", built_in_policies(context.world.partition), plainly);
  page.close(output);
  return output;
}

}  // namespace rekeyer::sandbox
