// A sandbox's world as a rehearsal's beginning: what a survey of it would tell, read straight from its state.
#pragma once

#include "config/config.hpp"
#include "rehearsal/model.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::rehearsal {

/// The accounts are those that a run with these settings and this filter would visit; those without the world's member
/// role are left out, as they would be denied. A world without an organisation is taken whole. Fails where the scope
/// can't be worked out.
Result<Model> model_of(const sandbox::World& world, const config::Configuration& configuration,
                       const rotation::Filter& filter, const Behaviour& behaviour, Instant now);

}  // namespace rekeyer::rehearsal
