#include "sandbox/services/sts_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/try.hpp"
#include "sandbox/access/policy.hpp"
#include "sandbox/wire/reply.hpp"
#include "sandbox/world/built_in_policies.hpp"
#include "sandbox/world/characters.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::size_t longest_policy = 2048;
/// So long a session is remembered after its end, and so often expired ones are looked for.
constexpr std::chrono::hours remembered{6};
constexpr std::chrono::minutes prune_every{15};

std::unexpected<ServiceError> violated(std::string_view member, std::string_view constraint) {
  return refuse(
      "ValidationError",
      fmt::format("1 validation error detected: Value at '{}' failed to satisfy constraint: {}", member, constraint));
}

ServiceResult<std::string> checked_name(std::string_view name, std::string_view member, std::size_t longest) {
  if (name.size() < 2 || name.size() > longest) {
    return violated(member, fmt::format("Member must have length between 2 and {}, inclusive", longest));
  }
  if (!std::ranges::all_of(name, is_iam_name_character)) {
    return violated(member, "Member must satisfy regular expression pattern: [\\w+=,.@-]*");
  }
  return std::string(name);
}

void prune_sessions(World& world, Instant now) {
  if (now - world.sessions_pruned < prune_every && now >= world.sessions_pruned) return;
  world.sessions_pruned = now;
  std::erase_if(world.sessions, [now](const auto& entry) { return entry.second.expires + remembered <= now; });
}

/// Adds the document's statements to `statements`; false where it is no policy.
bool add_statements(boost::json::array& statements, std::string_view document) {
  if (!is_policy_document(document)) return false;
  boost::system::error_code problem;
  const boost::json::value parsed = boost::json::parse(document, problem);
  if (problem || !parsed.is_object()) return false;
  const boost::json::value* found = parsed.as_object().if_contains("Statement");
  if (found == nullptr) return false;
  if (const boost::json::array* several = found->if_array()) {
    statements.insert(statements.end(), several->begin(), several->end());
  } else {
    statements.push_back(*found);
  }
  return true;
}

}  // namespace

ServiceResult<FoundRole> find_role(const Context& context, std::string_view role_arn) {
  const std::string start = fmt::format("arn:{}:iam::", context.world.partition);
  constexpr std::string_view kind = ":role/";
  const std::string_view rest = role_arn.substr(std::min(start.size(), role_arn.size()));
  const std::string_view account = rest.substr(0, 12);
  if (!role_arn.starts_with(start) || !valid_account_id(account) || !rest.substr(12).starts_with(kind) ||
      rest.size() <= 12 + kind.size()) {
    return refuse("ValidationError", fmt::format("{} is invalid", role_arn));
  }
  FoundRole found;
  found.account = context.world.find_account(AccountId(std::string(account)));
  if (found.account == nullptr || found.account->state != "ACTIVE") return FoundRole{};
  const auto& roles = found.account->iam.roles;
  const auto at = roles.find(folded(rest.substr(rest.rfind('/') + 1)));
  if (at != roles.end() && context.world.role_arn(found.account->id, at->second).str() == role_arn) {
    found.role = &at->second;
  }
  return found;
}

ServiceResult<std::string> session_name(const Call& call) {
  return checked_name(call.text_or_empty("RoleSessionName"), "roleSessionName", 64);
}

ServiceResult<std::string> federated_name(const Call& call) {
  return checked_name(call.text_or_empty("Name"), "name", 32);
}

ServiceResult<std::chrono::seconds> session_duration(const Call& call, const DurationRange& range) {
  if (!call.input.contains("DurationSeconds")) return range.otherwise;
  const auto asked = call.integer("DurationSeconds");
  if (!asked) return refuse("MalformedInput", "Unexpected list element or number at DurationSeconds");
  if (*asked < range.shortest.count() || *asked > range.longest.count()) {
    return violated("durationSeconds", fmt::format("Member must have value between {} and {}", range.shortest.count(),
                                                   range.longest.count()));
  }
  return std::chrono::seconds(*asked);
}

ServiceResult<std::string> session_policy(const Call& call, const World& world, const AccountId& role_account) {
  const auto malformed = [](std::string_view what) {
    return refuse("MalformedPolicyDocument", fmt::format("The policy is not in the valid JSON format: {}", what));
  };
  const std::string_view own = call.text_or_empty("Policy");
  const boost::json::array* arns = call.list("PolicyArns");
  if (own.empty() && (arns == nullptr || arns->empty())) return std::string();
  if (own.size() > longest_policy) {
    return refuse("PackedPolicyTooLarge", "Packed size of session policies is over the limit of 2048 characters");
  }
  boost::json::array statements;
  if (!own.empty() && !add_statements(statements, own)) return malformed("Policy");
  for (const boost::json::value& element : arns == nullptr ? boost::json::array() : *arns) {
    const boost::json::object* named = element.if_object();
    const boost::json::value* arn = named == nullptr ? nullptr : named->if_contains("arn");
    if (arn == nullptr || !arn->is_string()) return violated("policyArns", "Member must have an arn");
    const ManagedPolicy* const managed = find_managed_policy(world, role_account, std::string(arn->as_string()));
    if (managed == nullptr) {
      return refuse("ValidationError", fmt::format("{} does not exist", std::string_view(arn->as_string())));
    }
    if (!add_statements(statements, managed->document)) return malformed(managed->arn);
  }
  return boost::json::serialize(boost::json::object{{"Version", "2012-10-17"}, {"Statement", std::move(statements)}});
}

const Session& open_session(const Context& context, Session session, std::chrono::seconds duration) {
  World& world = context.world;
  prune_sessions(world, context.now);
  session.id = world.ids.session_key();
  session.secret = world.ids.secret_key();
  session.token = world.ids.session_token();
  session.issued = context.now;
  session.expires = context.now + duration;
  std::string id = session.id.str();
  return world.sessions.insert_or_assign(std::move(id), std::move(session)).first->second;
}

boost::json::object describe_credentials(const Session& session) {
  return {{"AccessKeyId", session.id.str()},
          {"SecretAccessKey", session.secret},
          {"SessionToken", session.token},
          {"Expiration", xml_time(session.expires)}};
}

}  // namespace rekeyer::sandbox
