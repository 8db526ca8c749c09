// Which KMS key a name leads to.
#include "sandbox/services/kms_keys.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

#include "sandbox/services/secret_place.hpp"
#include "sandbox/world/arn.hpp"

namespace rekeyer::sandbox {
namespace {

/// "arn:partition:kms:region:account:key/id".
struct KeyAddress {
  Region region;
  AccountId account;
  std::string_view id;
};

std::optional<KeyAddress> read_arn(std::string_view arn) {
  constexpr std::string_view kind = "key/";
  const auto parts = arn_parts(arn);
  if (!parts || parts->service != "kms" || !parts->resource.starts_with(kind)) return std::nullopt;
  return KeyAddress{Region(std::string(parts->region)), AccountId(std::string(parts->account)),
                    parts->resource.substr(kind.size())};
}

KmsKey* key_in(World& world, const AccountId& account, const Region& region, std::string_view id) {
  Account* const owner = world.find_account(account);
  if (owner == nullptr) return nullptr;
  const auto vault = owner->vaults.find(region);
  if (vault == owner->vaults.end()) return nullptr;
  const auto found = vault->second.keys.find(std::string(id));
  return found == vault->second.keys.end() ? nullptr : &found->second;
}

/// What is wrong with the key; empty: nothing.
std::string trouble(World& world, std::string_view secret_arn, std::string_view kms_key_id) {
  if (is_managed_key(kms_key_id)) return {};
  const Region region{std::string(region_in(secret_arn))};
  const KmsKey* const key = find_kms_key(world, AccountId(std::string(account_in(secret_arn))), region, kms_key_id);
  if (key == nullptr) return fmt::format("The KMS key {} does not exist.", kms_key_id);
  if (const auto address = read_arn(kms_key_id); address && address->region != region) {
    return fmt::format("The KMS key {} is not in the region of the secret.", kms_key_id);
  }
  if (key->spec != symmetric_key_spec) return fmt::format("The KMS key {} does not encrypt.", kms_key_id);
  if (!key->enabled) return fmt::format("The KMS key {} is disabled.", kms_key_id);
  return {};
}

}  // namespace

KmsKey* find_kms_key(World& world, const AccountId& account, const Region& region, std::string_view id_or_arn) {
  if (!id_or_arn.starts_with("arn:")) return key_in(world, account, region, id_or_arn);
  const auto address = read_arn(id_or_arn);
  return address ? key_in(world, address->account, address->region, address->id) : nullptr;
}

ServiceResult<KmsKey*> wanted_kms_key(const Call& call, const Context& context) {
  const std::string_view id = call.text_or_empty("KeyId");
  if (id.empty()) {
    return refuse(
        "ValidationException",
        "1 validation error detected: Value at 'keyId' failed to satisfy constraint: Member must not be null");
  }
  KmsKey* const key = find_kms_key(context.world, context.caller.account, call.region, id);
  if (key == nullptr) return refuse("NotFoundException", fmt::format("Key '{}' does not exist", id));
  return key;
}

bool is_managed_key(std::string_view kms_key_id) {
  return kms_key_id.empty() || kms_key_id == "alias/aws/secretsmanager" ||
         (kms_key_id.starts_with("arn:") && kms_key_id.ends_with(":alias/aws/secretsmanager"));
}

ServiceResult<void> check_encryption_key(World& world, std::string_view secret_arn, std::string_view kms_key_id) {
  if (const auto problem = trouble(world, secret_arn, kms_key_id); !problem.empty()) {
    return refuse("EncryptionFailure", "Secrets Manager can't encrypt the secret value. " + problem);
  }
  return {};
}

ServiceResult<void> check_decryption_key(World& world, std::string_view secret_arn, std::string_view kms_key_id) {
  if (const auto problem = trouble(world, secret_arn, kms_key_id); !problem.empty()) {
    return refuse("DecryptionFailure", "Secrets Manager can't decrypt the secret value. " + problem);
  }
  return {};
}

}  // namespace rekeyer::sandbox
