// What IAM keeps of an account, read from a world file: users with their keys, groups, roles, managed policies.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "sandbox/world/characters.hpp"
#include "sandbox/world/world_file_parts.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr double default_age = 400;  // days: of users, groups, roles

bool valid_iam_name(std::string_view name, std::size_t most) {
  return name.size() <= most && std::ranges::all_of(name, is_iam_name_character);
}

std::string read_name(Fields& fields, std::size_t most, std::string_view fallback = {}) {
  auto name = fallback.empty() ? fields.required("name") : fields.text("name", fallback);
  if (!valid_iam_name(name, most)) {
    fields.report("name", fmt::format("\"{}\" is no IAM name: up to {} letters, digits and _+=,.@-", name, most));
  }
  return name;
}

std::string read_path(Fields& fields) {
  auto path = fields.text("path", "/");
  if (!path.starts_with('/') || !path.ends_with('/')) fields.report("path", "must begin and end with a slash");
  return path;
}

/// The id that is given, or a new one with this prefix.
std::string read_id(World& world, Fields& fields, std::string_view prefix) {
  auto id = fields.text("id");
  return id.empty() ? world.ids.unique(prefix) : id;
}

Instant read_created(Fields& fields) {
  const auto given = fields.instant("created");
  return given ? *given : days_before(fields.reading().now, default_age);
}

std::optional<KeyUse> read_use(Fields& fields, std::string_view name) {
  const auto* value = fields.find(name);
  if (value == nullptr) return std::nullopt;
  Fields use(JsonPath{*value, fields.path(name), fields.reading()});
  const auto at = use.instant("at");
  if (!at) use.report("at", "missing");
  return KeyUse{at.value_or(Instant{}), use.text("service", "s3"), use.text("region", default_region)};
}

Group& group_of(World& world, Account& account, const std::string& name, Instant created) {
  const auto [place, made] = account.iam.groups.try_emplace(folded(name));
  Group& group = place->second;
  if (made) {
    group.name = GroupName(name);
    group.id = world.ids.unique("AGPA");
    group.created = created;
  }
  return group;
}

void join(Group& group, const UserName& user) {
  if (std::ranges::find(group.members, user) == group.members.end()) group.members.push_back(user);
}

void read_spread(AccessKey& key, Fields& fields) {
  key.usable_from = fields.instant("usable_from").value_or(key.usable_from);
  key.refusals_left = fields.whole("refusals_left", 0, 1'000'000);
  key.status_changed = fields.instant("status_changed").value_or(key.status_changed);
  key.status_spreads_until = fields.instant("status_spreads_until").value_or(key.status_spreads_until);
  key.issued_by = fields.text("issued_by");
}

}  // namespace

void read_key_state(AccessKey& key, Fields& fields) {
  if (const auto created = fields.instant("created")) key.created = *created;
  if (const auto age = fields.instant("age")) key.created = *age;
  key.active = fields.choice("status", key.active ? "Active" : "Inactive", {"Active", "Inactive"}) == "Active";
  const auto service = fields.text("service", key.last_use ? key.last_use->service : "s3");
  const auto region = fields.text("region", key.last_use ? key.last_use->region : default_region);
  if (fields.has("used")) {
    const auto at = fields.instant("used");
    // What was visible before stays visible while the new use is too young to be.
    key.earlier_use = at && key.last_use && key.last_use->at < *at ? key.last_use : std::nullopt;
    key.last_use = at ? std::optional(KeyUse{*at, service, region}) : std::nullopt;
  } else if (key.last_use) {
    key.last_use->service = service;
    key.last_use->region = region;
  }
}

AccessKey* read_key(World& world, const AccountId& account, const UserName& user, const JsonPath& place) {
  Fields fields(place);
  AccessKey key;
  key.id = AccessKeyId(fields.text("id"));
  key.secret = fields.text("secret");
  key.created = days_before(place.reading.now, 0);
  read_key_state(key, fields);
  if (fields.has("last_use") && fields.has("used")) fields.report("last_use", "say either this or used");
  if (auto use = read_use(fields, "last_use")) key.last_use = std::move(use);
  if (auto use = read_use(fields, "earlier_use")) key.earlier_use = std::move(use);
  read_spread(key, fields);
  if (key.id.empty()) key.id = world.ids.access_key();
  if (key.secret.empty()) key.secret = world.ids.secret_key();
  if (world.find_key(key.id).key != nullptr) fields.report("id", fmt::format("{} is there already", key.id));
  if (place.reading.failed() || world.find_user(account, user) == nullptr) return nullptr;
  return &world.add_key(account, user, std::move(key));
}

