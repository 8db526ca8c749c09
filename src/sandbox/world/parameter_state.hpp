// A parameter of Systems Manager. Plain data.
#pragma once

#include <string>

#include "base/time.hpp"

namespace rekeyer::sandbox {

struct Parameter {
  std::string name;
  std::string type = "String";  ///< String, StringList, SecureString
  std::string value;            ///< in the clear, also of a SecureString: nothing is encrypted here
  std::string description;
  std::string kms_key_id;  ///< SecureString: empty is AWS's own key
  int version = 1;
  Instant modified{};
  std::string modified_by;  ///< ARN
};

}  // namespace rekeyer::sandbox
