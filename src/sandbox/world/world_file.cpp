#include "sandbox/world/world_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/stream_parser.hpp>

#include "base/spelling.hpp"
#include "base/try.hpp"
#include "sandbox/world/policy_principals.hpp"
#include "sandbox/world/world_file_parts.hpp"

namespace rekeyer::sandbox {
namespace json = boost::json;

namespace {

constexpr std::string_view default_management = "100000000000";
constexpr double default_account_age = 500;  // days

/// Keys whose ids the description gives must not be drawn again from the same seed, so that a loaded dump goes on with
/// another series than the world that it was taken from.
std::uint64_t mark_of_given_keys(const json::value& part) {
  std::uint64_t mark = 0;
  if (const auto* list = part.if_array()) {
    for (const auto& each : *list) mark = mark * 31 + mark_of_given_keys(each);
  } else if (const auto* object = part.if_object()) {
    for (const std::string_view name : {"accounts", "users", "keys", "id"}) {
      if (const auto* member = object->if_contains(name)) mark = mark * 31 + mark_of_given_keys(*member);
    }
  } else if (const auto* text = part.if_string(); text != nullptr && text->starts_with("AKIA")) {
    for (const char c : *text) mark = mark * 1'099'511'628'211U + static_cast<unsigned char>(c);
  }
  return mark;
}

AccountId read_account_id(Fields& fields, std::string_view name, std::string_view fallback) {
  AccountId id(fields.text(name, fallback));
  if (!valid_account_id(id.str())) fields.report(name, fmt::format("\"{}\" is not twelve digits", id));
  return id;
}

/// Reads a whole description into a new world.
class Loader {
 public:
  Loader(LoadedWorld& loaded, const json::object& description, Reading& reading)
      : loaded_(loaded), world_(loaded.world), reading_(reading), top_(description, "", reading) {}

  void read();

 private:
  void read_options();
  void read_frame();
  void read_units();
  void read_accounts();
  void read_account(const JsonPath& place);
  void read_place(const Account& account, Fields& fields);
  void fill(Account& account, Fields& fields);
  void read_caller();
  void bind_policies();

