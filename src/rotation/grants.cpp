#include "rotation/grants.hpp"

#include <boost/json.hpp>

namespace rekeyer::rotation {
namespace {

namespace json = boost::json;

/// Puts `statement` into the policy in place of the one with its Sid; nothing where it is there to the letter.
Result<std::optional<std::string>> merge(const std::optional<std::string>& policy, const json::object& statement) {
  json::object document;
  if (policy) {
    json::error_code failure;
    auto parsed = json::parse(*policy, failure);
    if (failure || !parsed.is_object()) {
      return fail(ErrorKind::bad_reply, "the policy that is there is not a JSON object; it is left as it is");
    }
    document = std::move(parsed.as_object());
  }
  if (!document.contains("Version")) document["Version"] = "2012-10-17";
  json::array statements;
  if (const auto* existing = document.if_contains("Statement")) {
    if (existing->is_array()) {
      statements = existing->as_array();
    } else {
      statements.push_back(*existing);  // one statement may stand without an array
    }
  }
  const auto same_sid = [&](const json::value& candidate) {
    const auto* object = candidate.if_object();
    const auto* sid = object == nullptr ? nullptr : object->if_contains("Sid");
    return sid != nullptr && *sid == statement.at("Sid");
  };
  bool placed = false;
  for (auto& candidate : statements) {
    if (!same_sid(candidate)) continue;
    if (candidate == json::value(statement)) return std::optional<std::string>();
    candidate = statement;
    placed = true;
    break;
  }
  if (!placed) statements.emplace_back(statement);
  document["Statement"] = std::move(statements);
  return std::optional<std::string>(json::serialize(document));
}

json::array read_actions() { return {"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"}; }

}  // namespace

Result<std::optional<std::string>> grant_to_user(const std::optional<std::string>& policy, const Arn& secret,
                                                 const std::string& kms_key_arn) {
  auto granted =
      merge(policy, {{"Sid", grant_sid}, {"Effect", "Allow"}, {"Action", read_actions()}, {"Resource", secret.str()}});
  if (!granted || kms_key_arn.empty()) return granted;
  const json::object decrypt{{"Sid", std::string(grant_sid) + "Key"},
                             {"Effect", "Allow"},
                             {"Action", "kms:Decrypt"},
                             {"Resource", kms_key_arn}};
  auto both = merge(*granted ? *granted : policy, decrypt);
  if (!both || *both) return both;
  return granted;
}

}  // namespace rekeyer::rotation
