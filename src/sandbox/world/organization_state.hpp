// The organisation: its tree, its accounts' places in it, its service control policies. Plain data.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"
#include "sandbox/world/iam_state.hpp"

namespace rekeyer::sandbox {

struct Unit {
  OuId id;
  OuId parent;  ///< the root's id, or another unit's
  std::string name;
};

/// A service control policy.
struct ServiceControl {
  std::string id;  ///< p-…
  std::string name;
  std::string description;
  std::string document;  ///< JSON text
  /// Account, unit and root ids that it is attached to.
  std::vector<std::string> targets;
};

struct CreateAccountRequest {
  std::string id;  ///< car-…
  std::string name;
  AccountId account;
  Instant requested{};
};

struct Organization {
  std::string id;  ///< o-…; empty: there is no organisation
  AccountId management;
  OuId root;
  Instant created{};
  std::map<OuId, Unit> units;
  std::vector<AccountId> order;                    ///< as ListAccounts shows them
  std::map<AccountId, OuId> parent_of;             ///< every account of the organisation
  std::map<std::string, ServiceControl> controls;  ///< by id; none attached = everything allowed
  std::vector<AccountId> delegated_administrators;
  std::map<std::string, Tags> tags;  ///< by account, unit or root id
  std::map<std::string, CreateAccountRequest> account_requests;
};

}  // namespace rekeyer::sandbox
