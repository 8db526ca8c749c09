// Whether the organization can be read, and whether rekeyer runs in the right account of it.
#pragma once

#include <optional>
#include <vector>

#include "aws/services/organizations.hpp"
#include "doctor/check.hpp"
#include "engine/context.hpp"
#include "rotation/aws_gateway.hpp"

namespace rekeyer::doctor {

struct OrganizationFacts {
  bool fixed_accounts = false;  ///< [accounts] is configured: the organization is not asked for them
  AccountId caller;
  Arn list_role;  ///< empty: read as the caller
  Result<aws::Organization> organization = fail(ErrorKind::usage, "not asked");
  /// The first page.
  Result<std::vector<aws::Account>> accounts = fail(ErrorKind::usage, "not asked");
};

Checks judge(const OrganizationFacts& facts);

/// Organizations DescribeOrganization and one page of ListAccounts, as the list role where one is configured.
Task<OrganizationFacts> ask_organization(const engine::Context& context, rotation::OwnIdentity self);

}  // namespace rekeyer::doctor
