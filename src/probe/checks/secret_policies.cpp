// Policies of secrets: what AWS takes, what it refuses, and whom they stop. The lock is tried with the probe's own user
// as the one whom it shuts out, never with whoever runs the probe.
#include <array>

#include "base/try.hpp"
#include "probe/check.hpp"
#include "probe/checks/secret_requests.hpp"

// NOLINTBEGIN(cppcoreguidelines-avoid-capturing-lambda-coroutines): it lives in the frame of the waiting that it is
// given to
namespace rekeyer::probe {
namespace {

using namespace std::chrono_literals;

/// The lock's shape: what changes is denied, by naming what only reads. It concerns `user` alone.
std::string lock_on(const Arn& user) {
  return fmt::format(
      R"({{"Version":"2012-10-17","Statement":[{{"Sid":"RekeyerLock","Effect":"Deny","Principal":"*","Resource":"*",)"
      R"("NotAction":["secretsmanager:GetSecretValue","secretsmanager:DescribeSecret","secretsmanager:GetResourcePolicy",)"
      R"("secretsmanager:ListSecretVersionIds"],"Condition":{{"ArnLike":{{"aws:PrincipalArn":["{}"]}}}}}}]}})",
      user);
}

struct Prepared {
  SecretName secret;
  UserName user;
  Arn arn;
};

ResultTask<Prepared> secret_and_user(Bench& bench, std::string suffix) {
  CO_TRY(auto secret, co_await bench.make_secret(suffix));
  CO_TRY(auto user, co_await bench.make_user(suffix));
  CO_TRY(auto detail, co_await bench.iam().get_user(user));
  co_return Prepared{std::move(secret), std::move(user), std::move(detail.user.arn)};
}

/// A user who was made a moment ago may not be known yet where policies are read.
ResultTask<Answer> put_when_known(Bench& bench, SecretName secret, std::string policy) {
  Answer answer;
  const auto done = co_await bench.wait_until(1min, [&]() -> ResultTask<bool> {
    answer = co_await put_policy(bench.caller(), secret, policy);
    co_return !answer.refused_with("MalformedPolicyDocumentException");
  });
  if (!done) co_return fail(done.error());
  co_return answer;
}

ResultTask<Finding> lock_is_taken(Bench& bench) {
  CO_TRY(const auto made, co_await secret_and_user(bench, "lock"));
  const auto answer = co_await put_policy(bench.caller(), made.secret, lock_on(made.arn));
  if (answer.refusal) co_return judge_acceptance(answer);
  CO_TRY(const auto policy, co_await bench.secrets().resource_policy(made.secret));
  const bool same = policy && policy->contains("\"NotAction\"") && policy->contains("RekeyerLock");
  co_return judged(same, same ? "accepted, and shown with NotAction" : "accepted, and shown otherwise");
}

ResultTask<Finding> deny_for_all_is_not_public(Bench& bench) {
  CO_TRY(const auto made, co_await secret_and_user(bench, "deny-star"));
  const auto answer = co_await put_policy(
      bench.caller(), made.secret,
      fmt::format(R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Principal":"*","Resource":"*","Action":)"
                  R"("secretsmanager:PutSecretValue","Condition":{{"ArnLike":{{"aws:PrincipalArn":["{}"]}}}}}}]}})",
                  made.arn));
  co_return judge_acceptance(answer);
}

ResultTask<Finding> public_policy(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("public"));
  const auto answer = co_await put_policy(
      bench.caller(), secret,
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"*"}]})");
  co_return judge_refusal(answer, {400, {"PublicPolicyException"}});
}

ResultTask<Finding> unknown_principal(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("unknown-principal"));
  const auto& account = bench.account();
  const Arn nobody(
      fmt::format("arn:{}:iam::{}:user{}{}", account.partition, account.id, user_path, bench.name_of("nobody")));
  const auto answer = co_await put_policy(bench.caller(), secret, reading_policy(nobody));
  co_return judge_refusal(answer, {400, {"MalformedPolicyDocumentException"}});
}