  LoadedWorld& loaded_;
  World& world_;
  Reading& reading_;
  Fields top_;
  RoleDefaults defaults_;
  bool organized_ = true;
  bool units_listed_ = false;
  int root_keys_ = 0;
};

void Loader::read() {
  reading_.now = top_.instant("at").value_or(reading_.now);
  loaded_.now = reading_.now;
  read_options();
  read_frame();
  if (organized_) {
    const json::value none = json::object{};
    const auto* organization = top_.find("organization");
    Fields fields(JsonPath{organization == nullptr ? none : *organization, "organization", reading_});
    start_organization(world_, fields);
    read_units();
    read_accounts();
    read_organization(world_, fields);
  } else {
    read_accounts();
  }
  read_caller();
  bind_policies();
  top_.each("key_events", [&](const JsonPath& event) { read_key_event(world_, event); });
}

/// Whom secrets' policies mean is known when everybody is there.
void Loader::bind_policies() {
  for (auto& [id, account] : world_.accounts) {
    for (auto& [region, vault] : account.vaults) {
      for (auto& [name, secret] : vault.secrets) bind_principals(world_, secret);
    }
  }
}

void Loader::read_options() {
  const auto* value = top_.find("options");
  if (value == nullptr) return;
  const auto* object = value->if_object();
  if (object == nullptr) return top_.report("options", "must be an object");
  json::object options = *object;
  // The one option that is no behaviour of AWS but a state of the accounts.
  if (options.contains("report_root_keys")) {
    const json::object one{{"report_root_keys", options["report_root_keys"]}};
    Fields fields(one, "options", reading_);
    root_keys_ = fields.whole("report_root_keys", 0, 2);
    options.erase("report_root_keys");
  }
  if (const auto set = set_behaviour(loaded_.behaviour, options); !set) top_.report("options", set.error().message);
}

void Loader::read_frame() {
  world_.partition = top_.text("partition", "aws");
  const auto management = read_account_id(top_, "management", default_management);
  world_.tooling = read_account_id(top_, "tooling", management.str());
  world_.organization.management = management;
  world_.member_role = RoleName(top_.text("member_role", "rekeyer-member"));
  defaults_.name = world_.member_role;
  defaults_.policies = {{"rekeyer", top_.document("member_policy", everything_allowed)}};
  defaults_.trust = member_trust(world_, top_.text("external_id"));
  const auto* organization = top_.find("organization");
  organized_ = organization == nullptr || !organization->is_bool() || organization->get_bool();
  if (organization != nullptr && organization->is_bool() && organized_) {
    top_.report("organization", "must be an object, or false for none");
  }
}

void Loader::read_units() {
  units_listed_ = top_.has("ous");
  top_.each("ous", [&](const JsonPath& unit) { read_unit(world_, unit); });
}

void Loader::read_accounts() {
  const auto* value = top_.find("accounts");
  std::vector<std::string> listed;
  if (value != nullptr && value->is_array()) {
    for (const auto& account : value->get_array()) {
      const auto* object = account.if_object();
      const auto* id = object == nullptr ? nullptr : object->if_contains("id");
      if (id != nullptr && id->is_string()) listed.emplace_back(id->get_string());
    }
  }
  const auto& management = world_.organization.management;
  for (const auto& [id, name] : {std::pair(management, "management"), std::pair(world_.tooling, "tooling")}) {
    if (std::ranges::find(listed, id.str()) != listed.end() || world_.find_account(id) != nullptr) continue;
    const json::value extra = json::object{{"id", id.str()}, {"name", name}};
    read_account(JsonPath{extra, name, reading_});
  }
  top_.each("accounts", [&](const JsonPath& account) { read_account(account); });
}

void Loader::read_account(const JsonPath& place) {
  Fields fields(place);
  const AccountId id(fields.required("id"));
  if (!id.empty() && !valid_account_id(id.str())) {
    fields.report("id", fmt::format("\"{}\" is not twelve digits", id));
  }
  if (world_.find_account(id) != nullptr) fields.report("id", fmt::format("account {} is there already", id));
  Account& account = world_.account(id);
  account.name = fields.text("name", id == world_.organization.management ? "management" : id.str());
  account.email = fields.text("email", fmt::format("{}@example.com", id));
  account.state =
      fields.choice("state", "ACTIVE", {"PENDING_ACTIVATION", "ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"});
  account.joined = fields.instant("joined").value_or(days_before(reading_.now, default_account_age));
  read_place(account, fields);
  fill(account, fields);
}

/// Where in the organisation the account is. The management account comes first, as AWS shows it.
void Loader::read_place(const Account& account, Fields& fields) {
  auto& organization = world_.organization;
  const auto path = fields.text("ou");
  auto tags = fields.text_map("tags");
  if (!fields.flag("in_organization", true) || !organized_) {
    if (!path.empty()) fields.report("ou", "the account is in no organization");
    return;
  }
  auto unit = find_unit(organization, path);
  if (unit.empty() && !units_listed_) unit = make_unit(world_, path);
  if (unit.empty()) {
    const auto paths = unit_paths(organization);
    std::vector<std::string_view> known;
    for (const auto& [each, id] : paths) {
      if (!each.empty()) known.emplace_back(each);
    }
    const auto meant = closest_name(path, known);
    fields.report("ou", fmt::format("\"{}\" is not in ous{}", path,
                                    meant.empty() ? "" : fmt::format("; did you mean \"{}\"?", meant)));
  }
  organization.parent_of[account.id] = unit;
  const bool first = account.id == organization.management;
  organization.order.insert(first ? organization.order.begin() : organization.order.end(), account.id);
  if (!tags.empty()) organization.tags[account.id.str()] = std::move(tags);
}

void Loader::fill(Account& account, Fields& fields) {
  account.iam.alias = fields.text("alias");
  account.iam.root_keys = fields.whole("root_keys", root_keys_, 2);
  if (fields.has("roles")) {
    fields.each("roles", [&](const JsonPath& role) { read_role(world_, account, defaults_, role); });
  } else {
    const json::value standard = json::object{};
    read_role(world_, account, defaults_, JsonPath{standard, fields.path("roles"), reading_});
  }
  fields.each("policies", [&](const JsonPath& policy) { read_managed_policy(world_, account, policy); });
  fields.each("groups", [&](const JsonPath& group) { read_group(world_, account, group); });
  fields.each("users", [&](const JsonPath& user) { read_user(world_, account, user); });
  fields.each("groups", [&](const JsonPath& group) { read_members(world_, account, group); });
  read_report(account, fields);
  fields.each("secrets", [&](const JsonPath& secret) { read_secret(world_, account, secret); });
  fields.each("kms_keys", [&](const JsonPath& key) { read_kms_key(world_, account, key); });
  read_messages(world_, account, fields);
  read_services(world_, account, fields);
}

void Loader::read_caller() {
  const auto policy = top_.document("caller_policy", everything_allowed);
  if (!top_.flag("caller", true) || reading_.failed()) return;
  make_caller(world_, policy, reading_.now);
  const auto* user = world_.find_user(world_.tooling, UserName(std::string(caller_name)));
  loaded_.caller = CallerKey{world_.tooling, user->name, {}, {}};
  const auto key = std::ranges::find_if(user->keys, [](const AccessKey& each) { return each.active; });
  if (key == user->keys.end()) return;
  loaded_.caller.key = key->id;
  loaded_.caller.secret = key->secret;
}

/// The place at which a parser gave up, as an editor counts.
std::string line_and_column(std::string_view text, std::size_t at) {
  const auto before = text.substr(0, at);
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto start = before.rfind('\n');
  return fmt::format("line {}, column {}", line, at - (start == std::string_view::npos ? 0 : start + 1) + 1);
}

}  // namespace

std::string member_trust(const World& world, std::string_view external_id) {
  auto [first, second] = std::minmax(world.organization.management.str(), world.tooling.str());
  json::array accounts;
  accounts.emplace_back(fmt::format("arn:{}:iam::{}:root", world.partition, first));
  if (first != second) accounts.emplace_back(fmt::format("arn:{}:iam::{}:root", world.partition, second));
  json::object statement{
      {"Effect", "Allow"}, {"Principal", json::object{{"AWS", std::move(accounts)}}}, {"Action", "sts:AssumeRole"}};
  if (!external_id.empty()) {
    statement["Condition"] = json::object{{"StringEquals", json::object{{"sts:ExternalId", external_id}}}};
  }
  json::array statements;
  statements.emplace_back(std::move(statement));
  return json::serialize(json::object{{"Version", "2012-10-17"}, {"Statement", std::move(statements)}});
}

void make_caller(World& world, std::string_view policy, Instant now) {
  const UserName name{std::string(caller_name)};
  if (world.find_user(world.tooling, name) != nullptr) return;
  User user;
  user.name = name;
  user.id = world.ids.unique("AIDA");
  user.created = days_before(now, 0);
  user.policies = {{"caller", std::string(policy)}};
  world.account(world.tooling).iam.users.emplace(folded(name.str()), std::move(user));
  AccessKey key;
  key.id = world.ids.access_key();
  key.secret = world.ids.secret_key();
  key.created = days_before(now, 0);
  world.add_key(world.tooling, name, std::move(key));
}

Result<LoadedWorld> load_world(const json::object& description, std::uint64_t seed, Instant now) {
  LoadedWorld loaded{World(seed ^ mark_of_given_keys(description)), {}, {}, now};
  Reading reading{now, {}};
  Loader(loaded, description, reading).read();
  TRY_VOID(reading.outcome());
  return loaded;
}

Result<LoadedWorld> parse_world(std::string_view text, std::uint64_t seed, Instant now) {
  json::stream_parser parser;
  json::error_code failure;
  const auto read = parser.write_some(text.data(), text.size(), failure);
  if (!failure && read == text.size()) parser.finish(failure);
  if (failure || read < text.size()) {
    return fail(ErrorKind::usage, fmt::format("{}: not JSON: {}", line_and_column(text, read),
                                              failure ? failure.message() : "something follows the end"));
  }
  const auto value = parser.release();
  if (!value.is_object()) return fail(ErrorKind::usage, "a world must be a JSON object");
  return load_world(value.get_object(), seed, now);
}

}  // namespace rekeyer::sandbox
