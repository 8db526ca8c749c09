// IAM's access keys: creation with the limit of two, status, last use.
#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"
#include "sandbox/services/iam_entities.hpp"
#include "sandbox/services/iam_input.hpp"
#include "sandbox/services/iam_page.hpp"
#include "sandbox/services/service.hpp"
#include "sandbox/wire/reply.hpp"
#include "sandbox/world/key_use.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::size_t most_keys = 2;  // IAM's fixed quota; inactive keys count

boost::json::string_view status(const AccessKey& key) { return key.active ? "Active" : "Inactive"; }

void note(const Context& context, const User& user, const AccessKey& key, std::string what) {
  context.world.key_events.push_back({.at = context.now,
                                      .account = context.caller.account,
                                      .user = user.name,
                                      .key = key.id,
                                      .what = std::move(what),
                                      .by = context.caller.arn.str(),
                                      .secret = key.secret});
}

AccessKey new_key(const Context& context, const User& user) {
  AccessKey key;
  key.id = context.world.ids.access_key_of(user.id);
  key.secret = context.world.ids.secret_key();
  key.created = whole_seconds(context.now);
  key.usable_from = context.now + context.behaviour.new_key_delay;
  key.refusals_left = context.behaviour.new_key_refusals;
  key.status_changed = context.now;
  key.status_spreads_until = context.now;
  key.issued_by = context.caller.arn.str();
  return key;
}

ServiceResult<AccessKey*> key_of(User& user, const Call& call) {
  TRY(const auto id, iam_required(call, "AccessKeyId"));
  const auto found = std::ranges::find(user.keys, id, [](const AccessKey& key) { return key.id.str(); });
  if (found == user.keys.end()) {
    return refuse("NoSuchEntity", fmt::format("The Access Key with id {} cannot be found.", id), 404);
  }
  return &*found;
}

Output create_access_key(const Call& call, const Context& context) {
  TRY(User* const user, iam_user_or_caller(call, context));
  if (user->keys.size() >= most_keys) return iam_over_quota("AccessKeysPerUser", most_keys);
  const AccessKey& key = context.world.add_key(context.caller.account, user->name, new_key(context, *user));
  note(context, *user, key, "created");
  boost::json::object output = arena_output();
  boost::json::object& shown = output.emplace("AccessKey", boost::json::object_kind).first->value().get_object();
  shown.reserve(5);
  shown.emplace("UserName", user->name.str());
  shown.emplace("AccessKeyId", key.id.str());
  shown.emplace("Status", status(key));
  shown.emplace("SecretAccessKey", key.secret);
  shown.emplace("CreateDate", xml_time(key.created));
  return output;
}

Output list_access_keys(const Call& call, const Context& context) {
  TRY(User* const user, iam_user_or_caller(call, context));
  std::vector<const AccessKey*> listed;
  for (const AccessKey& key : user->keys) {
    const bool spread = key.created + context.behaviour.key_list_lag <= context.now;
    if (spread || context.behaviour.key_list_lag == Milliseconds::zero()) listed.push_back(&key);
  }
  return page_of_sequence(
      call, context, "AccessKeyMetadata", listed, [](const AccessKey* key) { return std::string_view(key->id.str()); },
      [&](boost::json::array& items, const AccessKey* key) {
        boost::json::object& shown = items.emplace_back(boost::json::object_kind).get_object();
        shown.reserve(4);
        shown.emplace("UserName", user->name.str());
        shown.emplace("AccessKeyId", key->id.str());
        shown.emplace("Status", status(*key));
        shown.emplace("CreateDate", xml_time(whole_seconds(key->created)));
      });
}

Output update_access_key(const Call& call, const Context& context) {
  TRY(User* const user, iam_user_or_caller(call, context));
  TRY(const auto wanted, iam_required(call, "Status"));
  if (wanted != "Active" && wanted != "Inactive") {
    return iam_validation(
        fmt::format("Value '{}' at 'status' failed to satisfy constraint: Member must satisfy enum "
                    "value set: [Active, Inactive]",
                    wanted));
  }
  TRY(AccessKey* const key, key_of(*user, call));
  const bool active = wanted == "Active";
  if (key->active == active) return boost::json::object();
  key->active = active;
  key->status_changed = context.now;
  key->status_spreads_until = context.now + context.behaviour.status_delay;
  note(context, *user, *key, active ? "activated" : "deactivated");
  return boost::json::object();
}

Output delete_access_key(const Call& call, const Context& context) {
  TRY(User* const user, iam_user_or_caller(call, context));
  TRY(AccessKey* const key, key_of(*user, call));
  note(context, *user, *key, "deleted");
  const AccessKeyId id = key->id;  // the key itself goes while it is looked for
  context.world.remove_key(context.caller.account, user->name, id);
  return boost::json::object();
}

Output get_access_key_last_used(const Call& call, const Context& context) {
  TRY(const auto id, iam_required(call, "AccessKeyId"));
  const World::KeyPlace place = context.world.find_key(AccessKeyId(std::string(id)));
  if (place.key == nullptr || place.account->id != context.caller.account) {
    return std::unexpected(
        denied("iam", context.caller.arn.str(), "iam:GetAccessKeyLastUsed", fmt::format("access key {}", id)));
  }
  boost::json::object output = arena_output();
  output.emplace("UserName", place.user->name.str());
  boost::json::object& shown =
      output.emplace("AccessKeyLastUsed", boost::json::object_kind).first->value().get_object();
  const auto use = visible_use(*place.key, context.now, context.behaviour.last_used_lag);
  if (use) shown.emplace("LastUsedDate", xml_time(whole_seconds(use->at)));
  shown.emplace("ServiceName", use && !use->service.empty() ? use->service : "N/A");
  shown.emplace("Region", use && !use->region.empty() ? use->region : "N/A");
  return output;
}

}  // namespace

std::span<const Operation> iam_key_operations() {
  static constexpr Operation operations[] = {
      {"CreateAccessKey", create_access_key},
      {"ListAccessKeys", list_access_keys},
      {"UpdateAccessKey", update_access_key},
      {"DeleteAccessKey", delete_access_key},
      {"GetAccessKeyLastUsed", get_access_key_last_used},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
