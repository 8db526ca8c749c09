#include "rotation/secret_policy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <iterator>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "policy/match.hpp"
#include "policy/rules.hpp"

namespace rekeyer::rotation {
namespace {

namespace json = boost::json;

/// Of the statements below: goes up when one of them changes, so that those of before count as different.
constexpr int policy_form = 1;

/// Everything but these is closed: a list of what changes something would miss what AWS adds.
constexpr std::array<std::string_view, 4> open_actions{"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret",
                                                       "secretsmanager:GetResourcePolicy",
                                                       "secretsmanager:ListSecretVersionIds"};
constexpr std::string_view reading_action = "secretsmanager:GetSecretValue";

json::array list_of(const auto& texts) {
  json::array list;
  for (const auto& text : texts) list.emplace_back(std::string_view(text));
  return list;
}

/// One text or a list of them, as policies have it.
std::vector<std::string> texts(const json::value* value) {
  std::vector<std::string> all;
  if (value == nullptr) return all;
  if (const auto* one = value->if_string()) all.emplace_back(*one);
  if (const auto* list = value->if_array()) {
    for (const auto& item : *list) {
      if (const auto* text = item.if_string()) all.emplace_back(*text);
    }
  }
  return all;
}

/// The same statement with lists sorted and actions in lower case: two that mean the same are equal.
json::value normal(const json::value& value, bool actions = false) {
  if (const auto* text = value.if_string()) {
    return json::array{json::value(actions ? lower_case(*text) : std::string(*text))};
  }
  if (const auto* list = value.if_array()) {
    std::vector<std::string> sorted;
    for (const auto& item : *list) {
      if (const auto* text = item.if_string()) sorted.push_back(actions ? lower_case(*text) : std::string(*text));
      if (item.if_string() == nullptr) return value;
    }
    std::ranges::sort(sorted);
    return list_of(sorted);
  }
  if (const auto* object = value.if_object()) {
    json::object result;
    for (const auto& [name, member] : *object) {
      result[name] = normal(member, name == "Action" || name == "NotAction");
    }
    return result;
  }
  return value;
}

bool same(const json::object& a, const json::object& b) { return normal(a) == normal(b); }

std::string member_text(const json::object& statement, std::string_view name) {
  const auto* member = statement.if_contains(name);
  const auto* text = member == nullptr ? nullptr : member->if_string();
  return text == nullptr ? std::string() : std::string(*text);
}

/// Who is listed in `Principal` or `NotPrincipal`; "*" for everybody, and of the kinds that are no AWS account:
/// "Service x".
std::vector<std::string> listed(const json::value& principal) {
  if (principal.if_string() != nullptr) return texts(&principal);
  std::vector<std::string> all;
  if (const auto* kinds = principal.if_object()) {
    for (const auto& [kind, members] : *kinds) {
      for (auto& text : texts(&members)) {
        all.push_back(kind == "AWS" ? std::move(text) : fmt::format("{} {}", std::string_view(kind), text));
      }
    }
  }
  return all;
}

constexpr std::string_view excepting = "NotPrincipal";

/// Who a statement is about: those that it lists, or everybody but those.
struct Principals {
  std::vector<std::string> names;
  bool all_but = false;
};

Principals principals_of(const json::object& statement) {
  const auto* principal = statement.if_contains("Principal");
  if (principal != nullptr) return {listed(*principal), false};
  const auto* others = statement.if_contains(excepting);
  return {others == nullptr ? std::vector<std::string>() : listed(*others), true};
}

/// AWS shows a principal that is gone by its id.
bool is_gone(std::string_view principal) {
  return (principal.starts_with("AIDA") || principal.starts_with("AROA")) && !principal.contains(':');
}

bool all_gone(const json::object& statement) {
  const auto principals = principals_of(statement);
  return !principals.all_but && !principals.names.empty() && std::ranges::all_of(principals.names, is_gone);
}

/// `principal` without those that are gone, which AWS takes back from nobody; nothing where nobody is left.
std::optional<json::value> still_there(const json::value& principal) {
  const auto* kinds = principal.if_object();
  if (kinds == nullptr) return principal;
  json::object kept;
  for (const auto& [kind, members] : *kinds) {
    auto names = texts(&members);
    if (kind == "AWS") std::erase_if(names, is_gone);
    if (names.empty()) continue;
    kept[kind] = names.size() == 1 ? json::value(names.front()) : json::value(list_of(names));
  }
  if (kept.empty()) return std::nullopt;
  return kept;
}

/// The statement as AWS takes it back. Not to be asked of one whose principals are all gone.
json::object without_gone(json::object statement) {
  if (auto* principal = statement.if_contains("Principal")) {
    if (auto kept = still_there(*principal)) *principal = *std::move(kept);
  } else if (const auto* others = statement.if_contains(excepting)) {
    auto kept = still_there(*others);
    // Everybody but nobody is everybody.
    if (kept) {
      statement[excepting] = *std::move(kept);
    } else {
      statement.erase(excepting);
      statement["Principal"] = "*";
    }
  }
  return statement;
}

std::string words_of(const json::object& statement) {
  const auto sid = member_text(statement, "Sid");
  const auto principals = principals_of(statement);
  return fmt::format("{} for {}{}{}", member_text(statement, "Effect"), principals.all_but ? "everybody but " : "",
                     fmt::join(principals.names, ", "), sid.empty() ? "" : fmt::format(" (Sid {})", sid));
}

bool is_listed(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// Is the owner among those whom the statement is about? Whoever stands in NotPrincipal is left out of it, but only
/// together with the account: AWS denies the account, and him with it, else.
bool is_about_owner(const json::object& statement, const WantedPolicy& wanted) {
  const auto principals = principals_of(statement);
  const auto& arn = wanted.owner.str();
  const auto account_arn = arn.substr(0, arn.rfind(":user/"));
  const auto account_id = account_arn.substr(account_arn.rfind(':') + 1);
  const bool everybody = is_listed(principals.names, "*");
  const bool named = is_listed(principals.names, arn) || is_listed(principals.names, wanted.owner_id.str());
  const bool account_named =
      is_listed(principals.names, account_id) || is_listed(principals.names, account_arn + ":root");
  if (principals.all_but) return !everybody && !(named && account_named);
  return everybody || named || account_named;
}

bool has_condition(const json::object& statement) {
  const auto* condition = statement.if_contains("Condition");
  const auto* object = condition == nullptr ? nullptr : condition->if_object();
  return object != nullptr && !object->empty();
}

bool any_matches(const std::vector<std::string>& patterns, std::string_view text) {
  return std::ranges::any_of(patterns, [&](const auto& pattern) { return policy::matches(pattern, text); });
}

/// Does the statement speak of reading the value?
bool concerns_reading(const json::object& statement) {
  const auto covers = [](const std::vector<std::string>& actions) {
    return std::ranges::any_of(
        actions, [](const auto& action) { return policy::matches(lower_case(action), lower_case(reading_action)); });
  };
  if (const auto* not_action = statement.if_contains("NotAction")) return !covers(texts(not_action));
  return covers(texts(statement.if_contains("Action")));
}

json::object owner_statement(const WantedPolicy& wanted) {
  json::object statement{{"Sid", owner_sid},
                         {"Effect", "Allow"},
                         {"Principal", json::object{{"AWS", wanted.owner.str()}}},
                         {"Action", json::array{"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"}},
                         {"Resource", "*"}};
  if (!wanted.owner_id.empty()) {
    statement["Condition"] = json::object{{"StringEquals", json::object{{"aws:userid", wanted.owner_id.str()}}}};
  }
  return statement;
}

json::object lock_statement(const WantedPolicy& wanted) {
  return {{"Sid", lock_sid},
          {"Effect", "Deny"},
          {"Principal", "*"},
          {"NotAction", list_of(open_actions)},
          {"Resource", "*"},
          {"Condition", json::object{{"ArnNotLike", json::object{{"aws:PrincipalArn", list_of(wanted.writers)}}}}}};
}

json::object readers_statement(const WantedPolicy& wanted) {
  json::object condition{{"StringNotEquals", json::object{{"aws:userid", wanted.owner_id.str()}}}};
  if (!wanted.readers.empty()) {
    condition["ArnNotLike"] = json::object{{"aws:PrincipalArn", list_of(wanted.readers)}};
  }
  return {{"Sid", readers_sid},       {"Effect", "Deny"}, {"Principal", "*"},
          {"Action", reading_action}, {"Resource", "*"},  {"Condition", std::move(condition)}};
}

/// Whom the statement excepts, where it is a lock as rekeyer writes it; nothing else has any.
std::vector<std::string> excepted_by_lock(const json::object& statement) {
  const auto* condition = statement.if_contains("Condition");
  const auto* kinds = condition == nullptr ? nullptr : condition->if_object();
  const auto* unlike = kinds == nullptr ? nullptr : kinds->if_contains("ArnNotLike");
  const auto* keys = unlike == nullptr ? nullptr : unlike->if_object();
  WantedPolicy as_it_stands;
  if (keys != nullptr) as_it_stands.writers = texts(keys->if_contains("aws:PrincipalArn"));
  if (!same(statement, lock_statement(as_it_stands))) return {};
  return std::move(as_it_stands.writers);
}

/// Is nobody excepted but who is named now or was? Whoever else the lock let in could have written anything.
bool all_known(const std::vector<std::string>& excepted, const WantedPolicy& wanted) {
  return !excepted.empty() && std::ranges::all_of(excepted, [&](const std::string& principal) {
    return is_listed(wanted.writers, principal) || is_listed(wanted.former_writers, principal);
  });
}

/// A policy document taken apart.
struct Document {
  json::object rest;  ///< Version, Id
  std::vector<json::object> statements;
};

Result<Document> read_document(const std::optional<std::string>& policy) {
  Document document;
  if (!policy) {
    document.rest["Version"] = "2012-10-17";
    return document;
  }
  const auto unreadable = fail(ErrorKind::bad_reply, "the policy that is there can't be read; it is left as it is");
  json::error_code failure;
  auto parsed = json::parse(*policy, failure);
  if (failure || !parsed.is_object()) return unreadable;
  document.rest = std::move(parsed.as_object());
  if (auto* statements = document.rest.if_contains("Statement")) {
    // One statement may stand without an array.
    json::array list = statements->is_array() ? statements->as_array() : json::array{*statements};
    for (auto& statement : list) {
      if (!statement.is_object()) return unreadable;
      document.statements.push_back(std::move(statement.as_object()));
    }
    document.rest.erase("Statement");
  }
  return document;
}

/// What is to be said, in order.
std::vector<json::object> wanted_statements(const WantedPolicy& wanted) {
  std::vector<json::object> statements;
  if (wanted.grant) statements.push_back(owner_statement(wanted));
  if (!wanted.writers.empty()) statements.push_back(lock_statement(wanted));
  if (!wanted.writers.empty() && wanted.only_readers_read) statements.push_back(readers_statement(wanted));
  return statements;
}

bool is_own(const json::object& statement) {
  const auto sid = member_text(statement, "Sid");
  return sid == owner_sid || sid == lock_sid || sid == readers_sid;
}

/// Notes what a statement does that has a name of ours.
void note_own(const json::object& statement, const WantedPolicy& wanted, PolicyReview& review) {
  const auto sid = member_text(statement, "Sid");
  if (sid == owner_sid) review.grants_somebody = review.grants_somebody || !all_gone(statement);
  if (sid != lock_sid) return;
  auto excepted = excepted_by_lock(statement);
  review.locked = review.locked || all_known(excepted, wanted);
  std::ranges::move(excepted, std::back_inserter(review.lets_change));
}

/// Notes what somebody else's statement does.
void judge(const json::object& statement, const WantedPolicy& wanted, PolicyReview& review) {
  if (member_text(statement, "Effect") == "Deny") {
    if (!has_condition(statement) && concerns_reading(statement) && is_about_owner(statement, wanted)) {
      review.hindering.push_back(words_of(statement));
    }
    return;
  }
  if (all_gone(statement)) return;
  const auto principals = principals_of(statement);
  const auto everybody = principals.all_but || is_listed(principals.names, "*");
  if (everybody && !has_condition(statement)) review.open_to_all.push_back(words_of(statement));
  const auto known = [&](const std::string& principal) {
    return principal == wanted.owner.str() || any_matches(wanted.readers, principal) ||
           any_matches(wanted.writers, principal) || is_gone(principal);
  };
  if (principals.all_but || !std::ranges::all_of(principals.names, known)) {
    review.foreign.push_back(words_of(statement));
  }
}

}  // namespace

Result<PolicyReview> review_policy(const std::optional<std::string>& policy, const WantedPolicy& wanted) {
  auto document = read_document(policy);
  if (!document) return std::unexpected(document.error());
  PolicyReview review;
  const auto statements = wanted_statements(wanted);
  std::size_t existing = 0;
  bool stale = false;
  json::array kept;
  for (const auto& statement : document->statements) {
    if (is_own(statement)) {
      note_own(statement, wanted, review);
      const bool right = std::ranges::any_of(statements, [&](const auto& ours) { return same(ours, statement); });
      existing += right ? 1 : 0;
      stale = stale || !right;
      continue;
    }
    judge(statement, wanted, review);
    if (!all_gone(statement)) kept.push_back(without_gone(statement));
  }
  if (existing == statements.size() && (!stale || statements.empty())) return review;
  json::array all(statements.begin(), statements.end());
  all.insert(all.end(), kept.begin(), kept.end());
  if (all.empty()) return review;
  document->rest["Statement"] = std::move(all);
  review.wanted = json::serialize(document->rest);
  return review;
}

std::string fingerprint(const WantedPolicy& wanted) {
  // Not of the statements themselves: that would take longer than all else that a rotation does with its policy.
  auto text = fmt::format("form {}\ngrant {}\n", policy_form, wanted.grant);
  const auto add_sorted = [&](std::string_view what, std::vector<std::string> names) {
    std::ranges::sort(names);
    text += fmt::format("{} {}\n", what, fmt::join(names, " "));
  };
  add_sorted("lock", wanted.writers);
  if (!wanted.writers.empty() && wanted.only_readers_read) add_sorted("readers", wanted.readers);
  constexpr std::size_t digits = 16;
  return sha256_hex(text).substr(0, digits);
}

bool is_named(const std::vector<std::string>& patterns, const Arn& principal, bool path_known) {
  if (path_known) return any_matches(patterns, principal.str());
  const auto name = principal.str().substr(principal.str().rfind('/') + 1);
  const auto account_part = principal.str().substr(0, principal.str().find(":role/"));
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    const auto slash = pattern.rfind('/');
    const auto role = pattern.find(":role/");
    return slash != std::string::npos && role != std::string::npos &&
           policy::matches(pattern.substr(slash + 1), name) && policy::matches(pattern.substr(0, role), account_part);
  });
}

}  // namespace rekeyer::rotation
