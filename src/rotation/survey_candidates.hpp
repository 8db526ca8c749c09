// Whom of a surveyed account a run looks at more closely: whoever has something to change, to say or to record.
#pragma once

#include <optional>
#include <vector>

#include "rotation/account_outcome.hpp"
#include "rotation/run.hpp"
#include "rotation/survey.hpp"

namespace rekeyer::rotation {

/// What the survey knows of a user, for planning without a closer look.
struct BulkPicture {
  policy::UserFacts facts;
  policy::Rules rules;
  /// Some keys have slots for ids, and whose record or signature depends on which is which; or ids are asked for.
  bool needs_ids = false;
};

/// Whom a run looks at, or plans for by what the survey knows.
struct Candidate {
  UserContext context;
  std::optional<BulkPicture> picture{};  ///< nothing: to be looked at
};

/// A user with something to change, as the survey saw it.
struct DueUser {
  Candidate candidate;
  policy::Action action = policy::Action::rotate;  ///< of the change that is due for the longest
  policy::Reason reason = policy::Reason::young;
  std::optional<Instant> due;
};

struct SurveyCandidates {
  std::vector<DueUser> due;
  std::vector<Candidate> others;  ///< to be warned, told, recorded or understood
};

/// What pick_candidates() may go by.
struct Picking {
  /// Nothing is changed, and what the credential report says is enough for whoever has no record and no doubts; when it
  /// was made. Nothing: everybody is looked at.
  std::optional<Instant> by_report;
  bool own_account = false;  ///< one of its keys signs the run's requests
};

/// Decides on the survey's picture. Who is quiet or exempt is counted in `outcome`, and so are the ages of keys and how
/// many changes come in a year. Takes the users apart.
SurveyCandidates pick_candidates(const RunContext& run, const Picking& picking, std::vector<SurveyedUser>& users,
                                 AccountOutcome& outcome);

}  // namespace rekeyer::rotation
