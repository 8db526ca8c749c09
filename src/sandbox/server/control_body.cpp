#include "sandbox/server/control_body.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cmath>

#include "base/try.hpp"

namespace rekeyer::sandbox {
namespace {

std::unexpected<Error> wrong(std::string_view name, std::string_view what) {
  return fail(ErrorKind::usage, fmt::format("{} must be {}", name, what));
}

}  // namespace

const boost::json::value* ControlBody::member(std::string_view name) const {
  const auto* const found = members_.if_contains(boost::json::string_view(name.data(), name.size()));
  return found == nullptr || found->is_null() ? nullptr : found;
}

Result<std::optional<double>> ControlBody::number(std::string_view name) const {
  const auto* const found = member(name);
  if (found == nullptr) return std::nullopt;
  boost::system::error_code broken;
  const auto value = found->to_number<double>(broken);
  if (broken || !std::isfinite(value)) return wrong(name, "a number");
  return value;
}

Result<std::optional<std::uint64_t>> ControlBody::count(std::string_view name) const {
  const auto* const found = member(name);
  if (found == nullptr) return std::nullopt;
  boost::system::error_code broken;
  const auto value = found->to_number<std::uint64_t>(broken);
  if (broken) return wrong(name, "a whole number, not negative");
  return value;
}

Result<std::optional<std::string>> ControlBody::text(std::string_view name) const {
  const auto* const found = member(name);
  if (found == nullptr) return std::nullopt;
  const auto* const text = found->if_string();
  if (text == nullptr) return wrong(name, "a text");
  return std::string(text->data(), text->size());
}

Result<bool> ControlBody::flag(std::string_view name, bool otherwise) const {
  const auto* const found = member(name);
  if (found == nullptr) return otherwise;
  const auto* const flag = found->if_bool();
  if (flag == nullptr) return wrong(name, "true or false");
  return *flag;
}

Result<const boost::json::object*> ControlBody::object(std::string_view name) const {
  const auto* const found = member(name);
  if (found == nullptr) return nullptr;
  const auto* const object = found->if_object();
  if (object == nullptr) return wrong(name, "an object");
  return object;
}

Result<std::vector<const boost::json::object*>> ControlBody::objects(std::string_view name) const {
  std::vector<const boost::json::object*> result;
  const auto* const found = member(name);
  if (found == nullptr) return result;
  const auto* const list = found->if_array();
  if (list == nullptr) return wrong(name, "a list of objects");
  for (const auto& element : *list) {
    if (!element.is_object()) return wrong(name, "a list of objects");
    result.push_back(&element.get_object());
  }
  return result;
}

Result<std::string> ControlBody::needed_text(std::string_view name) const {
  TRY(auto found, text(name));
  if (!found || found->empty()) return fail(ErrorKind::usage, fmt::format("{} is missing", name));
  return std::move(*found);
}

Result<const boost::json::object*> ControlBody::needed_object(std::string_view name) const {
  TRY(const auto* const found, object(name));
  if (found == nullptr) return fail(ErrorKind::usage, fmt::format("{} is missing", name));
  return found;
}

Result<AccountId> ControlBody::account() const {
  TRY(auto id, needed_text("account"));
  if (!valid_account_id(id)) return wrong("account", "twelve digits");
  return AccountId(std::move(id));
}

Result<> ControlBody::only(std::span<const std::string_view> known) const {
  for (const auto& [key, value] : members_) {
    if (std::ranges::find(known, std::string_view(key)) != known.end()) continue;
    const auto name = std::string_view(key);
    if (known.empty()) return fail(ErrorKind::usage, fmt::format("{} is not known here: this takes no members", name));
    return fail(ErrorKind::usage, fmt::format("{} is not known here; there are {}", name, fmt::join(known, ", ")));
  }
  return {};
}

}  // namespace rekeyer::sandbox
