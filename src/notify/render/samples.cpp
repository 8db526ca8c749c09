#include "notify/render/samples.hpp"

#include <utility>

namespace rekeyer::notify {

Instant sample_now() { return *parse_iso8601("2026-01-01T06:30:00Z"); }

namespace {

Instant days_later(int days) { return sample_now() + std::chrono::days{days}; }

}  // namespace

/// A key of ci-deploy with everything that a message of that kind knows.
NoticeContext sample_notice(policy::NoticeKind kind) {
  using policy::NoticeKind;
  NoticeContext context;
  context.notice.kind = kind;
  context.notice.key = AccessKeyId("AKIAIOSFODNN7EXAMPLE");
  context.notice.created = days_later(-90);
  context.notice.last_use = LastUse::used(days_later(-1), "s3", "eu-west-1");
  context.account = AccountId("111111111111");
  context.account_name = "payments";
  context.user = UserName("ci-deploy");
  context.secret = SecretName("Account_111111111111_User_ci-deploy_AccessKey");
  context.secret_region = Region("us-east-1");
  context.secret_account = context.account;
  context.rotation_period = std::chrono::days{90};
  context.installation_grace = std::chrono::days{10};
  context.recovery_grace = std::chrono::days{10};
  if (kind != NoticeKind::deleted && kind != NoticeKind::two_keys && kind != NoticeKind::failed)
    context.notice.due = days_later(10);
  const bool replaced = kind == NoticeKind::rotated || kind == NoticeKind::deactivation_soon ||
                        kind == NoticeKind::in_use || kind == NoticeKind::deactivated ||
                        kind == NoticeKind::deletion_soon || kind == NoticeKind::deleted;
  if (replaced) context.new_key = AccessKeyId("AKIAI44QH8DHBEXAMPLE");
  const bool warning = kind == NoticeKind::rotation_soon || kind == NoticeKind::deactivation_soon ||
                       kind == NoticeKind::deletion_soon || kind == NoticeKind::exemption_ending;
  if (warning) {
    context.notice.days = 3;
    context.notice.due = days_later(3);
  }
  if (kind == NoticeKind::deactivated || kind == NoticeKind::deletion_soon) context.notice.status = KeyStatus::inactive;
  if (kind == NoticeKind::unused) context.notice.last_use = LastUse::never();
  return context;
}

OwnerMail sample_owner_mail(std::vector<NoticeContext> contexts) {
  return {"anna@example.com", "Access keys <access-keys@example.com>", "https://wiki.example.com/access-keys",
          sample_now(), std::move(contexts)};
}

ActionLine sample_line(std::string user, std::string action, std::string status, std::string reason) {
  return {AccountId("111111111111"),
          "payments",
          UserName(std::move(user)),
          AccessKeyId("AKIAIOSFODNN7EXAMPLE"),
          std::move(action),
          std::move(status),
          std::move(reason),
          "",
          days_later(0)};
}

AccountDigest sample_account_digest(bool audit) {
  AccountDigest model;
  model.to = "payments-aws@example.com";
  model.sender = "Access keys <access-keys@example.com>";
  model.now = sample_now();
  model.audit = audit;
  model.account = AccountId("111111111111");
  model.account_name = "payments";
  model.rotation_period = std::chrono::days{90};
  model.installation_grace = std::chrono::days{10};
  model.recovery_grace = std::chrono::days{10};
  const std::string done = audit ? "due" : "done";
  model.actions = {
      sample_line("ci-deploy", "rotate", done,
                  "The key has reached its rotation period: a new one is issued and stored."),
      sample_line("backup", "deactivate", audit ? "due" : "held",
                  "The key is still in use, so it is not deactivated. Install the new key where this one is used."),
      sample_line("mailer", "delete", done, "The key has been inactive and unused for its whole recovery period.")};
  model.actions[1].detail = "Last used 2025-12-31 by s3 in eu-west-1.";
  return model;
}

AdministratorDigest sample_administrator_digest() {
  AdministratorDigest model;
  model.to = "security@example.com";
  model.sender = "Access keys <access-keys@example.com>";
  model.now = sample_now();
  model.run = RunId("0123456789abcdef");
  model.incomplete = "organizations:ListAccounts was throttled after 11 accounts.";
  model.accounts = 12;
  model.users = 300;
  model.totals = {{"keys rotated", 3}, {"keys deactivated", 2}, {"keys deleted", 1}, {"owners told", 6}};
  model.failures = {sample_line("ci-deploy", "rotate", "failed", "secretsmanager:PutSecretValue: access denied.")};
  ActionLine denied;
  denied.account = AccountId("222222222222");
  denied.account_name = "sandbox";
  denied.reason = "sts:AssumeRole of rekeyer-member: access denied.";
  model.denied_accounts = {denied};
  model.held = {sample_line("backup", "deactivate", "held", "The key is still in use, so it is not deactivated.")};
  model.unowned = {sample_line("legacy-import", "", "", "No tag, group or contact names an owner.")};
  model.undeliverable = {sample_line("mailer", "", "", "bob@example.com: SES refused the address for good.")};
  model.exemptions = {sample_line("break-glass", "", "", "The exemption \"sealed envelope\" ends.")};
  model.exemptions.front().due = days_later(7);
  for (auto* lines : {&model.unowned, &model.undeliverable}) lines->front().due.reset();
  model.oldest = {{AccountId("333333333333"), "archive", UserName("root-export"), {}, days_later(-412)},
                  {AccountId("111111111111"), "payments", UserName("ci-deploy"), AccessKeyId("AKIAIOSFODNN7EXAMPLE"),
                   days_later(-91)}};
  model.failing_channels = {"chat: the webhook answered 404"};
  return model;
}

}  // namespace rekeyer::notify
