// GetRandomPassword.
#pragma once

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

/// A password of the asked length and kinds of characters, drawn from the world's ids.
Output get_random_password(const Call& call, const Context& context);

}  // namespace rekeyer::sandbox
