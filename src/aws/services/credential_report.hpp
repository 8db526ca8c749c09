// The credential report's CSV as values. Pure. Columns are found by name; what is not understood is never "never used".
#pragma once

#include <optional>
#include <string_view>

#include "aws/http/xml.hpp"
#include "aws/services/iam.hpp"

namespace rekeyer::aws {

/// Fails with `bad_reply`: not CSV, a needed column is missing, a row without a user or ARN, a state or date that is
/// none of those that AWS writes. A last use that can't be read is `unknown`; that of an active key without any is
/// `never`.
Result<CredentialReport> parse_credential_report(std::string_view csv, std::optional<Instant> generated);
/// The same of GetCredentialReport's result, which holds the text as Base64.
Result<CredentialReport> read_credential_report(const XmlNode& result);

}  // namespace rekeyer::aws
