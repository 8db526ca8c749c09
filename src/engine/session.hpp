// A caller who knows who it is: whatever talks to AWS begins here, in commands, functions and simulations alike.
#pragma once

#include "aws/services/organizations.hpp"
#include "engine/context.hpp"
#include "rotation/aws_gateway.hpp"
#include "rotation/configured_accounts.hpp"

namespace rekeyer::engine {

class Session {
 public:
  /// STS GetCallerIdentity, the first call of all: its reply also tells AWS's time. What is called from then on counts
  /// against the pace of the caller's account. Fails with `usage` where the configuration lies in another partition
  /// than the caller, and as the call does; may be repeated. What `context` refers to outlives the session.
  static ResultTask<Session> open(Context context);
  /// The same without a look at the partition, for whoever tells of it: see fits().
  static ResultTask<Session> identify(Context context);
  /// Does the configuration lie in the caller's partition? Fails with `usage` where it does not.
  Result<> fits() const;

  const rotation::OwnIdentity& self() const { return self_; }
  const Context& context() const { return context_; }

  /// The configured accounts, narrowed by `filter`. The session outlives it.
  rotation::ConfiguredAccounts accounts(const rotation::Filter& filter) const;
  /// Into these accounts. The session outlives it.
  rotation::AwsGateway gateway() const;
  /// As whom the organization is read.
  aws::OrganizationsClient organizations() const;

 private:
  Session(Context context, rotation::OwnIdentity self);

  Context context_;
  rotation::OwnIdentity self_;
};

}  // namespace rekeyer::engine
