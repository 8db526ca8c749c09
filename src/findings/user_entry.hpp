// One user of a survey as an entry of the inventory. Pure.
#pragma once

#include "findings/inventory.hpp"
#include "rotation/survey.hpp"

namespace rekeyer::findings {

/// What the survey tells of the user, and what policy decides by it at `now`; all but the owner.
UserEntry entry_of(rotation::SurveyedUser user, Instant now);

}  // namespace rekeyer::findings
