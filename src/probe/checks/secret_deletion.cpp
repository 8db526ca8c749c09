// Secrets that are scheduled for deletion, restored, and deleted at once.
#include <array>

#include "base/try.hpp"
#include "probe/check.hpp"
#include "probe/checks/secret_requests.hpp"

// NOLINTBEGIN(cppcoreguidelines-avoid-capturing-lambda-coroutines): it lives in the frame of the waiting that it is
// given to
namespace rekeyer::probe {
namespace {

using namespace std::chrono_literals;

ResultTask<SecretName> scheduled(Bench& bench, std::string suffix) {
  CO_TRY(auto secret, co_await bench.make_secret(std::move(suffix)));
  CO_TRY_VOID(accepted(co_await put_value(bench.caller(), secret, {token_of(bench, 1), "first"})));
  CO_TRY_VOID(co_await bench.secrets().schedule_deletion(secret, 7, aws::SignBefore::never()));
  co_return secret;
}

ResultTask<Finding> put_on_scheduled(Bench& bench) {
  CO_TRY(const auto secret, co_await scheduled(bench, "put-scheduled"));
  const auto answer = co_await put_value(bench.caller(), secret, {token_of(bench, 2), "second"});
  co_return judge_refusal(answer, {400, {"InvalidRequestException"}, "marked for deletion"});
}

ResultTask<Finding> create_over_scheduled(Bench& bench) {
  CO_TRY(const auto secret, co_await scheduled(bench, "create-scheduled"));
  auto again = co_await bench.secrets().create_secret(
      {.name = secret, .description = {}, .kms_key_id = {}, .tags = tags_of(bench.account().run)},
      aws::SignBefore::never());
  if (again) co_return different("accepted");
  if (again.error().kind == ErrorKind::access_denied) co_return unanswered(again.error());
  co_return judged(again.error().kind == ErrorKind::marked_for_deletion,
                   fmt::format("{}: {}", again.error().code, again.error().message));
}

ResultTask<Finding> describe_scheduled(Bench& bench) {
  CO_TRY(const auto secret, co_await scheduled(bench, "describe-scheduled"));
  CO_TRY(const auto described, co_await bench.secrets().describe_secret(secret));
  if (!described.deleted) co_return different("there is no DeletedDate");
  // The end of the window is seven days away.
  const auto age = bench.clock().now() - *described.deleted;
  co_return judged(
      std::chrono::abs(age) < 24h,
      "DeletedDate is the " + std::string(std::chrono::abs(age) < 24h ? "day of the request" : "end of the window"));
}

ResultTask<Finding> schedule_twice(Bench& bench) {
  CO_TRY(const auto secret, co_await scheduled(bench, "scheduled-twice"));
  auto body = request_about(secret);
  body.member("RecoveryWindowInDays", 7).end();
  const auto answer = co_await bench.caller().secret("DeleteSecret", std::move(body));
  if (answer.accepted()) co_return as_believed("accepted");
  co_return judged(answer.refusal->kind == ErrorKind::marked_for_deletion, answer.words());
}

ResultTask<Finding> restored_whole(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("restored"));
  CO_TRY_VOID(accepted(co_await put_value(bench.caller(), secret, {token_of(bench, 1), "first"})));
  CO_TRY(const auto before, co_await bench.secrets().describe_secret(secret));
  CO_TRY_VOID(co_await bench.secrets().schedule_deletion(secret, 7, aws::SignBefore::never()));
  CO_TRY_VOID(co_await bench.secrets().restore_secret(secret, aws::SignBefore::never()));
  CO_TRY(const auto after, co_await bench.secrets().describe_secret(secret));
  const bool same = after.arn == before.arn && after.tags == before.tags && after.versions == before.versions;
  co_return judged(same && !after.deleted,
                   fmt::format("{}; {}", same ? "the same ARN, tags and versions" : "another ARN, tags or versions",
                               after.deleted ? "still with a DeletedDate" : "without a DeletedDate"));
}

ResultTask<Finding> restore_of_another(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("restore-nothing"));
  auto body = request_about(secret);
  body.end();
  const auto answer = co_await bench.caller().secret("RestoreSecret", std::move(body));
  co_return judge_acceptance(answer);
}

ResultTask<Finding> deleted_at_once(Bench& bench) {
  CO_TRY(const auto secret, co_await scheduled(bench, "at-once"));
  auto body = request_about(secret);
  body.member("ForceDeleteWithoutRecovery", true).end();
  const auto answer = co_await bench.caller().secret("DeleteSecret", std::move(body));
  if (answer.refusal) co_return judge_acceptance(answer);
  const auto took = co_await bench.wait_until(2min, [&]() -> ResultTask<bool> {
    const auto described = co_await bench.secrets().describe_secret(secret);
    if (!described && described.error().kind != ErrorKind::not_found) co_return fail(described.error());
    co_return !described;
  });
  if (!took) co_return fail(took.error());
  if (!*took) co_return different("it is still described two minutes later");
  CO_TRY_VOID(bench.gone(bench.thing(Kind::secret, secret.str())));
  co_return judged(**took <= 1min, fmt::format("gone after {:.1f} s", static_cast<double>((*took)->count()) / 1000));
}

ResultTask<Finding> absent_secret(Bench& bench) {
  auto body = request_about(SecretName(bench.name_of("no-such-secret")));
  body.end();
  const auto answer = co_await bench.caller().secret("DescribeSecret", std::move(body), aws::Idempotent::read);
  co_return judge_refusal(answer, {400, {"ResourceNotFoundException"}});
}

}  // namespace

std::span<const Check> secret_deletion_checks() {
  static constexpr std::array checks{
      Check{"secrets.missing", "A secret that is not there: 400 ResourceNotFoundException", "src/aws/call/classify.cpp",
            Takes::a_moment, absent_secret},
      Check{"secrets.scheduled-put", "Storing in a secret that is scheduled for deletion is refused in those words",
            "src/aws/call/classify.cpp", Takes::a_moment, put_on_scheduled},
      Check{"secrets.scheduled-create", "Its name can't be used for a new secret, and AWS says why",
            "src/aws/call/classify.cpp", Takes::a_moment, create_over_scheduled},
      Check{"secrets.scheduled-described", "It can be described, and DeletedDate is when its deletion was asked for",
            "src/rotation/secret_steps.cpp", Takes::a_moment, describe_scheduled},
      Check{"secrets.scheduled-twice", "Scheduling it once more is accepted, or refused in those words",
            "src/aws/services/secrets_manager.cpp", Takes::a_moment, schedule_twice},
      Check{"secrets.restored-whole", "A restored secret has its ARN, tags, versions and labels",
            "src/rotation/secret_steps.cpp", Takes::a_moment, restored_whole},
      Check{"secrets.restored-for-nothing", "Restoring a secret that is not scheduled for deletion is accepted",
            "src/aws/services/secrets_manager.hpp", Takes::a_moment, restore_of_another},
      Check{"secrets.deleted-at-once", "A scheduled secret can be deleted at once, and is gone within a minute",
            "src/probe/removal_of_secrets.cpp", Takes::a_moment, deleted_at_once},
  };
  return checks;
}

}  // namespace rekeyer::probe
// NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)
