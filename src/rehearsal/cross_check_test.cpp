// The rehearsal against the real thing: one user lives 200 days twice, once by rotation's own apply runs on an account
// in memory, once in a rehearsal, and every day must show the same changes, holds and warnings, and tell the same; be
// it that nobody is told, that the owner is, or that nobody knows who that is.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <list>

#include "fakes/rotation_bench.hpp"
#include "rehearsal/rehearsal.hpp"
#include "rotation/notice_record_writer.hpp"

namespace rekeyer::rehearsal {
namespace {

using fakes::Bench;
using std::chrono::days;
using std::chrono::hours;

constexpr int days_to_live = 200;

/// Changes land at once on the bench, but for a new key's, which is waited for until it answers.
constexpr ChangeDelays bench_pace{Period::zero(), std::chrono::seconds{6}, Period::zero()};

/// What the real runs' owner does, in small steps and without the rehearsal's arithmetic: programs use keys, and move.
class BenchOwner {
 public:
  BenchOwner(Bench& bench, const Behaviour& behaviour) : bench_(bench), behaviour_(behaviour) {
    for (const auto& [id, key] : bench.account.keys) {
      ++issued_;
      if (key.status != KeyStatus::active) continue;
      const auto uses = uses_of(key.last_use, bench.clock.now());
      if (!uses.none()) programs_.push_back({id, uses.anchor + uses.every, uses.every, {}, {}});
    }
  }

  /// All that happened until `now`.
  void live_until(Instant now) {
    for (Program& program : programs_) {
      for (; program.next_use <= now; program.next_use += program.every) use(program, program.next_use);
    }
  }

  void hear_of_rotation(const AccessKeyId& old, const AccessKeyId& fresh, Instant now) {
    ++issued_;
    hear_of_publication(old, fresh, now);
  }

  /// The key was there already.
  void hear_of_publication(const AccessKeyId& old, const AccessKeyId& fresh, Instant now) {
    const Owner owner(behaviour_, bench_.account_id.str(), "ann");
    for (Program& program : programs_) {
      if (program.key != old || owner.never_installs()) continue;
      program.moves_to = fresh;
      program.moves_at = now + owner.installs_after(issued_);
    }
  }

 private:
  struct Program {
    AccessKeyId key;
    Instant next_use{};
    Period every{};
    AccessKeyId moves_to;
    Instant moves_at{};
  };

  bool active(const AccessKeyId& id) const {
    const auto found = bench_.account.keys.find(id);
    return found != bench_.account.keys.end() && found->second.status == KeyStatus::active;
  }
  bool taken(const Program& by, const AccessKeyId& id) const {
    return std::ranges::any_of(programs_, [&](const Program& other) { return &other != &by && other.key == id; });
  }

  void use(Program& program, Instant at) {
    if (!program.moves_to.empty() && at >= program.moves_at) {
      program.key = program.moves_to;
      program.moves_to = {};
    }
    if (active(program.key)) {
      bench_.account.keys.at(program.key).last_use = LastUse::used(at);
      return;
    }
    // Cut off: the owner notices, and takes the other key if there is a free one.
    const Instant repaired = at + behaviour_.repair_after;
    if (!program.moves_to.empty()) {
      program.moves_at = std::min(program.moves_at, repaired);
      return;
    }
    for (const auto& id : bench_.account.keys_of("ann")) {
      if (!active(id) || taken(program, id)) continue;
      program.moves_to = id;
      program.moves_at = repaired;
    }
  }

