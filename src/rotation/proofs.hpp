// The tag `rekeyer:proof`: that rekeyer made a secret, or took it over, under its lock. Signed by a KMS key of the
// caller's account where the configuration names one ([store] proof): tags have no history, and whoever squats at a
// user's name can write our very lock and any tag, but no signature over the secret's ARN with its random end.
#pragma once

#include <optional>
#include <string>

#include "aws/services/kms.hpp"
#include "aws/services/secrets_manager.hpp"
#include "aws/sign/ecdsa.hpp"
#include "base/asked_once.hpp"
#include "base/names.hpp"
#include "base/task.hpp"

namespace rekeyer::rotation {

inline constexpr std::string_view proof_tag = "rekeyer:proof";

class Proofs {
 public:
  virtual ~Proofs() = default;
  /// Must have been done before the others. Idempotent; any number of tasks at once may.
  virtual ResultTask<> prepare() = 0;
  /// The tag's value for a secret that is the user's, made or taken over at `now`.
  virtual ResultTask<std::string> prove(Arn secret, UserId user, Instant now) = 0;
  /// Does the secret carry a proof that it is that user's? No call.
  virtual bool holds(const aws::SecretDescription& secret, const UserId& user) const = 0;
};

/// `1 none 20260401T000000Z`: believed where the lock stands.
class UnsignedProofs final : public Proofs {
 public:
  ResultTask<> prepare() override;
  ResultTask<std::string> prove(Arn secret, UserId user, Instant now) override;
  bool holds(const aws::SecretDescription& secret, const UserId& user) const override;
};

/// `1 kms 20260401T000000Z` and 88 letters of base64: r and s of ECDSA_SHA_256 over the secret's ARN, the user's id and
/// the instant. KMS Sign once a secret's life; GetPublicKey once a run, and once more after each failure.
class SignedProofs final : public Proofs {
 public:
  /// `signer` outlives it.
  SignedProofs(aws::KmsSigner& signer, std::string key) : signer_(signer), key_(std::move(key)) {}
  ResultTask<> prepare() override;
  ResultTask<std::string> prove(Arn secret, UserId user, Instant now) override;
  bool holds(const aws::SecretDescription& secret, const UserId& user) const override;

 private:
  ResultTask<> read_public_key();

  aws::KmsSigner& signer_;
  std::string key_;
  AskedOnce<> read_;
  std::optional<aws::EcdsaPublicKey> public_key_;
};

}  // namespace rekeyer::rotation
