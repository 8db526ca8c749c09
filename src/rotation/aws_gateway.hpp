// The gateway to real accounts: who the caller is, and clients for each account under its member role.
#pragma once

#include <map>
#include <memory>

#include "aws/auth/member_role_provider.hpp"
#include "aws/call/caller.hpp"
#include "base/clock.hpp"
#include "rotation/access.hpp"
#include "rotation/aws_proofs.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::rotation {

/// The caller, as STS GetCallerIdentity tells.
struct OwnIdentity {
  AccountId account;
  Arn arn;
  std::string partition;
  AccessKeyId signer_key;  ///< the caller's long-term key; empty for sessions, which belong to no user's key
};

/// Asks who the caller is. The first call of a run: its reply also tells AWS's time.
ResultTask<OwnIdentity> read_own_identity(aws::Caller& caller, aws::Principal principal);

/// Who changes secrets for users of that account in a run of the caller. Pure.
StorePrincipal store_principal(const OwnIdentity& self, const Settings& settings, const AccountId& account);

class AwsGateway final : public WriteGateway {
 public:
  /// `own` are the caller's credentials and region. All references outlive the gateway, and the gateway what it opens.
  AwsGateway(aws::Caller& caller, aws::Principal own, OwnIdentity self, const Settings& settings, RunId run);

  ResultTask<std::unique_ptr<ReadAccess>> open_for_reading(AccountId account) override;
  ResultTask<std::unique_ptr<WriteAccess>> open_for_writing(AccountId account) override;

 private:
  /// The credentials for `account`, fetched once here so that a refusal is known before anything else is asked.
  ResultTask<aws::SharedProvider> enter(AccountId account);
  aws::MemberRole member_role(AccountId account) const;

  aws::Caller& caller_;
  AwsProofs proofs_;
  aws::Principal own_;
  OwnIdentity self_;
  const Settings& settings_;
  RunId run_;
};

}  // namespace rekeyer::rotation
