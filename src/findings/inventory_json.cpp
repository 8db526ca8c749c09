// The inventory as JSON: whole, or a line a key.
#include "aws/http/json_writer.hpp"
#include "findings/output.hpp"

namespace rekeyer::findings {
namespace {

using aws::JsonWriter;

void write_instant(JsonWriter& json, std::string_view name, const std::optional<Instant>& instant) {
  if (instant) {
    json.member(name, iso8601(*instant));
  } else {
    json.null_member(name);
  }
}

void write_flag(JsonWriter& json, std::string_view name, const std::optional<bool>& flag) {
  if (flag) {
    json.member(name, *flag);
  } else {
    json.null_member(name);
  }
}

/// null: nobody knows; {"at": null, …}: never.
void write_use(JsonWriter& json, std::string_view name, const LastUse& use) {
  if (use.state == LastUse::State::unknown) {
    json.null_member(name);
    return;
  }
  json.begin_object(name);
  write_instant(json, "at", use.state == LastUse::State::used ? std::optional(use.at) : std::nullopt);
  json.member("service", use.service).member("region", use.region).end();
}

void write_key_members(JsonWriter& json, const KeyEntry& key, Instant taken) {
  json.member("key", key.id.str()).member("status", status_word(key.status));
  write_instant(json, "created", key.created);
  if (key.created) {
    json.member("age_days", static_cast<std::size_t>(age_in_days(*key.created, taken)));
  } else {
    json.null_member("age_days");
  }
  write_use(json, "last_used", key.last_use);
  write_use(json, "last_used_by_owner", key.owner_use);
  json.member("state", name(key.state))
      .member("decision", policy::name(key.decision))
      .member("reason", policy::name(key.reason))
      .member("detail", key.detail)
      .member("rule", key.rule);
  if (key.next) {
    json.member("next", policy::name(*key.next));
  } else {
    json.null_member("next");
  }
  write_instant(json, "next_at", key.next_at);
}

void write_exemption(JsonWriter& json, const std::optional<policy::Exemption>& exemption) {
  if (!exemption) {
    json.null_member("exemption");
    return;
  }
  json.begin_object("exemption").member("reason", exemption->reason);
  write_instant(json, "until", exemption->until);
  json.member("ticket", exemption->ticket).member("source", exemption->source).end();
}

void write_user_members(JsonWriter& json, const UserEntry& user) {
  json.member("account", user.account.str())
      .member("account_name", user.account_name)
      .member("user", user.name.str())
      .member("user_id", user.id.str())
      .member("path", user.path)
      .begin_array("owners");
  for (const auto& owner : user.owners) json.value(owner);
  json.end().member("owner_source", user.owner_source).member("owner_problem", user.owner_problem);
  write_exemption(json, user.exemption);
  json.member("secret", user.secret.str()).begin_object("login");
  write_flag(json, "password", user.login.password);
  write_instant(json, "password_last_used", user.login.password_last_used);
  write_instant(json, "password_changed", user.login.password_changed);
  write_flag(json, "mfa", user.login.mfa);
  json.member("signing_certificates", static_cast<std::size_t>(user.login.certificates)).end();
}

void write_account(JsonWriter& json, const AccountEntry& account) {
  json.begin_object()
      .member("account", account.id.str())
      .member("account_name", account.name)
      .member("status", rotation::name(account.status))
      .member("reason", account.reason)
      .member("users", account.users)
      .member("keys", account.keys)
      .member("root_key_active", account.root_key_active);
  write_instant(json, "report_made", account.report_made);
  json.end();
}

}  // namespace

std::string inventory_json(const Inventory& inventory) {
  JsonWriter json;
  json.begin_object()
      .member("schema", inventory_schema)
      .member("taken", iso8601(inventory.taken))
      .member("incomplete", inventory.incomplete)
      .begin_array("accounts");
  for (const auto& account : inventory.accounts) write_account(json, account);
  json.end().begin_array("users");
  for (const auto& user : inventory.users) {
    json.begin_object();
    write_user_members(json, user);
    json.begin_array("keys");
    for (const auto& key : user.keys) {
      json.begin_object();
      write_key_members(json, key, inventory.taken);
      json.end();
    }
    json.end().end();
  }
  json.end().end();
  return json.finish_text() + "\n";
}

std::string inventory_json_lines(const Inventory& inventory) {
  std::string text;
  for (const auto& user : inventory.users) {
    for (const auto& key : user.keys) {
      JsonWriter json;
      json.begin_object().member("schema", inventory_schema).member("taken", iso8601(inventory.taken));
      write_user_members(json, user);
      write_key_members(json, key, inventory.taken);
      json.end();
      text += json.finish_text() + "\n";
    }
  }
  return text;
}

}  // namespace rekeyer::findings
