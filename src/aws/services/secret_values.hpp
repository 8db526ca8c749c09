// Secrets Manager's objects as values. Pure; each reader fails with `bad_reply` where something needed is missing.
#pragma once

#include <string_view>

#include "aws/http/json.hpp"
#include "aws/services/page.hpp"
#include "aws/services/secrets_manager.hpp"

namespace rekeyer::aws {

/// DescribeSecret's result.
Result<SecretDescription> read_described_secret(const JsonValue& result);
/// ListSecrets' result: the secrets whose names begin with `prefix` (the service matches names without case, and words
/// in any order).
Result<Page<SecretDescription>> read_secret_page(const JsonValue& result, std::string_view prefix);

}  // namespace rekeyer::aws
