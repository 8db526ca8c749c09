// What IAM checks of policy documents when they are stored.
#include "sandbox/services/iam_documents.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/try.hpp"
#include "sandbox/access/policy.hpp"
#include "sandbox/services/iam_input.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

std::unexpected<ServiceError> malformed(std::string message) {
  return refuse("MalformedPolicyDocument", std::move(message));
}

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

/// Does `fits` hold for the text, or for each text of the array?
template <class Fits>
bool each_text(const json::value& value, Fits fits) {
  if (const json::string* const text = value.if_string()) return fits(view(*text));
  const json::array* const list = value.if_array();
  return list != nullptr && std::ranges::all_of(*list, [&](const json::value& item) {
           return item.is_string() && fits(view(item.get_string()));
         });
}

bool names_a_service(std::string_view action) { return action == "*" || action.find(':') != std::string_view::npos; }
bool is_resource(std::string_view resource) { return resource == "*" || resource.starts_with("arn:"); }

ServiceResult<void> check_identity_statement(const json::object& statement) {
  if (statement.contains("Principal") || statement.contains("NotPrincipal")) {
    return malformed("Policy document should not specify a principal.");
  }
  const json::value* const action = statement.if_contains(statement.contains("Action") ? "Action" : "NotAction");
  if (action == nullptr) return malformed("Policy statement must contain actions.");
  if (!each_text(*action, names_a_service)) {
    return malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
  }
  const json::value* const resource =
      statement.if_contains(statement.contains("Resource") ? "Resource" : "NotResource");
  if (resource == nullptr) return malformed("Policy statement must contain resources.");
  if (!each_text(*resource, is_resource)) return malformed("Resource must be in ARN format or \"*\".");
  return {};
}

ServiceResult<void> check_trust_statement(const json::object& statement) {
  if (!statement.contains("Principal") && !statement.contains("NotPrincipal")) {
    return malformed("AssumeRole policy must contain principals.");
  }
  if (statement.contains("Resource") || statement.contains("NotResource")) {
    return malformed("Has prohibited field Resource");
  }
  return {};
}

template <class Check>
ServiceResult<std::string> checked_document(const Call& call, std::string_view member, Check check) {
  TRY(const auto text, iam_required(call, member));
  if (!is_policy_document(text)) return malformed("Syntax errors in policy.");
  json::error_code failure;
  const json::value document = json::parse(text, failure);
  const json::object* const whole = failure ? nullptr : document.if_object();
  const json::value* const statements = whole == nullptr ? nullptr : whole->if_contains("Statement");
  if (statements == nullptr) return malformed("Syntax errors in policy.");
  if (const json::object* const one = statements->if_object()) {
    TRY_VOID(check(*one));
  } else if (const json::array* const list = statements->if_array()) {
    for (const json::value& item : *list) {
      const json::object* const statement = item.if_object();
      if (statement == nullptr) return malformed("Syntax errors in policy.");
      TRY_VOID(check(*statement));
    }
  }
  return std::string(text);
}

}  // namespace

ServiceResult<std::string> identity_document(const Call& call, std::string_view member) {
  return checked_document(call, member, check_identity_statement);
}

ServiceResult<std::string> trust_document(const Call& call, std::string_view member) {
  return checked_document(call, member, check_trust_statement);
}

std::size_t document_size(std::string_view document) {
  return static_cast<std::size_t>(std::ranges::count_if(
      document, [](char c) { return std::string_view(" \t\r\n").find(c) == std::string_view::npos; }));
}

}  // namespace rekeyer::sandbox
