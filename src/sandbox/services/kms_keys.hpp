// Which KMS key a name leads to, and whether Secrets Manager can use it.
#pragma once

#include <string_view>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

/// By key id, in that account and region, or by ARN, which leads to its own; null where there is none. Aliases: none;
/// DescribeKey knows that of AWS's own key for secrets.
KmsKey* find_kms_key(World& world, const AccountId& account, const Region& region, std::string_view id_or_arn);

/// The one that the call's KeyId leads to.
ServiceResult<KmsKey*> wanted_kms_key(const Call& call, const Context& context);

/// The managed key aws/secretsmanager: no key of the account's own, always usable.
bool is_managed_key(std::string_view kms_key_id);

/// Can the secret of that ARN be encrypted with the key? Refused with EncryptionFailure where the key does not exist or
/// is disabled.
ServiceResult<void> check_encryption_key(World& world, std::string_view secret_arn, std::string_view kms_key_id);
/// The same for reading, with DecryptionFailure.
ServiceResult<void> check_decryption_key(World& world, std::string_view secret_arn, std::string_view kms_key_id);

}  // namespace rekeyer::sandbox
