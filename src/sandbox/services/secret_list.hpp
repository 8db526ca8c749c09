// ListSecrets: pages of a region's secrets, filtered; by prefix without looking at the others; and as stale as asked
// for.
#pragma once

#include <string>
#include <vector>

#include "sandbox/services/secret_filters.hpp"
#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

struct SecretPage {
  std::vector<ListedSecret> secrets;
  std::string next;  ///< the token of the next page; empty: this is the last
};

/// The page that the call's NextToken names: by name, unless SortBy or SortOrder ask for another order. AWS promises
/// none where neither is given; by name, a page costs no more than itself.
ServiceResult<SecretPage> page_of_secrets(const Call& call, const Context& context, std::size_t size);

Output list_secrets(const Call& call, const Context& context);

}  // namespace rekeyer::sandbox
