// One account that a run will visit, or why it will not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"

namespace rekeyer::rotation {

struct AccountTarget {
  AccountId id;
  std::string name;
  std::string email;
  std::vector<OuId> ous;        ///< innermost first; empty where nothing asks for them
  std::vector<UserName> users;  ///< only these; empty: all
  bool users_required = false;  ///< a named user that does not exist is an error (fixed map), not just absent (--user)
  std::optional<std::string> skip;  ///< why it is not visited
};

}  // namespace rekeyer::rotation
