#include "rehearsal/import.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/try.hpp"
#include "rotation/each_account.hpp"
#include "rotation/survey.hpp"

namespace rekeyer::rehearsal {
namespace {

/// Of an inactive key, a credential report does not tell "never used" from "nobody knows"; asked for the key, IAM does.
bool lacks_a_last_use(const policy::UserFacts& facts) {
  return std::ranges::any_of(facts.keys,
                             [](const policy::KeyFacts& key) { return key.last_use.state == LastUse::State::unknown; });
}

/// Of which key an owner was told can't be seen where the report's slots have no ids.
bool lacks_an_id(const policy::UserFacts& facts) {
  return std::ranges::any_of(facts.notices.entries, [&](const policy::NoticeState& told) {
    return std::ranges::find(facts.keys, told.key, &policy::KeyFacts::id) == facts.keys.end();
  });
}

class Import {
 public:
  Import(ImportFrom from, const Behaviour& behaviour, Instant now,
         std::function<void(std::size_t, std::size_t)> on_account)
      : from_(from),
        builder_(from.settings, from.notify, behaviour, now),
        now_(now),
        on_account_(std::move(on_account)) {}

  ResultTask<Model> finish() {
    const auto listed = co_await rotation::for_each_account(
        from_.accounts, from_.settings.limits.concurrency, from_.stop,
        [this](rotation::AccountTarget target) { return look_at(std::move(target)); });
    if (!listed) builder_.set_incomplete(describe(listed.error()));
    if (from_.stop.requested()) co_return fail(ErrorKind::cancelled, "stopped before everything was surveyed");
    if (listed) {
      CO_TRY(const auto unknown, co_await from_.accounts.unknown_names());
      if (!unknown.empty()) co_return fail(ErrorKind::usage, fmt::format("{}", fmt::join(unknown, "; ")));
    }
    co_return builder_.finish();
  }

 private:
  Task<void> look_at(rotation::AccountTarget target) {
    if (target.skip) {
      builder_.leave_out(target.id, *target.skip);
      co_return;
    }
    const auto taken = co_await take(target);
    if (!taken) builder_.leave_out(target.id, describe(taken.error()));
    ++accounts_;
    if (on_account_) on_account_(accounts_, builder_.users());
  }

  ResultTask<> take(rotation::AccountTarget target) {
    CO_TRY(const auto access, co_await from_.gateway.open_for_reading(target.id));
    CO_TRY(auto survey, co_await rotation::survey_account(*access, from_.settings, target, now_));
    std::vector<UserName> unreadable;
    for (auto& user : survey.users) {
      const bool whole = survey.report_made && !lacks_a_last_use(user.facts) && !lacks_an_id(user.facts);
      if (whole && !user.look_closer) continue;
      auto fresh = co_await rotation::read_user(*access, from_.settings, user.context, now_);
      if (fresh) {
        user.facts = std::move(fresh->facts);
      } else {
        unreadable.push_back(user.facts.user);
        if (fresh.error().kind != ErrorKind::not_found) {
          builder_.leave_out(target.id, "user " + user.facts.user.str() + ": " + describe(fresh.error()));
        }
      }
    }
    // From here on without waiting: accounts come in one by one, each whole.
    builder_.begin_account(target);
    if (survey.root_key_active) builder_.add_root_key();
    builder_.add_orphaned_secrets(survey.orphaned_secrets.size());
    for (const auto& user : survey.users) {
      if (std::ranges::find(unreadable, user.facts.user) == unreadable.end()) builder_.add(user.context, user.facts);
    }
    co_return Result<>{};
  }

  ImportFrom from_;
  ModelBuilder builder_;
  Instant now_;
  std::function<void(std::size_t, std::size_t)> on_account_;
  std::size_t accounts_ = 0;
};

}  // namespace

ResultTask<Model> import_accounts(ImportFrom from, const Behaviour& behaviour, Instant now,
                                  std::function<void(std::size_t, std::size_t)> on_account) {
  Import state(from, behaviour, now, std::move(on_account));
  co_return co_await state.finish();
}

}  // namespace rekeyer::rehearsal
