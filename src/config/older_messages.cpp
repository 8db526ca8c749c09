// Whom the older systems told, and how. Their notifier was a function of its own; here the channels are settings.
#include <fmt/format.h>

#include <algorithm>

#include "aws/call/partition.hpp"
#include "base/mail_address.hpp"
#include "base/try.hpp"
#include "config/older_parts.hpp"

namespace rekeyer::config {
namespace {

constexpr std::string_view known_enforce_template = "iam-auto-key-rotation-enforcement.html";
constexpr std::string_view known_audit_template = "iam-auto-key-rotation-audit.html";
constexpr std::string_view no_sender =
    "no mail is sent without ADMIN_EMAIL, the sender, which was a variable of the notifier";

bool is_version_of_2020(const OlderValues& values) {
  return values.find("RetentionPeriod") != nullptr || values.find("DYNAMODB_TABLE_NAME") != nullptr;
}

/// Where the templates are, if rekeyer would find one there by a name that it knows.
void read_older_templates(OlderReading& reading) {
  const auto* bucket = reading.values.filled("S3_BUCKET_NAME");
  const auto* prefix = reading.values.filled("S3_BUCKET_PREFIX");
  const auto* enforce = reading.values.filled("EmailTemplateEnforce");
  const auto* audit = reading.values.filled("EmailTemplateAudit");
  if (bucket == nullptr) {
    for (const auto* given : {prefix, enforce, audit}) {
      if (given != nullptr) reading.means_nothing(given->name, "S3_BUCKET_NAME does not say where the templates are");
    }
    return;
  }
  std::string place = fmt::format("s3://{}/", bucket->text);
  if (prefix != nullptr) place += prefix->text;
  while (place.ends_with("//")) place.pop_back();
  if (!place.ends_with('/')) place += '/';
  if (is_version_of_2020(reading.values)) {
    reading.means_nothing(bucket->name,
                          "the templates of the version of 2020 have other names and placeholders; the built-in "
                          "ones are used");
    return;
  }
  if (enforce != nullptr && enforce->text != known_enforce_template) {
    reading.warn(
        fmt::format("{}: rekeyer does not know the name {}, so the built-in templates are used; copy that file to {} "
                    "in a place of its own and name the place in `templates` of [notify]",
                    enforce->name, shown(enforce->text), known_enforce_template));
    return;
  }
  if (audit != nullptr && audit->text != known_audit_template) {
    reading.warn(
        fmt::format("{}: mails of an audit look as the built-in template has them; copy {} to {} beside it for your "
                    "own",
                    audit->name, shown(audit->text), known_audit_template));
  }
  VariableNames names{bucket->name};
  for (const auto* given : {prefix, enforce, audit}) {
    if (given != nullptr) names.push_back(given->name);
  }
  reading.toml.set("templates", toml_text(place + "Template"), names);
}

/// The older notifier sent by SMTP in a VPC, over TLS at SES's own server, and through SES's API elsewhere.
Result<> read_mail_channel(OlderReading& reading, const Given& sender) {
  TRY(const auto in_vpc, reading.values.flag("RunLambdaInVPC"));
  const auto* user = reading.values.filled("SMTPUserParamName");
  const auto* password = reading.values.filled("SMTPPasswordParamName");
  if ((user == nullptr) != (password == nullptr)) {
    const auto* there = user == nullptr ? password : user;
    return wrong_variable(there->name,
                          fmt::format("needs {} too", user == nullptr ? "SMTPUserParamName" : "SMTPPasswordParamName"));
  }
  VariableNames names{sender.name};
  if (in_vpc) names.push_back(reading.values.find("RunLambdaInVPC")->name);
  reading.toml.open("[[notify.channel]]");
  if (user == nullptr || !in_vpc.value_or(true)) {
    if (user != nullptr) {
      reading.means_nothing(user->name, "with RunLambdaInVPC = False mails go through SES's API");
      reading.means_nothing(password->name, "with RunLambdaInVPC = False mails go through SES's API");
    } else if (in_vpc.value_or(false)) {
      reading.means_nothing(
          reading.values.find("RunLambdaInVPC")->name,
          "without SMTPUserParamName and SMTPPasswordParamName mails go through SES's API, which the VPC must "
          "reach");
    }
    reading.toml.set("type", R"("ses")", names);
    if (!reading.region_name.empty()) reading.toml.set("region", toml_text(reading.region), {reading.region_name});
    return {};
  }
  names.insert(names.end(), {user->name, password->name});
  VariableNames host_names = names;
  if (!reading.region_name.empty()) host_names = {reading.region_name};
  const auto suffix = aws::partition_of(Region(reading.region)).dns_suffix;
  reading.toml.set("type", R"("smtp")", names);
  reading.toml.set("host", toml_text(fmt::format("email-smtp.{}.{}", reading.region, suffix)), host_names);
  reading.toml.set("port", "465", names);
  reading.toml.set("user_parameter", toml_text(user->text), {user->name});
  reading.toml.set("password_parameter", toml_text(password->text), {password->name});
  return {};
}

void read_older_warn_days(OlderReading& reading, int days) {
  std::vector<std::string> ahead;
  if (days > 0) ahead.push_back(std::to_string(days));
  for (const int less : {3, 1}) {
    if (less < days) ahead.push_back(std::to_string(less));
  }
  reading.toml.set("warn_days", fmt::format("[{}]", fmt::join(ahead, ", ")),
                   {reading.values.find("PendingActionWarnPeriod")->name});
}

void read_sender(OlderReading& reading, const Given& sender) {
  reading.toml.set("from", toml_text(sender.text), {sender.name});
  reading.toml.set("administrators", toml_list({std::string(bare_address(sender.text))}), {sender.name});
  // With a fixed map Organizations is not asked for the accounts' addresses.
  if (reading.values.find("ACCOUNTS_USERS_JSON") == nullptr) {
    reading.toml.set("account_digest", "true", {sender.name}, "mails went to each account's own address");
  }
}

/// What was said about mails that nobody sends.
void say_what_has_no_sender(OlderReading& reading) {
  for (const std::string_view name :
       {"S3_BUCKET_NAME", "S3_BUCKET_PREFIX", "EmailTemplateEnforce", "EmailTemplateAudit", "RunLambdaInVPC",
        "SMTPUserParamName", "SMTPPasswordParamName"}) {
    if (const auto* given = reading.values.find(name)) reading.means_nothing(given->name, no_sender);
  }
}

}  // namespace

Result<> read_older_messages(OlderReading& reading) {
  const auto* sender = reading.values.filled("ADMIN_EMAIL");
  const auto* topic = reading.values.filled("SNS_TOPIC_ARN");
  TRY(const auto warn_days, reading.values.days("PendingActionWarnPeriod"));
  reading.toml.open("[notify]");
  if (sender != nullptr) {
    read_sender(reading, *sender);
    read_older_templates(reading);
  } else {
    say_what_has_no_sender(reading);
  }
  if (warn_days && (sender != nullptr || topic != nullptr)) read_older_warn_days(reading, *warn_days);
  if (sender != nullptr) {
    TRY_VOID(read_mail_channel(reading, *sender));
  }
  if (topic != nullptr) {
    reading.toml.open("[[notify.channel]]");
    reading.toml.set("type", R"("sns")", {topic->name});
    reading.toml.set("topic_arn", toml_text(topic->text), {topic->name});
  }
  if (const auto* tag = reading.values.filled("ResourceOwnerTag")) {
    reading.toml.open("[owner]");
    reading.toml.set("tag", toml_text(tag->text), {tag->name});
  }
  return {};
}

}  // namespace rekeyer::config
