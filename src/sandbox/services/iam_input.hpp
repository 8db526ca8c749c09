// Reading IAM's input members with the rules that IAM has for them: names, paths, tags. Refuses as IAM does.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sandbox/wire/call.hpp"
#include "sandbox/wire/service_error.hpp"
#include "sandbox/world/iam_state.hpp"

namespace rekeyer::sandbox {

/// "1 validation error detected: <what>", as IAM and STS word it.
std::unexpected<ServiceError> iam_validation(std::string_view what);
/// 404, with IAM's wording: "The <kind> with name <name> cannot be found."
std::unexpected<ServiceError> iam_not_found(std::string_view kind, std::string_view name);
/// 409 "Cannot exceed quota for <quota>: <limit>".
std::unexpected<ServiceError> iam_over_quota(std::string_view quota, std::size_t limit);

/// A member that must be there and not empty. The view is of the call's input.
ServiceResult<std::string_view> iam_required(const Call& call, std::string_view member);

/// A name of letters, digits and +=,.@-_ of at most so many characters.
struct NameRule {
  std::string_view member;
  std::size_t longest = 128;
};
inline constexpr NameRule new_user_name{"UserName", 64};
inline constexpr NameRule any_user_name{"UserName", 128};
inline constexpr NameRule any_group_name{"GroupName", 128};
inline constexpr NameRule any_role_name{"RoleName", 64};
inline constexpr NameRule any_policy_name{"PolicyName", 128};
ServiceResult<std::string_view> iam_name(const Call& call, NameRule rule);

/// "/" where the member is missing; otherwise "/" or "/…/".
ServiceResult<std::string> iam_path(const Call& call, std::string_view member = "Path");
/// "/" where it is missing.
ServiceResult<std::string_view> iam_path_prefix(const Call& call);

/// Puts the call's tags among those that are there: keys are compared whatever their case and keep the case of the last
/// call, of reserved keys and more than 50 nothing is taken at all.
ServiceResult<Tags> iam_tagged(Tags present, const Call& call);
/// Without the call's TagKeys.
Tags iam_untagged(Tags present, const Call& call);

}  // namespace rekeyer::sandbox
