#include "findings/collect.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

#include "base/concurrency.hpp"
#include "base/log.hpp"
#include "base/try.hpp"
#include "findings/user_entry.hpp"
#include "rotation/each_account.hpp"
#include "rotation/survey.hpp"

namespace rekeyer::findings {
namespace {

class Collection {
 public:
  Collection(CollectFrom from, Instant now, std::function<void(std::size_t, std::size_t)> on_account)
      : from_(from), now_(now), on_account_(std::move(on_account)) {
    inventory_.taken = now;
  }

  ResultTask<Inventory> collect() {
    const auto listed = co_await rotation::for_each_account(
        from_.accounts, from_.settings.limits.concurrency, from_.stop,
        [this](rotation::AccountTarget target) { return look_at(std::move(target)); });
    if (!listed) inventory_.incomplete = describe(listed.error());
    if (from_.stop.requested()) inventory_.incomplete = "stopped before everything was looked at";
    if (inventory_.incomplete.empty()) {
      CO_TRY(const auto unknown, co_await from_.accounts.unknown_names());
      if (!unknown.empty()) co_return fail(ErrorKind::usage, fmt::format("{}", fmt::join(unknown, "; ")));
    }
    std::ranges::sort(inventory_.accounts, {}, &AccountEntry::id);
    std::ranges::sort(inventory_.users, [](const UserEntry& a, const UserEntry& b) {
      return std::tie(a.account, a.name) < std::tie(b.account, b.name);
    });
    co_return std::move(inventory_);
  }

 private:
  Task<void> look_at(rotation::AccountTarget target) {
    AccountEntry entry;
    entry.id = target.id;
    entry.name = target.name;
    if (target.skip) {
      entry.status = rotation::AccountStatus::skipped;
      entry.reason = *target.skip;
    } else if (const auto taken = co_await take(target, entry); !taken) {
      entry.status = rotation::lost_account(target.id, taken.error());
      entry.reason = describe(taken.error());
    }
    inventory_.accounts.push_back(std::move(entry));
    if (on_account_) on_account_(inventory_.accounts.size(), inventory_.users.size());
  }

  ResultTask<> take(const rotation::AccountTarget& target, AccountEntry& entry) {
    CO_TRY(const auto access, co_await from_.gateway.open_for_reading(target.id));
    CO_TRY(auto survey, co_await rotation::survey_account(*access, from_.settings, target, now_));
    entry.root_key_active = survey.root_key_active;
    entry.report_made = survey.report_made;
    co_await for_each_bounded(survey.users, from_.settings.limits.users_per_account,
                              [&](rotation::SurveyedUser& user) { return complete(*access, survey, user); });
    for (const auto& user : survey.users) {
      auto one = entry_of(user, now_);
      one.account_name = target.name;
      ++entry.users;
      entry.keys += one.keys.size();
      co_await find_owner(user.context.subject, target.email, one);
      inventory_.users.push_back(std::move(one));
    }
    co_return Result<>{};
  }

  /// Asks for what bulk calls do not tell of the user.
  Task<void> complete(rotation::ReadAccess& access, const rotation::AccountSurvey& survey,
                      rotation::SurveyedUser& user) const {
    const bool unnamed_matters = (from_.ids || user.has_values) && !rotation::names_all_keys(user.facts);
    if (survey.report_made && !user.look_closer && !unnamed_matters) co_return;
    if (from_.stop.requested()) co_return;
    auto fresh = co_await rotation::read_user(access, from_.settings, user.context, now_);
    if (fresh) {
      user.facts = std::move(fresh->facts);
      user.rules = std::move(fresh->rules);
      user.may_have_secret = fresh->secret.has_value();
      user.context.place = std::move(fresh->place);
      co_return;
    }
    log::warn(
        "a user can't be looked at closely: the entry is by bulk calls",
        {{"account", user.facts.account.str()}, {"user", user.facts.user.str()}, {"error", describe(fresh.error())}});
    if (survey.report_made) co_return;
    for (auto& key : user.facts.keys) key.last_use = LastUse::unknown();  // the survey took them for used
  }

  Task<void> find_owner(const policy::Subject& subject, const std::string& account_email, UserEntry& entry) const {
    rotation::UserNotices asked;
    asked.subject = subject;
    asked.account_email = account_email;
    auto known = co_await notify::known_owners(from_.owners, from_.contacts, std::move(asked));
    entry.owners = std::move(known.addresses);
    entry.owner_source = std::move(known.source);
    entry.owner_problem = std::move(known.why_nobody);
  }

  CollectFrom from_;
  Instant now_;
  std::function<void(std::size_t, std::size_t)> on_account_;
  Inventory inventory_;
};

}  // namespace

ResultTask<Inventory> collect_inventory(CollectFrom from, Instant now,
                                        std::function<void(std::size_t, std::size_t)> on_account) {
  Collection collection(from, now, std::move(on_account));
  co_return co_await collection.collect();
}

}  // namespace rekeyer::findings
