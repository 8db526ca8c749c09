// What a probe's report may not tell, so that it can be sent to anybody: whose account it is, and any key's id.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probe/account.hpp"

namespace rekeyer::probe {

class Redaction {
 public:
  explicit Redaction(const Account& account);
  Redaction() = default;

  /// `text` with account numbers, ids of keys, users and roles, of the organization, the caller's ARN, and mail
  /// addresses replaced by what they are.
  std::string operator()(std::string_view text) const;

 private:
  std::vector<std::pair<std::string, std::string>> known_;  ///< what → what stands for it
};

}  // namespace rekeyer::probe
