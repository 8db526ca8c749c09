// Is a text a name that AWS would take? Each check gives nothing where it is, and else what is wrong, for a message.
#pragma once

#include <string_view>

#include "config/draft.hpp"

namespace rekeyer::config {

Complaint check_account_id(std::string_view text);
/// ou-…, or r-… for the root.
Complaint check_ou_id(std::string_view text);
Complaint check_region(std::string_view text);
/// A role's name, with or without a path before it.
Complaint check_role_name(std::string_view text);
Complaint check_role_arn(std::string_view text);
/// Never shows the text: an external id is not meant for logs.
Complaint check_external_id(std::string_view text);
Complaint check_user_name(std::string_view text);
/// A user name with `*` and `?`.
Complaint check_user_pattern(std::string_view text);
Complaint check_user_path(std::string_view text);
Complaint check_group_name(std::string_view text);
Complaint check_tag_key(std::string_view text);
/// A key's id or ARN, or an alias's name or ARN; `region` is where the key must be.
Complaint check_kms_key(std::string_view text, std::string_view region);

/// A template of secret names: placeholders {account} and {user}, {user} among them, and nothing that Secrets Manager
/// refuses or that could be mistaken for an ARN's random end. `central`: secrets of all accounts share one account, so
/// {account} too.
Complaint check_name_template(std::string_view text, bool central);

}  // namespace rekeyer::config
