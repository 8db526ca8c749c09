// AWS partitions: which one a region or ARN belongs to, and what follows from it. Pure. facts: botocore's endpoint
// rules.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/names.hpp"

namespace rekeyer::aws {

struct Partition {
  std::string_view id;                ///< "aws", "aws-cn", …: the second field of its ARNs
  std::string_view dns_suffix;        ///< "amazonaws.com"
  std::string_view dualstack_suffix;  ///< "api.aws"
  std::string_view
      global_region;  ///< where services without regions (Account) live and sign, IAM and Organizations apart
  std::string_view iam_host;
  std::string_view iam_fips_host;  ///< empty: none there
  std::string_view iam_dualstack_host;
  std::string_view iam_region;            ///< IAM signs for this region
  std::string_view organizations_host;    ///< empty where it is regional
  std::string_view organizations_region;  ///< Organizations signs for this region
};

/// Total: an unknown region belongs to `aws`.
const Partition& partition_of(const Region& region);
/// By its id; nothing for an id that AWS does not have.
const Partition* partition_named(std::string_view id);

}  // namespace rekeyer::aws
