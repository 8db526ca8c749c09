#include "lambda/map_item.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/try.hpp"

namespace rekeyer::lambda {
namespace {

constexpr std::array<std::string_view, 7> known{"id", "name", "email", "ous", "users", "users_required", "changes"};

std::unexpected<Error> wrong_item(std::string_view why) {
  return fail(ErrorKind::usage, fmt::format("account: {}", why));
}

/// What the reader of a reply calls a bad reply is a wrong event here.
Error as_usage(Error error) {
  error.kind = ErrorKind::usage;
  return in_context(std::move(error), "account");
}

template <class T>
Result<T> as_item_error(Result<T> read) {
  if (!read) return fail(as_usage(std::move(read).error()));
  return read;
}

}  // namespace

void write_item(aws::JsonWriter& json, const MapItem& item) {
  const auto& target = item.target;
  json.begin_object().member("id", target.id.str());
  if (!target.name.empty()) json.member("name", target.name);
  if (!target.email.empty()) json.member("email", target.email);
  if (!target.ous.empty()) {
    json.begin_array("ous");
    for (const auto& ou : target.ous) json.value(ou.str());
    json.end();
  }
  if (!target.users.empty()) {
    json.begin_array("users");
    for (const auto& user : target.users) json.value(user.str());
    json.end();
  }
  if (target.users_required) json.member("users_required", true);
  if (item.changes) json.member("changes", *item.changes);
  json.end();
}

Result<MapItem> read_item(const aws::JsonValue& json) {
  if (!json.is_object()) return wrong_item("it must be an object with the account's id");
  for (const auto& [member, value] : json.members()) {
    if (std::ranges::find(known, member) == known.end())
      return wrong_item(fmt::format("unknown member \"{}\"", member));
  }
  MapItem item;
  TRY(const auto id, as_item_error(json.string("id")));
  if (!valid_account_id(id)) return wrong_item(fmt::format("id: \"{}\" is not an account id: twelve digits", id));
  item.target.id = AccountId(std::string(id));
  TRY(const auto name, as_item_error(json.optional_string("name")));
  item.target.name = name.value_or("");
  TRY(const auto email, as_item_error(json.optional_string("email")));
  item.target.email = email.value_or("");
  TRY(const auto ous, as_item_error(json.optional_strings("ous")));
  for (const auto ou : ous) item.target.ous.emplace_back(std::string(ou));
  TRY(const auto users, as_item_error(json.optional_strings("users")));
  for (const auto user : users) {
    if (!valid_user_name(user)) return wrong_item(fmt::format("users: \"{}\" is not a user's name", user));
    item.target.users.emplace_back(std::string(user));
  }
  TRY(const auto required, as_item_error(json.optional_boolean("users_required")));
  item.target.users_required = required.value_or(false);
  TRY(const auto changes, as_item_error(json.optional_integer("changes")));
  if (changes && *changes < 0) return wrong_item("changes: less than nothing");
  if (changes) item.changes = static_cast<std::size_t>(*changes);
  return item;
}

std::string to_json(const std::vector<MapItem>& items) {
  aws::JsonWriter json;
  json.begin_array();
  for (const auto& item : items) write_item(json, item);
  json.end();
  return json.finish_text() + "\n";
}

Result<std::vector<MapItem>> parse_items(std::string_view text) {
  TRY(const auto json, aws::JsonValue::parse(text));
  TRY(const auto elements, json.as_array());
  std::vector<MapItem> items;
  items.reserve(elements.size());
  for (const auto& element : elements) {
    TRY(auto item, read_item(element));
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace rekeyer::lambda
