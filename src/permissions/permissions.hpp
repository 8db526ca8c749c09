// The least policies for a configuration: pure, from settings and a role to a document. What is granted here is what
// the code calls with such settings; tests/contract/test_least_privilege.py proves that each action is needed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "permissions/model.hpp"
#include "permissions/policy_request.hpp"

namespace rekeyer::permissions {

/// The policy of `request.role`.
Document document_for(const config::Configuration& configuration, const PolicyRequest& request);

/// Every role's, in a fixed order: the member role's three (apply, plan, trust), the list role where there is one, the
/// caller, the functions.
std::vector<NamedDocument> all_documents(const config::Configuration& configuration, PolicyRequest request);

/// What secrets are called, with `*` for what the template leaves open: "Account_*_User_*_AccessKey".
std::string secret_name_pattern(std::string_view name_template);

/// What the documents' reader must know: placeholders to replace. Empty: nothing.
std::vector<std::string> placeholders_in(const Document& document);

}  // namespace rekeyer::permissions
