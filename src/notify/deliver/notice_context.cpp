#include "notify/deliver/notice_context.hpp"

#include <fmt/format.h>

#include "notify/render/headline.hpp"
#include "notify/render/mail_text.hpp"
#include "notify/render/templates.hpp"

namespace rekeyer::notify {

NoticeContext notice_context(const rotation::UserNotices& user, const policy::Notice& notice, const StorePlace& place) {
  NoticeContext context;
  context.notice = notice;
  context.account = user.subject.account;
  context.account_name = user.account_name;
  context.user = user.subject.user;
  if (user.current_key && *user.current_key != notice.key) context.new_key = user.current_key;
  const bool central = place.location == rotation::StoreLocation::central;
  // Another account's secret is found by its ARN only.
  context.secret = central && !user.secret_arn.empty() ? SecretName(user.secret_arn.str()) : user.secret;
  context.secret_region = user.secret_region;
  context.secret_account = central ? place.central : user.subject.account;
  context.rotation_period = user.rules.rotation_period.value;
  context.installation_grace = user.rules.installation_grace.value;
  context.recovery_grace = user.rules.recovery_grace.value;
  return context;
}

Severity severity_of(policy::NoticeKind kind) {
  using policy::NoticeKind;
  switch (kind) {
    case NoticeKind::rotation_soon:
    case NoticeKind::rotated:
    case NoticeKind::deleted:
    case NoticeKind::recovered:
    case NoticeKind::exemption_ending: return Severity::info;
    case NoticeKind::unused:
    case NoticeKind::two_keys:
    case NoticeKind::deactivation_soon:
    case NoticeKind::in_use:
    case NoticeKind::deactivated:
    case NoticeKind::deletion_soon: return Severity::warning;
    case NoticeKind::failed: return Severity::critical;
  }
  return Severity::info;
}

Event event_of(const NoticeContext& context, std::vector<std::string> owners, Instant now, const RunId& run) {
  const auto& notice = context.notice;
  Event event;
  event.id = fmt::format("{}/{}/{}/{}/{}/{}", context.account, context.user, notice.key, name(notice.kind), notice.days,
                         notice.due ? day_of(*notice.due) : "none");
  event.kind = notice.kind;
  event.severity = severity_of(notice.kind);
  event.account = context.account;
  event.account_name = context.account_name;
  event.user = context.user;
  event.key = notice.key;
  event.due = notice.due;
  event.headline = headline(context);
  event.detail = detail(context);
  event.owners = std::move(owners);
  event.at = now;
  event.run = run;
  return event;
}

Event event_of(const rotation::ActionOutcome& failure, const std::string& account_name, Instant now, const RunId& run) {
  Event event;
  event.id = fmt::format("{}/{}/{}/failed/{}/{}", failure.account, failure.user, failure.key, name(failure.reason),
                         day_of(now));
  event.kind = policy::NoticeKind::failed;
  event.severity = Severity::critical;
  event.account = failure.account;
  event.account_name = account_name;
  event.user = failure.user;
  event.key = failure.key;
  event.due = failure.due;
  const auto where = failure.user.empty() ? std::string() : " of " + one_line(failure.user.str());
  event.headline = failure.key.empty()
                       ? fmt::format("Account {}{}: not done: {}", failure.account, where, name(failure.reason))
                       : fmt::format("Access key {}{} in account {}: {} failed: {}", one_line(failure.key.str()), where,
                                     failure.account, policy::name(failure.action), name(failure.reason));
  event.detail = one_line(failure.detail);
  event.at = now;
  event.run = run;
  return event;
}

}  // namespace rekeyer::notify
