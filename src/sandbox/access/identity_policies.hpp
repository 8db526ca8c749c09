// All that the identity policies of a user or a role say: its own, those attached to it, those of its groups.
#pragma once

#include "sandbox/access/judge.hpp"
#include "sandbox/access/principal.hpp"

namespace rekeyer::sandbox {

AccessDecision judge_identity(const World& world, const Principal& principal, const Question& question);

}  // namespace rekeyer::sandbox
