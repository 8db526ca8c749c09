// What an operation of an emulated service is: a function from a call to an output tree or a refusal, at an instant.
#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string_view>

#include "base/time.hpp"
#include "sandbox/access/principal.hpp"
#include "sandbox/behaviour/aws_behaviour.hpp"
#include "sandbox/wire/call.hpp"
#include "sandbox/wire/service_error.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::sandbox {

/// All that an operation may look at and change. Valid for the one call.
struct Context {
  World& world;
  const AwsBehaviour& behaviour;
  const Principal& caller;
  Instant now{};

  /// The caller's account: where IAM, STS and Secrets Manager act unless an ARN leads elsewhere.
  Account& account() const { return world.account(caller.account); }
  Iam& iam() const { return account().iam; }
  /// Secrets Manager and KMS act in the region of the signature.
  Vault& vault(const Call& call) const { return account().vaults[call.region]; }
};

using Output = ServiceResult<boost::json::object>;

/// An operation by its name. The output tree uses AWS's member names; see wire/reply.hpp for how it is written.
struct Operation {
  std::string_view name;
  Output (*perform)(const Call& call, const Context& context);
};

// One table a file in services/; the union of a service's tables is the service.
std::span<const Operation> iam_key_operations();
std::span<const Operation> iam_user_operations();
std::span<const Operation> iam_group_operations();
std::span<const Operation> iam_role_operations();
std::span<const Operation> iam_policy_operations();
std::span<const Operation> iam_report_operations();
std::span<const Operation> iam_account_operations();
std::span<const Operation> sts_operations();
std::span<const Operation> organizations_operations();
std::span<const Operation> secret_operations();
std::span<const Operation> secret_value_operations();
std::span<const Operation> secret_policy_operations();
std::span<const Operation> kms_operations();
std::span<const Operation> kms_signing_operations();
std::span<const Operation> ses_operations();
std::span<const Operation> sns_operations();
std::span<const Operation> event_operations();
std::span<const Operation> schedule_operations();
std::span<const Operation> state_machine_operations();
std::span<const Operation> parameter_operations();
std::span<const Operation> contact_operations();
std::span<const Operation> bucket_operations();
std::span<const Operation> object_operations();

/// The operation of that service; null where the sandbox has none.
const Operation* find_operation(std::string_view service, std::string_view operation);

}  // namespace rekeyer::sandbox
