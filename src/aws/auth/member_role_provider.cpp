#include "aws/auth/member_role_provider.hpp"

#include <fmt/format.h>

#include "aws/auth/assume_role_provider.hpp"
#include "aws/auth/cached_provider.hpp"

namespace rekeyer::aws {

Arn member_role_arn(const MemberRole& role) {
  return Arn{fmt::format("arn:{}:iam::{}:role/{}", role.partition, role.account, role.role)};
}

SharedProvider member_role_provider(Caller& caller, Clock& clock, Principal source, MemberRole role) {
  AssumeRole request{member_role_arn(role), role.session_name, role.external_id, role.duration};
  if (request.session_name.empty()) request.session_name = default_session_name;
  auto assume = std::make_shared<AssumeRoleProvider>(caller, std::move(source), std::move(request),
                                                     fmt::format("account {}", role.account));
  return std::make_shared<CachedProvider>(std::move(assume), clock);
}

}  // namespace rekeyer::aws
