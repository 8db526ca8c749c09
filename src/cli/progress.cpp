#include "cli/progress.hpp"

#include <fmt/format.h>

#include "cli/terminal.hpp"
#include "policy/change_order.hpp"

namespace rekeyer::cli {

rotation::SweepObserver Progress::observer() {
  rotation::SweepObserver observer;
  if (!on_) return observer;
  observer.account_started = [this](const rotation::AccountTarget& target) {
    ++started_;
    current_ = target.id.str();
    draw();
  };
  observer.account_finished = [this](const rotation::AccountOutcome& outcome) {
    ++finished_;
    if (outcome.status == rotation::AccountStatus::skipped) ++started_;
    users_ += outcome.users;
    for (const auto& action : outcome.actions) {
      if (!policy::is_change(action.action)) continue;
      if (action.status == rotation::ActionStatus::failed) ++failed_;
      if (action.status != rotation::ActionStatus::held) ++done_;
    }
    draw();
  };
  return observer;
}

void Progress::draw() {
  say(fmt::format("{}{} of {} accounts so far · {} users · {} changes{} · {}", erase_line, finished_, started_, users_,
                  done_, failed_ == 0 ? std::string() : fmt::format(" ({} failed)", failed_), current_));
}

void Progress::clear() {
  if (on_ && started_ > 0) say(erase_line);
}

}  // namespace rekeyer::cli
