// All of IAM's operations on policies, from the tables of their three kinds.
#include <vector>

#include "sandbox/services/iam_policy_holders.hpp"

namespace rekeyer::sandbox {

std::span<const Operation> iam_policy_operations() {
  static const std::vector<Operation> operations = [] {
    std::vector<Operation> all;
    for (const auto table :
         {iam_inline_policy_operations(), iam_attached_policy_operations(), iam_managed_policy_operations()}) {
      all.insert(all.end(), table.begin(), table.end());
    }
    return all;
  }();
  return operations;
}

}  // namespace rekeyer::sandbox
