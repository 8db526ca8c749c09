// STS: who one is, and sessions. Whatever keeps a caller from a role (no such role, a suspended account, the trust
// policy, the external id), the answer is the same.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "base/try.hpp"
#include "sandbox/access/authorize.hpp"
#include "sandbox/services/sts_session.hpp"

namespace rekeyer::sandbox {
namespace {

using std::chrono::seconds;

constexpr seconds longest_chained{3600};
constexpr std::size_t most_session_tags = 50;
/// Session policy and tags are packed; AWS shows the share of the limit that they take, not how it packs them.
constexpr std::size_t packed_limit = 2048;

ServiceResult<Tags> session_tags(const Call& call) {
  Tags tags;
  for (const auto& [key, value] : call.tags()) {
    if (key.empty() || key.size() > 128 || value.size() > 256) {
      return refuse("ValidationError", "1 validation error detected: Value at 'tags' failed to satisfy constraint");
    }
    if (!tags.emplace(key, value).second) {
      return refuse("InvalidParameterValue",
                    "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
  }
  if (tags.size() > most_session_tags) {
    return refuse("ValidationError",
                  "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length "
                  "less than or equal to 50");
  }
  return tags;
}

/// The role's own limit, and the hour that a role's session may open another session for. AWS refuses what is over
/// the limit, it does not shorten it.
ServiceResult<seconds> role_duration(const Call& call, const Context& context, const Role& role) {
  TRY(const seconds asked, session_duration(call, {}));
  if (context.caller.kind == PrincipalKind::role && asked > longest_chained) {
    return refuse("ValidationError",
                  "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
  }
  if (asked > seconds(role.max_session)) {
    return refuse("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  return asked;
}

Arn session_arn(const Context& context, const Session& session, const Role& role) {
  return Arn(fmt::format("arn:{}:sts::{}:assumed-role/{}/{}", context.world.partition, session.account, role.name,
                         session.name));
}

void describe_packing(boost::json::object& output, const Session& session) {
  std::size_t packed = session.policy.size();
  for (const auto& [key, value] : session.tags) packed += key.size() + value.size();
  if (packed == 0) return;
  output["PackedPolicySize"] = fmt::to_string(std::min<std::size_t>(100, packed * 100 / packed_limit + 1));
}

boost::json::object describe_role_session(const Context& context, const Session& session, const Role& role) {
  boost::json::object output;
  output["Credentials"] = describe_credentials(session);
  output["AssumedRoleUser"] = boost::json::object{{"AssumedRoleId", fmt::format("{}:{}", role.id, session.name)},
                                                  {"Arn", session_arn(context, session, role).str()}};
  describe_packing(output, session);
  return output;
}

Output assume_role(const Call& call, const Context& context) {
  if (context.caller.identity_arn.str().ends_with(":root")) {
    return refuse("AccessDenied", "Roles may not be assumed by root accounts.", 403);
  }
  TRY(std::string name, session_name(call));
  const std::string_view role_arn = call.text_or_empty("RoleArn");
  TRY(const FoundRole found, find_role(context, role_arn));
  TRY_VOID(session_duration(call, {}));
  const bool administrator = context.caller.kind == PrincipalKind::administrator;
  if (found.role == nullptr || (!administrator && !trusts(context.world, found.account->id, *found.role, context.caller,
                                                          name, call.text("ExternalId")))) {
    return std::unexpected(denied("sts", context.caller.arn.str(), "sts:AssumeRole", role_arn, ""));
  }
  TRY(const seconds duration, role_duration(call, context, *found.role));
  Session session;
  TRY(session.policy, session_policy(call, context.world, found.account->id));
  TRY(session.tags, session_tags(call));
  session.account = found.account->id;
  session.role = found.role->name;
  session.owner_id = found.role->id;
  session.name = std::move(name);
  session.chained = context.caller.kind == PrincipalKind::role;
  return describe_role_session(context, open_session(context, std::move(session), duration), *found.role);
}

bool names_federated(const boost::json::value& statement) {
  const boost::json::object* members = statement.if_object();
  if (members == nullptr) return false;
  const boost::json::value* effect = members->if_contains("Effect");
  const boost::json::value* principal = members->if_contains("Principal");
  return effect != nullptr && *effect == "Allow" && principal != nullptr && principal->is_object() &&
         principal->as_object().contains("Federated");
}

bool trusts_federated(const Role& role) {
  boost::system::error_code problem;
  const boost::json::value document = boost::json::parse(role.trust, problem);
  if (problem || !document.is_object()) return false;
  const boost::json::value* statements = document.as_object().if_contains("Statement");
  if (statements == nullptr) return false;
  if (const boost::json::array* several = statements->if_array()) {
    return std::ranges::any_of(*several, names_federated);
  }
  return names_federated(*statements);
}

/// There are no identity providers here: a role that trusts any takes every token, and a token that was made for the
/// sandbox (it says "web-identity-") opens every role.
bool accepts_web_identity(const Role& role, std::string_view token) {
  return token.contains("web-identity-") || trusts_federated(role);
}

Output assume_role_with_web_identity(const Call& call, const Context& context) {
  TRY(std::string name, session_name(call));
  TRY(const FoundRole found, find_role(context, call.text_or_empty("RoleArn")));
  const std::string_view token = call.text_or_empty("WebIdentityToken");
  if (token.size() < 4) {
    return refuse("InvalidIdentityToken",
                  "The ID Token provided is not a valid JWT. (You may see this error if you "
                  "sent an Access Token)");
  }
  if (found.role == nullptr || !accepts_web_identity(*found.role, token)) {
    return refuse("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403);
  }
  TRY(const seconds duration, role_duration(call, context, *found.role));
  Session session;
  TRY(session.policy, session_policy(call, context.world, found.account->id));
  session.account = found.account->id;
  session.role = found.role->name;
  session.owner_id = found.role->id;
  session.name = std::move(name);
  auto output = describe_role_session(context, open_session(context, std::move(session), duration), *found.role);
  output["SubjectFromWebIdentityToken"] = "sandbox-subject";
  output["Provider"] = "sandbox";
  output["Audience"] = "sts.amazonaws.com";
  return output;
}

constexpr DurationRange users_own{.shortest = seconds(900), .longest = seconds(129600), .otherwise = seconds(43200)};

ServiceResult<void> only_long_term(const Call& call, const Context& context) {
  if (!context.caller.session && !context.caller.user.empty()) return {};
  return refuse("AccessDenied", fmt::format("Cannot call {} with session credentials", call.operation), 403);
}

Output get_session_token(const Call& call, const Context& context) {
  TRY_VOID(only_long_term(call, context));
  TRY(const seconds duration, session_duration(call, users_own));
  Session session;
  session.account = context.caller.account;
  session.user = context.caller.user;
  session.owner_id = context.caller.identity_id;
  boost::json::object output;
  output["Credentials"] = describe_credentials(open_session(context, std::move(session), duration));
  return output;
}

Output get_federation_token(const Call& call, const Context& context) {
  TRY_VOID(only_long_term(call, context));
  Session session;
  TRY(session.federated, federated_name(call));
  TRY(const seconds duration, session_duration(call, users_own));
  TRY(session.policy, session_policy(call, context.world, context.caller.account));
  TRY(session.tags, session_tags(call));
  session.account = context.caller.account;
  session.user = context.caller.user;
  session.owner_id = context.caller.identity_id;
  const Session& opened = open_session(context, std::move(session), duration);
  boost::json::object output;
  output["Credentials"] = describe_credentials(opened);
  output["FederatedUser"] = boost::json::object{
      {"FederatedUserId", fmt::format("{}:{}", opened.account, opened.federated)},
      {"Arn",
       fmt::format("arn:{}:sts::{}:federated-user/{}", context.world.partition, opened.account, opened.federated)}};
  describe_packing(output, opened);
  return output;
}

Output get_caller_identity(const Call&, const Context& context) {
  return boost::json::object{
      {"UserId", context.caller.user_id}, {"Account", context.caller.account.str()}, {"Arn", context.caller.arn.str()}};
}

Output get_access_key_info(const Call& call, const Context& context) {
  const AccessKeyId id{std::string(call.text_or_empty("AccessKeyId"))};
  constexpr std::size_t account_length = 12;
  AccountId account;
  if (const auto place = context.world.find_key(id); place.account != nullptr) {
    account = place.account->id;
  } else if (const auto session = context.world.sessions.find(id.str()); session != context.world.sessions.end()) {
    account = session->second.account;
  } else if (id.str().size() > account_length) {
    AccountId named(id.str().substr(id.str().size() - account_length));
    if (valid_account_id(named.str()) && administrator_key(named) == id) account = std::move(named);
  }
  if (account.empty()) return refuse("ValidationError", fmt::format("Access key {} is not known", id));
  return boost::json::object{{"Account", account.str()}};
}

}  // namespace

std::span<const Operation> sts_operations() {
  static constexpr std::array operations{
      Operation{"AssumeRole", assume_role},
      Operation{"AssumeRoleWithWebIdentity", assume_role_with_web_identity},
      Operation{"GetAccessKeyInfo", get_access_key_info},
      Operation{"GetCallerIdentity", get_caller_identity},
      Operation{"GetFederationToken", get_federation_token},
      Operation{"GetSessionToken", get_session_token},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
