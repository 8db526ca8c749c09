// A secret's versions: a token binds one to its value, labels move between them, old ones without a label go.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/services/secret_rules.hpp"
#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

inline constexpr std::string_view current_label = "AWSCURRENT";
inline constexpr std::string_view previous_label = "AWSPREVIOUS";

/// The version that has the label; null where none has.
SecretVersion* holder_of(StoredSecret& secret, std::string_view label);

/// Moves the label there; AWSPREVIOUS follows to where AWSCURRENT came from.
void move_label(StoredSecret& secret, const std::string& label, SecretVersion& target);

/// Stores the value as the version `token`, and moves the labels to it. The same token with the same value again only
/// moves the labels; with another value it is refused (ResourceExistsException), as is a key that can't encrypt.
ServiceResult<SecretVersion*> store_version(StoredSecret& secret, const std::string& token, NewValue value,
                                            const std::vector<std::string>& labels, const Context& context);

}  // namespace rekeyer::sandbox
