// Whom a resource policy means. AWS keeps a user or a role that a policy names by its unique id, and shows the ARN that
// this id has now: a renamed user stays meant, one that is made again under the old name is not.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/world/world.hpp"

namespace rekeyer::sandbox {

/// The AWS principals of one statement, of Principal or of NotPrincipal: ARNs, account ids, unique ids, "*".
std::vector<std::string_view> aws_principals(const boost::json::object& statement);

/// The unique id of the user or role that an ARN names now, or that is the text itself; nothing where there is none.
std::optional<std::string> unique_id_of(const World& world, std::string_view principal);

/// Binds those principals of the secret's policy that exist now and are not bound yet. For policies that were not put
/// by a call, and may name whoever is still to come.
void bind_principals(const World& world, StoredSecret& secret);

/// The policy as GetResourcePolicy shows it: as it was put, but for users and roles who have another ARN by now, or who
/// are gone, of whom only the id is left. Nothing where there is no policy.
std::optional<std::string> shown_policy(const World& world, const StoredSecret& secret);

}  // namespace rekeyer::sandbox
