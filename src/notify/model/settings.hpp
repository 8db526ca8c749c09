// What rekeyer.toml says of messages: [notify], [[notify.channel]] and [owner]. Filled by config/.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "policy/notice.hpp"

namespace rekeyer::notify {

/// Where an owner's address is looked for, one link of the chain.
enum class OwnerSource { user_tag, group, account_tag, alternate_contact, account_email, fallback };

/// [owner]
struct OwnerSettings {
  std::vector<OwnerSource> chain{OwnerSource::user_tag,          OwnerSource::group,         OwnerSource::account_tag,
                                 OwnerSource::alternate_contact, OwnerSource::account_email, OwnerSource::fallback};
  std::string tag = "owner";          ///< of the IAM user: one or several addresses, or names of `names`
  std::string account_tag = "owner";  ///< of the account in Organizations
  std::map<std::string, std::vector<std::string>> groups;                 ///< IAM group → addresses
  std::map<std::string, std::vector<std::string>> names;                  ///< a word of a tag → addresses
  std::vector<std::string> alternate_contacts{"security", "operations"};  ///< AWS's kinds, in this order
  std::vector<std::string> fallback;                                      ///< `default`
  std::vector<std::string> domains;  ///< where owners' mailboxes may be, in lower case; empty: anywhere
};

enum class ChannelKind { ses, smtp, sns, webhook, eventbridge, file };
enum class SmtpSecurity { tls, starttls };
enum class WebhookBody { slack, teams, json };

/// One [[notify.channel]]. Which fields count follows from `kind`.
struct ChannelSettings {
  std::string name;  ///< unique; the kind where none is given
  ChannelKind kind = ChannelKind::ses;
  Region region;                           ///< ses, sns, eventbridge; empty: the caller's
  double rate = 10;                        ///< messages a second at most
  std::vector<policy::NoticeKind> events;  ///< sns, webhook, eventbridge, file: only these; empty: all
  std::string identity_arn;                ///< ses: FromEmailAddressIdentityArn
  std::string configuration_set;           ///< ses
  std::string host;                        ///< smtp
  std::uint16_t port = 0;                  ///< smtp; 0: 465 or 587
  SmtpSecurity security = SmtpSecurity::tls;
  std::string user_parameter;  ///< smtp: names of SSM parameters
  std::string password_parameter;
  std::string topic_arn;       ///< sns
  std::string url;             ///< webhook; or
  std::string url_parameter;   ///< webhook: the SSM parameter that holds the URL, which may be a secret itself
  std::string hmac_parameter;  ///< webhook, json: the SSM parameter with the key of its signature
  WebhookBody body = WebhookBody::json;
  std::string bus;   ///< eventbridge: name or ARN
  std::string path;  ///< file: appended to; "-": standard output

  bool mails() const { return kind == ChannelKind::ses || kind == ChannelKind::smtp; }
};

/// [notify]
struct Settings {
  std::string from;  ///< "Name <address>" or an address
  std::vector<std::string> reply_to;
  std::vector<std::string> administrators;  ///< addresses of the digest
  bool account_digest = false;              ///< one mail per account and run to the account's e-mail address
  std::optional<std::chrono::weekday>
      weekly;             ///< administrators get a summary on that day (UTC) even when nothing happened
  std::string templates;  ///< a folder, or s3://bucket/prefix; empty: the built-in ones
  Period unreachable_after = std::chrono::days{14};  ///< when administrators are told that an owner can't be reached
  std::string help_url;                              ///< where owners read more; may be empty
  std::vector<ChannelSettings> channels;
  OwnerSettings owner;

  bool enabled() const { return !channels.empty(); }
};

}  // namespace rekeyer::notify
