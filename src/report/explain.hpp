// Why one user is treated so: facts, rules with their sources, the decision, and what comes next. Pure.
#pragma once

#include <optional>
#include <string>

#include "policy/decision.hpp"
#include "report/report.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::report {

struct Explanation {
  rotation::UserState state;
  policy::Subject subject;
  policy::UserDecision decision;
  Instant as_of{};
  std::string account_name;
  std::string owner_tag;  ///< the user tag that names the owner; empty: none is configured
};

std::string explain_text(const Explanation& explanation, const Style& style);
std::string explain_json(const Explanation& explanation);

}  // namespace rekeyer::report