  Bench& bench_;
  Behaviour behaviour_;
  unsigned issued_ = 0;
  std::list<Program> programs_;
};

enum class Reach { no_channel, owner, nobody };

using ToldByKind = std::array<std::size_t, owners_kinds>;

/// "rotated 1 deactivated 0 …": one day in a line, to compare.
std::string line(std::size_t rotated, std::size_t deactivated, std::size_t deleted, std::size_t recovered,
                 std::size_t warned, std::size_t held, const ToldByKind& told) {
  auto text = fmt::format("rotated {} deactivated {} deleted {} recovered {} warned {} held {}", rotated, deactivated,
                          deleted, recovered, warned, held);
  for (std::size_t kind = 0; kind < told.size(); ++kind) {
    if (told[kind] > 0) text += fmt::format(" told {} {}", policy::name(owners_kind(kind)), told[kind]);
  }
  return text;
}

/// What the run has to tell is told, or not, and put on record.
ToldByKind write_to_owner(Bench& bench, Reach reach) {
  ToldByKind told{};
  if (!bench.notices || bench.notices->notices.empty()) return told;
  const bool accepted = reach == Reach::owner;
  std::vector<policy::Delivery> deliveries;
  for (const auto& notice : bench.notices->notices) {
    if (accepted) ++told[static_cast<std::size_t>(notice.kind)];
    deliveries.push_back({notice, accepted});
  }
  auto record = policy::after_deliveries(bench.notices->record, deliveries, bench.notices->decided);
  const auto written = bench.run(
      rotation::write_notice_record(bench.account, bench.settings, bench.clock, *bench.notices, std::move(record)));
  EXPECT_TRUE(written.value());
  return told;
}

std::vector<std::string> really(Bench& bench, const Behaviour& behaviour, Reach reach) {
  std::vector<std::string> told;
  BenchOwner owner(bench, behaviour);
  const Instant start = bench.clock.now();
  for (int day = 0; day < days_to_live; ++day) {
    bench.clock.advance(start + days{day} - bench.clock.now());
    owner.live_until(bench.clock.now());
    const auto keys_before = bench.account.keys_of("ann");
    const auto outcomes = bench.apply("ann");
    std::map<policy::Action, std::size_t> rows;
    for (const auto& outcome : outcomes.value()) {
      EXPECT_NE(outcome.status, rotation::ActionStatus::failed) << outcome.detail;
      const bool waits = outcome.action == policy::Action::rotate && outcome.status == rotation::ActionStatus::held;
      if (!waits) ++rows[outcome.action];  // right after a recovery a rotation waits for the next run
      const auto published = bench.published_key("ann");
      if (outcome.action == policy::Action::recover && published == outcome.key) {
        owner.hear_of_publication(keys_before.front(), outcome.key, bench.clock.now());
      }
      if (outcome.action != policy::Action::rotate) continue;
      for (const auto& id : bench.account.keys_of("ann")) {
        const bool fresh = std::ranges::find(keys_before, id) == keys_before.end();
        if (fresh) owner.hear_of_rotation(outcome.key, id, bench.clock.now());
      }
    }
    using policy::Action;
    told.push_back(line(rows[Action::rotate], rows[Action::deactivate], rows[Action::remove], rows[Action::recover],
                        rows[Action::warn], rows[Action::hold], write_to_owner(bench, reach)));
  }
  return told;
}

Model bench_model(Bench& bench, const Behaviour& behaviour, Reach reach) {
  auto state = bench.run(rotation::read_user(bench.account, bench.settings, bench.user("ann"), bench.clock.now()));
  notify::Settings notify;
  if (reach != Reach::no_channel) notify.channels.emplace_back();
  if (reach == Reach::owner) notify.owner.fallback = {"ann@example.com"};
  ModelBuilder builder(bench.settings, notify, behaviour, bench.clock.now());
  rotation::AccountTarget target;
  target.id = bench.account_id;
  builder.begin_account(target);
  builder.add(bench.user("ann"), state.value().value().facts);
  return builder.finish();
}

std::vector<std::string> rehearsed(Model model, const rotation::Settings& settings, const Behaviour& behaviour) {
  std::vector<std::string> told;
  Rehearsal rehearsal(std::move(model), settings.limits, RehearsalOptions{days_to_live, behaviour, bench_pace, false});
  while (!rehearsal.over()) rehearsal.advance_a_day();
  for (const Day& day : rehearsal.result("ann").days) {
    told.push_back(line(day.rotated, day.deactivated, day.deleted, day.recovered, day.warned, day.held, day.told));
  }
  return told;
}

struct Situation {
  std::string name;
  std::function<void(Bench&)> arrange;
  Behaviour behaviour;
  std::size_t least_changes = 0;  ///< so that nobody compares two empty lives
};

void PrintTo(const Situation& situation, std::ostream* out) { *out << situation.name; }

/// One key, made so many days ago and used an hour ago, in a rhythm that goes with `used`.
std::function<void(Bench&)> one_key(int age, Period used) {
  return [=](Bench& bench) {
    bench.account.add_user("ann");
    bench.account.add_key("ann", days{age}, LastUse::used(bench.clock.now() - used));
  };
}
std::function<void(Bench&)> one_unused_key(int age) {
  return [=](Bench& bench) {
    bench.account.add_user("ann");
    bench.account.add_key("ann", days{age}, LastUse::never());
  };
}
std::function<void(Bench&)> with_rule(std::string rule, std::string text, std::function<void(Bench&)> arrange) {
  return [=](Bench& bench) {
    arrange(bench);
    ASSERT_TRUE(bench.settings.policy.organisation.set(rule, text, "test"));
  };
}
std::function<void(Bench&)> two_keys(int older, LastUse older_use, int younger, Period younger_used) {
  return [=](Bench& bench) {
    bench.account.add_user("ann");
    bench.account.add_key("ann", days{older}, older_use);
    bench.account.add_key("ann", days{younger}, LastUse::used(bench.clock.now() - younger_used));
  };
}
std::function<void(Bench&)> crashed_at(std::string operation, fakes::Fault::Kind kind) {
  return [=](Bench& bench) {
    one_key(95, hours{1})(bench);
    bench.account.fault_of[operation] = {kind, {}};
    bench.apply("ann");
    bench.account.fault_of.clear();
    ASSERT_TRUE(bench.crashed);
    bench.clock.advance(days{1});
  };
}
std::function<void(Bench&)> with_tag(std::string key, std::string value, int age) {
  return [=](Bench& bench) {
    bench.account.add_user("ann", {{key, value}});
    bench.account.add_key("ann", days{age}, LastUse::used(bench.clock.now() - hours{1}));
  };
}
Behaviour owners(Period install_after, unsigned never_install) {
  Behaviour behaviour;
  behaviour.seed = 11;
  behaviour.install_after = install_after;
  behaviour.never_install = never_install;
  return behaviour;
}

const Instant bench_start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};
constexpr unsigned all_of_them = 10'000;
const Behaviour prompt = owners(days{3}, 0);
const Behaviour late = owners(days{25}, 0);
const Behaviour never = owners(days{3}, all_of_them);

const std::vector<Situation>& situations() {
  static const std::vector<Situation> all{
      {"young_daily", one_key(10, hours{1}), prompt, 3},
      {"old_daily", one_key(400, hours{1}), prompt, 6},
      {"old_weekly", one_key(400, days{4}), prompt, 6},
      {"old_monthly", one_key(400, days{20}), prompt, 6},
      {"abandoned", one_key(400, days{90}), prompt, 5},
      {"short_periods", with_rule("rotation_period", "30d", one_key(29, hours{5})), prompt, 12},
      {"installed_late", one_key(88, hours{1}), late, 6},
      {"installed_late_weekly", one_key(88, days{5}), late, 5},
      {"installed_late_monthly", one_key(88, days{25}), late, 5},
      {"never_installed", one_key(88, hours{1}), never, 5},
      {"never_installed_weekly", one_key(88, days{5}), never, 5},
      {"never_installed_monthly", one_key(88, days{25}), never, 5},
      {"never_installed_no_deadline", with_rule("hard_deadline", "never", one_key(88, hours{1})), never, 1},
      {"in_use_warn", with_rule("in_use", "warn", one_key(88, hours{1})), never, 5},
      {"in_use_ignore", with_rule("in_use", "ignore", one_key(88, hours{1})), late, 5},
      {"never_used", one_unused_key(80), prompt, 2},
      {"never_used_rotate", with_rule("unused", "rotate", one_unused_key(80)), prompt, 5},
      {"never_used_ignore", with_rule("unused", "ignore", one_unused_key(80)), prompt, 0},
      {"ignored_until_installed", with_rule("unused", "ignore", one_key(80, days{25})), late, 3},
      {"two_used", two_keys(200, LastUse::used(bench_start - hours{2}), 100, hours{1}), prompt, 0},
      {"two_young_one_unused", two_keys(80, LastUse::never(), 20, hours{1}), prompt, 4},
      {"two_one_idle", two_keys(300, LastUse::used(bench_start - days{70}), 50, hours{1}), prompt, 4},
      {"two_monthly", two_keys(300, LastUse::used(bench_start - days{28}), 50, hours{1}), prompt, 0},
      {"evict_least_recently_used",
       with_rule("two_active", "evict-least-recently-used",
                 two_keys(300, LastUse::used(bench_start - days{4}), 50, hours{1})),
       prompt, 4},
      {"evict_idle",
       with_rule("two_active", "evict-idle", two_keys(300, LastUse::used(bench_start - days{9}), 50, hours{1})), prompt,
       4},
      {"inactive",
       [](Bench& bench) {
         bench.account.add_user("ann");
         bench.account.add_key("ann", days{300}, LastUse::used(bench_start - days{200}), KeyStatus::inactive);
       },
       prompt, 1},
      {"inactive_beside_active",
       [](Bench& bench) {
         one_key(120, hours{1})(bench);
         bench.account.add_key("ann", days{300}, LastUse::never(), KeyStatus::inactive);
       },
       prompt, 5},
      {"no_keys", [](Bench& bench) { bench.account.add_user("ann"); }, prompt, 0},
      {"exempt_by_group",
       [](Bench& bench) {
         bench.account.add_user("ann", {}, {"IAMKeyRotationExemptionGroup"});
         bench.account.add_key("ann", days{300}, LastUse::used(bench_start - hours{1}));
       },
       prompt, 0},
      {"exempt_until", with_tag("rekeyer:exempt", "migration until=2026-12-24", 300), prompt, 3},
      {"own_policy", with_tag("rekeyer:policy", "rotation_period=20d installation_grace=2d recovery_grace=3d", 15),
       prompt, 20},
      {"policy_unreadable", with_tag("rekeyer:policy", "rotation_period=soon", 300), prompt, 0},
      {"use_unknown",
       [](Bench& bench) {
         one_key(88, hours{1})(bench);
         bench.account.fault_of["GetAccessKeyLastUsed"] = {fakes::Fault::Kind::refused, ErrorKind::throttled};
       },
       prompt, 1},
      {"crashed_before_publishing", crashed_at("UpdateSecretVersionStage", fakes::Fault::Kind::crash_before), prompt,
       4},
      {"crashed_with_a_lost_key", crashed_at("CreateAccessKey", fakes::Fault::Kind::crash_after), prompt, 5},
      {"crashed_without_a_key", crashed_at("CreateAccessKey", fakes::Fault::Kind::crash_before), prompt, 4},
  };
  return all;
}

class CrossCheck : public testing::TestWithParam<Situation> {};

void compare(const Situation& situation, Reach reach) {
  Bench bench;
  bench.settings.notices.enabled = reach != Reach::no_channel;
  bench.settings.policy.organisation.require_notice = {reach != Reach::no_channel, "test"};
  situation.arrange(bench);
  const auto model = bench_model(bench, situation.behaviour, reach);
  const auto expected = really(bench, situation.behaviour, reach);
  const auto told = rehearsed(model, bench.settings, situation.behaviour);
  ASSERT_EQ(expected.size(), told.size());
  for (std::size_t day = 0; day < told.size(); ++day) {
    ASSERT_EQ(told[day], expected[day]) << "on day " << day << "; real run's the day before: "
                                        << (day > 0 ? expected[day - 1] : std::string("-"));
  }
  if (reach == Reach::nobody) return;
  const auto changes = bench.account.log;
  const auto changing = std::ranges::count_if(changes, [](const std::string& call) {
    return call == "CreateAccessKey" || call == "UpdateAccessKey" || call == "DeleteAccessKey";
  });
  EXPECT_GE(static_cast<std::size_t>(changing), situation.least_changes);
}

TEST_P(CrossCheck, EveryDayShowsWhatRealRunsDo) { compare(GetParam(), Reach::no_channel); }

TEST_P(CrossCheck, EveryDayTellsTheOwnerWhatRealRunsTell) { compare(GetParam(), Reach::owner); }

TEST_P(CrossCheck, WhereNobodyCanBeToldTheSameIsHeld) { compare(GetParam(), Reach::nobody); }

INSTANTIATE_TEST_SUITE_P(All, CrossCheck, testing::ValuesIn(situations()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace rekeyer::rehearsal
