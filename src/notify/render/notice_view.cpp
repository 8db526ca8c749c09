// One key's notice as placeholders, with the commands that its owner may want to copy.

#include "notify/render/notice_view.hpp"

#include <fmt/format.h>

#include "notify/render/headline.hpp"
#include "notify/render/mail_text.hpp"
#include "notify/render/mail_views.hpp"
#include "notify/render/templates.hpp"

namespace rekeyer::notify {
namespace {

std::string status_word(const policy::Notice& notice) {
  if (notice.kind == policy::NoticeKind::deleted) return "deleted";
  switch (notice.status) {
    case KeyStatus::active: return "active";
    case KeyStatus::inactive: return "inactive";
    case KeyStatus::other: return "unknown";
  }
  return {};
}

/// "--secret-id … --region …" and the like: cleaned, and quoted for a shell where that is needed.
std::string argument(std::string_view option, std::string_view value) {
  return fmt::format(" {} {}", option, shell_word(one_line(value)));
}

/// The secret may be there without any key of ours in it: it also keeps what is known of users that are only watched.
bool holds_a_new_key(const NoticeContext& context) {
  using policy::NoticeKind;
  const NoticeKind kind = context.notice.kind;
  return context.new_key || kind == NoticeKind::rotation_soon || kind == NoticeKind::rotated ||
         kind == NoticeKind::in_use;
}

std::string fetch_command(const NoticeContext& context) {
  if (one_line(context.secret.str()).empty() || !holds_a_new_key(context)) return {};
  std::string command = "aws secretsmanager get-secret-value" + argument("--secret-id", context.secret.str());
  if (!context.secret_region.empty()) command += argument("--region", context.secret_region.str());
  return command + " --query SecretString --output text";
}

std::string status_command(const NoticeContext& context, std::string_view status) {
  if (context.notice.key.empty()) return {};
  return "aws iam update-access-key" + argument("--access-key-id", context.notice.key.str()) +
         argument("--status", status) + argument("--user-name", context.user.str());
}

/// Where and for what the key was used: AWS writes "N/A" for what it does not know.
std::string known(std::string_view text) { return text == "N/A" ? std::string() : one_line(text); }

std::string last_use_sentence(const LastUse& use) {
  switch (use.state) {
    case LastUse::State::never: return "According to AWS, it was never used.";
    case LastUse::State::unknown: return "AWS did not say when it was last used.";
    case LastUse::State::used: break;
  }
  std::string text = "It was last used on " + date_and_time(use.at);
  if (const std::string service = known(use.service); !service.empty()) text += ", for calls to " + service;
  if (const std::string region = known(use.region); !region.empty()) text += " in " + region;
  return text + ".";
}

void add_use(View& view, const LastUse& use, Instant now) {
  const bool used = use.state == LastUse::State::used;
  view.texts["last_use"] = last_use_sentence(use);
  view.flags["used"] = used;
  view.flags["never_used"] = use.state == LastUse::State::never;
  view.texts["used_at"] = used ? date_and_time(use.at) : "";
  view.texts["used_ago"] = used ? days_from(now, use.at) : "";
  view.texts["used_service"] = used ? known(use.service) : "";
  view.texts["used_region"] = used ? known(use.region) : "";
}

void add_secret(View& view, const NoticeContext& context) {
  view.texts["new_key"] = context.new_key ? context.new_key->str() : "";
  view.texts["secret"] = context.secret.str();
  view.texts["secret_region"] = context.secret_region.str();
  const AccountId& holder = context.secret_account.empty() ? context.account : context.secret_account;
  view.texts["secret_account"] = holder.str();
  view.flags["secret_elsewhere"] = holder != context.account;
  view.texts["fetch_command"] = fetch_command(context);
}

}  // namespace

View notice_view(const NoticeContext& context, Instant now) {
  const policy::Notice& notice = context.notice;
  View view;
  view.texts = {
      {"headline", headline(context)},
      {"stage", std::string(policy::name(notice.kind))},
      {"key", notice.key.str()},
      {"user", context.user.str()},
      {"account_id", context.account.str()},
      {"account_name", context.account_name},
      {"account", account_label(context.account, context.account_name)},
      {"status", status_word(notice)},
      {"created", notice.created == Instant{} ? "" : long_date(notice.created)},
      {"age", notice.created == Instant{}
                  ? ""
                  : describe_period(std::chrono::floor<Period>(std::max(now - notice.created, Milliseconds{0})))},
      {"due", notice.due ? long_date(*notice.due) : ""},
      {"due_in", notice.due ? days_from(now, *notice.due) : ""},
      {"days", notice.days > 0 ? fmt::format("{}", notice.days) : ""},
      {"activate_command", status_command(context, "Active")},
      {"deactivate_command", status_command(context, "Inactive")},
      {"list_command", "aws iam list-access-keys" + argument("--user-name", context.user.str())},
      {"rotation_period", days_number(context.rotation_period)},
      {"installation_grace_period", days_number(context.installation_grace)},
      {"recovery_grace_period", days_number(context.recovery_grace)},
      {"rotation_time", describe_period(context.rotation_period)},
      {"installation_time", describe_period(context.installation_grace)},
      {"recovery_time", describe_period(context.recovery_grace)},
  };
  view.flags["not_installed"] = notice.successor_unused;
  view.flags["active"] = notice.status == KeyStatus::active;
  add_use(view, notice.last_use, now);
  add_secret(view, context);
  return view;
}

}  // namespace rekeyer::notify
