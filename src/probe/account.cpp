#include "probe/account.hpp"

#include <utility>

#include "aws/services/organizations.hpp"
#include "base/try.hpp"
#include "engine/session.hpp"

namespace rekeyer::probe {
namespace {

struct Neighbours {
  std::string_view beginning;  ///< of a Region's name
  std::string_view first;
  std::string_view second;
};

constexpr Neighbours neighbours[] = {
    {"eu-", "eu-west-1", "eu-central-1"},    {"us-gov-", "us-gov-west-1", "us-gov-east-1"},
    {"cn-", "cn-north-1", "cn-northwest-1"}, {"ap-", "ap-southeast-1", "ap-northeast-1"},
    {"", "us-east-1", "us-west-2"},
};

}  // namespace

Region other_region(const Region& region) {
  for (const auto& pair : neighbours) {
    if (!region.str().starts_with(pair.beginning)) continue;
    return Region(std::string(region.str() == pair.first ? pair.second : pair.first));
  }
  return region;
}

ResultTask<Account> look_around(engine::Context asker) {
  CO_TRY(const auto session, co_await engine::Session::identify(std::move(asker)));
  const auto& context = session.context();
  const auto& self = session.self();
  if (self.arn.str().ends_with(":root")) {
    co_return fail(ErrorKind::usage,
                   "these are the credentials of the account's root user: a probe runs as a role or a user only");
  }
  Account account{.caller = context.caller,
                  .principal = context.principal,
                  .clock = context.clock,
                  .stop = context.stop,
                  .run = context.run,
                  .id = self.account,
                  .arn = self.arn,
                  .partition = self.partition};
  aws::OrganizationsClient organizations(account.caller, account.principal);
  const auto organization = co_await organizations.describe_organization();
  if (organization) {
    account.organization = organization->id;
    account.management = organization->management_account == account.id;
  } else if (organization.error().kind == ErrorKind::not_found) {
    account.management = false;
  }
  co_return account;
}

}  // namespace rekeyer::probe
