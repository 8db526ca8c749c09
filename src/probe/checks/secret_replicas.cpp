// Copies of a secret in another Region: what is copied, and what they stand in the way of.
#include <array>

#include "base/try.hpp"
#include "probe/check.hpp"
#include "probe/checks/secret_requests.hpp"

// NOLINTBEGIN(cppcoreguidelines-avoid-capturing-lambda-coroutines): it lives in the frame of the waiting that it is
// given to
namespace rekeyer::probe {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds copied_within = 3min;

/// A secret with a value and a copy that is in step. `not_tried` says why there is none.
struct Copied {
  SecretName secret;
  std::string not_copied;
  std::string status;
};

ResultTask<Copied> copied_secret(Bench& bench, std::string suffix) {
  CO_TRY(auto secret, co_await bench.make_secret(std::move(suffix)));
  CO_TRY_VOID(accepted(co_await put_value(bench.caller(), secret, {token_of(bench, 1), "first"})));
  const auto there = other_region(bench.account().region());
  CO_TRY_VOID(co_await bench.secrets().replicate(secret, {{there, ""}}, aws::SignBefore::never()));
  Copied copied{secret, {}, {}};
  const auto took = co_await bench.wait_until(copied_within, [&]() -> ResultTask<bool> {
    CO_TRY(const auto described, co_await bench.secrets().describe_secret(secret));
    if (described.replicas.empty()) co_return false;
    copied.status = described.replicas.front().status;
    co_return copied.status != "InProgress";
  });
  if (!took) co_return fail(took.error());
  if (copied.status != "InSync") copied.not_copied = fmt::format("the copy is {}", copied.status);
  co_return copied;
}

aws::SecretsManagerClient secrets_there(const Bench& bench) {
  auto principal = bench.account().principal;
  principal.region = other_region(bench.account().region());
  return {bench.account().caller, principal};
}

ResultTask<Finding> copy_is_made(Bench& bench) {
  CO_TRY(const auto copied, co_await copied_secret(bench, "copied"));
  co_return judged(copied.status == "InSync", copied.status);
}

ResultTask<Finding> copy_has_tags(Bench& bench) {
  CO_TRY(const auto copied, co_await copied_secret(bench, "copied-tags"));
  if (!copied.not_copied.empty()) co_return not_tried(copied.not_copied);
  CO_TRY_VOID(co_await bench.secrets().tag_secret(copied.secret, {{"late", "1"}}, aws::SignBefore::never()));
  auto there = secrets_there(bench);
  const auto took = co_await bench.wait_until(copied_within, [&]() -> ResultTask<bool> {
    CO_TRY(const auto described, co_await there.describe_secret(copied.secret));
    co_return tagged_by(bench.account().run, described.tags) && described.tags.contains("late");
  });
  if (!took) co_return fail(took.error());
  co_return judged(took->has_value(), *took ? "tags are copied, also those of later" : "not all tags are copied");
}

ResultTask<Finding> copy_has_policy(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("copied-policy"));
  CO_TRY(const auto detail, co_await bench.iam().get_user(user));
  CO_TRY(const auto copied, co_await copied_secret(bench, "copied-policy"));
  if (!copied.not_copied.empty()) co_return not_tried(copied.not_copied);
  CO_TRY_VOID(accepted(co_await put_policy(bench.caller(), copied.secret, reading_policy(detail.user.arn))));
  auto there = secrets_there(bench);
  const auto took = co_await bench.wait_until(copied_within, [&]() -> ResultTask<bool> {
    CO_TRY(const auto policy, co_await there.resource_policy(copied.secret));
    co_return policy.has_value();
  });
  if (!took) co_return fail(took.error());
  co_return judged(took->has_value(), *took ? "the policy is copied" : "the policy is not copied within three minutes");
}

ResultTask<Finding> copy_stops_deletion(Bench& bench) {
  CO_TRY(const auto copied, co_await copied_secret(bench, "copied-deletion"));
  if (!copied.not_copied.empty()) co_return not_tried(copied.not_copied);
  auto body = request_about(copied.secret);
  body.member("RecoveryWindowInDays", 7).end();
  const auto answer = co_await bench.caller().secret("DeleteSecret", std::move(body));
  co_return judge_refusal(answer, {400, {"InvalidRequestException"}});
}

ResultTask<Finding> copy_takes_no_value(Bench& bench) {
  CO_TRY(const auto copied, co_await copied_secret(bench, "copied-value"));
  if (!copied.not_copied.empty()) co_return not_tried(copied.not_copied);
  auto principal = bench.account().principal;
  principal.region = other_region(bench.account().region());
  const Client there(bench.account().caller, principal);
  const auto answer = co_await put_value(there, copied.secret, {token_of(bench, 2), "second"});
  co_return judge_refusal(answer, {400, {"InvalidRequestException"}});
}

}  // namespace

std::span<const Check> secret_replica_checks() {
  static constexpr std::array checks{
      Check{"secrets.copy-made", "A copy in another Region is InSync within three minutes",
            "src/rotation/secret_steps.cpp", Takes::a_while, copy_is_made},
      Check{"secrets.copy-tags", "A copy has its secret's tags, also those that came later",
            "docs/design/0012-trust.md", Takes::a_while, copy_has_tags},
      Check{"secrets.copy-policy", "A copy has its secret's policy", "docs/design/0012-trust.md", Takes::a_while,
            copy_has_policy},
      Check{"secrets.copy-stops-deletion", "A secret with copies can't be scheduled for deletion",
            "src/aws/services/secrets_manager.hpp", Takes::a_while, copy_stops_deletion},
      Check{"secrets.copy-takes-no-value", "Nothing can be stored in a copy itself", "src/rotation/secret_steps.cpp",
            Takes::a_while, copy_takes_no_value},
  };
  return checks;
}

}  // namespace rekeyer::probe
// NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)
