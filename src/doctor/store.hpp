// The central store: its region, its key, and whether the caller may write there. A store in the members' accounts is
// looked at account by account.
#pragma once

#include <optional>
#include <string>

#include "aws/services/kms.hpp"
#include "doctor/check.hpp"
#include "doctor/rights.hpp"
#include "engine/context.hpp"
#include "rotation/aws_gateway.hpp"

namespace rekeyer::doctor {

struct StoreFacts {
  Region region;
  std::string organization;  ///< id; empty: not known
  Result<> answered;         ///< by Secrets Manager in the region
  std::optional<Result<aws::KmsKey>> key;
  std::optional<Result<std::string>> key_policy;
  std::optional<Simulated> rights;
};

Checks judge(const StoreFacts& facts);

/// Nothing where secrets stand in the members' accounts. Secrets Manager DescribeSecret; KMS DescribeKey, GetKeyPolicy;
/// IAM GetRole, SimulatePrincipalPolicy.
Task<std::optional<StoreFacts>> ask_store(const engine::Context& context, rotation::OwnIdentity self,
                                          std::string organization, rotation::Mode mode);

}  // namespace rekeyer::doctor
