// The behaviour by name: one table says which member each name sets.
#include "sandbox/behaviour/aws_behaviour.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <limits>
#include <variant>
#include <vector>

#include "base/spelling.hpp"
#include "base/try.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

using Texts = std::vector<std::string>;
using Member = std::variant<bool AwsBehaviour::*, int AwsBehaviour::*, double AwsBehaviour::*,
                            Milliseconds AwsBehaviour::*, Texts AwsBehaviour::*>;

struct NamedMember {
  std::string_view name;
  Member member;
};

const NamedMember members[] = {
    {"strict_auth", &AwsBehaviour::strict_auth},
    {"verify_signatures", &AwsBehaviour::verify_signatures},
    {"signature_lifetime", &AwsBehaviour::signature_lifetime},
    {"organizations_page", &AwsBehaviour::organizations_page},
    {"organizations_empty_pages", &AwsBehaviour::organizations_empty_pages},
    {"organizations_old_status", &AwsBehaviour::organizations_old_status},
    {"organizations_omit_state", &AwsBehaviour::organizations_omit_state},
    {"organizations_only_management", &AwsBehaviour::organizations_only_management},
    {"iam_page", &AwsBehaviour::iam_page},
    {"secrets_page", &AwsBehaviour::secrets_page},
    {"report_at_hand", &AwsBehaviour::report_at_hand},
    {"report_build_polls", &AwsBehaviour::report_build_polls},
    {"report_build_time", &AwsBehaviour::report_build_time},
    {"report_lifetime", &AwsBehaviour::report_lifetime},
    {"report_frozen", &AwsBehaviour::report_frozen},
    {"last_used_lag", &AwsBehaviour::last_used_lag},
    {"record_use", &AwsBehaviour::record_use},
    {"secrets_list_frozen", &AwsBehaviour::secrets_list_frozen},
    {"secrets_list_lag", &AwsBehaviour::secrets_list_lag},
    {"new_key_delay", &AwsBehaviour::new_key_delay},
    {"new_key_refusals", &AwsBehaviour::new_key_refusals},
    {"status_delay", &AwsBehaviour::status_delay},
    {"key_list_lag", &AwsBehaviour::key_list_lag},
    {"resource_policy_delay", &AwsBehaviour::resource_policy_delay},
    {"replication_time", &AwsBehaviour::replication_time},
    {"failing_replica_regions", &AwsBehaviour::failing_replica_regions},
    {"pending_first_version_becomes_current", &AwsBehaviour::pending_first_version_becomes_current},
    {"prune_versions", &AwsBehaviour::prune_versions},
    {"rate_limits", &AwsBehaviour::rate_limits},
    {"iam_rate", &AwsBehaviour::iam_rate},
    {"latency", &AwsBehaviour::latency},
    {"latency_spread", &AwsBehaviour::latency_spread},
};

/// Ten thousand years: beyond it, sums with instants overflow.
constexpr double longest_truth = 315'576'000'000.0;

std::optional<double> number_of(const json::value& value) {
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  if (value.is_double()) return value.get_double();
  return std::nullopt;
}

std::string suggestion(std::string_view name) {
  std::vector<std::string_view> names;
  for (const NamedMember& member : members) names.push_back(member.name);
  const auto meant = closest_name(name, names);
  return meant.empty() ? std::string() : fmt::format("; did you mean `{}`?", meant);
}

std::unexpected<Error> wrong_option(std::string_view name, std::string_view wanted) {
  return fail(ErrorKind::usage, fmt::format("option `{}` takes {}", name, wanted));
}

Result<> set(AwsBehaviour& behaviour, std::string_view name, bool AwsBehaviour::* member, const json::value& value) {
  if (!value.is_bool()) return wrong_option(name, "true or false");
  behaviour.*member = value.get_bool();
  return {};
}

Result<> set(AwsBehaviour& behaviour, std::string_view name, int AwsBehaviour::* member, const json::value& value) {
  const auto number = number_of(value);
  if (!number || *number != std::floor(*number) || *number < 0 || *number > std::numeric_limits<int>::max()) {
    return wrong_option(name, "a whole number, not negative");
  }
  behaviour.*member = static_cast<int>(*number);
  return {};
}

Result<> set(AwsBehaviour& behaviour, std::string_view name, double AwsBehaviour::* member, const json::value& value) {
  const auto number = number_of(value);
  if (!number || !(*number >= 0)) return wrong_option(name, "a number, not negative");
  behaviour.*member = *number;
  return {};
}

Result<> set(AwsBehaviour& behaviour, std::string_view name, Milliseconds AwsBehaviour::* member,
             const json::value& value) {
  const auto seconds = number_of(value);
  if (!seconds || !(*seconds >= 0) || *seconds > longest_truth) return wrong_option(name, "a number of seconds");
  behaviour.*member = Milliseconds(std::llround(*seconds * 1000));
  return {};
}

Result<> set(AwsBehaviour& behaviour, std::string_view name, Texts AwsBehaviour::* member, const json::value& value) {
  const auto* list = value.if_array();
  const bool texts =
      list != nullptr && std::ranges::all_of(*list, [](const json::value& each) { return each.is_string(); });
  if (!texts) return wrong_option(name, "a list of texts");
  (behaviour.*member).clear();
  for (const auto& each : *list) (behaviour.*member).emplace_back(each.get_string());
  return {};
}

json::value shown(bool value) { return value; }
json::value shown(int value) { return value; }
json::value shown(double value) { return value; }
json::value shown(const Texts& value) { return json::array(value.begin(), value.end()); }
json::value shown(Milliseconds value) {
  const auto count = value.count();
  return count % 1000 == 0 ? json::value(count / 1000) : json::value(static_cast<double>(count) / 1000.0);
}

}  // namespace

Result<> set_behaviour(AwsBehaviour& behaviour, const json::object& changes) {
  AwsBehaviour changed = behaviour;
  for (const auto& change : changes) {
    const std::string_view name(change.key().data(), change.key().size());
    const auto found = std::ranges::find(members, name, &NamedMember::name);
    if (found == std::end(members)) {
      return fail(ErrorKind::usage, fmt::format("there is no option `{}`{}", name, suggestion(name)));
    }
    TRY_VOID(std::visit([&](auto member) { return set(changed, name, member, change.value()); }, found->member));
  }
  behaviour = changed;
  return {};
}

json::object describe_behaviour(const AwsBehaviour& behaviour) {
  json::object result;
  for (const NamedMember& named : members) {
    result[named.name] = std::visit([&behaviour](auto member) { return shown(behaviour.*member); }, named.member);
  }
  return result;
}

}  // namespace rekeyer::sandbox
