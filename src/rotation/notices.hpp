// What one user's owner is to be told after a run has looked at the user, with all that a message needs to say it. Pure
// data.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "policy/notice.hpp"
#include "policy/rules.hpp"

namespace rekeyer::rotation {

struct UserNotices {
  policy::Subject subject;  ///< account, user, tags and groups: who the owner is
  std::string account_name;
  std::string account_email;
  policy::Rules rules;
  std::vector<policy::Notice> notices;     ///< not told yet, or for another day
  policy::NoticeRecord record;             ///< as it stands in the tag
  std::optional<AccessKeyId> current_key;  ///< stored and published by rekeyer
  SecretName secret;                       ///< the secret's name
  Region secret_region;
  AccountId secret_account;  ///< the account that holds it
};

}  // namespace rekeyer::rotation
