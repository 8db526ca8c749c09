// How each protocol words its trouble with a caller's credentials.
#pragma once

#include <string>

#include "sandbox/wire/call.hpp"
#include "sandbox/wire/refusal.hpp"

namespace rekeyer::sandbox {

/// Unknown, inactive, not yet spread: AWS tells them apart to nobody.
Refusal unusable_credentials(const Call& call);
Refusal expired_credentials(const Call& call);
Refusal signature_mismatch(const Call& call, std::string message);
/// The signature is right, its date is too old or still to come.
Refusal wrong_time(const Call& call, std::string message);
/// No signature at all, or one that can't be read.
Refusal missing_signature(const Call& call);
Refusal incomplete_signature(const Call& call);

}  // namespace rekeyer::sandbox
