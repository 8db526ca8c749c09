#include "rotation/user_state.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "base/try.hpp"
#include "rotation/naming.hpp"

namespace rekeyer::rotation {
namespace {

policy::Stored stored_of(const aws::SecretDescription& secret, const VersionId& token) {
  const auto version = secret.versions.find(token);
  if (version == secret.versions.end()) return policy::Stored::no;
  if (version->second.contains(std::string(stage_current))) return policy::Stored::current;
  if (version->second.contains(std::string(stage_pending))) return policy::Stored::pending;
  return policy::Stored::previous;
}

}  // namespace

policy::NoticeRecord read_told(const aws::SecretDescription& secret) {
  auto parsed = policy::read_notices(secret.tags);
  if (parsed) return *std::move(parsed);
  log::warn("notice tag can't be read: owners are told anew",
            {{"secret", secret.name.str()}, {"problem", parsed.error().message}});
  return {};
}

void read_secret(const aws::SecretDescription& secret, Instant now, policy::UserFacts& facts) {
  for (auto& key : facts.keys) key.stored = stored_of(secret, version_token(facts.account, facts.user, key.id));
  const auto ours = [](const auto& version) { return is_version_token(version.first.str()); };

  if (auto custody = policy::read_custody(secret.tags); !custody) {
    facts.custody_lost = true;
    log::warn("custody tag can't be read and is derived anew",
              {{"account", facts.account.str()}, {"user", facts.user.str()}, {"problem", custody.error().message}});
  } else if (*custody) {
    facts.custody = **std::move(custody);
  } else {
    facts.custody_lost = std::ranges::any_of(secret.versions, ours);
  }

  facts.told = read_told(secret);

  const auto intent = secret.tags.find(std::string(policy::intent_tag));
  if (intent == secret.tags.end()) return;
  if (auto parsed = policy::parse_intent(intent->second); parsed && !policy::claims_too_much(intent->second, now)) {
    facts.intent = std::move(*parsed);
  } else {
    facts.intent_unreadable = true;
  }
}

void read_rules(const policy::PolicyConfig& config, const UserContext& context, Instant now, policy::UserFacts& facts,
                policy::Rules& rules) {
  facts.exemption_unreadable = context.exemption_unreadable;
  facts.exemption = policy::exemption_for(config, context.subject, now);
  if (auto effective = policy::effective_rules(config, context.subject); effective) {
    rules = std::move(*effective);
  } else {
    facts.rules_unreadable = effective.error().message;
  }
}

ResultTask<UserState> read_user(ReadAccess& access, const Settings& settings, UserContext context, Instant now) {
  UserState state;
  const auto& subject = context.subject;
  state.facts.account = subject.account;
  state.facts.user = subject.user;
  state.secret_name = secret_name(settings.store.name_template, subject.account, subject.user);
  state.user_arn =
      Arn(fmt::format("arn:{}:iam::{}:user{}{}", access.partition(), subject.account, subject.path, subject.user));

  auto keys = co_await access.iam().list_access_keys(subject.user);
  if (!keys) co_return fail(keys.error());
  for (auto& key : *keys) {
    policy::KeyFacts fact;
    fact.id = key.id;
    fact.status = key.status;
    fact.created = key.created;
    fact.signs_this_run = !access.signer_key().empty() && key.id == access.signer_key();
    auto last_use = co_await access.iam().access_key_last_used(key.id);
    if (last_use) {
      fact.last_use = std::move(*last_use);
    } else {
      log::warn(
          "last use can't be read: the key will not be retired",
          {{"account", subject.account.str()}, {"user", subject.user.str()}, {"error", describe(last_use.error())}});
    }
    state.facts.keys.push_back(std::move(fact));
  }

  auto secret = co_await access.secrets().describe_secret(state.secret_name);
  if (secret) {
    state.secret = std::move(*secret);
    read_secret(*state.secret, now, state.facts);
  } else if (secret.error().kind != ErrorKind::not_found) {
    co_return fail(in_context(secret.error(), "can't tell what is stored"));
  }
  read_rules(settings.policy, context, now, state.facts, state.rules);
  co_return state;
}

}  // namespace rekeyer::rotation
