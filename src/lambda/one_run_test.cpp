// All that is said of one run says the same numbers: closing line, JSON report, the function's answer, digest, metrics
// and exit code.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>

#include "aws/http/json.hpp"
#include "base/enum_names.hpp"
#include "base/random.hpp"
#include "lambda/lambda_fixture.hpp"
#include "lambda/metrics.hpp"
#include "lambda/run_answer.hpp"
#include "notify/deliver/digests.hpp"
#include "report/report.hpp"
#include "rotation/run_counts.hpp"

namespace rekeyer::lambda {
namespace {

using fixture::row;
using policy::Action;
using rotation::ActionStatus;
using rotation::RowKind;
using rotation::RunReason;

std::vector<rotation::ActionOutcome> possible_rows(bool applied) {
  const auto found = applied ? ActionStatus::done : ActionStatus::planned;
  return {row("a", "K", Action::rotate, found),
          row("b", "K", Action::deactivate, found, policy::Reason::installation_over),
          row("c", "K", Action::remove, found, policy::Reason::recovery_over),
          row("d", "", Action::recover, found, policy::Reason::intent_expired),
          row("e", "K", Action::rotate, ActionStatus::held, RunReason::run_limit),
          row("f", "K", Action::hold, ActionStatus::held, policy::Reason::still_in_use),
          row("g", "K", Action::rotate, ActionStatus::failed, RunReason::store_failed),
          row("h", "", Action::hold, ActionStatus::failed, RunReason::unreadable),
          row("i", "K", Action::warn, found, policy::Reason::rotation_near),
          row("j", "", Action::warn, ActionStatus::held, RunReason::unowned),
          row("k", "", Action::warn, ActionStatus::held, RunReason::undeliverable),
          row("l", "", Action::warn, ActionStatus::failed, RunReason::not_recorded),
          row("<root_account>", "", Action::warn, ActionStatus::held, RunReason::root_key_active),
          row("m", "", Action::exempt, ActionStatus::held, policy::Reason::exempt),
          row("n", "K", Action::keep, found, policy::Reason::young)};
}

/// Any number of each.
rotation::RunReport drawn_report(Random& random, bool applied) {
  rotation::RunReport report;
  report.mode = applied ? rotation::Mode::apply : rotation::Mode::plan;
  report.started = report.finished = fixture::day(2);
  rotation::AccountOutcome outcome;
  outcome.id = fixture::account;
  outcome.users = 100;
  for (const auto& one : possible_rows(applied)) {
    for (auto left = random.below(4); left > 0; --left) outcome.actions.push_back(one);
  }
  report.accounts.push_back(std::move(outcome));
  return report;
}

/// The number before these words; 0 where the text does not have them.
std::size_t number_before(const std::string& text, const std::string& words) {
  std::smatch match;
  const std::regex pattern("(\\d+) " + words + "(?=[,.])");
  return std::regex_search(text, match, pattern) ? std::stoul(match[1]) : 0;
}

std::size_t number_of(const aws::JsonValue& json, std::string_view member) {
  return static_cast<std::size_t>(json.integer(member).value());
}

TEST(OneRun, IsCountedAlikeInAllThatIsSaidOfIt) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  Random random(seed);
  for (int round = 0; round < 200; ++round) {
    const bool applied = random.chance(0.5);
    const auto report = drawn_report(random, applied);
    const auto counts = rotation::count(report);
    const auto& rows = counts.rows;

    const auto line = report::summary(report, {});
    const auto json = aws::JsonValue::parse(report::to_json(report)).value();
    const auto answer = aws::JsonValue::parse(run_answer(report)).value();
    const auto metrics = aws::JsonValue::parse(metrics_line(report, 0, "here", report.finished)).value();
    notify::Settings settings;
    settings.weekly = std::chrono::weekday(std::chrono::floor<std::chrono::days>(report.finished));
    const auto model = notify::administrator_digest(report, settings, {}).value();
    const std::map<std::string, std::size_t> digest(model.totals.begin(), model.totals.end());
    const auto totals = json.object("totals").value();
    const auto answered = answer.object("totals").value();

    std::size_t all = 0;
    for (const auto kind : enumerators_to(rotation::last_row_kind)) {
      EXPECT_EQ(number_of(totals.object("rows").value(), name(kind)), rows.of(kind)) << name(kind);
      EXPECT_EQ(number_of(answered.object("rows").value(), name(kind)), rows.of(kind)) << name(kind);
      all += rows.of(kind);
    }
    EXPECT_EQ(all, json.array("actions").value().size()) << "each row counts once";

    const struct {
      RowKind kind;
      const char* line;    ///< of the summary
      const char* metric;  ///< of CloudWatch
      const char* digest;  ///< among its totals
      std::size_t listed;  ///< rows of its list in the digest
    } kinds[] = {
        {RowKind::held, "held", "KeysHeld", "held", model.held.size()},
        {RowKind::failed, "failed", "KeysFailed", "failed", model.failures.size()},
        {RowKind::unowned, "unowned", "UsersUnowned", nullptr, model.unowned.size()},
        {RowKind::undeliverable, "undeliverable", "UsersUndeliverable", nullptr, model.undeliverable.size()},
        {RowKind::upcoming, "due soon", nullptr, "coming up", rows.of(RowKind::upcoming)},
    };
    for (const auto& one : kinds) {
      EXPECT_EQ(number_before(line, one.line), rows.of(one.kind)) << line;
      if (one.metric != nullptr) EXPECT_EQ(number_of(metrics, one.metric), rows.of(one.kind)) << one.metric;
      if (one.digest != nullptr) EXPECT_EQ(digest.at(one.digest), rows.of(one.kind)) << one.digest;
      EXPECT_EQ(one.listed, rows.of(one.kind)) << one.line;
    }

    const auto changes = rows.of(applied ? RowKind::done : RowKind::due);
    const std::string verb = applied ? "" : "to be ";
    EXPECT_EQ(number_before(line, applied ? "rotated" : "to rotate") +
                  number_before(line, applied ? "deactivated" : "to deactivate") +
                  number_before(line, applied ? "deleted" : "to delete") +
                  number_before(line, applied ? "recovered" : "to recover"),
              changes)
        << line;
    EXPECT_EQ(digest.at("keys " + verb + "rotated") + digest.at("keys " + verb + "deactivated") +
                  digest.at("keys " + verb + "deleted") + digest.at("interrupted rotations " + verb + "recovered"),
              changes);
    EXPECT_EQ(number_of(metrics, "KeysDue"), applied ? 0 : changes);
    EXPECT_EQ(number_of(metrics, "KeysRotated"), rows.of(Action::rotate, ActionStatus::done));

    EXPECT_EQ(rotation::has_failures(report), rows.of(RowKind::failed) > 0);
    EXPECT_EQ(answer.boolean("failures").value(), rows.of(RowKind::failed) > 0);
    EXPECT_EQ(rotation::has_due(report), !applied && changes > 0);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace rekeyer::lambda
