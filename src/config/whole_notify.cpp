// Messages as a whole: settings that nobody would ever see the effect of, and what follows from there being a channel.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/keys.hpp"

namespace rekeyer::config {
namespace {

struct Idle {
  std::string_view key;
  bool set;
};

void report_idle(Draft& draft, std::span<const Idle> keys, std::string_view why) {
  for (const auto& [key, set] : keys) {
    if (set) draft.report(draft.place_of(key), fmt::format("`{}` has no effect{}", key, why));
  }
}

std::array<Idle, 7> what_only_mails_show(const notify::Settings& set) {
  return {{{"notify.from", !set.from.empty()},
           {"notify.reply_to", !set.reply_to.empty()},
           {"notify.administrators", !set.administrators.empty()},
           {"notify.account_digest", set.account_digest},
           {"notify.weekly", set.weekly.has_value()},
           {"notify.templates", !set.templates.empty()},
           {"notify.help_url", !set.help_url.empty()}}};
}

void check_without_channel(Draft& draft) {
  constexpr std::string_view why = " without a [[notify.channel]]; add one, or remove it";
  const notify::Settings usual;
  const policy::NoticeRules usual_rules;
  report_idle(draft, what_only_mails_show(draft.notify), why);
  const std::array<Idle, 3> others{
      {{"notify.unreachable_after", draft.notify.unreachable_after != usual.unreachable_after},
       {"notify.warn_days", draft.settings.notices.warn_days != usual_rules.warn_days},
       {"policy.notice_period",
        draft.settings.policy.organisation.notice_period &&
            draft.settings.policy.organisation.notice_period->value != policy::Rules{}.notice_period.value}}};
  report_idle(draft, others, why);
}

/// Who must be told, by nobody: such keys would be held for ever.
void check_required_notices(Draft& draft) {
  constexpr std::string_view why =
      "needs a [[notify.channel]]: without one no owner is ever told, so no key would ever be deactivated";
  const auto required = [](const policy::RuleChanges& changes) {
    return changes.require_notice && changes.require_notice->value;
  };
  const auto& policy = draft.settings.policy;
  if (required(policy.organisation)) {
    draft.report(draft.place_of("policy.require_notice"), fmt::format("`policy.require_notice` {}", why));
  }
  for (std::size_t i = 0; i < policy.overrides.size(); ++i) {
    if (!required(policy.overrides[i].changes)) continue;
    draft.report(draft.override_places[i], fmt::format("[[override]]: `require_notice` {}", why));
  }
}

void check_mails(Draft& draft) {
  const auto& notices = draft.notify;
  const auto mails = std::ranges::find_if(notices.channels, &notify::ChannelSettings::mails);
  // Where nothing sends mails, a file takes them too.
  const bool to_file = std::ranges::find(notices.channels, notify::ChannelKind::file, &notify::ChannelSettings::kind) !=
                       notices.channels.end();
  if (mails == notices.channels.end() && !to_file) {
    return report_idle(draft, what_only_mails_show(notices),
                       ": no [[notify.channel]] is of type \"ses\", \"smtp\" or \"file\", which take mails");
  }
  if (mails != notices.channels.end() && !draft.has("notify.from")) {
    draft.report(draft.channel_places[static_cast<std::size_t>(mails - notices.channels.begin())],
                 fmt::format("[[notify.channel]] \"{}\" sends mails, so [notify] needs `from`", mails->name));
  }
  if (notices.weekly && notices.administrators.empty() && !draft.has("notify.administrators")) {
    draft.report(draft.place_of("notify.weekly"),
                 "`notify.weekly` has no effect without `administrators`, who would get that mail");
  }
  if (notices.account_digest && draft.has("accounts")) {
    draft.report(draft.place_of("notify.account_digest"),
                 "`notify.account_digest` has no effect with [accounts]: Organizations is not asked for addresses");
  }
}

}  // namespace

void check_notices(Draft& draft) {
  // A channel that is half understood says nothing of what the rest is good for.
  if (draft.channels_unclear) return;
  const bool enabled = draft.notify.enabled();
  check_owner(draft, enabled);
  if (!enabled) {
    check_without_channel(draft);
    check_required_notices(draft);
    return;
  }
  check_mails(draft);
  draft.settings.notices.enabled = true;
  const auto& owner = draft.notify.owner;
  if (std::ranges::find(owner.chain, notify::OwnerSource::group) != owner.chain.end()) {
    for (const auto& [group, addresses] : owner.groups) draft.settings.owner_groups.emplace_back(group);
  }
  auto& required = draft.settings.policy.organisation.require_notice;
  if (!required && !draft.has("policy.require_notice")) {
    required = policy::Sourced<bool>{true, "default, since [notify] has a channel"};
  }
}

}  // namespace rekeyer::config
