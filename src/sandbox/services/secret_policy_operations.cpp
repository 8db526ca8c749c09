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

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

constexpr std::size_t policy_limit = 20'480;

std::unexpected<Refusal> malformed_policy(std::string message) {
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

/// The AWS principals of a statement's Principal: ARNs, account ids, "*".
std::vector<std::string_view> aws_principals(const json::value& principal) {
  const json::object* const kinds = principal.if_object();
  const json::value* const named = kinds == nullptr ? &principal : kinds->if_contains("AWS");
  std::vector<std::string_view> result;
  if (named == nullptr) return result;
  for (const json::value* const item : each(*named)) {
    if (item->is_string()) result.emplace_back(item->get_string());
  }
  return result;
}

/// AWS knows whether a user or a role of that ARN exists, in whatever account.
bool exists(const World& world, std::string_view arn) {
  const std::string start = fmt::format("arn:{}:iam::", world.partition);
  if (!arn.starts_with(start)) return true;
  const std::string_view rest = arn.substr(start.size());
  if (rest.size() < 14 || rest[12] != ':') return true;
  const std::string_view resource = rest.substr(13);
  const AccountId account{std::string(rest.substr(0, 12))};
  const std::string_view name = resource.substr(resource.rfind('/') + 1);
  if (resource.starts_with("user/")) {
    const User* const user = world.find_user(account, UserName(std::string(name)));
    return user != nullptr && world.user_arn(account, *user).str() == arn;
  }
  if (!resource.starts_with("role/")) return true;
  const Account* const owner = world.find_account(account);
  if (owner == nullptr) return false;
  const auto role = owner->iam.roles.find(folded(name));
  return role != owner->iam.roles.end() && world.role_arn(account, role->second).str() == arn;
}

/// Anybody may do what it says, under no condition.
bool is_public(const json::object& statement) {
  if (statement.at("Effect") != "Allow" || statement.contains("Condition")) return false;
  const auto principals = aws_principals(statement.at("Principal"));
  return std::ranges::find(principals, std::string_view("*")) != principals.end();
}

Checked check_statement(const json::value& item, const World& world) {
  const json::object* const statement = item.if_object();
  const bool shaped = statement != nullptr && statement->contains("Effect") && statement->contains("Principal") &&
                      statement->contains("Resource") &&
                      (statement->contains("Action") || statement->contains("NotAction"));
  const bool known = shaped && (statement->at("Effect") == "Allow" || statement->at("Effect") == "Deny");
  if (!known) return malformed_policy("This resource policy contains a syntax error.");
  for (const std::string_view arn : aws_principals(statement->at("Principal"))) {
    if (!exists(world, arn)) {
      return malformed_policy(fmt::format("This resource policy contains an invalid principal: {}", arn));
    }
  }
  return {};
}

/// Is it a policy that AWS would store? Says whether it is open to the public.
Answered<bool> check_policy(std::string_view text, const World& world) {
  if (text.size() > policy_limit) return invalid_secret_parameter("ResourcePolicy is too long.");
  boost::system::error_code broken;
  const json::value document = json::parse(text, broken);
  const json::object* const policy = broken ? nullptr : document.if_object();
  const json::value* const statements = policy == nullptr ? nullptr : policy->if_contains("Statement");
  if (statements == nullptr) return malformed_policy("This resource policy contains invalid JSON.");
  bool open = false;
  for (const json::value* const item : each(*statements)) {
    TRY_VOID(check_statement(*item, world));
    open = open || is_public(item->get_object());
  }
  if (!is_policy_document(text)) return malformed_policy("This resource policy contains a syntax error.");
  return open;
}

Answered<std::string_view> sent_policy(const Call& call) {
  const auto text = call.text("ResourcePolicy");
  if (!text || text->empty())
    return unsatisfied("resourcePolicy", "Member must have length greater than or equal to 1");
  return *text;
}

Output put_resource_policy(const Call& call, const Context& context) {
  TRY(StoredSecret* const secret, changeable_secret(call, context));
  TRY(const std::string_view text, sent_policy(call));
  TRY(const bool open, check_policy(text, context.world));
  if (open && call.boolean("BlockPublicPolicy").value_or(false)) {
    return refuse("PublicPolicyException", "The resource policy grants broad access.");
  }
  secret->policy = std::string(text);
  secret->changed = context.now;
  return named(*secret);
}

Output get_resource_policy(const Call& call, const Context& context) {
  TRY(const SecretPlace place, living_secret(call, context));
  json::object result = named(place);
  if (place.secret->policy) result["ResourcePolicy"] = *place.secret->policy;
  return result;
}

Output delete_resource_policy(const Call& call, const Context& context) {
  TRY(StoredSecret* const secret, changeable_secret(call, context));
  secret->policy.reset();
  secret->changed = context.now;
  return named(*secret);
}

Output validate_resource_policy(const Call& call, const Context& context) {
  if (call.text("SecretId")) {
    TRY_VOID(living_secret(call, context));
  }
  TRY(const std::string_view text, sent_policy(call));
  TRY(const bool open, check_policy(text, context.world));
  json::array errors;
  if (open) {
    errors.push_back(
        json::object{{"CheckName", "PUBLIC_POLICY"}, {"ErrorMessage", "The resource policy grants broad access."}});
  }
  return json::object{{"PolicyValidationPassed", !open}, {"ValidationErrors", std::move(errors)}};
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