ResultTask<Finding> principal_that_goes(Bench& bench) {
  CO_TRY(const auto made, co_await secret_and_user(bench, "goes"));
  CO_TRY(const auto detail, co_await bench.iam().get_user(made.user));
  CO_TRY(const auto put, co_await put_when_known(bench, made.secret, reading_policy(made.arn)));
  if (put.refusal) co_return judge_acceptance(put);
  const auto deleted = co_await bench.caller().iam("DeleteUser", {{"UserName", made.user.str()}});
  if (deleted.refusal) co_return fail(*deleted.refusal);
  CO_TRY_VOID(bench.gone(bench.thing(Kind::user, made.user.str())));
  const auto took = co_await bench.wait_until(3min, [&]() -> ResultTask<bool> {
    CO_TRY(const auto policy, co_await bench.secrets().resource_policy(made.secret));
    co_return policy && policy->contains(detail.user.id.str());
  });
  if (!took) co_return fail(took.error());
  co_return judged(took->has_value(), *took ? "shown by the id" : "still shown by the ARN after three minutes");
}

ResultTask<Finding> policy_of_nobody(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("without-policy"));
  CO_TRY(const auto policy, co_await bench.secrets().resource_policy(secret));
  co_return judged(!policy, policy ? "there is one" : "there is none");
}

/// Whether `client` may tag the secret: changed by a right, stopped by the lock.
Task<Answer> tag_as(Client client, SecretName secret) {
  auto body = request_about(secret);
  add_tags(body, {{"probe", "1"}});
  body.end();
  auto answer = co_await client.secret("TagResource", std::move(body));
  co_return answer;
}

ResultTask<Finding> lock_stops(Bench& bench) {
  CO_TRY(const auto made, co_await secret_and_user(bench, "stopped"));
  CO_TRY(const auto key, co_await bench.make_working_key(made.user));
  CO_TRY_VOID(co_await bench.allow(made.user, R"("secretsmanager:*")", bench.own_secrets()));
  auto client = bench.acting_with(key);
  const auto may = co_await bench.wait_until(2min, [&]() -> ResultTask<bool> {
    const auto answer = co_await tag_as(client, made.secret);
    co_return answer.accepted();
  });
  if (!may) co_return fail(may.error());
  if (!*may) co_return not_tried("the user's own right did not spread within two minutes");
  CO_TRY_VOID(accepted(co_await put_policy(bench.caller(), made.secret, lock_on(made.arn))));
  Answer last;
  int in_a_row = 0;
  const auto took = co_await bench.wait_until(6min, [&]() -> ResultTask<bool> {
    last = co_await tag_as(client, made.secret);
    in_a_row = last.refused_with("AccessDeniedException") ? in_a_row + 1 : 0;
    co_return in_a_row >= 3;
  });
  if (!took) co_return fail(took.error());
  if (!*took) co_return different("the user may still change the secret after six minutes");
  // Reading stays as the user's own rights have it.
  auto look = request_about(made.secret);
  look.end();
  const auto read = co_await client.secret("DescribeSecret", std::move(look), aws::Idempotent::read);
  const bool words = last.refusal && last.refusal->message.contains("resource-based policy");
  co_return judged(**took <= 5min && read.accepted() && words,
                   fmt::format("after {:.1f} s: {}; reading: {}", static_cast<double>((*took)->count()) / 1000,
                               last.words(), read.words()));
}

}  // namespace

std::span<const Check> secret_policy_checks() {
  static constexpr std::array checks{
      Check{"secrets.policy-missing", "A secret without a policy has an answer without one, not a refusal",
            "src/aws/services/secrets_manager.cpp", Takes::a_moment, policy_of_nobody},
      Check{"secrets.policy-not-action", "A policy that denies by NotAction is taken with BlockPublicPolicy",
            "docs/design/0012-trust.md", Takes::a_moment, lock_is_taken},
      Check{"secrets.policy-deny-all-not-public", "A Deny for everybody under a condition is no public policy",
            "docs/design/0012-trust.md", Takes::a_moment, deny_for_all_is_not_public},
      Check{"secrets.policy-public", "An Allow for everybody is refused: PublicPolicyException",
            "docs/design/0012-trust.md", Takes::a_moment, public_policy},
      Check{"secrets.policy-unknown-principal",
            "A policy that names a user who is not there is refused: MalformedPolicyDocumentException",
            "docs/design/0012-trust.md", Takes::a_moment, unknown_principal},
      Check{"secrets.policy-principal-gone", "A user who is gone is shown in a secret's policy by his id",
            "docs/design/0012-trust.md", Takes::a_while, principal_that_goes},
      Check{"secrets.policy-locks",
            "The lock stops a user with every right to a secret within five minutes, and lets him look",
            "docs/design/0012-trust.md", Takes::a_while, lock_stops},
  };
  return checks;
}

}  // namespace rekeyer::probe
// NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)
