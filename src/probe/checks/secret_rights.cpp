// Which rights cover a secret that is not there yet: AWS appends six characters to the ARN of one that is.
#include <array>

#include "base/try.hpp"
#include "probe/check.hpp"
#include "probe/checks/secret_requests.hpp"

// NOLINTBEGIN(cppcoreguidelines-avoid-capturing-lambda-coroutines): it lives in the frame of the waiting that it is
// given to
namespace rekeyer::probe {
namespace {

constexpr std::string_view suffix_of_none = "of-which-there-is-none";

/// A user who may do `actions` (JSON) on this run's secrets, whose names are followed by `ending` in the ARN.
ResultTask<Client> user_with_right(Bench& bench, std::string_view actions, std::string_view ending) {
  CO_TRY(const auto user, co_await bench.make_user("pattern"));
  const auto& account = bench.account();
  auto document = fmt::format(R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":{},)"
                              R"("Resource":"arn:{}:secretsmanager:{}:{}:secret:{}{}"}},)"
                              R"({{"Effect":"Allow","Action":"secretsmanager:ListSecrets","Resource":"*"}}]}})",
                              actions, account.partition, account.region(), account.id, bench.name_of("*"), ending);
  CO_TRY_VOID(co_await bench.iam().put_user_policy(user, "probe", std::move(document), aws::SignBefore::never()));
  CO_TRY(const auto key, co_await bench.make_working_key(user));
  auto client = bench.acting_with(key);
  // The statement beside it shows when the policy has spread.
  const auto spread = co_await bench.wait_until(std::chrono::minutes{2}, [&]() -> ResultTask<bool> {
    aws::JsonWriter body;
    body.begin_object().member("MaxResults", 1).end();
    const auto listed = co_await client.secret("ListSecrets", std::move(body), aws::Idempotent::read);
    co_return listed.accepted();
  });
  if (!spread) co_return fail(spread.error());
  if (!*spread) co_return fail(ErrorKind::lease_over, "the policy did not spread within two minutes");
  co_return client;
}

Task<Answer> described(Client client, std::string name) {
  aws::JsonWriter body;
  body.begin_object().member("SecretId", name).end();
  auto answer = co_await client.secret("DescribeSecret", std::move(body), aws::Idempotent::read);
  co_return answer;
}

ResultTask<Finding> pattern_misses_missing(Bench& bench) {
  CO_TRY(auto client, co_await user_with_right(bench, R"("secretsmanager:DescribeSecret")", "-??????"));
  const auto answer = co_await described(client, bench.name_of(suffix_of_none));
  co_return judge_denial(answer, {400, {"AccessDeniedException"}});
}

/// What first rotations rest on: a denial would be the difference.
ResultTask<Finding> bare_name_covers_missing(Bench& bench) {
  CO_TRY(auto client, co_await user_with_right(bench, R"("secretsmanager:DescribeSecret")", ""));
  const auto answer = co_await described(client, bench.name_of(suffix_of_none));
  co_return judge_denial(answer, {400, {"ResourceNotFoundException"}});
}

ResultTask<Finding> pattern_covers_making(Bench& bench) {
  CO_TRY(auto client,
         co_await user_with_right(bench, R"(["secretsmanager:CreateSecret","secretsmanager:TagResource"])", "-??????"));
  const auto thing = bench.thing(Kind::secret, bench.name_of("made-by-pattern"));
  CO_TRY_VOID(bench.about_to_make(thing));
  aws::JsonWriter body;
  body.begin_object().member("Name", thing.name).member("ClientRequestToken", token_of(bench, 1));
  add_tags(body, tags_of(bench.account().run));
  body.end();
  const auto answer = co_await client.secret("CreateSecret", std::move(body), aws::Idempotent::no);
  CO_TRY_VOID(bench.answered(thing, answer));
  const bool denied = answer.refusal && answer.refusal->kind == ErrorKind::access_denied;
  co_return denied ? different(answer.words()) : judge_acceptance(answer);
}

}  // namespace

std::span<const Check> secret_right_checks() {
  static constexpr std::array checks{
      Check{"secrets.pattern-misses-missing",
            "A right on `NAME-??????` does not cover a name that has no secret: DescribeSecret is denied",
            "src/permissions/store.cpp", Takes::a_while, pattern_misses_missing},
      Check{"secrets.bare-name-covers-missing",
            "A right on `NAME` covers a name that has no secret: DescribeSecret says ResourceNotFoundException",
            "src/permissions/store.cpp", Takes::a_while, bare_name_covers_missing},
      Check{"secrets.pattern-covers-making", "A right on `NAME-??????` covers making the secret, with tags",
            "src/permissions/store.cpp", Takes::a_while, pattern_covers_making},
  };
  return checks;
}

}  // namespace rekeyer::probe
// NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)
