// What a mail says, before it is worded: the model that templates are rendered from. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "notify/model/channel.hpp"
#include "policy/notice.hpp"

namespace rekeyer::notify {

/// One notice with its surroundings.
struct NoticeContext {
  policy::Notice notice;
  AccountId account;
  std::string account_name;
  UserName user;
  std::optional<AccessKeyId> new_key;  ///< the current key, where another one replaces it
  SecretName secret;
  Region secret_region;
  AccountId secret_account;
  Period rotation_period{};
  Period installation_grace{};
  Period recovery_grace{};
};

/// More in one mail would be read by nobody, and providers cut it. A mail begins where this is reached, and shows all
/// of its notices: what an owner was told of is on record, so nothing may be left out.
inline constexpr std::size_t most_notices_a_mail = 60;

/// To the owner of some keys: everything of one run in one mail.
struct OwnerMail {
  std::string to;
  std::string sender;
  std::string help_url;
  Instant now{};
  std::vector<NoticeContext> keys;
};

/// One line of what was done, is due, held or failed.
struct ActionLine {
  AccountId account;
  std::string account_name;
  UserName user;
  AccessKeyId key;
  std::string action;  ///< "rotate"
  std::string status;  ///< "done"
  std::string reason;  ///< in words
  std::string detail;
  std::optional<Instant> due;
};

/// To an account's contact. With `audit`: nothing was changed, this is what would be done (the older system's audit
/// mail).
struct AccountDigest {
  std::string to;
  std::string sender;
  Instant now{};
  bool audit = false;
  AccountId account;
  std::string account_name;
  std::string partition = "aws";
  Period rotation_period{};
  Period installation_grace{};
  Period recovery_grace{};
  std::vector<ActionLine> actions;
};

struct OldKey {
  AccountId account;
  std::string account_name;
  UserName user;
  AccessKeyId key;  ///< may be empty: the report names no ids
  Instant created{};
};

/// To the administrators: the whole run in one mail.
struct AdministratorDigest {
  std::string to;
  std::string sender;
  Instant now{};
  RunId run;
  bool audit = false;
  bool weekly = false;
  std::string incomplete;  ///< why accounts may be missing
  std::size_t accounts = 0;
  std::size_t users = 0;
  std::vector<std::pair<std::string, std::size_t>> totals;  ///< "keys rotated" → 3, in order
  std::vector<ActionLine> failures;
  std::vector<ActionLine> denied_accounts;  ///< only account and reason are set
  std::vector<ActionLine> held;
  std::vector<ActionLine> unowned;        ///< users without an owner
  std::vector<ActionLine> undeliverable;  ///< owners who can't be reached, with the channel's words
  std::vector<ActionLine> exemptions;     ///< ending soon
  std::vector<OldKey> oldest;
  std::vector<std::string> failing_channels;
};

}  // namespace rekeyer::notify
