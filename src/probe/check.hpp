// Everything that rekeyer believes of AWS and that no test here can see: a row each.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "probe/bench.hpp"
#include "probe/finding.hpp"

namespace rekeyer::probe {

/// How long a check may take on AWS.
enum class Takes {
  a_moment,
  a_while,  ///< waits for something to spread: left out by --quick
};

/// A failure means that the question could not be asked; see unanswered().
using Attempt = ResultTask<Finding> (*)(Bench& bench);

struct Check {
  std::string_view name;      ///< "secrets.put-same-token-same-value": stable, for programs
  std::string_view belief;    ///< one sentence
  std::string_view rests_on;  ///< a design document or a file
  Takes takes = Takes::a_moment;
  Attempt attempt = nullptr;  ///< null: nothing is ever asked, for `reason`
  std::string_view reason = {};
};

// One file or more for each service.
std::span<const Check> user_checks();
std::span<const Check> key_checks();
std::span<const Check> right_checks();
std::span<const Check> report_checks();
std::span<const Check> session_checks();
std::span<const Check> signature_checks();
std::span<const Check> secret_right_checks();
std::span<const Check> secret_value_checks();
std::span<const Check> secret_list_checks();
std::span<const Check> secret_policy_checks();
std::span<const Check> secret_tag_checks();
std::span<const Check> secret_deletion_checks();
std::span<const Check> secret_replica_checks();
std::span<const Check> denial_checks();
std::span<const Check> organization_checks();
std::span<const Check> kms_checks();
std::span<const Check> ses_checks();
std::span<const Check> sns_checks();
std::span<const Check> rate_checks();
std::span<const Check> deployment_checks();

/// All of them, in the order in which they are tried.
std::vector<Check> all_checks();

/// Those whose names fit one of the patterns, or all where there is none: "secrets" and "secrets.*" are a group,
/// "*token*" is any part of a name.
std::vector<Check> selected(const std::vector<Check>& checks, const std::vector<std::string>& patterns);
bool fits(std::string_view name, std::string_view pattern);

}  // namespace rekeyer::probe
