// Resource policies of secrets. AWS looks into them when they are put: shape, principals, and, where asked to, breadth.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "base/try.hpp"
#include "sandbox/access/policy.hpp"
#include "sandbox/services/secret_place.hpp"
#include "sandbox/services/secret_rules.hpp"
#include "sandbox/services/secret_shape.hpp"
#include "sandbox/services/service.hpp"
#include "sandbox/world/arn.hpp"
#include "sandbox/world/policy_principals.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

constexpr std::size_t policy_limit = 20'480;

std::unexpected<ServiceError> malformed_policy(std::string message) {
  return refuse("MalformedPolicyDocumentException", std::move(message));
}

/// One or many, as policies write it.
std::vector<const json::value*> each(const json::value& value) {
  std::vector<const json::value*> result;
  if (const json::array* const list = value.if_array()) {
    for (const json::value& item : *list) result.push_back(&item);
  } else {
    result.push_back(&value);
  }
  return result;
}

/// Users and roles must exist, in whatever account; an id of one that is gone is what a policy shows of it, but none
/// that can be put. Accounts and sessions are taken at their word.
ServiceResult<void> bind(PolicyPrincipals& bound, std::string_view principal, const World& world) {
  constexpr std::size_t account_length = 12;
  if (principal == "*" || (principal.size() == account_length && valid_account_id(principal))) return {};
  if (auto id = unique_id_of(world, principal)) {
    bound.insert_or_assign(std::string(principal), *std::move(id));
    return {};
  }
  const auto parts = arn_parts(principal);
  const bool here = parts && principal.starts_with(fmt::format("arn:{}:", world.partition));
  if (here && parts->service == "iam" && parts->resource == "root") return {};
  const auto session = here && parts->service == "sts" ? parts->resource : std::string_view{};
  if (session.starts_with("assumed-role/") || session.starts_with("federated-user/")) return {};
  return malformed_policy("This resource policy contains an unsupported principal.");
}

/// Anybody may do what it says, under no condition.
bool is_public(const json::object& statement) {
  if (statement.at("Effect") != "Allow" || statement.contains("Condition")) return false;
  const auto principals = aws_principals(statement);
  return statement.contains("NotPrincipal") || std::ranges::find(principals, std::string_view("*")) != principals.end();
}

Checked check_statement(PolicyPrincipals& bound, const json::value& item, const World& world) {
  const json::object* const statement = item.if_object();
  const auto either = [&](std::string_view name) {
    return statement->contains(name) || statement->contains(std::string("Not").append(name));
  };
  const bool shaped = statement != nullptr && statement->contains("Effect") && either("Principal") &&
                      either("Resource") && either("Action");
  const bool known = shaped && (statement->at("Effect") == "Allow" || statement->at("Effect") == "Deny");
  if (!known) return malformed_policy("This resource policy contains a syntax error.");
  for (const std::string_view principal : aws_principals(*statement)) TRY_VOID(bind(bound, principal, world));
  return {};
}

/// A policy that AWS would store.
struct LookedInto {
  bool open = false;  ///< to the public
  PolicyPrincipals principals;
};

ServiceResult<LookedInto> look_into(std::string_view text, const World& world) {
  if (text.size() > policy_limit) return invalid_secret_parameter("ResourcePolicy is too long.");
  boost::system::error_code broken;
  const json::value document = json::parse(text, broken);
  const json::object* const policy = broken ? nullptr : document.if_object();
  const json::value* const statements = policy == nullptr ? nullptr : policy->if_contains("Statement");
  if (statements == nullptr) return malformed_policy("This resource policy contains invalid JSON.");
  LookedInto result;
  for (const json::value* const item : each(*statements)) {
    TRY_VOID(check_statement(result.principals, *item, world));
    result.open = result.open || is_public(item->get_object());
  }
  if (!is_policy_document(text)) return malformed_policy("This resource policy contains a syntax error.");
  return result;
}

/// The former policy is still enforced for as long as the new one takes to spread.
void replace_policy(StoredSecret& secret, std::optional<std::string> text, PolicyPrincipals principals,
                    const Context& context) {
  auto& former = secret.former_policies;
  const auto delay = context.behaviour.resource_policy_delay;
  std::erase_if(former, [&](const FormerPolicy& policy) { return policy.until <= context.now; });
  if (delay > Milliseconds{0}) {
    former.push_back({context.now + delay, std::move(secret.policy), std::move(secret.policy_principals)});
  } else {
    former.clear();
  }
  secret.policy = std::move(text);
  secret.policy_principals = std::move(principals);
  secret.changed = context.now;
}

ServiceResult<std::string_view> sent_policy(const Call& call) {
  const auto text = call.text("ResourcePolicy");
  if (!text || text->empty())
    return unsatisfied("resourcePolicy", "Member must have length greater than or equal to 1");
  return *text;
}

Output put_resource_policy(const Call& call, const Context& context) {
  TRY(StoredSecret* const secret, changeable_secret(call, context));
  TRY(const std::string_view text, sent_policy(call));
  TRY(LookedInto policy, look_into(text, context.world));
  if (policy.open && call.boolean("BlockPublicPolicy").value_or(false)) {
    return refuse("PublicPolicyException", "The resource policy grants broad access.");
  }
  replace_policy(*secret, std::string(text), std::move(policy.principals), context);
  return named(*secret);
}

Output get_resource_policy(const Call& call, const Context& context) {
  TRY(const SecretPlace place, living_secret(call, context));
  json::object result = named(place);
  if (auto policy = shown_policy(context.world, *place.secret)) result["ResourcePolicy"] = *std::move(policy);
  return result;
}

Output delete_resource_policy(const Call& call, const Context& context) {
  TRY(StoredSecret* const secret, changeable_secret(call, context));
  replace_policy(*secret, std::nullopt, {}, context);
  return named(*secret);
}

Output validate_resource_policy(const Call& call, const Context& context) {
  if (call.text("SecretId")) {
    TRY_VOID(living_secret(call, context));
  }
  TRY(const std::string_view text, sent_policy(call));
  TRY(const LookedInto policy, look_into(text, context.world));
  json::array errors;
  if (policy.open) {
    errors.push_back(
        json::object{{"CheckName", "PUBLIC_POLICY"}, {"ErrorMessage", "The resource policy grants broad access."}});
  }
  return json::object{{"PolicyValidationPassed", !policy.open}, {"ValidationErrors", std::move(errors)}};
}

}  // namespace

std::span<const Operation> secret_policy_operations() {
  static constexpr Operation table[] = {
      {"PutResourcePolicy", put_resource_policy},
      {"GetResourcePolicy", get_resource_policy},
      {"DeleteResourcePolicy", delete_resource_policy},
      {"ValidateResourcePolicy", validate_resource_policy},
  };
  return table;
}

}  // namespace rekeyer::sandbox
