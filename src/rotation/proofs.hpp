// The tag `rekeyer:proof`: that rekeyer made a secret, or took it over, under its lock. Signed by a KMS key of the
// caller's account where the configuration names one ([store] proof): tags have no history, and whoever squats at a
// user's name can write our very lock and any tag, but no signature over the secret's ARN with its random end.
// A secret gets two in its life: a fresh one when rekeyer makes it, and a settled one once its lock holds everywhere.
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

enum class Proof {
  none,
  fresh,    ///< rekeyer made the secret; whether its lock ever held does not show
  settled,  ///< nothing had touched the secret for so long that its lock held everywhere by then
};

class Proofs {
 public:
  virtual ~Proofs() = default;
  /// Must have been done before the others. Idempotent; any number of tasks at once may.
  virtual ResultTask<> prepare() = 0;
  /// The tag's value for a secret that is the user's. `kind`: fresh or settled; `now`: when it was made or taken over.
  virtual ResultTask<std::string> prove(Arn secret, UserId user, Proof kind, Instant now) = 0;
  /// The proof on the secret that it is that user's. No call.
  virtual Proof find(const aws::SecretDescription& secret, const UserId& user) const = 0;
  /// Is there any? No call.
  bool holds(const aws::SecretDescription& secret, const UserId& user) const {
    return find(secret, user) != Proof::none;
  }
};

/// When rekeyer made the secret, as its fresh proof says, or settled it; the proof must hold. Nothing where it says no
/// instant. Pure.
std::optional<Instant> proved_at(const aws::SecretDescription& secret);

/// `1 none 20260401T000000Z`, or `1 none-fresh …`: believed where the lock stands.
class UnsignedProofs final : public Proofs {
 public:
  ResultTask<> prepare() override;
  ResultTask<std::string> prove(Arn secret, UserId user, Proof kind, Instant now) override;
  Proof find(const aws::SecretDescription& secret, const UserId& user) const override;
};

/// `1 kms 20260401T000000Z`, or `1 kms-fresh …`, and 88 letters of base64: r and s of ECDSA_SHA_256 over the kind, the
/// secret's ARN, the user's id and the instant. KMS Sign twice in a secret's life; GetPublicKey once a run, and once
/// more after each failure.
class SignedProofs final : public Proofs {
 public:
  /// `signer` outlives it.
  SignedProofs(aws::KmsSigner& signer, std::string key) : signer_(signer), key_(std::move(key)) {}
  ResultTask<> prepare() override;
  ResultTask<std::string> prove(Arn secret, UserId user, Proof kind, Instant now) override;
  Proof find(const aws::SecretDescription& secret, const UserId& user) const override;

 private:
  ResultTask<> read_public_key();

  aws::KmsSigner& signer_;
  std::string key_;
  AskedOnce<> read_;
  std::optional<aws::EcdsaPublicKey> public_key_;
};

}  // namespace rekeyer::rotation
