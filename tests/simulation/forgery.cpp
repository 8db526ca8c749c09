#include "simulation/forgery.hpp"

#include <fmt/format.h>

#include "policy/custody.hpp"
#include "policy/intent.hpp"
#include "policy/match.hpp"
#include "policy/notice.hpp"
#include "policy/tag_words.hpp"
#include "rotation/lock.hpp"
#include "rotation/naming.hpp"
#include "rotation/proofs.hpp"
#include "rotation/secrets_of_account.hpp"

namespace rekeyer::simulation {
namespace {

using std::chrono::days;
using std::chrono::minutes;

/// So long ago that every period of the rules is over; or a moment ago.
Instant forged_instant(Random& random, Instant now) {
  const auto instant = random.chance(0.8) ? now - days{30 + random.below(300)} : now - minutes{random.below(60)};
  return std::chrono::floor<std::chrono::seconds>(instant);
}

policy::Custody forged_custody(Random& random, const Target& target) {
  static constexpr policy::KeyPhase roles[] = {policy::KeyPhase::current, policy::KeyPhase::retiring,
                                               policy::KeyPhase::orphan, policy::KeyPhase::watched};
  policy::Custody custody;
  for (const auto& key : target.user.keys) {
    if (random.chance(0.2)) continue;
    policy::KeyRecord record;
    record.id = key.id;
    record.phase = roles[random.below(std::size(roles))];
    record.since = forged_instant(random, target.now);
    if (random.chance(0.6)) record.inactive_since = record.since;
    record.deactivated_by_us = record.inactive_since && random.chance(0.5);
    custody.put(std::move(record));
  }
  return custody;
}

policy::Intent forged_intent(Random& random, const Target& target) {
  policy::Intent intent;
  intent.run = RunId(random.hex(16));
  intent.started = forged_instant(random, target.now);
  intent.lease_end = intent.started + policy::lease_length;
  for (const auto& key : target.user.keys) {
    if (random.chance(0.3)) intent.had.push_back(key.id);
  }
  return intent;
}

policy::NoticeRecord forged_notices(Random& random, const Target& target) {
  policy::NoticeRecord record;
  for (const auto& key : target.user.keys) {
    policy::NoticeState told;
    told.key = key.id;
    told.kind = random.chance(0.5) ? policy::NoticeKind::deactivation_soon : policy::NoticeKind::deletion_soon;
    told.days = 1;
    told.due = std::chrono::floor<days>(target.now);
    told.since = forged_instant(random, target.now);
    record.put(std::move(told));
  }
  return record;
}

void merge(policy::TagMap& all, const Result<policy::TagMap>& more) {
  if (more) all.insert(more->begin(), more->end());
}

/// The proof of another secret of the account, whosever that is; empty where there is none.
std::string proof_of_another(Random& random, const Target& target) {
  std::vector<std::string> proofs;
  const auto& vaults = target.world.find_account(target.account)->vaults;
  const auto vault = vaults.find(target.settings.store.region);
  if (vault == vaults.end()) return {};
  for (const auto& [name, secret] : vault->second.secrets) {
    const auto tag = secret.tags.find(std::string(rotation::proof_tag));
    if (tag != secret.tags.end()) proofs.push_back(tag->second);
  }
  return proofs.empty() ? std::string() : proofs[random.below(proofs.size())];
}

std::string forged_proof(Random& random, const Target& target) {
  const auto instant = policy::tag_instant(forged_instant(random, target.now)).value_or("");
  if (target.settings.store.proof.empty() || random.chance(0.4)) return "1 none " + instant;
  if (auto another = random.chance(0.5) ? proof_of_another(random, target) : ""; !another.empty()) return another;
  return fmt::format("1 kms {} {}==", instant, random.hex(86));  // letters of base64, as long as a signature
}

}  // namespace

policy::TagMap forged_tags(Random& random, const Target& target, bool proof) {
  policy::TagMap tags;
  if (random.chance(0.6)) merge(tags, policy::custody_tags(forged_custody(random, target), {}));
  if (random.chance(0.3)) merge(tags, policy::notice_tags(forged_notices(random, target), {}));
  if (random.chance(0.4)) {
    const auto intent = forged_intent(random, target);
    if (const auto text = policy::encode(intent)) tags.emplace(std::string(policy::intent_tag), *text);
    if (random.chance(0.3)) tags.emplace(std::string(policy::issued_nothing_tag), intent.run.str());
  }
  if (random.chance(0.1)) tags.insert_or_assign(std::string(policy::intent_tag), "1 anything");
  if (random.chance(0.5)) {
    const bool his = random.chance(0.8);
    tags.emplace(std::string(rotation::id_tag), his ? target.user.id : "AIDA" + random.hex(16));
  }
  if (proof) tags.emplace(std::string(rotation::proof_tag), forged_proof(random, target));
  if (random.chance(0.2)) tags.emplace("team", "developers");
  return tags;
}

std::string text_of_another_secret(const AccessKeyId& key) {
  return fmt::format(R"({{"AccessKeyId":"{}","SecretAccessKey":"not that key's"}})", key);
}

ForgedValue forged_value(Random& random, const Target& target) {
  ForgedValue value;
  value.token = random.hex(64);
  value.text = R"({"AccessKeyId":"AKIANOBODYSKEY","SecretAccessKey":"nobody's"})";
  if (target.user.keys.empty()) return value;
  const auto& key = target.user.keys[random.below(target.user.keys.size())].id;
  value.text = text_of_another_secret(key);
  if (random.chance(0.6)) value.token = rotation::version_token(target.account, target.user.name, key).str();
  return value;
}

std::string forged_policy(Random& random, const Target& target, const Arn& himself) {
  constexpr std::string_view one_statement = R"({{"Version":"2012-10-17","Statement":[{}]}})";
  switch (random.below(4)) {
    case 0: {
      policy::Subject subject;
      subject.account = target.account;
      subject.user = target.user.name;
      subject.id = UserId(target.user.id);
      subject.path = target.user.path;
      const rotation::StorePrincipal member{Arn(fmt::format("arn:{}:iam::{}:role/{}", target.world.partition,
                                                            target.account, target.settings.scope.member_role)),
                                            true};
      const auto ours = rotation::review_policy(
          std::nullopt, rotation::wanted_policy(target.settings, subject, target.world.partition, member));
      return ours && ours->wanted ? *ours->wanted : std::string("{}");
    }
    case 1:
      return fmt::format(
          one_statement,
          R"({"Effect":"Deny","Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"*"})");
    default:
      return fmt::format(
          one_statement,
          fmt::format(
              R"({{"Sid":"mine","Effect":"Allow","Principal":{{"AWS":"{}"}},"Action":"secretsmanager:*","Resource":"*"}})",
              himself));
  }
}

}  // namespace rekeyer::simulation
