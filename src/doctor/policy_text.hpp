// Reading policy documents of IAM and KMS, as far as doctor has a question to them. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace rekeyer::doctor {

struct PolicyCondition {
  std::string test;  ///< StringEquals, …
  std::string key;   ///< in lower case: "sts:externalid"
  std::vector<std::string> values;
};

struct PolicyStatement {
  bool allows = false;
  std::vector<std::string> actions;     ///< empty: NotAction, or none
  std::vector<std::string> principals;  ///< AWS principals; "*" for everybody
  std::vector<PolicyCondition> conditions;

  /// Case does not count, and "*" stands for anything at an action's end: "kms:*", "kms:De*".
  bool covers(std::string_view action) const;
};

/// Fails with `bad_reply` for what is no policy document.
Result<std::vector<PolicyStatement>> read_policy(std::string_view document);

}  // namespace rekeyer::doctor
