// The credential report's CSV as values. Pure. Columns are found by name; what is not understood is never "never used".
#pragma once

#include <optional>
#include <string_view>

#include "aws/http/xml.hpp"
#include "aws/services/iam.hpp"

namespace rekeyer::aws {

/// Fails with `bad_reply`: not CSV, a needed column is missing, no row that can be read. A row that can't be read (its
/// cells are not those of the heading, no user or ARN, a state or date that is none of those that AWS writes) is left
/// out and counted: one user's odd path must not hide all others. A last use that can't be read is `unknown`; that of
/// an active key without any is `never`.
Result<CredentialReport> parse_credential_report(std::string_view csv, std::optional<Instant> generated);
/// The same of GetCredentialReport's result, which holds the text as Base64.
Result<CredentialReport> read_credential_report(const XmlNode& result);

}  // namespace rekeyer::aws
