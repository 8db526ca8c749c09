// Which actions on which resources a call needs to be allowed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sandbox/access/principal.hpp"
#include "sandbox/wire/call.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::sandbox {

/// How the policy of a resource and those of the caller work together.
enum class ResourceRule {
  usual,       ///< either is enough in one account, both are needed across accounts
  key,         ///< KMS: nothing without the key's policy, which may leave it to IAM by naming the account
  trusted_by,  ///< AssumeRole: the role's trust is decided by itself, here the caller's side only
};

struct Need {
  std::string action;    ///< "iam:ListUsers"
  std::string resource;  ///< ARN or "*"
  ResourceRule rule = ResourceRule::usual;
  const std::string* resource_policy = nullptr;  ///< JSON text; null: none
  const PolicyPrincipals* principals = nullptr;  ///< whom that policy means
  const Tags* resource_tags = nullptr;
  std::string via_service{};  ///< kms:ViaService; empty: called directly
};

/// Valid as long as the world does not change.
std::vector<Need> needs_of(World& world, const Call& call, const Principal& principal, Instant now);

// By service; needs_of() picks one.
std::vector<Need> iam_needs(World& world, const Call& call, const Principal& principal);
std::vector<Need> secret_needs(World& world, const Call& call, const Principal& principal, Instant now);
/// What reading the value of that secret takes: it, and the customer's key that it is encrypted with.
std::vector<Need> value_needs(World& world, const Call& call, const Principal& principal, std::string_view secret_id,
                              Instant now);
std::vector<Need> kms_needs(World& world, const Call& call, const Principal& principal);
std::vector<Need> message_needs(World& world, const Call& call, const Principal& principal);
std::vector<Need> event_needs(World& world, const Call& call, const Principal& principal);
std::vector<Need> schedule_needs(World& world, const Call& call, const Principal& principal);
std::vector<Need> state_machine_needs(World& world, const Call& call, const Principal& principal);
std::vector<Need> parameter_needs(World& world, const Call& call, const Principal& principal);
std::vector<Need> object_needs(World& world, const Call& call);
std::vector<Need> contact_needs(World& world, const Call& call, const Principal& principal);

/// A secret as the region of a call sees it: the primary's data, and the ARN with that region in it.
struct SeenSecret {
  const StoredSecret* secret = nullptr;
  std::string arn;
};
SeenSecret find_seen_secret(World& world, const AccountId& account, const Region& region, std::string_view name_or_arn,
                            Instant now);

/// Does the secret or call name a key of the customer's own: not empty, and not AWS's (alias/aws/…)?
bool is_customer_key(std::string_view kms_key_id);

/// What a parameter that is encrypted with the customer's key needs of that key.
Need parameter_key_need(const World& world, const Call& call, const AccountId& account, std::string_view key_id,
                        std::string_view action);

/// The nth part of an ARN, from 0; empty where there is none. 3: region, 4: account.
std::string_view arn_part(std::string_view arn, int part);

}  // namespace rekeyer::sandbox
