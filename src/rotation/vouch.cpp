#include "rotation/vouch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "rotation/naming.hpp"

namespace rekeyer::rotation {
namespace {

/// A run records a rotation within minutes of the key; with a recovery in between, the next day.
constexpr std::chrono::days recorded_within{1};

const policy::KeyFacts* key_of(const policy::UserFacts& facts, const AccessKeyId& id) {
  const auto found = std::ranges::find(facts.keys, id, &policy::KeyFacts::id);
  return found == facts.keys.end() ? nullptr : &*found;
}

/// What is wrong with the record, held against what IAM says; empty: nothing.
std::string contradiction(const policy::UserFacts& claimed) {
  if (claimed.custody_lost) return "its record is missing or can't be read";
  const policy::KeyFacts* successor = nullptr;
  for (const auto& record : claimed.custody.keys) {
    if (record.phase != policy::KeyPhase::current) continue;
    successor = key_of(claimed, record.id);
    if (successor == nullptr) return fmt::format("the key that it calls current, {}, is not there", record.id);
    if (successor->stored != policy::Stored::current) {
      return fmt::format("the key that it calls current, {}, is not what is stored", record.id);
    }
  }
  for (const auto& record : claimed.custody.keys) {
    if (record.phase == policy::KeyPhase::orphan) return fmt::format("it says that {} is nobody's", record.id);
    if (record.phase == policy::KeyPhase::retiring) {
      if (successor == nullptr)
        return fmt::format("it says that {} was replaced, and by no key that is there", record.id);
      const bool in_time = record.since >= successor->created - std::chrono::minutes{1} &&
                           record.since <= successor->created + recorded_within;
      if (!in_time) {
        return fmt::format("it says that {} was replaced at {}, and its successor was made at {}", record.id,
                           iso8601(record.since), iso8601(successor->created));
      }
    }
    if (record.inactive_since && *record.inactive_since < record.since) {
      return fmt::format("it says that {} went off before it was replaced", record.id);
    }
    const auto* key = key_of(claimed, record.id);
    if (record.inactive_since && key != nullptr && *record.inactive_since < key->created) {
      return fmt::format("it says that {} went off before it was made", record.id);
    }
  }
  return {};
}

}  // namespace

Vouching judge_vouching(const aws::SecretDescription& secret, const PolicyReview& policy,
                        const policy::UserFacts& claimed, const UserId& user, const StoreSettings& store,
                        Instant before) {
  Vouching vouching;
  const auto refuse = [&](std::string why) {
    vouching.why_not = std::move(why);
    return vouching;
  };
  if (!secret.created || *secret.created >= before) {
    return refuse(fmt::format("it was made {}, not before {}",
                              secret.created ? "at " + iso8601(*secret.created) : std::string("at an unknown time"),
                              iso8601(before)));
  }
  if (!policy.open_to_all.empty()) return refuse("its policy lets everybody in: " + policy.open_to_all.front());
  if (!policy.hindering.empty()) return refuse("its policy keeps its owner from reading: " + policy.hindering.front());
  const auto strange = strange_things(secret, user, store);
  if (!strange.empty()) return refuse(fmt::format("on it {}", fmt::join(strange, ", ")));
  if (claimed.intent_unreadable) return refuse("its intent can't be read: a rotation may be half done");
  vouching.possible = true;
  // A value of another maker, of an older rotator perhaps, claims nothing: its keys are not known by its version.
  const auto ours = [](const auto& version) { return is_version_token(version.first.str()); };
  const bool has_record = claimed.custody_lost || !claimed.custody.empty();
  if (has_record || std::ranges::any_of(secret.versions, ours)) vouching.why_anew = contradiction(claimed);
  vouching.record_stands = vouching.why_anew.empty();
  vouching.kept_statements = policy.foreign;
  return vouching;
}

std::string record_words(const Vouching& vouching) {
  return vouching.record_stands ? "its record stands" : "its clocks start anew: " + vouching.why_anew;
}

std::string kept_words(const Vouching& vouching) {
  std::string words;
  for (const auto& statement : vouching.kept_statements) {
    words += fmt::format("; its policy keeps {}: name who it is in [store] readers", statement);
  }
  return words;
}

}  // namespace rekeyer::rotation
