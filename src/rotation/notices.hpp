// What one user's owner is to be told after a run has looked at the user, with all that a message needs to say it. Pure
// data.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "policy/match.hpp"
#include "policy/notice.hpp"
#include "policy/rules.hpp"

namespace rekeyer::rotation {

struct UserNotices {
  policy::Subject subject;  ///< account, user, tags and groups: who the owner is
  std::string account_name;
  std::string account_email;
  policy::Rules rules;
  std::vector<policy::Notice>
      notices;                  ///< not told yet, or for another day; may be empty in a plan, where something is due
  policy::NoticeRecord record;  ///< as it stands in the tag, but for keys of which there is nothing more to tell
  policy::NoticeRecord read;    ///< as it stood there
  std::optional<AccessKeyId> current_key;  ///< stored and published by rekeyer
  SecretName secret;
  Arn secret_arn;  ///< empty where the secret is still to be made
  Region secret_region;
  Instant decided{};  ///< when
};

}  // namespace rekeyer::rotation
