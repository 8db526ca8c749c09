// The partition table. AWS adds a partition every few years; a region that none of these prefixes claims is commercial.
#include "aws/call/partition.hpp"

#include <array>

namespace rekeyer::aws {
namespace {

struct PartitionRow {
  std::string_view region_prefix;
  Partition partition;
};

// IAM in China lives and signs in cn-north-1, Organizations in cn-northwest-1: the partition's "default region" is no
// guide.
constexpr std::array<PartitionRow, 8> partitions{{
    {"us-gov-",
     {.id = "aws-us-gov",
      .dns_suffix = "amazonaws.com",
      .dualstack_suffix = "api.aws",
      .global_region = "us-gov-west-1",
      .iam_host = "iam.us-gov.amazonaws.com",
      .iam_fips_host = "iam.us-gov.amazonaws.com",
      .iam_dualstack_host = "iam.us-gov.api.aws",
      .iam_region = "us-gov-west-1",
      .organizations_host = "organizations.us-gov-west-1.amazonaws.com",
      .organizations_region = "us-gov-west-1"}},
    {"cn-",
     {.id = "aws-cn",
      .dns_suffix = "amazonaws.com.cn",
      .dualstack_suffix = "api.amazonwebservices.com.cn",
      .global_region = "cn-northwest-1",
      .iam_host = "iam.cn-north-1.amazonaws.com.cn",
      .iam_fips_host = "",
      .iam_dualstack_host = "iam.global.api.amazonwebservices.com.cn",
      .iam_region = "cn-north-1",
      .organizations_host = "organizations.cn-northwest-1.amazonaws.com.cn",
      .organizations_region = "cn-northwest-1"}},
    {"us-iso-",
     {.id = "aws-iso",
      .dns_suffix = "c2s.ic.gov",
      .dualstack_suffix = "api.aws.ic.gov",
      .global_region = "us-iso-east-1",
      .iam_host = "iam.us-iso-east-1.c2s.ic.gov",
      .iam_fips_host = "iam-fips.us-iso-east-1.c2s.ic.gov",
      .iam_dualstack_host = "iam.api.aws.ic.gov",
      .iam_region = "us-iso-east-1",
      .organizations_host = "organizations.us-iso-east-1.c2s.ic.gov",
      .organizations_region = "us-iso-east-1"}},
    {"us-isob-",
     {.id = "aws-iso-b",
      .dns_suffix = "sc2s.sgov.gov",
      .dualstack_suffix = "api.aws.scloud",
      .global_region = "us-isob-east-1",
      .iam_host = "iam.us-isob-east-1.sc2s.sgov.gov",
      .iam_fips_host = "iam-fips.us-isob-east-1.sc2s.sgov.gov",
      .iam_dualstack_host = "iam.api.aws.scloud",
      .iam_region = "us-isob-east-1",
      .organizations_host = "organizations.us-isob-east-1.sc2s.sgov.gov",
      .organizations_region = "us-isob-east-1"}},
    {"eu-isoe-",
     {.id = "aws-iso-e",
      .dns_suffix = "cloud.adc-e.uk",
      .dualstack_suffix = "api.cloud-aws.adc-e.uk",
      .global_region = "eu-isoe-west-1",
      .iam_host = "iam.eu-isoe-west-1.cloud.adc-e.uk",
      .iam_fips_host = "iam-fips.cloud.adc-e.uk",
      .iam_dualstack_host = "iam.api.cloud-aws.adc-e.uk",
      .iam_region = "eu-isoe-west-1",
      .organizations_host = "",
      .organizations_region = ""}},
    {"us-isof-",
     {.id = "aws-iso-f",
      .dns_suffix = "csp.hci.ic.gov",
      .dualstack_suffix = "api.aws.hci.ic.gov",
      .global_region = "us-isof-south-1",
      .iam_host = "iam.us-isof-south-1.csp.hci.ic.gov",
      .iam_fips_host = "iam-fips.csp.hci.ic.gov",
      .iam_dualstack_host = "iam.api.aws.hci.ic.gov",
      .iam_region = "us-isof-south-1",
      .organizations_host = "organizations.us-isof-south-1.csp.hci.ic.gov",
      .organizations_region = "us-isof-south-1"}},
    {"eusc-",
     {.id = "aws-eusc",
      .dns_suffix = "amazonaws.eu",
      .dualstack_suffix = "api.amazonwebservices.eu",
      .global_region = "eusc-de-east-1",
      .iam_host = "iam.eusc-de-east-1.amazonaws.eu",
      .iam_fips_host = "iam-fips.amazonaws.eu",
      .iam_dualstack_host = "iam.api.amazonwebservices.eu",
      .iam_region = "eusc-de-east-1",
      .organizations_host = "",
      .organizations_region = ""}},
    {"",
     {.id = "aws",
      .dns_suffix = "amazonaws.com",
      .dualstack_suffix = "api.aws",
      .global_region = "us-east-1",
      .iam_host = "iam.amazonaws.com",
      .iam_fips_host = "iam-fips.amazonaws.com",
      .iam_dualstack_host = "iam.global.api.aws",
      .iam_region = "us-east-1",
      .organizations_host = "organizations.us-east-1.amazonaws.com",
      .organizations_region = "us-east-1"}},
}};

}  // namespace

const Partition& partition_of(const Region& region) {
  for (const PartitionRow& row : partitions) {
    if (region.str().starts_with(row.region_prefix)) return row.partition;
  }
  return partitions.back().partition;
}

const Partition* partition_named(std::string_view id) {
  for (const PartitionRow& row : partitions) {
    if (row.partition.id == id) return &row.partition;
  }
  return nullptr;
}

}  // namespace rekeyer::aws
