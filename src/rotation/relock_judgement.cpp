#include "rotation/relock_judgement.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "policy/custody.hpp"
#include "policy/intent.hpp"
#include "policy/tag_parts.hpp"
#include "rotation/account_outcome.hpp"
#include "rotation/lock.hpp"
#include "rotation/lock_mark.hpp"
#include "rotation/secret_tags.hpp"
#include "rotation/trust.hpp"

namespace rekeyer::rotation {
namespace {

Relocking outcome(Relocking::What what, OutcomeReason reason, const aws::SecretDescription& secret,
                  const std::string& words) {
  Relocking result;
  result.what = what;
  result.reason = reason;
  result.detail = fmt::format("secret {}: {}", secret.name, words);
  return result;
}

/// Why it is not believed to be rekeyer's, and what to do about it.
std::string why_not_ours(const PolicyReview& review) {
  if (review.lets_change.empty()) return "it has no lock of rekeyer's: see `rekeyer adopt`";
  if (!review.locked) {
    return fmt::format(
        "its lock lets {} change it, and the configuration does not name all of them: where they were "
        "rekeyer's, name them under [store] former_writers",
        fmt::join(review.lets_change, ", "));
  }
  return "it is locked, and no proof and id on it show that it is this user's: see `rekeyer adopt`";
}

/// Another run is at work with the user, or may be.
std::optional<Relocking> busy(const aws::SecretDescription& secret, Instant now) {
  const auto* tag = policy::value_of(secret.tags, policy::intent_tag);
  if (tag == nullptr) return std::nullopt;
  const auto intent = policy::parse_intent(*tag);
  if (!intent || policy::claims_too_much(*tag, now)) {
    return outcome(Relocking::What::held, policy::Reason::intent_unreadable, secret,
                   "a rotation may be half done, and its record can't be read");
  }
  if (!*intent || (*intent)->lease_end <= now) return std::nullopt;
  return outcome(Relocking::What::held, policy::Reason::in_progress, secret, "another run is at work with this user");
}

std::string words_of_change(const PolicyReview& review, const WantedPolicy& wanted) {
  auto before = review.lets_change;
  auto after = wanted.writers;
  std::ranges::sort(before);
  std::ranges::sort(after);
  if (before == after) return "its policy says other than the configuration";
  if (after.empty()) return fmt::format("no lock, in place of one for {}", fmt::join(before, ", "));
  return fmt::format("a lock for {}, in place of one for {}", fmt::join(after, ", "), fmt::join(before, ", "));
}

}  // namespace

Relocking not_ours(const aws::SecretDescription& secret, const std::string& why) {
  return outcome(Relocking::What::held, policy::Reason::not_ours, secret, why);
}

Relocking judge_relocking(const aws::SecretDescription& secret, const PolicyReview& review, const WantedPolicy& wanted,
                          const std::string& mark, const RelockingSide& side) {
  if (!is_proved(secret, review, wanted.owner_id, side.proofs)) {
    return wanted.writers.empty() ? Relocking() : not_ours(secret, why_not_ours(review));
  }
  const auto trust = judge_trust(secret, review, wanted.owner_id, side.store, side.proofs, side.now);
  if (trust.state == Trust::State::foreign) return not_ours(secret, trust.why);
  Relocking due;
  const auto* existing = policy::value_of(secret.tags, lock_tag);
  if (has_room_for_mark(secret.tags, side.store) && (existing == nullptr || *existing != mark)) due.mark = mark;
  due.policy = review.wanted;
  const bool may_write = is_named(review.lets_change, side.writer.arn, side.writer.path_known);
  // Whom the policy shuts out by now leaves the tag to those whom it lets in.
  if (!due.policy && (!due.mark || !may_write)) return {};
  if (auto held = busy(secret, side.now)) return *std::move(held);
  if (due.policy && !review.open_to_all.empty()) {
    return outcome(Relocking::What::failed, RunReason::open_to_all, secret,
                   "its policy lets everybody in: " + review.open_to_all.front());
  }
  if (!may_write) {
    return outcome(Relocking::What::failed, RunReason::shut_out, secret,
                   fmt::format("its lock lets {} change it, and not {}, as which this run works",
                               fmt::join(review.lets_change, ", "),
                               side.writer.arn.empty() ? std::string_view("the root user") : side.writer.arn.str()));
  }
  due.settles = trust.state == Trust::State::fresh;
  const auto holds_from = lock_holds_from(secret, side.now);
  if (due.settles && side.now < holds_from) {
    return outcome(Relocking::What::held, RunReason::lock_spreading, secret,
                   fmt::format("it was made a moment ago: its lock holds everywhere from {} on", iso8601(holds_from)));
  }
  due.what = Relocking::What::due;
  due.reason = due.policy ? RunReason::lock_differs : RunReason::lock_unmarked;
  due.detail = fmt::format(
      "secret {}: {}", secret.name,
      due.policy ? words_of_change(review, wanted) : "its policy is right, and its tag rekeyer:lock does not say so");
  due.marks_first = !wanted.writers.empty() && !is_named(wanted.writers, side.writer.arn, side.writer.path_known);
  return due;
}

}  // namespace rekeyer::rotation
