#include "rehearsal/rehearsal.hpp"

#include <algorithm>
#include <tuple>

#include "policy/announcement.hpp"
#include "policy/change_order.hpp"
#include "policy/pending_notices.hpp"
#include "policy/transitions.hpp"
#include "rehearsal/next_look.hpp"
#include "rotation/outcome.hpp"

namespace rekeyer::rehearsal {
namespace {

using policy::Action;

/// The keys that the decision asks to do this with.
std::size_t count(const policy::UserDecision& decision, Action action) {
  return static_cast<std::size_t>(std::ranges::count(decision.keys, action, &policy::KeyDecision::action));
}

}  // namespace

Rehearsal::Rehearsal(Model model, const rotation::LimitSettings& limits, RehearsalOptions plan)
    : model_(std::move(model)),
      limits_(limits),
      plan_(plan),
      life_(model_, plan_.behaviour, plan_.delays),
      looks_(plan_.days + 1),
      mails_(model_.owners.size()) {
  before_ = population();
  for (std::uint32_t number = 0; number < model_.users.size(); ++number) looks_.front().push_back(number);
}

void Rehearsal::advance_a_day() {
  Day day;
  day.at = today();
  rotation::ChangeBudget budget(limits_);
  auto users = std::move(looks_[days_.size()]);
  looks_[days_.size()] = {};
  std::ranges::sort(users);
  visit(users, budget, day);
  day.warned = warned_;
  day.held = held_;
  day.overdue = overdue_;
  mails_.end_day(day);
  days_.push_back(day);
}

void Rehearsal::visit(const std::vector<std::uint32_t>& users, rotation::ChangeBudget& budget, Day& day) {
  std::vector<Candidate> candidates;
  for (const auto number : users) {
    auto decision = look(number, today());
    if (const auto* first = policy::first_change(decision)) {
      const auto since = policy::due_since(first->action, first->due);
      candidates.push_back({number, since, std::move(decision)});
      continue;
    }
    note(number, decision, day);
    schedule_next_look(number, decision);
  }
  std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) {
    return std::tie(a.due, a.user) < std::tie(b.due, b.user);
  });
  for (auto& candidate : candidates) {
    User& user = model_.users[candidate.user];
    const auto number = candidate.user;
    if (budget.take(model_.accounts[user.account].id)) {
      stand(user, candidate.decision);  // nobody is told of users whose turn does not come: they are not looked at
      count_waiting(candidate.decision, day);
    } else {
      apply(std::move(candidate), day);
    }
    looks_[days_.size() + 1].push_back(number);
  }
}

policy::UserDecision Rehearsal::look(std::uint32_t number, Instant now, policy::Words words) {
  const User& user = model_.users[number];
  return policy::decide(life_.look(user, now), model_.rules[user.rules], policy::Force{}, now, words);
}

/// Replaces what the user adds to the rows of the day's report.
void Rehearsal::stand(User& user, const policy::UserDecision& decision) {
  warned_ -= user.warned_keys;
  held_ -= user.held_keys;
  overdue_ -= user.overdue_keys;
  const auto rows = [&](Action action) { return static_cast<std::uint16_t>(count(decision, action)); };
  user.warned_keys = rows(Action::warn);
  user.held_keys = rows(Action::hold);
  user.overdue_keys = 0;
  if (rows(Action::exempt) == 0) {
    const auto period = model_.rules[user.rules].rotation_period.value;
    for (const Key& key : user.keys) {
      if (key.status == KeyStatus::active && key.created + period <= today()) ++user.overdue_keys;
    }
  }
  warned_ += user.warned_keys;
  held_ += user.held_keys;
  overdue_ += user.overdue_keys;
}

void Rehearsal::note(std::uint32_t number, const policy::UserDecision& decision, Day& day) {
  User& user = model_.users[number];
  stand(user, decision);
  if (!decision.custody_changed || !policy::may_record(life_.look(user, today()))) {
    tell(number, decision, {}, today(), day);
    return;
  }
  UserLife::record(user, decision.custody);
  tell(number, look(number, today()), {}, today(), day);
}

void Rehearsal::tell(std::uint32_t number, const policy::UserDecision& decision,
                     const std::vector<AccessKeyId>& removed, Instant now, Day& day) {
  if (!model_.notices.enabled) return;
  User& user = model_.users[number];
  const auto& facts = life_.look(user, now);
  auto notices = policy::pending_notices(facts, model_.rules[user.rules], decision, model_.notices, now);
  policy::add_deleted(removed, notices);
  if (notices.empty()) return;
  const bool by_mail = model_.telling == Telling::mails;
  const bool accepted = !by_mail || user.owners != nobody;
  const bool news = std::ranges::any_of(
      notices, [&](const policy::Notice& notice) { return !policy::was_in_vain(facts.notices, notice); });
  if (!accepted && news) ++day.mails_to_nobody;
  if (accepted && by_mail) mails_.add(model_.owner_groups[user.owners], notices.size());
  std::vector<policy::Delivery> deliveries;
  for (auto& notice : notices) {
    if (accepted) ++day.told[static_cast<std::size_t>(notice.kind)];
    deliveries.push_back({std::move(notice), accepted});
  }
  auto record = policy::still_of_interest(facts.notices, facts, now);
  UserLife::note_told(user, policy::after_deliveries(std::move(record), deliveries, now));
}

