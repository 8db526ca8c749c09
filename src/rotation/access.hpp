// What a run can do in one account. Planning gets ReadAccess, which has no way to change anything (I6: a type, not a
// flag).
#pragma once

#include <memory>
#include <string>

#include "aws/services/iam.hpp"
#include "aws/services/kms.hpp"
#include "aws/services/organizations.hpp"
#include "aws/services/secrets_manager.hpp"
#include "aws/services/sts.hpp"
#include "base/names.hpp"
#include "base/task.hpp"
#include "rotation/proofs.hpp"

namespace rekeyer::rotation {

/// The role or user that requests about secrets are signed by: what aws:PrincipalArn holds.
struct StorePrincipal {
  Arn arn;                 ///< empty: not known, or the root user
  bool path_known = true;  ///< of a session, STS tells the role's name only
};

/// Reading one account: its users and keys, and the secrets that belong to it (in it, or in the central account).
class ReadAccess {
 public:
  virtual ~ReadAccess() = default;
  virtual aws::IamReader& iam() = 0;
  virtual aws::SecretsReader& secrets() = 0;
  /// Keys where secrets are stored. Each is asked about once in a run.
  virtual aws::KmsReader& kms() = 0;
  /// "aws", "aws-cn", …: the second field of the account's ARNs.
  virtual std::string partition() const = 0;
  /// What shows that a secret is rekeyer's; ready to be asked.
  virtual Proofs& proofs() = 0;
  /// Who changes secrets here, as policies see it.
  virtual StorePrincipal store_principal() const = 0;
  /// The long-term key that signs in this account, where it is one: never retired by this run.
  virtual const AccessKeyId& signer_key() const = 0;
};

class WriteAccess : public ReadAccess {
 public:
  virtual aws::IamWriter& iam_writer() = 0;
  virtual aws::SecretsWriter& secrets_writer() = 0;
  virtual aws::IdentityReader& identity() = 0;
};

/// Opens accounts for reading. Fails with `access_denied` where the member role can't be assumed.
class ReadGateway {
 public:
  virtual ~ReadGateway() = default;
  virtual ResultTask<std::unique_ptr<ReadAccess>> open_for_reading(AccountId account) = 0;
};

class WriteGateway : public ReadGateway {
 public:
  virtual ResultTask<std::unique_ptr<WriteAccess>> open_for_writing(AccountId account) = 0;
};

}  // namespace rekeyer::rotation
