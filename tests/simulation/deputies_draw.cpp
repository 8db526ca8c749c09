// Which organizations name deputies under [store] writers at times.
#include "simulation/scenario.hpp"

namespace rekeyer::simulation {

void draw_deputies(Random random, Scenario& scenario, Instant start) {
  if (!random.chance(0.3) || scenario.settings.store.location != rotation::StoreLocation::member) return;
  auto& world = scenario.world.world;
  for (const auto& [id, account] : world.accounts) {
    const bool callers_own = id == world.tooling || id == world.organization.management;
    if (!callers_own) scenario.deputies.push_back(add_member(world, id, deputies_role, start));
  }
  scenario.reconfigurations_a_day = random.chance(0.5) ? 0.1 : 0.4;
}

}  // namespace rekeyer::simulation
