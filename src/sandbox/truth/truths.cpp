// The truths by name: one table says which member each name sets.
#include "sandbox/truth/truths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <limits>
#include <variant>
#include <vector>

#include "base/try.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

using Member = std::variant<bool Truths::*, int Truths::*, double Truths::*, Milliseconds Truths::*>;

struct NamedMember {
  std::string_view name;
  Member member;
};

const NamedMember members[] = {
    {"strict_auth", &Truths::strict_auth},
    {"verify_signatures", &Truths::verify_signatures},
    {"signature_lifetime", &Truths::signature_lifetime},
    {"organizations_page", &Truths::organizations_page},
    {"organizations_empty_pages", &Truths::organizations_empty_pages},
    {"organizations_old_status", &Truths::organizations_old_status},
    {"organizations_omit_state", &Truths::organizations_omit_state},
    {"organizations_only_management", &Truths::organizations_only_management},
    {"iam_page", &Truths::iam_page},
    {"secrets_page", &Truths::secrets_page},
    {"report_at_hand", &Truths::report_at_hand},
    {"report_build_polls", &Truths::report_build_polls},
    {"report_build_time", &Truths::report_build_time},
    {"report_lifetime", &Truths::report_lifetime},
    {"report_frozen", &Truths::report_frozen},
    {"last_used_lag", &Truths::last_used_lag},
    {"record_use", &Truths::record_use},
    {"secrets_list_frozen", &Truths::secrets_list_frozen},
    {"secrets_list_lag", &Truths::secrets_list_lag},
    {"new_key_delay", &Truths::new_key_delay},
    {"new_key_refusals", &Truths::new_key_refusals},
    {"status_delay", &Truths::status_delay},
    {"key_list_lag", &Truths::key_list_lag},
    {"pending_first_version_becomes_current", &Truths::pending_first_version_becomes_current},
    {"prune_versions", &Truths::prune_versions},
    {"rate_limits", &Truths::rate_limits},
    {"iam_rate", &Truths::iam_rate},
    {"latency", &Truths::latency},
    {"latency_spread", &Truths::latency_spread},
};

/// Ten thousand years: beyond it, sums with instants overflow.
constexpr double longest_seconds = 315'576'000'000.0;

std::optional<double> number_of(const json::value& value) {
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  if (value.is_double()) return value.get_double();
  return std::nullopt;
}

/// How many letters one must change, add or leave out to come from one name to the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string suggestion(std::string_view name) {
  const auto nearest =
      std::ranges::min_element(members, {}, [name](const NamedMember& member) { return distance(member.name, name); });
  if (distance(nearest->name, name) > 1 + name.size() / 3) return {};
  return fmt::format("; did you mean `{}`?", nearest->name);
}

std::unexpected<Error> wrong(std::string_view name, std::string_view wanted) {
  return fail(ErrorKind::usage, fmt::format("option `{}` takes {}", name, wanted));
}

Result<> set(Truths& truths, std::string_view name, bool Truths::* member, const json::value& value) {
  if (!value.is_bool()) return wrong(name, "true or false");
  truths.*member = value.get_bool();
  return {};
}

Result<> set(Truths& truths, std::string_view name, int Truths::* member, const json::value& value) {
  const auto number = number_of(value);
  if (!number || *number != std::floor(*number) || *number < 0 || *number > std::numeric_limits<int>::max()) {
    return wrong(name, "a whole number, not negative");
  }
  truths.*member = static_cast<int>(*number);
  return {};
}

Result<> set(Truths& truths, std::string_view name, double Truths::* member, const json::value& value) {
  const auto number = number_of(value);
  if (!number || !(*number >= 0)) return wrong(name, "a number, not negative");
  truths.*member = *number;
  return {};
}

Result<> set(Truths& truths, std::string_view name, Milliseconds Truths::* member, const json::value& value) {
  const auto seconds = number_of(value);
  if (!seconds || !(*seconds >= 0) || *seconds > longest_seconds) return wrong(name, "a number of seconds");
  truths.*member = Milliseconds(std::llround(*seconds * 1000));
  return {};
}

json::value shown(bool value) { return value; }
json::value shown(int value) { return value; }
json::value shown(double value) { return value; }
json::value shown(Milliseconds value) {
  const auto count = value.count();
  return count % 1000 == 0 ? json::value(count / 1000) : json::value(static_cast<double>(count) / 1000.0);
}

}  // namespace

Result<> set_truths(Truths& truths, const json::object& changes) {
  Truths changed = truths;
  for (const auto& change : changes) {
    const std::string_view name(change.key().data(), change.key().size());
    const auto found = std::ranges::find(members, name, &NamedMember::name);
    if (found == std::end(members)) {
      return fail(ErrorKind::usage, fmt::format("there is no option `{}`{}", name, suggestion(name)));
    }
    TRY_VOID(std::visit([&](auto member) { return set(changed, name, member, change.value()); }, found->member));
  }
  truths = changed;
  return {};
}

json::object describe_truths(const Truths& truths) {
  json::object result;
  for (const NamedMember& named : members) {
    result[named.name] = std::visit([&truths](auto member) { return shown(truths.*member); }, named.member);
  }
  return result;
}

}  // namespace rekeyer::sandbox
