// Proofs that a secret is rekeyer's: who signed it, for which secret and which user, shows; nobody else can make one.
#include "rotation/proofs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes/rotation_bench.hpp"
#include "fakes/signing_key.hpp"
#include "fakes/virtual_time.hpp"
#include "rotation/lock.hpp"
#include "rotation/naming.hpp"
#include "rotation/secrets_of_account.hpp"

namespace rekeyer::rotation {
namespace {

using fakes::Bench;
using namespace std::chrono_literals;

/// KMS with one key.
class OneKey final : public aws::KmsSigner {
 public:
  ResultTask<std::string> sign(std::string, std::string message) override {
    ++signatures;
    if (!signs) co_return fail(ErrorKind::access_denied, "kms:Sign is not allowed");
    co_return signs_with->sign(message);
  }
  ResultTask<std::string> public_key(std::string) override {
    ++reads;
    if (clock != nullptr) co_await clock->sleep_for(1s);
    if (!readable) co_return fail(ErrorKind::throttled, "kms:GetPublicKey is throttled");
    co_return key.public_der();
  }
  fakes::SigningKey key;
  fakes::SigningKey another;
  const fakes::SigningKey* signs_with = &key;
  bool signs = true;
  bool readable = true;
  Clock* clock = nullptr;  ///< set: reading the key takes a second of it
  int signatures = 0;
  int reads = 0;
};

struct SignedBench : Bench {
  SignedBench() {
    account.shown_by = proofs;
    EXPECT_TRUE(run(proofs->prepare()).value());
    account.add_user("ann");
    key = account.add_key("ann", 95h * 24, LastUse::used(clock.now() - 5h, "s3", "eu-west-1"));
  }
  OneKey kms;
  std::shared_ptr<SignedProofs> proofs = std::make_shared<SignedProofs>(kms, "key-1");
  AccessKeyId key;
};

TEST(SignedProof, IsOnASecretFromItsFirstRotationOnAndFitsIntoATag) {
  SignedBench bench;
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
  const auto& secret = bench.account.stored.begin()->second.description;
  const auto& tag = secret.tags.at(std::string(proof_tag));
  EXPECT_LE(tag.size(), policy::tag_value_limit);
  EXPECT_TRUE(bench.proofs->holds(secret, UserId(secret.tags.at(std::string(id_tag)))));
  EXPECT_EQ(bench.kms.signatures, 1) << "once a secret";
  EXPECT_EQ(bench.kms.reads, 1) << "once a run";
}

Task<void> open(SignedProofs& proofs, std::vector<Result<>>& opened) { opened.push_back(co_await proofs.prepare()); }

TEST(SignedProof, ReadsItsKeyOnceHoweverManyAccountsAreOpenedAtOnce) {
  fakes::VirtualTime time;
  OneKey kms;
  kms.clock = &time.clock;
  SignedProofs proofs(kms, "key-1");
  std::vector<Result<>> opened;
  const auto open_many = [&](bool readable) {
    opened.clear();
    kms.readable = readable;
    for (int i = 0; i < 64; ++i) time.begin(open(proofs, opened));
    EXPECT_TRUE(time.run());
  };
  open_many(false);
  EXPECT_EQ(kms.reads, 1);
  ASSERT_EQ(opened.size(), 64U);
  for (const auto& one : opened) EXPECT_EQ(one.error().kind, ErrorKind::throttled);
  open_many(true);
  open_many(true);
  EXPECT_EQ(kms.reads, 2) << "once more after a failure, and not again";
  ASSERT_EQ(opened.size(), 64U);
  for (const auto& one : opened) EXPECT_TRUE(one);
}

TEST(SignedProof, IsForThatSecretAndThatUserAlone) {
  SignedBench bench;
  bench.apply("ann");
  auto secret = bench.account.stored.begin()->second.description;
  const UserId ann(secret.tags.at(std::string(id_tag)));
  EXPECT_FALSE(bench.proofs->holds(secret, UserId("AIDASOMEBODY")));
  auto& tag = secret.tags.at(std::string(proof_tag));
  const auto good = tag;
  for (const auto& bad : {std::string(), std::string("1 none 20260101T000000Z"), good + " x", "2" + good.substr(1),
                          good.substr(0, good.size() - 4) + "AAA=", "1 kms 20260101T000000Z" + good.substr(22)}) {
    tag = bad;
    EXPECT_FALSE(bench.proofs->holds(secret, ann)) << bad;
  }
  tag = good;
  ASSERT_TRUE(bench.proofs->holds(secret, ann));
  secret.arn = Arn(secret.arn.str() + "-XyZ123");  // deleted for good, and made anew under the name
  EXPECT_FALSE(bench.proofs->holds(secret, ann));
}

// Our very lock, the victim's id, a record, values under our tokens: all of it is public. The signature is not.
TEST(SignedProof, WhoForgesAllTheRestIsNotBelieved) {
  SignedBench bench;
  const auto& user = bench.account.users.at(UserName("ann")).user;
  aws::CreateSecret request;
  request.name = secret_name(bench.settings.store.name_template, bench.account_id, UserName("ann"));
  request.tags = {{std::string(proof_tag), "1 none 20260101T000000Z"},
                  {std::string(id_tag), user.id.str()},
                  {std::string(policy::custody_tag), "1 " + bench.key.str() + ":orphan:20260101T000000Z"}};
  const auto at = aws::SignBefore::at(bench.clock.now() + 5min);
  ASSERT_TRUE(bench.run(bench.account.create_secret(request, at)).value());
  auto& squatted = bench.account.stored.begin()->second;
  policy::Subject ann;
  ann.account = bench.account_id;
  ann.user = UserName("ann");
  ann.id = user.id;
  squatted.policy = review_policy(std::nullopt, wanted_policy(fakes::MemoryAccess(bench.account), bench.settings, ann))
                        .value()
                        .wanted;
  squatted.description.versions[version_token(bench.account_id, UserName("ann"), bench.key)] = {"AWSCURRENT"};
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "hold failed not_ours");
  EXPECT_EQ(bench.account.keys.at(bench.key).status, KeyStatus::active);
}

TEST(SignedProof, WithoutASignatureNoKeyIsIssued) {
  for (const bool by_another : {false, true}) {
    SignedBench bench;
    bench.kms.signs = by_another;
    bench.kms.signs_with = &bench.kms.another;
    EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate failed store_not_ready");
    EXPECT_EQ(bench.account.keys.size(), 1U);
  }
}

TEST(UnsignedProof, SaysNoMoreThanThatItIsThere) {
  Bench bench;
  UnsignedProofs proofs;
  aws::SecretDescription secret;
  EXPECT_FALSE(proofs.holds(secret, UserId("AIDA1")));
  secret.tags[std::string(proof_tag)] =
      bench.run(proofs.prove(Arn("arn"), UserId("AIDA1"), Proof::settled, bench.clock.now())).value().value();
  EXPECT_TRUE(proofs.holds(secret, UserId("AIDA1")));
  for (const auto* bad : {"1", "1 none", "1 none soon", "1 none 20260101T000000Z x"}) {
    secret.tags[std::string(proof_tag)] = bad;
    EXPECT_FALSE(proofs.holds(secret, UserId("AIDA1"))) << bad;
  }
}

}  // namespace
}  // namespace rekeyer::rotation
