// The union of all operation tables, as one index.
#include "sandbox/services/operations.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {
namespace {

struct Entry {
  std::string_view service;
  const Operation* operation;
};

using Place = std::tuple<std::string_view, std::string_view>;

Place place_of(const Entry& entry) { return {entry.service, entry.operation->name}; }

std::vector<Entry> build_index() {
  const std::pair<std::string_view, std::span<const Operation>> tables[] = {
      {"iam", iam_key_operations()},
      {"iam", iam_user_operations()},
      {"iam", iam_group_operations()},
      {"iam", iam_role_operations()},
      {"iam", iam_policy_operations()},
      {"iam", iam_report_operations()},
      {"iam", iam_account_operations()},
      {"sts", sts_operations()},
      {"organizations", organizations_operations()},
      {"secretsmanager", secret_operations()},
      {"secretsmanager", secret_value_operations()},
      {"secretsmanager", secret_policy_operations()},
      {"kms", kms_operations()},
      {"kms", kms_signing_operations()},
      {"ses", ses_operations()},
      {"sns", sns_operations()},
      {"events", event_operations()},
      {"scheduler", schedule_operations()},
      {"states", state_machine_operations()},
      {"ssm", parameter_operations()},
      {"account", contact_operations()},
      {"s3", bucket_operations()},
      {"s3", object_operations()},
  };
  std::vector<Entry> index;
  for (const auto& [service, operations] : tables) {
    for (const Operation& operation : operations) index.push_back({service, &operation});
  }
  std::ranges::sort(index, {}, place_of);
  return index;
}

const std::vector<Entry>& the_index() {
  static const std::vector<Entry> index = build_index();
  return index;
}

}  // namespace

const Operation* find_operation(std::string_view service, std::string_view operation) {
  const auto& index = the_index();
  const Place wanted{service, operation};
  const auto found = std::ranges::lower_bound(index, wanted, {}, place_of);
  return found != index.end() && place_of(*found) == wanted ? found->operation : nullptr;
}

std::map<std::string_view, std::vector<std::string_view>> operation_names() {
  std::map<std::string_view, std::vector<std::string_view>> names;
  for (const auto& entry : the_index()) names[entry.service].push_back(entry.operation->name);
  return names;
}

}  // namespace rekeyer::sandbox