User* read_user(World& world, Account& account, const JsonPath& place) {
  Fields fields(place);
  User user;
  user.name = UserName(read_name(fields, 64));
  user.path = read_path(fields);
  user.id = read_id(world, fields, "AIDA");
  user.created = read_created(fields);
  user.tags = fields.text_map("tags");
  user.policies = fields.documents("policies");
  user.attached = fields.texts("attached");
  user.password_last_used = fields.instant("password_last_used");
  const auto [found, made] = account.iam.users.try_emplace(folded(user.name.str()), user);
  if (!made) fields.report("name", fmt::format("{} is there already; IAM's names differ by more than case", user.name));
  for (const auto& group : fields.texts("groups")) {
    join(group_of(world, account, group, days_before(place.reading.now, default_age)), user.name);
  }
  fields.each("keys", [&](const JsonPath& key) { read_key(world, account.id, user.name, key); });
  return made ? &found->second : nullptr;
}

Role* read_role(World& world, Account& account, const RoleDefaults& defaults, const JsonPath& place) {
  Fields fields(place);
  Role role;
  role.name = RoleName(read_name(fields, 64, defaults.name.str()));
  role.path = read_path(fields);
  role.id = read_id(world, fields, "AROA");
  role.created = read_created(fields);
  role.trust = fields.document("trust", defaults.trust);
  role.description = fields.text("description");
  role.max_session = fields.whole("max_session", 3600, 43'200);
  role.tags = fields.text_map("tags");
  role.policies = fields.has("policies") ? fields.documents("policies") : defaults.policies;
  role.attached = fields.texts("attached");
  const auto name = folded(role.name.str());
  const auto [found, made] = account.iam.roles.try_emplace(name, std::move(role));
  if (!made) fields.report("name", fmt::format("role {} is there already", found->second.name));
  return made ? &found->second : nullptr;
}

void read_group(World& world, Account& account, const JsonPath& place) {
  Fields fields(place);
  Group group;
  group.name = GroupName(read_name(fields, 128));
  group.path = read_path(fields);
  group.id = read_id(world, fields, "AGPA");
  group.created = read_created(fields);
  group.policies = fields.documents("policies");
  group.attached = fields.texts("attached");
  fields.find("members");  // read_members' business
  const auto name = folded(group.name.str());
  const auto [found, made] = account.iam.groups.try_emplace(name, std::move(group));
  if (!made) fields.report("name", fmt::format("group {} is there already", found->second.name));
}

void read_members(World& world, Account& account, const JsonPath& place) {
  if (place.reading.failed()) return;
  const auto& description = place.value.get_object();
  const auto found = account.iam.groups.find(folded(std::string_view(description.at("name").get_string())));
  const auto* members = description.if_contains("members");
  if (members == nullptr || members->is_null()) return;
  Group& group = found->second;
  if (!members->is_array()) {
    // A number: users of their own, without keys, so that a group can be long without much ado.
    const boost::json::object counted{{"members", *members}};
    Fields fields(counted, place.path, place.reading);
    const int count = fields.whole("members", 0, 100'000);
    for (int i = 0; i < count && !place.reading.failed(); ++i) {
      const boost::json::value filler =
          boost::json::object{{"name", fmt::format("{}-filler-{:04}", folded(group.name.str()), i)},
                              {"groups", boost::json::array{boost::json::string(group.name.str())}}};
      read_user(world, account, JsonPath{filler, fields.path("members"), place.reading});
    }
    return;
  }
  const auto& names = members->get_array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const JsonPath member{names[i], fmt::format("{}.members[{}]", place.path, i), place.reading};
    const auto name = member.text();
    const auto* user = world.find_user(account.id, UserName(name));
    if (user == nullptr) return member.reading.report(member.path, fmt::format("the account has no user \"{}\"", name));
    join(group, user->name);
  }
}

void read_managed_policy(World& world, Account& account, const JsonPath& place) {
  Fields fields(place);
  ManagedPolicy policy;
  policy.name = read_name(fields, 128);
  policy.path = read_path(fields);
  policy.arn = fields.text(
      "arn", fmt::format("arn:{}:iam::{}:policy{}{}", world.partition, account.id, policy.path, policy.name));
  policy.id = read_id(world, fields, "ANPA");
  policy.created = read_created(fields);
  policy.document = fields.document("document");
  if (policy.document.empty()) fields.report("document", "missing");
  const auto arn = policy.arn;
  if (!account.iam.policies.try_emplace(arn, std::move(policy)).second) {
    fields.report("name", fmt::format("{} is there already", arn));
  }
}

void read_report(Account& account, Fields& fields) {
  const auto* value = fields.find("report");
  if (value == nullptr) return;
  Fields report(JsonPath{*value, fields.path("report"), fields.reading()});
  const auto requested = report.instant("requested").value_or(fields.reading().now);
  account.iam.report = StoredReport{.requested = requested,
                                    .ready = report.instant("ready").value_or(requested),
                                    .polls_left = report.whole("polls_left", 0, 1'000'000),
                                    .csv = report.required("csv")};
}

}  // namespace rekeyer::sandbox
