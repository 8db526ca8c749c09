#include "probe/probing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"
#include "probe/leftovers.hpp"

namespace rekeyer::probe {
namespace {

Task<Finding> attempt(Bench& bench, Check check, bool quick) {
  if (check.attempt == nullptr) co_return not_tried(std::string(check.reason));
  if (quick && check.takes == Takes::a_while) co_return not_tried("left out by --quick");
  if (bench.account().stop.requested()) co_return not_tried("stopped before it was tried");
  auto finding = co_await check.attempt(bench);
  co_return finding ? *std::move(finding) : unanswered(finding.error());
}

/// The calls since `before`.
std::map<std::string, std::uint64_t> calls_since(const aws::CallCounts& before, const aws::CallCounts& now) {
  std::map<std::string, std::uint64_t> calls;
  for (const auto& [name, count] : now.calls) {
    const auto earlier = before.calls.find(name);
    const auto made = count - (earlier == before.calls.end() ? 0 : earlier->second);
    if (made > 0) calls.emplace(name, made);
  }
  return calls;
}

/// Whether a thing of a journal that is not there may still come.
bool may_come(const Entry& entry, Instant now) { return entry.since + request_lives > now; }

Task<void> clean_entry(const Account& account, Journal& journal, Entry entry, Cleaning& cleaning) {
  const auto removal = co_await take_away(account, entry.thing);
  if (!removal) {
    cleaning.left.push_back({entry.thing, describe(removal.error())});
    co_return;
  }
  if (*removal == Removal::not_probes) {
    cleaning.left.push_back({entry.thing, "something of that name does not carry a probe's tag, and was left alone"});
    co_return;
  }
  if (*removal == Removal::absent && may_come(entry, account.clock.now())) {
    cleaning.left.push_back({entry.thing,
                             fmt::format("not there; a request that was under way may still make it until {}",
                                         iso8601(entry.since + request_lives)),
                             true});
    co_return;
  }
  if (const auto noted = journal.gone(entry.thing); !noted) {
    cleaning.left.push_back({entry.thing, noted.error().message});
  } else if (*removal == Removal::taken_away) {
    cleaning.taken_away.push_back(entry.thing);
  }
}

Task<void> clean_journal(const Account& account, std::filesystem::path file, Cleaning& cleaning) {
  auto journal = Journal::open(std::move(file));
  if (!journal) {
    cleaning.unreadable.push_back(journal.error().message);
    co_return;
  }
  const auto entries = journal->left();
  for (const auto& entry : entries) {
    if (entry.thing.account != account.id) {
      ++cleaning.of_other_accounts;
      continue;
    }
    co_await clean_entry(account, *journal, entry, cleaning);
  }
  journal->close_if_empty();
}

}  // namespace

Task<Outcome> probe(const Account& account, Journal& journal, Wishes wishes) {
  Outcome outcome;
  Bench bench(account, journal, wishes.patience);
  const auto calls_before = account.caller.counts();
  const auto begun = account.clock.now();
  std::size_t number = 0;
  for (const auto& check : wishes.checks) {
    if (wishes.begins) wishes.begins(++number, check);
    const auto check_begun = account.clock.now();
    auto finding = co_await attempt(bench, check, wishes.quick);
    const auto took = account.clock.now() - check_begun;
    co_await bench.clear();
    outcome.tried.push_back({check, std::move(finding), took});
  }
  co_await bench.clear_all();
  outcome.left = bench.left();
  outcome.calls = calls_since(calls_before, account.caller.counts());
  outcome.throttled = account.caller.counts().throttled - calls_before.throttled;
  outcome.took = account.clock.now() - begun;
  co_return outcome;
}

ResultTask<Cleaning> clean(const Account& account, std::vector<std::filesystem::path> journals) {
  Cleaning cleaning;
  for (const auto& file : journals) co_await clean_journal(account, file, cleaning);
  CO_TRY(const auto found, co_await find_leftovers(account));
  for (const auto& thing : found) {
    const bool known = std::ranges::find(cleaning.left, thing, &Bench::Left::thing) != cleaning.left.end() ||
                       std::ranges::find(cleaning.taken_away, thing) != cleaning.taken_away.end();
    if (known) continue;
    const auto removal = co_await take_away(account, thing);
    if (!removal) {
      cleaning.left.push_back({thing, describe(removal.error())});
    } else if (*removal == Removal::taken_away) {
      cleaning.taken_away.push_back(thing);
    } else if (*removal == Removal::not_probes) {
      cleaning.left.push_back({thing, "its name is a probe's, and it does not carry a probe's tag: it was left alone"});
    }
  }
  co_return cleaning;
}

}  // namespace rekeyer::probe
