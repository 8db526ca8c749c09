// The JSON object of a control call: its members by type, with complaints that name them.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/names.hpp"

namespace rekeyer::sandbox {

class ControlBody {
 public:
  explicit ControlBody(const boost::json::object& members) : members_(members) {}

  const boost::json::object& members() const { return members_; }
  bool has(std::string_view name) const { return member(name) != nullptr; }

  // Each: nothing where the member is missing or null, `usage` where it is of another type.
  Result<std::optional<double>> number(std::string_view name) const;
  Result<std::optional<std::uint64_t>> count(std::string_view name) const;
  Result<std::optional<std::string>> text(std::string_view name) const;
  Result<bool> flag(std::string_view name, bool otherwise) const;
  /// Null where the member is missing.
  Result<const boost::json::object*> object(std::string_view name) const;
  /// Empty where the member is missing; each element an object.
  Result<std::vector<const boost::json::object*>> objects(std::string_view name) const;

  /// A member that must be there.
  Result<std::string> needed_text(std::string_view name) const;
  Result<const boost::json::object*> needed_object(std::string_view name) const;
  /// The member "account": twelve digits.
  Result<AccountId> account() const;

  /// Fails where there is a member that is not among the known ones: a misspelt one would be passed over in silence.
  Result<> only(std::span<const std::string_view> known) const;

 private:
  const boost::json::value* member(std::string_view name) const;
  const boost::json::object& members_;
};

}  // namespace rekeyer::sandbox
