// Why one user is treated so: facts, rules with their sources, the decision, and what comes next. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/decision.hpp"
#include "policy/match.hpp"
#include "report/report.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::report {

/// Who is told about the user's keys.
struct ExplainedOwner {
  std::vector<std::string> addresses;  ///< empty: nobody
  std::string source;                  ///< "user tag owner"
  std::string why_nobody;
};

struct Explanation {
  rotation::UserState state;
  policy::Subject subject;
  policy::UserDecision decision;
  Instant as_of{};
  std::string account_name;
  ExplainedOwner owner;
};

std::string explain_text(const Explanation& explanation, const Style& style);
std::string explain_json(const Explanation& explanation);

}  // namespace rekeyer::report
