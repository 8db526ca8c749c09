// How each protocol words its trouble with a caller's credentials.
#pragma once

#include <string>

#include "sandbox/wire/call.hpp"
#include "sandbox/wire/service_error.hpp"

namespace rekeyer::sandbox {

/// Unknown, inactive, not yet spread: AWS tells them apart to nobody.
ServiceError unusable_credentials(const Call& call);
ServiceError expired_credentials(const Call& call);
ServiceError signature_mismatch(const Call& call, std::string message);
/// The signature is right, its date is too old or still to come.
ServiceError wrong_time(const Call& call, std::string message);
/// No signature at all, or one that can't be read.
ServiceError missing_signature(const Call& call);
ServiceError incomplete_signature(const Call& call);

}  // namespace rekeyer::sandbox
