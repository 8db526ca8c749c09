#include "notify/render/samples.hpp"

#include <utility>

namespace rekeyer::notify {

Instant sample_now() { return *parse_iso8601("2026-01-01T06:30:00Z"); }

namespace {

Instant days_later(int days) { return sample_now() + std::chrono::days{days}; }

}  // namespace

/// A key of ci-deploy with everything that a message of that stage knows.
KeyStory sample_story(policy::Stage stage) {
  using policy::Stage;
  KeyStory story;
  story.notice.stage = stage;
  story.notice.key = AccessKeyId("AKIAIOSFODNN7EXAMPLE");
  story.notice.created = days_later(-90);
  story.notice.last_use = LastUse::used(days_later(-1), "s3", "eu-west-1");
  story.account = AccountId("111111111111");
  story.account_name = "payments";
  story.user = UserName("ci-deploy");
  story.secret = SecretName("Account_111111111111_User_ci-deploy_AccessKey");
  story.secret_region = Region("us-east-1");
  story.secret_account = story.account;
  story.rotation_period = std::chrono::days{90};
  story.installation_grace = std::chrono::days{10};
  story.recovery_grace = std::chrono::days{10};
  if (stage != Stage::deleted && stage != Stage::two_keys && stage != Stage::failed) story.notice.due = days_later(10);
  const bool replaced = stage == Stage::rotated || stage == Stage::deactivation_soon || stage == Stage::in_use ||
                        stage == Stage::deactivated || stage == Stage::deletion_soon || stage == Stage::deleted;
  if (replaced) story.new_key = AccessKeyId("AKIAI44QH8DHBEXAMPLE");
  const bool warning = stage == Stage::rotation_soon || stage == Stage::deactivation_soon ||
                       stage == Stage::deletion_soon || stage == Stage::exemption_ending;
  if (warning) {
    story.notice.days = 3;
    story.notice.due = days_later(3);
  }
  if (stage == Stage::deactivated || stage == Stage::deletion_soon) story.notice.status = KeyStatus::inactive;
  if (stage == Stage::unused) story.notice.last_use = LastUse::never();
  return story;
}

OwnerLetter sample_owner_letter(std::vector<KeyStory> stories) {
  return {"anna@example.com", "Access keys <access-keys@example.com>", "https://wiki.example.com/access-keys",
          sample_now(), std::move(stories)};
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

AccountLetter sample_account_letter(bool audit) {
  AccountLetter letter;
  letter.to = "payments-aws@example.com";
  letter.sender = "Access keys <access-keys@example.com>";
  letter.now = sample_now();
  letter.audit = audit;
  letter.account = AccountId("111111111111");
  letter.account_name = "payments";
  letter.rotation_period = std::chrono::days{90};
  letter.installation_grace = std::chrono::days{10};
  letter.recovery_grace = std::chrono::days{10};
  const std::string done = audit ? "due" : "done";
  letter.actions = {
      sample_line("ci-deploy", "rotate", done,
                  "The key has reached its rotation period: a new one is issued and stored."),
      sample_line("backup", "deactivate", audit ? "due" : "held",
                  "The key is still in use, so it is not deactivated. Install the new key where this one is used."),
      sample_line("mailer", "delete", done, "The key has been inactive and unused for its whole recovery period.")};
  letter.actions[1].detail = "Last used 2025-12-31 by s3 in eu-west-1.";
  return letter;
}

AdministratorLetter sample_administrator_letter() {
  AdministratorLetter letter;
  letter.to = "security@example.com";
  letter.sender = "Access keys <access-keys@example.com>";
  letter.now = sample_now();
  letter.run = RunId("0123456789abcdef");
  letter.incomplete = "organizations:ListAccounts was throttled after 11 accounts.";
  letter.accounts = 12;
  letter.users = 300;
  letter.totals = {{"keys rotated", 3}, {"keys deactivated", 2}, {"keys deleted", 1}, {"owners told", 6}};
  letter.failures = {sample_line("ci-deploy", "rotate", "failed", "secretsmanager:PutSecretValue: access denied.")};
  ActionLine denied;
  denied.account = AccountId("222222222222");
  denied.account_name = "sandbox";
  denied.reason = "sts:AssumeRole of rekeyer-member: access denied.";
  letter.denied_accounts = {denied};
  letter.held = {sample_line("backup", "deactivate", "held", "The key is still in use, so it is not deactivated.")};
  letter.unowned = {sample_line("legacy-import", "", "", "No tag, group or contact names an owner.")};
  letter.undeliverable = {sample_line("mailer", "", "", "bob@example.com: SES refused the address for good.")};
  letter.exemptions = {sample_line("break-glass", "", "", "The exemption \"sealed envelope\" ends.")};
  letter.exemptions.front().due = days_later(7);
  for (auto* lines : {&letter.unowned, &letter.undeliverable}) lines->front().due.reset();
  letter.oldest = {{AccountId("333333333333"), "archive", UserName("root-export"), {}, days_later(-412)},
                   {AccountId("111111111111"), "payments", UserName("ci-deploy"), AccessKeyId("AKIAIOSFODNN7EXAMPLE"),
                    days_later(-91)}};
  letter.failing_channels = {"chat: the webhook answered 404"};
  return letter;
}

}  // namespace rekeyer::notify
