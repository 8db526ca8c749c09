// Whom of a surveyed account a run looks at more closely: whoever has something to change, to say or to record.
#pragma once

#include <optional>
#include <vector>

#include "rotation/account_outcome.hpp"
#include "rotation/run.hpp"
#include "rotation/survey.hpp"

namespace rekeyer::rotation {

/// A user with something to change, as the survey saw it.
struct DueUser {
  UserContext context;
  policy::Action action = policy::Action::rotate;  ///< of the change that is due for the longest
  policy::Reason reason = policy::Reason::young;
  std::optional<Instant> due;
};

struct SurveyCandidates {
  std::vector<DueUser> due;
  std::vector<UserContext> others;  ///< to be warned, told, recorded or understood
};

/// Decides on the survey's picture. Who is quiet or exempt is counted in `outcome`, and so are the ages of keys and how
/// many changes come in a year. Takes the contexts out of `users`.
SurveyCandidates pick_candidates(const RunContext& run, std::vector<SurveyedUser>& users, AccountOutcome& outcome);

}  // namespace rekeyer::rotation
