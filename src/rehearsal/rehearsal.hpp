// The configured policy played forward day by day: the decisions are policy's own, the changes are what a run would
// make of them, owners behave as assumed. No wire, no waiting.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "policy/decision.hpp"
#include "rehearsal/mail_count.hpp"
#include "rehearsal/rehearsal_report.hpp"
#include "rehearsal/user_life.hpp"
#include "rotation/run.hpp"

namespace rekeyer::rehearsal {

struct RehearsalOptions {
  std::size_t days = 365;
  Behaviour behaviour;
  ChangeDelays delays;
  /// Every user is decided on every day, also where nothing can have changed. For tests: the result is the same.
  bool look_at_everybody = false;
};

class Rehearsal {
 public:
  /// Limits hold as in a run, account by account in the model's order, in each account what fell due first.
  Rehearsal(Model model, const rotation::LimitSettings& limits, RehearsalOptions plan);
  Rehearsal(const Rehearsal&) = delete;
  Rehearsal& operator=(const Rehearsal&) = delete;

  bool over() const { return days_.size() >= plan_.days; }
  /// One run of rekeyer, a day after the one before.
  void advance_a_day();
  std::size_t days_lived() const { return days_.size(); }
  /// The days lived so far and how things stand after them. `world`: what was rehearsed.
  RehearsalReport result(std::string world);

 private:
  struct Candidate {
    std::uint32_t user = 0;
    Instant due{};
    policy::UserDecision decision;
  };

  Instant today() const { return model_.start + std::chrono::days{static_cast<int>(days_.size())}; }
  void visit(const std::vector<std::uint32_t>& users, rotation::ChangeBudget& budget, Day& day);
  policy::UserDecision look(std::uint32_t number, Instant now, policy::Words words = policy::Words::left_out);
  void stand(User& user, const policy::UserDecision& decision);
  /// Whoever has nothing to change: what was seen is recorded, and what there is to tell is told.
  void note(std::uint32_t number, const policy::UserDecision& decision, Day& day);
  void apply(Candidate candidate, Day& day);
  void act(std::uint32_t number, const policy::UserDecision& decision, Day& day);
  /// Tells what there is to tell at `now`, after the day's steps; `removed` were deleted by them.
  void tell(std::uint32_t number, const policy::UserDecision& decision, const std::vector<AccessKeyId>& removed,
            Instant now, Day& day);
  void count_waiting(const policy::UserDecision& decision, Day& day) const;
  void schedule_next_look(std::uint32_t number, const policy::UserDecision& decision);
  Population population();

  Model model_;
  rotation::LimitSettings limits_;
  RehearsalOptions plan_;
  UserLife life_;
  std::vector<Day> days_;
  std::vector<std::vector<std::uint32_t>> looks_;  ///< by day: who is looked at
  Population before_;
  // What stands until a user is looked at again, over all users.
  std::size_t warned_ = 0;
  std::size_t held_ = 0;
  std::size_t overdue_ = 0;
  MailCount mails_;
};

}  // namespace rekeyer::rehearsal
