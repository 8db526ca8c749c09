// KMS, as far as it costs nothing: a key of one's own is a dollar a month, and stays for seven days at least.
#include <array>

#include "base/try.hpp"
#include "probe/check.hpp"
#include "probe/checks/secret_requests.hpp"

namespace rekeyer::probe {
namespace {

constexpr std::string_view nobodys_kms_key = "11111111-2222-3333-4444-555555555555";

aws::JsonWriter about_key(std::string_view key) {
  aws::JsonWriter body;
  body.begin_object().member("KeyId", key).end();
  return body;
}

ResultTask<Finding> unknown_kms_key(Bench& bench) {
  const auto answer = co_await bench.caller().json(aws::services::kms, "DescribeKey", about_key(nobodys_kms_key));
  co_return judge_refusal(answer, {400, {"NotFoundException"}});
}

ResultTask<Finding> key_of_secrets_manager(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("default-key"));
  CO_TRY_VOID(accepted(co_await put_value(bench.caller(), secret, {token_of(bench, 1), "first"})));
  CO_TRY(const auto described, co_await bench.secrets().describe_secret(secret));
  const auto answer =
      co_await bench.caller().json(aws::services::kms, "DescribeKey", about_key("alias/aws/secretsmanager"));
  if (answer.refusal) co_return judge_acceptance(answer);
  CO_TRY(const auto key, answer.json->object("KeyMetadata"));
  CO_TRY(const auto manager, key.string("KeyManager"));
  co_return judged(manager == "AWS" && described.kms_key_id.empty(),
                   fmt::format("KeyManager is {}; the secret {}", manager,
                               described.kms_key_id.empty() ? "names no key" : "names a key"));
}

ResultTask<Finding> value_under_unknown_key(Bench& bench) {
  const auto& account = bench.account();
  const auto thing = bench.thing(Kind::secret, bench.name_of("unknown-key"));
  CO_TRY_VOID(bench.about_to_make(thing));
  aws::JsonWriter body;
  body.begin_object()
      .member("Name", thing.name)
      .member("ClientRequestToken", token_of(bench, 1))
      .member("SecretString", "first")
      .member("KmsKeyId",
              fmt::format("arn:{}:kms:{}:{}:key/{}", account.partition, account.region(), account.id, nobodys_kms_key));
  add_tags(body, tags_of(account.run));
  body.end();
  const auto answer = co_await bench.caller().secret("CreateSecret", std::move(body), aws::Idempotent::no);
  CO_TRY_VOID(bench.answered(thing, answer));
  if (answer.accepted()) co_return different("accepted");
  const auto kind = answer.refusal->kind;
  const bool by_aws = !aws::ambiguous(kind) && kind != ErrorKind::throttled && kind != ErrorKind::not_sent;
  co_return by_aws ? as_believed(answer.words()) : unanswered(*answer.refusal);
}

}  // namespace

std::span<const Check> kms_checks() {
  static constexpr std::array checks{
      Check{"kms.unknown-key", "A key that is not there: 400 NotFoundException", "src/aws/call/classify.cpp",
            Takes::a_moment, unknown_kms_key},
      Check{"kms.default-key", "Secrets without a key of their own are under AWS's, by alias/aws/secretsmanager",
            "src/rotation/secret_steps.cpp", Takes::a_moment, key_of_secrets_manager},
      Check{"kms.value-under-unknown-key", "A value can't be stored under a key that is not there",
            "docs/design/0004-protocol.md", Takes::a_moment, value_under_unknown_key},
      Check{"kms.signature", "KMS signs 4,096 bytes with a key of ECC_NIST_P256, and OpenSSL verifies it",
            "docs/design/0012-trust.md", Takes::a_moment, nullptr,
            "a key costs a dollar a month and can't be deleted within seven days"},
      Check{"kms.disabled-key", "A value can't be stored under a key that is disabled", "docs/design/0004-protocol.md",
            Takes::a_moment, nullptr, "a key costs a dollar a month and can't be deleted within seven days"},
  };
  return checks;
}

}  // namespace rekeyer::probe
