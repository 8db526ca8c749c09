// The names that tie a user to a secret and a key to a version. Pure, and stable for ever: state is found by them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/names.hpp"

namespace rekeyer::rotation {

/// The secret of a user: `{account}` and `{user}` filled in. A comma, which IAM allows and Secrets Manager does not,
/// becomes "=2C"; "=" stays itself unless that would read as an escape.
SecretName secret_name(std::string_view name_template, const AccountId& account, const UserName& user);

/// What all secrets of an account begin with: the template up to `{user}`.
std::string secret_name_prefix(std::string_view name_template, const AccountId& account);

/// The user whose secret this is; nothing where secret_name() gives no user that IAM can have this name.
std::optional<UserName> user_of_secret(std::string_view name_template, const AccountId& account, std::string_view name);
/// Does the name fit the template, whatever stands in the user's place?
bool fits_template(std::string_view name_template, const AccountId& account, std::string_view name);

/// The ClientRequestToken, and so the version id, under which a key's secret is stored: 64 hexadecimal digits derived
/// from (account, user, key id). Storing twice is storing once, and DescribeSecret alone tells which keys are stored.
VersionId version_token(const AccountId& account, const UserName& user, const AccessKeyId& key);

/// Is it such a token? Versions of other makers carry UUIDs.
bool is_version_token(std::string_view version_id);

/// The name of a member role's session, as CloudTrail shows it: `{run}` filled in.
std::string session_name(std::string_view name_template, const RunId& run);

}  // namespace rekeyer::rotation
