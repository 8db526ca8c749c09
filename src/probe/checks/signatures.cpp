// Signatures that AWS must refuse: of unknown keys, with a wrong secret, and too old.
#include <array>

#include "aws/call/rate_limiter.hpp"
#include "base/random.hpp"
#include "base/try.hpp"
#include "probe/check.hpp"

namespace rekeyer::probe {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view nobodys_key = "AKIAREKEYERPROBETEST";

aws::SharedCredentials made_up(std::string_view id) {
  auto credentials = std::make_shared<aws::Credentials>();
  credentials->id = AccessKeyId(std::string(id));
  credentials->secret = Secret("made up by rekeyer probe, and nobody's secret");
  return credentials;
}

ResultTask<Finding> unknown_key_in_iam(Bench& bench) {
  const auto answer = co_await bench.acting_with(made_up(nobodys_key)).query(aws::services::iam, "ListUsers");
  co_return judge_refusal(answer, {403, {"InvalidClientTokenId"}});
}

ResultTask<Finding> unknown_key_in_secrets(Bench& bench) {
  aws::JsonWriter body;
  body.begin_object().member("MaxResults", 1).end();
  auto client = bench.acting_with(made_up(nobodys_key));
  const auto answer = co_await client.secret("ListSecrets", std::move(body), aws::Idempotent::read);
  co_return judge_refusal(answer, {400, {"UnrecognizedClientException"}});
}

ResultTask<Finding> wrong_secret(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("wrong-secret"));
  CO_TRY(const auto key, co_await bench.make_working_key(user));
  auto client = bench.acting_with(made_up(key->id.str()));
  const auto answer = co_await client.query(aws::services::sts, "GetCallerIdentity");
  co_return judge_refusal(answer, {403, {"SignatureDoesNotMatch"}});
}

/// GetCallerIdentity, signed `ago`. By a caller of its own, as the run's one would correct its clock.
Task<Answer> signed_ago(const Bench& bench, aws::SharedCredentials key, Milliseconds ago) {
  const auto& own = bench.account().caller;
  ShiftedClock clock(bench.clock());
  clock.set_offset(-ago);
  aws::RateLimiter limiter(clock);
  Random random(1);
  auto settings = own.settings();
  settings.max_attempts = 1;
  settings.skew_limit = 24h;
  aws::Caller caller(bench.account().caller.transport(), clock, random, limiter, std::move(settings));
  Client client(caller, bench.principal_of(std::move(key)));
  auto answer = co_await client.query(aws::services::sts, "GetCallerIdentity");
  co_return answer;
}

ResultTask<Finding> old_signature(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("old-signature"));
  CO_TRY(const auto key, co_await bench.make_working_key(user));
  const auto answer = co_await signed_ago(bench, key, 5min + 30s);
  co_return judge_refusal(answer, {403, {"SignatureDoesNotMatch"}, "expired"});
}

ResultTask<Finding> rather_old_signature(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("rather-old-signature"));
  CO_TRY(const auto key, co_await bench.make_working_key(user));
  const auto answer = co_await signed_ago(bench, key, 4min + 30s);
  co_return judge_acceptance(answer);
}

}  // namespace

std::span<const Check> signature_checks() {
  static constexpr std::array checks{
      Check{"sts.old-signature", "A signature is refused five minutes after its date", "docs/design/0004-protocol.md",
            Takes::a_moment, old_signature},
      Check{"sts.rather-old-signature", "A signature of four and a half minutes ago is accepted",
            "src/aws/call/caller.hpp", Takes::a_moment, rather_old_signature},
      Check{"sts.wrong-secret", "A key with a wrong secret: 403 SignatureDoesNotMatch", "src/aws/call/classify.cpp",
            Takes::a_moment, wrong_secret},
      Check{"iam.unknown-key", "IAM refuses a key that nobody has with 403 InvalidClientTokenId",
            "src/aws/call/classify.cpp", Takes::a_moment, unknown_key_in_iam},
      Check{"secrets.unknown-key", "Secrets Manager refuses one with 400 UnrecognizedClientException",
            "src/aws/call/classify.cpp", Takes::a_moment, unknown_key_in_secrets},
  };
  return checks;
}

}  // namespace rekeyer::probe
