// Sessions, and who a key is.
#include <array>

#include "base/try.hpp"
#include "probe/check.hpp"

// NOLINTBEGIN(cppcoreguidelines-avoid-capturing-lambda-coroutines): it lives in the frame of the waiting that it is
// given to
namespace rekeyer::probe {
namespace {

ResultTask<Finding> identity_needs_no_right(Bench& bench) {
  CO_TRY(auto stranger, co_await bench.stranger());
  const auto answer = co_await stranger.query(aws::services::sts, "GetCallerIdentity");
  if (answer.refusal) co_return judge_acceptance(answer);
  CO_TRY(const auto arn, answer.xml.text("Arn"));
  const auto wanted = fmt::format("arn:{}:iam::{}:user{}{}", bench.account().partition, bench.account().id, user_path,
                                  bench.name_of("stranger"));
  co_return judged(arn == wanted, std::string(arn));
}

ResultTask<Finding> account_of_a_key(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("key-info"));
  CO_TRY(const auto key, co_await bench.make_key(user));
  CO_TRY_VOID(co_await bench.iam().deactivate_access_key(user, key->id, aws::SignBefore::never()));
  const auto answer =
      co_await bench.caller().query(aws::services::sts, "GetAccessKeyInfo", {{"AccessKeyId", key->id.str()}});
  if (answer.refusal) co_return judge_acceptance(answer);
  CO_TRY(const auto account, answer.xml.text("Account"));
  co_return judged(account == bench.account().id.str(), std::string(account));
}

ResultTask<Finding> session_of_a_key(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("session"));
  CO_TRY(const auto key, co_await bench.make_working_key(user));
  aws::StsClient sts(bench.account().caller, bench.principal_of(key));
  CO_TRY(const auto session, co_await sts.session_token(std::chrono::minutes{15}));
  auto client = bench.acting_with(session);
  const auto answer = co_await client.query(aws::services::sts, "GetCallerIdentity");
  if (answer.refusal) co_return judge_acceptance(answer);
  CO_TRY(const auto arn, answer.xml.text("Arn"));
  const bool user_arn = arn.contains(":user/");
  const bool temporary = session->id.str().starts_with("ASIA");
  co_return judged(user_arn && temporary,
                   fmt::format("{}; its key id begins with {}", arn, session->id.str().substr(0, 4)));
}

ResultTask<Finding> session_outlives_the_key(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("outliving"));
  CO_TRY(const auto key, co_await bench.make_working_key(user));
  aws::StsClient sts(bench.account().caller, bench.principal_of(key));
  CO_TRY(const auto session, co_await sts.session_token(std::chrono::minutes{15}));
  CO_TRY_VOID(co_await bench.iam().deactivate_access_key(user, key->id, aws::SignBefore::never()));
  auto by_key = bench.acting_with(key);
  const auto off = co_await bench.wait_until(std::chrono::minutes{5}, [&]() -> ResultTask<bool> {
    const auto answer = co_await by_key.query(aws::services::sts, "GetCallerIdentity");
    co_return answer.refused_with("InvalidClientTokenId");
  });
  if (!off) co_return fail(off.error());
  if (!*off) co_return not_tried("the key could still be used five minutes after it was switched off");
  auto by_session = bench.acting_with(session);
  const auto answer = co_await by_session.query(aws::services::sts, "GetCallerIdentity");
  co_return judge_acceptance(answer);
}

ResultTask<Finding> too_short_a_session(Bench& bench) {
  const auto& account = bench.account();
  const auto role = fmt::format("arn:{}:iam::{}:role/{}", account.partition, account.id, bench.name_of("no-role"));
  const auto answer = co_await bench.caller().query(
      aws::services::sts, "AssumeRole",
      {{"RoleArn", role}, {"RoleSessionName", "rekeyer-probe"}, {"DurationSeconds", "60"}});
  co_return judge_refusal(answer, {400, {"ValidationError"}});
}

}  // namespace

std::span<const Check> session_checks() {
  static constexpr std::array checks{
      Check{"sts.identity-needs-no-right", "GetCallerIdentity is answered to a user without any right",
            "src/rotation/issue.cpp", Takes::a_moment, identity_needs_no_right},
      Check{"sts.account-of-a-key", "GetAccessKeyInfo tells the account of a key that is switched off",
            "docs/operations.md", Takes::a_moment, account_of_a_key},
      Check{"sts.session-of-a-key", "A key opens a session that is still its user, under an id that begins with ASIA",
            "docs/operations.md", Takes::a_moment, session_of_a_key},
      Check{"sts.session-outlives-key", "A session goes on after the key that opened it is switched off",
            "docs/operations.md", Takes::a_while, session_outlives_the_key},
      Check{"sts.duration-too-short", "A session of less than 15 minutes: 400 ValidationError",
            "src/aws/services/sts.hpp", Takes::a_moment, too_short_a_session},
  };
  return checks;
}

}  // namespace rekeyer::probe
// NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)
