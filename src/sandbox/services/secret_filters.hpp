// The filters of ListSecrets and BatchGetSecretValue.
#pragma once

#include <string>
#include <vector>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

/// A secret as a list sees it: in a region, and perhaps as it was a while ago.
struct ListedSecret {
  const StoredSecret* secret = nullptr;
  Region region;
  const SecretPast* past = nullptr;
};

enum class FilterKey { name, description, tag_key, tag_value, primary_region, owning_service, all };

/// Passes what matches one of `wanted` (where there are any) and none of `unwanted` (written with a leading "!").
struct SecretFilter {
  FilterKey key = FilterKey::name;
  std::vector<std::string> wanted;
  std::vector<std::string> unwanted;
};

/// Refuses unknown keys, values of other characters than AWS's, and more than 10 of either.
ServiceResult<std::vector<SecretFilter>> read_secret_filters(const Call& call);

/// Does the secret pass all of them?
bool passes(const std::vector<SecretFilter>& filters, const ListedSecret& listed);

}  // namespace rekeyer::sandbox
