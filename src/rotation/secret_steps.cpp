#include "rotation/secret_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "base/try.hpp"
#include "rotation/grants.hpp"
#include "rotation/secret_tags.hpp"

namespace rekeyer::rotation {
namespace {

bool holds(const aws::SecretDescription& secret, const VersionId& token, std::string_view stage) {
  const auto version = secret.versions.find(token);
  return version != secret.versions.end() && version->second.contains(std::string(stage));
}

std::optional<VersionId> holder(const aws::SecretDescription& secret, std::string_view stage) {
  for (const auto& [version, stages] : secret.versions) {
    if (stages.contains(std::string(stage))) return version;
  }
  return std::nullopt;
}

/// Until when a request that was signed under the former lease, a repeated clearing of its intent above all, may land.
std::optional<Instant> settling(const aws::SecretDescription& secret) {
  const auto tag = secret.tags.find(std::string(policy::intent_tag));
  return tag == secret.tags.end() ? std::nullopt : policy::settles_at(tag->second);
}

}  // namespace

bool same_intent(const aws::SecretDescription& secret, const policy::Intent& intent) {
  const auto tag = secret.tags.find(std::string(policy::intent_tag));
  if (tag == secret.tags.end()) return false;
  const auto parsed = policy::parse_intent(tag->second);
  return parsed && *parsed && **parsed == intent;
}

policy::Custody after_rotation(policy::Custody custody, const AccessKeyId& issued, Instant issued_at,
                               const std::optional<AccessKeyId>& old_key, Instant now) {
  custody.put({issued, policy::KeyRole::current, issued_at, std::nullopt, false, std::nullopt});
  if (old_key) custody.put({*old_key, policy::KeyRole::retiring, now, std::nullopt, false, std::nullopt});
  return custody;
}

ResultTask<aws::SecretDescription> SecretSteps::prepare(const UserState& state, const Lease& lease) {
  auto& writer = access_.secrets_writer();
  CO_TRY(auto intent, policy::encode(lease.intent()));
  const auto tags = with_store_tags({{std::string(policy::intent_tag), intent}}, settings_.store);
  auto secret = state.secret;
  if (const auto settled = secret ? settling(*secret) : std::nullopt; settled && clock_.now() < *settled) {
    co_return fail(ErrorKind::conflict, "requests of the rotation before may land until " + iso8601(*settled));
  }
  if (!secret) {
    aws::CreateSecret request;
    request.name = state.secret_name;
    request.description = fmt::format("Access key of IAM user {} in account {}, rotated by rekeyer", state.facts.user,
                                      state.facts.account);
    request.kms_key_id = settings_.store.kms_key_id;
    request.tags = tags;
    auto created = co_await writer.create_secret(std::move(request), lease.sign_before());
    if (created) co_return created;
    if (created.error().kind != ErrorKind::already_exists) co_return fail(created.error());
    // Another run made it, or a lost reply did.
    CO_TRY(auto described, co_await access_.secrets().describe_secret(state.secret_name));
    if (same_intent(described, lease.intent())) co_return described;
    if (described.tags.contains(std::string(policy::intent_tag))) {
      co_return fail(ErrorKind::conflict, "another run has just begun with this user");
    }
    secret = std::move(described);
  }
  if (secret->deleted) {
    CO_TRY_VOID(co_await writer.restore_secret(state.secret_name, lease.sign_before()));
    log::warn("secret was scheduled for deletion although its user is alive; restored",
              {{"account", state.facts.account.str()}, {"secret", state.secret_name.str()}});
    secret->deleted.reset();
  }
  CO_TRY_VOID(co_await writer.tag_secret(state.secret_name, tags, lease.sign_before()));
  co_return std::move(*secret);
}

ResultTask<> SecretSteps::publish(const UserState& state, aws::SecretDescription secret, VersionId token,
                                  const Lease& lease) {
  if (!holds(secret, token, stage_current)) {
    const auto moved = co_await access_.secrets_writer().move_stage(
        state.secret_name, std::string(stage_current), holder(secret, stage_current), token, lease.sign_before());
    if (!moved) {
      // A lost reply, a label that came with the first version, or another run that was faster.
      CO_TRY(auto seen, co_await access_.secrets().describe_secret(state.secret_name));
      if (!holds(seen, token, stage_current)) co_return moved;
    }
  }
  CO_TRY_VOID(co_await grant(state, secret, lease));
  co_return co_await replicate(state, secret, lease);
}

ResultTask<> SecretSteps::grant(const UserState& state, const aws::SecretDescription& secret, const Lease& lease) {
  const auto how = settings_.store.grant;
  if (how == Grant::secret_policy || how == Grant::both) {
    CO_TRY(auto policy, co_await access_.secrets().resource_policy(state.secret_name));
    CO_TRY(auto granted, grant_on_secret(policy, state.user_arn));
    if (granted) {
      CO_TRY_VOID(
          co_await access_.secrets_writer().put_resource_policy(state.secret_name, *granted, lease.sign_before()));
    }
  }
  if (how == Grant::user_policy || how == Grant::both) {
    const auto& user = state.facts.user;
    const std::string policy_name(user_policy_name);
    CO_TRY(auto policy, co_await access_.iam().user_policy(user, policy_name));
    const bool own_key = secret.kms_key_id.starts_with("arn:");
    CO_TRY(auto granted, grant_to_user(policy, secret.arn, own_key ? secret.kms_key_id : std::string()));
    if (granted) {
      CO_TRY_VOID(co_await access_.iam_writer().put_user_policy(user, policy_name, *granted, lease.sign_before()));
    }
  }
  co_return Result<>{};
}

ResultTask<> SecretSteps::replicate(const UserState& state, const aws::SecretDescription& secret, const Lease& lease) {
  std::vector<aws::Replica> missing;
  for (const auto& region : settings_.store.replica_regions) {
    const auto there =
        std::ranges::any_of(secret.replicas, [&](const auto& replica) { return replica.region == region; });
    if (there) continue;
    const auto key = settings_.store.replica_kms_key_ids.find(region);
    missing.push_back({region, key == settings_.store.replica_kms_key_ids.end() ? std::string() : key->second});
  }
  if (missing.empty()) co_return Result<>{};
  co_return co_await access_.secrets_writer().replicate(state.secret_name, std::move(missing), lease.sign_before());
}

ResultTask<> SecretSteps::finish(const UserState& state, policy::Custody custody, const Lease& lease) {
  CO_TRY(auto tags, policy::custody_tags(custody, state.secret ? state.secret->tags : policy::TagMap{}));
  tags.insert_or_assign(std::string(policy::intent_tag), policy::encode_no_intent(lease.intent().lease_end));
  co_return co_await access_.secrets_writer().tag_secret(state.secret_name, std::move(tags), lease.sign_before());
}

}  // namespace rekeyer::rotation
