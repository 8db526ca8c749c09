#include "lambda/tally.hpp"

namespace rekeyer::lambda {

void count(const std::vector<rotation::ActionOutcome>& actions, Tally& tally) {
  for (const auto& action : actions) {
    const bool change = rotation::is_change(action.action);
    switch (action.status) {
      case rotation::ActionStatus::planned: tally.due += change ? 1 : 0; break;
      case rotation::ActionStatus::done: tally.done += change ? 1 : 0; break;
      case rotation::ActionStatus::held: tally.held += action.action == policy::Action::exempt ? 0 : 1; break;
      case rotation::ActionStatus::failed: ++tally.failed; break;
    }
  }
}

}  // namespace rekeyer::lambda
