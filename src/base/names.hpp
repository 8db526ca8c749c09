// Strong types for the names that AWS gives to things, so that one can't be passed for another.
#pragma once

#include <fmt/format.h>

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace rekeyer {

/// A text with a meaning. Comparable, hashable and formattable; made only on purpose.
template <class Tag>
class Name {
 public:
  Name() = default;
  explicit Name(std::string text) : text_(std::move(text)) {}
  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Name&) const = default;

 private:
  std::string text_;
};

using AccountId = Name<struct AccountIdTag>;  ///< twelve digits, leading zeros kept
using UserName = Name<struct UserNameTag>;    ///< as IAM spells it; unique in an account whatever its case
/// The id that IAM never gives twice (AIDA…): it stays through a rename, and a user made again has another.
using UserId = Name<struct UserIdTag>;
using AccessKeyId = Name<struct AccessKeyIdTag>;  ///< AKIA…; not a secret, but not decoration either
using GroupName = Name<struct GroupNameTag>;
using RoleName = Name<struct RoleNameTag>;
using OuId = Name<struct OuIdTag>;  ///< ou-… or r-… for the root
using Arn = Name<struct ArnTag>;
using Region = Name<struct RegionTag>;
using SecretName = Name<struct SecretNameTag>;  ///< of a Secrets Manager secret: a name or an ARN
using VersionId = Name<struct VersionIdTag>;    ///< of a secret's version: the ClientRequestToken that made it
using RunId = Name<struct RunIdTag>;            ///< of one run of rekeyer: 16 hexadecimal digits

/// Twelve digits?
inline bool valid_account_id(std::string_view text) {
  if (text.size() != 12) return false;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

inline constexpr std::size_t longest_user_name = 128;
/// What IAM takes as a user's name: 1 to 128 of letters, digits and _+=,.@-
inline bool valid_user_name(std::string_view text) {
  for (const char c : text) {
    if (!is_alnum(c) && !std::string_view("_+=,.@-").contains(c)) return false;
  }
  return !text.empty() && text.size() <= longest_user_name;
}

}  // namespace rekeyer

template <class Tag>
struct std::hash<rekeyer::Name<Tag>> {
  std::size_t operator()(const rekeyer::Name<Tag>& name) const noexcept { return std::hash<std::string>{}(name.str()); }
};

template <class Tag>
struct fmt::formatter<rekeyer::Name<Tag>> : fmt::formatter<std::string_view> {
  auto format(const rekeyer::Name<Tag>& name, fmt::format_context& context) const {
    return fmt::formatter<std::string_view>::format(name.str(), context);
  }
};
