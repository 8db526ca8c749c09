// Policy documents as IAM takes them: checked before they are stored, percent-encoded in replies.
#pragma once

#include <string>
#include <string_view>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

/// The call's member as an identity policy: MalformedPolicyDocument for another thing, for a statement without actions
/// or resources, and for one that names a principal.
ServiceResult<std::string> identity_document(const Call& call, std::string_view member = "PolicyDocument");

/// The call's member as a role's trust policy: every statement needs a principal and must not name resources.
ServiceResult<std::string> trust_document(const Call& call, std::string_view member);

/// Characters of a document as IAM's quotas count them: without white space.
std::size_t document_size(std::string_view document);

}  // namespace rekeyer::sandbox
