#include "engine/session.hpp"

#include "base/try.hpp"
#include "engine/partition.hpp"

namespace rekeyer::engine {

Session::Session(Context context, rotation::OwnIdentity self) : context_(std::move(context)), self_(std::move(self)) {
  context_.principal.pace_account = self_.account;
  context_.channel_parts.principal.pace_account = self_.account;
}

ResultTask<Session> Session::identify(Context context) {
  CO_TRY(auto self, co_await rotation::read_own_identity(context.caller, context.principal));
  co_return Session(std::move(context), std::move(self));
}

ResultTask<Session> Session::open(Context context) {
  CO_TRY(auto session, co_await identify(std::move(context)));
  CO_TRY_VOID(session.fits());
  co_return session;
}

Result<> Session::fits() const { return check_partition(self_.partition, context_.configuration); }

rotation::ConfiguredAccounts Session::accounts(const rotation::Filter& filter) const {
  return {context_.caller, context_.principal, self_, context_.settings(), filter, &context_.stop};
}

rotation::AwsGateway Session::gateway() const {
  return {context_.caller, context_.principal, self_, context_.settings(), context_.run};
}

aws::OrganizationsClient Session::organizations() const {
  return {context_.caller,
          rotation::listing_principal(context_.caller, context_.principal, self_, context_.settings())};
}

}  // namespace rekeyer::engine