void Rehearsal::apply(Candidate candidate, Day& day) {
  User& user = model_.users[candidate.user];
  if (!policy::asks_for(candidate.decision, Action::recover)) {
    act(candidate.user, candidate.decision, day);
    return;
  }
  const bool settled = life_.recover(user, today());
  if (!settled) {
    // Its recovery is held too, for want of evidence.
    stand(user, candidate.decision);
    day.waiting += count(candidate.decision, Action::recover);
    return;
  }
  day.recovered += count(candidate.decision, Action::recover);
  // A clearing may land once more, so a rotation waits for the next run; an intent that left no key is not cleared but
  // replaced by the rotation's own (docs/design/0004-protocol.md).
  const bool left_no_key = std::ranges::any_of(
      candidate.decision.keys, [](const auto& key) { return key.action == Action::recover && key.key.empty(); });
  auto next = look(candidate.user, today());
  if (!left_no_key) std::erase_if(next.keys, [](const auto& key) { return key.action == Action::rotate; });
  act(candidate.user, next, day);
}

/// Retirements, then the record, then a rotation, which records custody itself; then what there is to tell after all.
void Rehearsal::act(std::uint32_t number, const policy::UserDecision& decision, Day& day) {
  User& user = model_.users[number];
  stand(user, decision);
  const bool recording = policy::may_record(life_.look(user, today()));
  auto custody = decision.custody;
  std::vector<AccessKeyId> removed;
  const policy::KeyDecision* rotation = nullptr;
  for (const auto& step : decision.keys) {
    if (step.action == Action::deactivate) {
      if (life_.deactivate(user, step.key, custody, today())) ++day.cut;
      ++day.deactivated;
    } else if (step.action == Action::remove) {
      UserLife::remove(user, step.key, custody);
      removed.push_back(step.key);
      ++day.deleted;
    } else if (step.action == Action::rotate) {
      rotation = &step;
    }
  }
  if (recording) UserLife::record(user, custody);
  if (rotation != nullptr) {
    life_.rotate(user, rotation->key, today());
    ++day.rotated;
  }
  const Instant done = today() + (rotation != nullptr ? plan_.delays.settled : plan_.delays.retired);
  tell(number, look(number, done), removed, done, day);
}

void Rehearsal::count_waiting(const policy::UserDecision& decision, Day& day) const {
  day.waiting += static_cast<std::size_t>(
      std::ranges::count_if(decision.keys, [](const auto& key) { return policy::is_change(key.action); }));
}

/// Until the first day on which the decision can be another one.
void Rehearsal::schedule_next_look(std::uint32_t number, const policy::UserDecision& decision) {
  const User& user = model_.users[number];
  const std::size_t tomorrow = days_.size() + 1;
  const auto wakes =
      plan_.look_at_everybody ? today() : next_look(user, model_.rules[user.rules], model_.notices, decision, today());
  if (!wakes) return;
  const auto from_start = std::chrono::ceil<std::chrono::days>(*wakes - model_.start).count();
  const auto day = std::max<std::int64_t>(from_start, static_cast<std::int64_t>(tomorrow));
  if (std::cmp_less(day, looks_.size())) looks_[static_cast<std::size_t>(day)].push_back(number);
}

Population Rehearsal::population() {
  Population found;
  found.accounts = model_.accounts.size();
  found.users = model_.users.size();
  found.owners = model_.owners.size();
  for (const User& user : model_.users) {
    if (user.owners == nobody) ++found.unowned;
    const auto& facts = life_.look(user, today());
    if (facts.is_exempt()) ++found.exempt;
    for (const Key& key : user.keys) {
      if (key.status != KeyStatus::active) {
        ++found.inactive_keys;
        continue;
      }
      ++found.active_keys;
      ++found.rhythms[rhythm_of(key.last_use(today()), today())];
    }
  }
  return found;
}

RehearsalReport Rehearsal::result(std::string world) {
  RehearsalReport result;
  result.world = std::move(world);
  result.start = model_.start;
  result.days_wanted = plan_.days;
  result.behaviour = plan_.behaviour;
  result.before = before_;
  result.after = population();
  result.left_out = model_.left_out;
  result.root_keys = model_.root_keys;
  result.orphaned_secrets = model_.orphaned_secrets;
  result.incomplete = model_.incomplete;
  result.telling = model_.telling;
  result.notice_required =
      std::ranges::any_of(model_.rules, [](const policy::Rules& rules) { return rules.require_notice.value; });
  result.owners = model_.owners;
  result.days = days_;
  for (std::size_t i = 0; i < days_.size(); ++i) {
    if (days_[i].changes() > days_[result.tallest].changes()) result.tallest = i;
  }
  for (std::uint32_t number = 0; number < model_.users.size(); ++number) {
    const User& user = model_.users[number];
    if (user.held_keys == 0) continue;
    for (const auto& key : look(number, today(), policy::Words::written).keys) {
      if (key.action != Action::hold) continue;
      const auto created = key.key.empty() ? Instant{} : key_of(model_.users[number], key.key).created;
      result.held.push_back({model_.accounts[user.account].id, user.name, created, key.reason, key.due, key.detail});
    }
  }
  const auto& mails = mails_.mails();
  for (std::size_t owner = 0; owner < mails.size(); ++owner) {
    if (mails[owner] == 0) continue;
    ++result.owners_told;
    result.busiest.push_back({model_.owners[owner], mails[owner]});
  }
  std::ranges::sort(result.busiest, [](const OwnerMails& a, const OwnerMails& b) {
    return std::tie(b.mails, a.owner) < std::tie(a.mails, b.owner);
  });
  constexpr std::size_t shown = 5;
  if (result.busiest.size() > shown) result.busiest.resize(shown);
  return result;
}

}  // namespace rekeyer::rehearsal
