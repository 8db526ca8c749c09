// The organisation of a sandbox's world, as the inventory asks for it: the scope of a rehearsal is then worked out by
// the code that works out a run's.
#pragma once

#include "aws/services/organizations.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::rehearsal {

class WorldOrganization final : public aws::OrganizationsReader {
 public:
  /// The world outlives it.
  explicit WorldOrganization(const sandbox::World& world) : world_(world) {}
  ResultTask<aws::Organization> describe_organization() override;
  /// All of them on one page.
  ResultTask<aws::Page<aws::Account>> list_accounts(std::optional<std::string> next) override;
  ResultTask<std::optional<OuId>> parent_of(std::string child) override;
  ResultTask<std::vector<aws::Account>> accounts_of(OuId parent) override;
  ResultTask<std::vector<OuId>> units_of(OuId parent) override;
  ResultTask<std::vector<OuId>> roots() override;
  ResultTask<std::map<std::string, std::string>> tags_of(AccountId account) override;

 private:
  const sandbox::World& world_;
};

}  // namespace rekeyer::rehearsal
