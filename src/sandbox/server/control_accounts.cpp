// Control calls that change single things behind the services' backs: users, keys, roles, secrets, an account's state.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/try.hpp"
#include "sandbox/server/control.hpp"

namespace rekeyer::sandbox {
namespace {

Result<Account*> known_account(const Controlled& over, const ControlBody& body) {
  TRY(const auto id, body.account());
  auto* const account = over.world().find_account(id);
  if (account == nullptr) return fail(ErrorKind::usage, fmt::format("there is no account {}", id));
  return account;
}

ControlReply post_user(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 3> known{"account", "user", "remove"};
  TRY_VOID(body.only(known));
  TRY(const auto* const account, known_account(over, body));
  TRY(const auto removed, body.text("remove"));
  if (removed) {
    if (over.world().remove_user(account->id, UserName(*removed))) return boost::json::object{};
    return fail(ErrorKind::usage, fmt::format("account {} has no user `{}`", account->id, *removed));
  }
  TRY(const auto* const description, body.needed_object("user"));
  TRY(const auto* const user, add_user(over.world(), account->id, *description, over.host.now()));
  boost::json::array keys;
  for (const auto& key : user->keys) keys.emplace_back(key.id.str());
  return boost::json::object{{"keys", std::move(keys)}};
}

ControlReply post_key(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 9> known{"account", "user",   "key",     "id",    "age",
                                                         "used",    "status", "service", "region"};
  TRY_VOID(body.only(known));
  if (body.has("key")) {
    TRY(const auto* const account, known_account(over, body));
    TRY(auto user, body.needed_text("user"));
    TRY(const auto* const description, body.needed_object("key"));
    TRY(const auto* const key,
        add_key(over.world(), account->id, UserName(std::move(user)), *description, over.host.now()));
    return boost::json::object{{"id", key->id.str()}};
  }
  TRY(const auto id, body.needed_text("id"));
  const auto place = over.world().find_key(AccessKeyId(id));
  if (place.key == nullptr) return fail(ErrorKind::usage, fmt::format("there is no access key {}", id));
  auto changes = body.members();
  changes.erase("id");
  TRY_VOID(change_key(*place.key, changes, over.host.now()));
  return boost::json::object{};
}

ControlReply post_role(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 3> known{"account", "role", "remove"};
  TRY_VOID(body.only(known));
  TRY(auto* const account, known_account(over, body));
  TRY(const auto removed, body.text("remove"));
  if (removed) account->iam.roles.erase(folded(*removed));
  TRY(const auto* const description, body.object("role"));
  if (description != nullptr) {
    TRY_VOID(add_role(over.world(), account->id, *description, over.host.now()));
  } else if (!removed) {
    return fail(ErrorKind::usage, "say which role to add or to remove");
  }
  return boost::json::object{};
}

ControlReply post_secret(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 2> known{"account", "secret"};
  TRY_VOID(body.only(known));
  TRY(const auto* const account, known_account(over, body));
  TRY(const auto* const description, body.needed_object("secret"));
  TRY(const auto* const secret, add_secret(over.world(), account->id, *description, over.host.now()));
  return boost::json::object{{"arn", secret->arn.str()}};
}

ControlReply post_secrets_bulk(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 3> known{"account", "region", "secrets"};
  TRY_VOID(body.only(known));
  TRY(const auto* const account, known_account(over, body));
  TRY(const auto region, body.text("region"));
  TRY(const auto descriptions, body.objects("secrets"));
  for (const auto* const description : descriptions) {
    auto whole = *description;
    if (region && !whole.contains("region")) whole["region"] = *region;
    TRY_VOID(add_secret(over.world(), account->id, whole, over.host.now()));
  }
  return boost::json::object{{"added", descriptions.size()}};
}

ControlReply post_account_state(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 2> known{"account", "state"};
  static constexpr std::array<std::string_view, 5> states{"ACTIVE", "SUSPENDED", "PENDING_CLOSURE",
                                                          "PENDING_ACTIVATION", "CLOSED"};
  TRY_VOID(body.only(known));
  TRY(auto* const account, known_account(over, body));
  TRY(auto state, body.needed_text("state"));
  if (std::ranges::find(states, state) == states.end()) {
    return fail(ErrorKind::usage, "state must be ACTIVE, SUSPENDED, PENDING_CLOSURE, PENDING_ACTIVATION or CLOSED");
  }
  account->state = std::move(state);
  return boost::json::object{};
}

}  // namespace

std::span<const ControlCommand> account_commands() {
  static constexpr std::array commands{
      ControlCommand{"user", "{account, user}: one more; {account, remove}: the end of one, keys and all", nullptr,
                     post_user},
      ControlCommand{"key", "{id, age, used, status, service, region}: change; {account, user, key}: one more", nullptr,
                     post_key},
      ControlCommand{"role", "{account, role}: one more; {account, remove}: the end of one", nullptr, post_role},
      ControlCommand{"secret", "{account, secret}: one more", nullptr, post_secret},
      ControlCommand{"secrets_bulk", "{account, region, secrets}: many more", nullptr, post_secrets_bulk},
      ControlCommand{"account_state", "{account, state}: ACTIVE, SUSPENDED, …", nullptr, post_account_state},
  };
  return commands;
}

}  // namespace rekeyer::sandbox
