// What a refusal for want of rights looks like, service by service. Asked by a user of the probe's who has no rights.
#include <array>

#include "base/try.hpp"
#include "probe/check.hpp"

namespace rekeyer::probe {
namespace {

constexpr std::string_view missing_secret = "of-which-there-is-none";

aws::JsonWriter described_secret(const std::string& name) {
  aws::JsonWriter body;
  body.begin_object().member("SecretId", name).end();
  return body;
}

ResultTask<Finding> iam_denial(Bench& bench) {
  CO_TRY(auto stranger, co_await bench.stranger());
  const auto answer = co_await stranger.query(aws::services::iam, "ListUsers");
  co_return judge_denial(answer, {403, {"AccessDenied"}, "not authorized to perform: iam:ListUsers"});
}

ResultTask<Finding> iam_denial_says_why(Bench& bench) {
  CO_TRY(auto stranger, co_await bench.stranger());
  const auto answer = co_await stranger.query(aws::services::iam, "ListUsers");
  co_return judge_denial(answer, {403, {"AccessDenied"}, "no identity-based policy allows"});
}

ResultTask<Finding> secrets_denial(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("denied"));
  CO_TRY(auto stranger, co_await bench.stranger());
  const auto answer = co_await stranger.secret("DescribeSecret", described_secret(secret.str()));
  co_return judge_denial(answer, {400, {"AccessDeniedException"}});
}

ResultTask<Finding> missing_secret_is_denied(Bench& bench) {
  CO_TRY(auto stranger, co_await bench.stranger());
  const auto answer = co_await stranger.secret("DescribeSecret", described_secret(bench.name_of(missing_secret)));
  co_return judge_denial(answer, {400, {"AccessDeniedException"}});
}

ResultTask<Finding> organizations_denial(Bench& bench) {
  CO_TRY(auto stranger, co_await bench.stranger());
  aws::JsonWriter body;
  body.begin_object().end();
  const auto answer = co_await stranger.json(aws::services::organizations, "ListAccounts", std::move(body));
  co_return judge_denial(answer, {400, {"AccessDeniedException"}});
}

ResultTask<Finding> kms_denial(Bench& bench) {
  CO_TRY(auto stranger, co_await bench.stranger());
  aws::JsonWriter body;
  body.begin_object().member("KeyId", "11111111-2222-3333-4444-555555555555").end();
  const auto answer = co_await stranger.json(aws::services::kms, "DescribeKey", std::move(body));
  co_return judge_denial(answer, {400, {"AccessDeniedException"}});
}

ResultTask<Finding> sns_denial(Bench& bench) {
  CO_TRY(const auto topic, co_await bench.make_topic("denied"));
  CO_TRY(auto stranger, co_await bench.stranger());
  const auto answer = co_await stranger.query(aws::services::sns, "Publish",
                                              {{"TopicArn", topic.str()}, {"Message", "a probe"}}, aws::Idempotent::no);
  co_return judge_denial(answer, {403, {"AuthorizationError"}});
}

ResultTask<Finding> ses_denial(Bench& bench) {
  CO_TRY(auto stranger, co_await bench.stranger());
  const auto answer = co_await stranger.rest(aws::services::ses, "GetAccount", {"GET", "/v2/email/account"});
  co_return judge_denial(answer, {403, {"AccessDeniedException"}});
}

ResultTask<Finding> missing_role_is_denied(Bench& bench) {
  const auto& account = bench.account();
  const auto role = fmt::format("arn:{}:iam::{}:role/{}", account.partition, account.id, bench.name_of("no-role"));
  const auto answer = co_await bench.caller().query(aws::services::sts, "AssumeRole",
                                                    {{"RoleArn", role}, {"RoleSessionName", "rekeyer-probe"}});
  co_return judge_denial(answer, {403, {"AccessDenied"}});
}

}  // namespace

std::span<const Check> denial_checks() {
  static constexpr std::array checks{
      Check{"iam.denied", "IAM denies with 403 AccessDenied and names the action", "src/aws/call/classify.cpp",
            Takes::a_moment, iam_denial},
      Check{"iam.denied-says-why", "A denial for want of any right says `no identity-based policy allows`",
            "src/report/, docs/operations.md", Takes::a_moment, iam_denial_says_why},
      Check{"secrets.denied", "Secrets Manager denies with 400 AccessDeniedException", "src/aws/call/classify.cpp",
            Takes::a_moment, secrets_denial},
      Check{"secrets.denied-before-missing", "Who may not look at a secret is denied also where there is none",
            "src/rotation/user_state.cpp", Takes::a_moment, missing_secret_is_denied},
      Check{"organizations.denied", "Organizations denies with 400 AccessDeniedException", "src/aws/call/classify.cpp",
            Takes::a_moment, organizations_denial},
      Check{"kms.denied", "KMS denies with 400 AccessDeniedException", "src/aws/call/classify.cpp", Takes::a_moment,
            kms_denial},
      Check{"sns.denied", "SNS denies with 403 AuthorizationError", "src/aws/call/classify.cpp", Takes::a_moment,
            sns_denial},
      Check{"ses.denied", "SES denies with 403 AccessDeniedException", "src/aws/call/classify.cpp", Takes::a_moment,
            ses_denial},
      Check{"sts.missing-role-is-denied", "Becoming a role that does not exist is denied with 403 AccessDenied",
            "src/rotation/aws_gateway.cpp, docs/doctor.md", Takes::a_moment, missing_role_is_denied},
  };
  return checks;
}

}  // namespace rekeyer::probe
