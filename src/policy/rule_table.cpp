#include "policy/rule_table.hpp"

#include <array>

namespace rekeyer::policy {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr Period longest = days{3650};
constexpr PeriodRange from_one_hour{hours{1}, longest};
constexpr PeriodRange from_nothing{Period::zero(), longest};
constexpr PeriodRange up_to_a_month{Period::zero(), days{30}};

constexpr std::array<ChoiceWord<InUse>, 3> in_use_words{
    {{"hold", InUse::hold}, {"warn", InUse::warn}, {"ignore", InUse::ignore}}};
constexpr std::array<ChoiceWord<Unused>, 3> unused_words{
    {{"retire", Unused::retire}, {"rotate", Unused::rotate}, {"ignore", Unused::ignore}}};
constexpr std::array<ChoiceWord<TwoActive>, 3> two_active_words{
    {{"hold", TwoActive::hold},
     {"evict-idle", TwoActive::evict_idle},
     {"evict-least-recently-used", TwoActive::evict_least_recently_used}}};

constexpr auto all_rules = std::to_array<RuleDescriptor>({
    {"rotation_period", PeriodRule{&Rules::rotation_period, &RuleChanges::rotation_period, from_one_hour},
     "A key of this age is replaced: a new one is created and stored."},
    {"installation_grace", PeriodRule{&Rules::installation_grace, &RuleChanges::installation_grace, from_one_hour},
     "From then on until the old key is deactivated."},
    {"recovery_grace", PeriodRule{&Rules::recovery_grace, &RuleChanges::recovery_grace, from_one_hour},
     "From its deactivation until it is deleted."},
    {"warn_period", PeriodRule{&Rules::warn_period, &RuleChanges::warn_period, from_nothing},
     "How long before each of these plan and apply show it as coming up. When owners are told is `warn_days` of "
     "`[notify]`."},
    {"in_use", ChoiceRule<InUse>{&Rules::in_use, &RuleChanges::in_use, in_use_words},
     "An old key that is still used when it should be deactivated: wait, say so and go on, or just go on."},
    {"in_use_window", PeriodRule{&Rules::in_use_window, &RuleChanges::in_use_window, from_nothing},
     "A key used within this time counts as in use."},
    {"hard_deadline", PeriodOrNeverRule{&Rules::hard_deadline, &RuleChanges::hard_deadline, from_nothing},
     "in_use = \"hold\" waits this long after installation_grace."},
    {"unused", ChoiceRule<Unused>{&Rules::unused, &RuleChanges::unused, unused_words},
     "Keys past rotation_period that were never used."},
    {"two_active", ChoiceRule<TwoActive>{&Rules::two_active, &RuleChanges::two_active, two_active_words},
     "Two active keys, none of them replaced by us, and one to be rotated: there is room for two only."},
    {"idle_period", PeriodRule{&Rules::idle_period, &RuleChanges::idle_period, from_one_hour},
     "A key unused for this long counts as idle."},
    {"orphan_grace", PeriodRule{&Rules::orphan_grace, &RuleChanges::orphan_grace, from_one_hour},
     "A new key whose secret could not be stored is deactivated at once, and deleted after this."},
    {"require_notice", FlagRule{&Rules::require_notice, &RuleChanges::require_notice},
     "No key is deactivated or deleted before its owner was told. True where [notify] has a channel, else false."},
    {"notice_period", PeriodRule{&Rules::notice_period, &RuleChanges::notice_period, up_to_a_month},
     "With require_notice: for how long the owner must have known of a deactivation or deletion by then."},
});

}  // namespace

std::span<const RuleDescriptor> rule_table() { return all_rules; }

const RuleDescriptor* find_rule(std::string_view name) {
  const auto* const found = std::ranges::find(all_rules, name, &RuleDescriptor::name);
  return found == all_rules.end() ? nullptr : found;
}

}  // namespace rekeyer::policy
