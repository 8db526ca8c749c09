// An alternate contact of an account. Plain data.
#pragma once

#include <string>

namespace rekeyer::sandbox {

struct AlternateContact {
  std::string name;
  std::string title;
  std::string email;
  std::string phone;
};

}  // namespace rekeyer::sandbox
