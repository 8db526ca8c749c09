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
/// Who may do something by a policy: the ARN of a role or user, with * and ?, and {account} in the account's place.
Complaint check_principal(std::string_view text);
/// A tag for secrets: neither AWS's nor rekeyer's own.
Complaint check_store_tag(std::string_view key, std::string_view value);
/// A template of names of sessions, with or without {run}.
Complaint check_session_name(std::string_view text);
/// A key's id or ARN, or an alias's name or ARN; `region` is where the key must be.
Complaint check_kms_key(std::string_view text, std::string_view region);

/// A bare address, as every mail service takes it.
Complaint check_mail_address(std::string_view text);
/// The same, or with a name before it: "Access keys <access-keys@example.com>".
Complaint check_mail_sender(std::string_view text);
/// A page for people: http or https.
Complaint check_page_url(std::string_view text);
/// Where events are sent: https, or http to this machine. Never shows the text: such a URL may be a secret itself.
Complaint check_hook_url(std::string_view text);
/// A server's name or IP address.
Complaint check_host(std::string_view text);
Complaint check_topic_arn(std::string_view text);
/// An event bus: its name or its ARN.
Complaint check_event_bus(std::string_view text);
/// The ARN of an identity of SES.
Complaint check_identity_arn(std::string_view text);
/// A Systems Manager parameter: its name or its ARN.
Complaint check_parameter(std::string_view text);
Complaint check_configuration_set(std::string_view text);
Complaint check_channel_name(std::string_view text);
/// A folder, or s3://bucket/prefix.
Complaint check_templates_place(std::string_view text);
/// What may stand in a tag in place of an address: one word.
Complaint check_owner_word(std::string_view text);
/// A domain that mail addresses end with: two labels at least, no wildcard.
Complaint check_mail_domain(std::string_view text);
/// The region that an ARN names; empty for what is no ARN.
std::string_view region_of_arn(std::string_view text);

/// A template of secret names: placeholders {account} and {user}, {user} among them, and nothing that Secrets Manager
/// refuses or that could be mistaken for an ARN's random end. `central`: secrets of all accounts share one account, so
/// {account} too.
Complaint check_name_template(std::string_view text, bool central);

}  // namespace rekeyer::config
