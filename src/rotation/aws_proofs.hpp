// The proofs of the configuration, for real accounts: signed by a KMS key of the caller's account where it names one.
#pragma once

#include <memory>

#include "aws/call/caller.hpp"
#include "aws/services/kms.hpp"
#include "rotation/proofs.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::rotation {

class AwsProofs {
 public:
  /// `own` are the caller's credentials: no account's member role can make a proof. `caller` outlives this.
  AwsProofs(aws::Caller& caller, aws::Principal own, const StoreSettings& store);
  /// They live as long as this.
  Proofs& operator*() const { return *proofs_; }
  Proofs* operator->() const { return proofs_.get(); }

 private:
  std::unique_ptr<aws::KmsSigner> signer_;
  std::unique_ptr<Proofs> proofs_;
};

}  // namespace rekeyer::rotation
