// Who a rule or an exemption is for. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/names.hpp"

namespace rekeyer::policy {

/// Shell-like pattern: `*` any run, `?` one character (of UTF-8); anything else itself. Never more than length × length
/// steps.
bool matches(std::string_view pattern, std::string_view text);

/// All given parts must match. IAM compares user names without case, and so does `user`.
struct Match {
  std::optional<std::string> user{};                         ///< pattern
  std::optional<std::string> path{};                         ///< prefix, or pattern where it has `*`
  std::optional<std::pair<std::string, std::string>> tag{};  ///< key and value pattern
  std::optional<AccountId> account{};
  std::optional<OuId> ou{};  ///< the account stands in it, at any depth
};

/// Who the user is, for matching.
struct Subject {
  AccountId account;
  std::vector<OuId> ous;  ///< of the account, innermost first
  UserName user;
  UserId id{};  ///< empty: not known
  std::string path = "/";
  std::map<std::string, std::string> tags;
  std::vector<GroupName> groups;
  /// Why `groups` may lack some that an owner is named by; exemption has a closed gate of its own.
  std::optional<std::string> groups_unreadable{};
};

/// True for a match without any part: configuration refuses those.
bool matches(const Match& match, const Subject& subject);
/// As configuration writes it: `user = "ci-*", path = "/ci/"`.
std::string describe(const Match& match);

/// The value of the subject's tag of that key, or null. IAM takes keys that differ only in case for the same one.
const std::string* find_tag(const Subject& subject, std::string_view key);

}  // namespace rekeyer::policy
