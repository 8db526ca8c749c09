#include "rotation/account_outcomes.hpp"

#include "base/log.hpp"
#include "base/try.hpp"
#include "rotation/outcome_json.hpp"

namespace rekeyer::rotation {
namespace {

std::size_t weight(const AccountOutcome& outcome) { return 1 + outcome.actions.size(); }

}  // namespace

AccountOutcomes::AccountOutcomes() = default;
AccountOutcomes::~AccountOutcomes() = default;
AccountOutcomes::AccountOutcomes(AccountOutcomes&&) noexcept = default;
AccountOutcomes& AccountOutcomes::operator=(AccountOutcomes&&) noexcept = default;

AccountOutcomes::AccountOutcomes(std::initializer_list<AccountOutcome> outcomes) {
  for (const auto& outcome : outcomes) push_back(outcome);
}

void AccountOutcomes::push_back(AccountOutcome outcome) {
  in_memory_ += weight(outcome);
  const auto account = outcome.id;
  entries_.emplace(account, Entry{std::make_unique<AccountOutcome>(std::move(outcome)), {}, {}});
  if (in_memory_ > most_in_memory && !without_file_) put_all_aside();
}

void AccountOutcomes::put_all_aside() {
  for (auto& [account, entry] : entries_) {
    if (!entry.outcome) continue;
    auto place = spool_.put(to_json(*entry.outcome));
    if (!place) {
      without_file_ = true;
      log::warn("the outcomes of accounts stay in memory", {{"error", describe(place.error())}});
      return;
    }
    in_memory_ -= weight(*entry.outcome);
    ++put_aside_;
    entry.place = *place;
    entry.notices = std::move(entry.outcome->notices);
    entry.outcome.reset();
  }
}

AccountOutcome AccountOutcomes::load(const AccountId& account, const Entry& entry) const {
  const auto read = [&]() -> Result<AccountOutcome> {
    TRY(const auto text, spool_.get(entry.place));
    return parse_outcome(text);
  }();
  if (read) return *read;
  AccountOutcome lost;  // accounted for all the same (I8)
  lost.id = account;
  lost.status = AccountStatus::failed;
  lost.reason = in_context(read.error(), "what became of it can't be told").message;
  return lost;
}

bool AccountOutcomes::amend(const AccountId& account, const std::function<void(AccountOutcome&)>& change) {
  const auto found = entries_.find(account);
  if (found == entries_.end()) return false;
  auto& entry = found->second;
  if (!entry.outcome) {
    entry.outcome = std::make_unique<AccountOutcome>(load(account, entry));
    entry.outcome->notices = std::move(entry.notices);
    --put_aside_;
  } else {
    in_memory_ -= weight(*entry.outcome);
  }
  change(*entry.outcome);
  in_memory_ += weight(*entry.outcome);
  if (in_memory_ > most_in_memory && !without_file_) put_all_aside();
  return true;
}

void AccountOutcomes::add_row(ActionOutcome row) {
  const auto account = row.account;
  amend(account, [&](AccountOutcome& outcome) { outcome.actions.push_back(std::move(row)); });
}

std::vector<UserNotices> AccountOutcomes::take_notices() {
  std::vector<UserNotices> all;
  for (auto& [account, entry] : entries_) {
    auto& notices = entry.outcome ? entry.outcome->notices : entry.notices;
    std::ranges::move(notices, std::back_inserter(all));
    notices = {};
  }
  return all;
}

void AccountOutcomes::Iterator::read() {
  outcome_ = nullptr;
  read_.reset();
  if (at_ == all_->entries_.end()) return;
  const auto& [account, entry] = *at_;
  if (!entry.outcome) read_ = std::make_shared<const AccountOutcome>(all_->load(account, entry));
  outcome_ = entry.outcome ? entry.outcome.get() : read_.get();
}

AccountOutcomes::Iterator& AccountOutcomes::Iterator::operator++() {
  ++at_;
  read();
  return *this;
}

}  // namespace rekeyer::rotation
