// A policy document of IAM as data: statements in order, each with the reason why it stands there.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace rekeyer::permissions {

/// {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}; several values: any of them.
struct Condition {
  std::string operation;
  std::string key;
  std::vector<std::string> values;
  bool operator==(const Condition&) const = default;
};

enum class Effect { allow, deny };

struct Statement {
  std::string sid{};
  Effect effect = Effect::allow;
  std::vector<std::string> actions{};
  bool all_but_actions = false;          ///< every action but `actions`: only where it denies
  std::vector<std::string> resources{};  ///< empty in a trust policy
  std::vector<Condition> conditions{};
  std::string principal{};  ///< of a trust policy: an ARN
  std::string why{};        ///< one sentence; no part of the document
  bool operator==(const Statement&) const = default;
};

struct Document {
  std::vector<Statement> statements;
  bool operator==(const Document&) const = default;
};

/// As people keep it in a file: two spaces a level, short lists on one line. Ends in a line break.
std::string to_json(const Document& document);

/// Every document under its role's name, as one object.
struct NamedDocument {
  std::string role;
  Document document;
};
std::string to_json(const std::vector<NamedDocument>& documents);

/// For people: each statement with why it stands there.
std::string explained(const Document& document);

/// As IAM counts it against its limits: without white space.
std::size_t size_of(const Document& document);
inline constexpr std::size_t managed_policy_limit = 6144;
inline constexpr std::size_t inline_policy_limit = 10240;
/// Of a service control policy. Organizations keeps it as it is handed over, so white space counts.
inline constexpr std::size_t service_control_policy_limit = 5120;

}  // namespace rekeyer::permissions
