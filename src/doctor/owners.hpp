// Whether the places in which owners' addresses are looked for may be asked.
#pragma once

#include <optional>
#include <string>

#include "doctor/check.hpp"
#include "engine/context.hpp"
#include "rotation/aws_gateway.hpp"

namespace rekeyer::doctor {

/// Asked of one account; nothing: that link is not in the chain, or there is no account to ask about.
struct OwnersFacts {
  AccountId account;
  std::optional<Result<>> account_tag;
  std::optional<Result<>> alternate_contact;
};

Checks judge(const OwnersFacts& facts);

/// Organizations ListTagsForResource and Account GetAlternateContact of `account`.
Task<OwnersFacts> ask_owners(const engine::Context& context, rotation::OwnIdentity self, AccountId account);

}  // namespace rekeyer::doctor
