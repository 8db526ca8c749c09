#include "notify/render/placeholders.hpp"

#include <algorithm>
#include <stdexcept>

#include "policy/notice.hpp"

namespace rekeyer::notify {
namespace {

using enum PlaceholderKind;

std::vector<Placeholder> with(std::vector<Placeholder> first, const std::vector<Placeholder>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

const std::vector<Placeholder>& of_every_mail() {
  static const std::vector<Placeholder> list{
      {"subject", text, "", "the mail's subject"},
      {"preview", text, "", "the line that mail programs show beside the subject"},
      {"date", text, "", "the day of the run: \"Thursday, 1 January 2026\""},
      {"timestamp", text, "", "the instant of the run, ISO 8601"},
      {"sender", text, "", "`from` of `[notify]`: a name and an address"},
      {"sender_email", text, "", "its address alone"},
      {"sender_link", flag, "", "the address may stand behind `mailto:`"},
      {"help_url", text, "", "`help_url` of `[notify]`, in owners' mails"},
      {"help_link", flag, "", "it is a link that may be clicked"},
  };
  return list;
}

const std::vector<Placeholder>& of_periods() {
  static const std::vector<Placeholder> list{
      {"rotation_period", text, "", "days as a number: \"90\""},
      {"installation_grace_period", text, "", "the same for the time between rotation and deactivation"},
      {"recovery_grace_period", text, "", "the same for the time between deactivation and deletion"},
      {"rotation_time", text, "", "in words: \"90 days\""},
      {"installation_time", text, "", "in words"},
      {"recovery_time", text, "", "in words"},
  };
  return list;
}

const std::vector<Placeholder>& of_account() {
  static const std::vector<Placeholder> list{
      {"account_id", text, "", "twelve digits"},
      {"account_name", text, "", "may be empty"},
      {"account", text, "", "both: \"payments (111111111111)\""},
  };
  return list;
}

PlaceholderSet owner() {
  return {"owner", "the mail to a key's owner: one for all keys of a run",
          with({{"keys", text, "", "\"1 access key\", \"3 access keys\""},
                {"several", flag, "", "there is more than one story"},
                {"summary", list, "summary", "one line a key, the most urgent first"},
                {"stories", list, "stories", "each key's story, the most urgent first"},
                {"more", text, "", "how many are only in the summary: \"7 more access keys\"; mostly empty"}},
               of_every_mail())};
}

PlaceholderSet context() {
  return {
      "story", "one key: the part of the owner's mail that its stage writes",
      with(with({{"headline", text, "", "one sentence, as events have it"},
                 {"stage", text, "", "\"rotated\""},
                 {"key", text, "", "the access key's id"},
                 {"user", text, "", "the IAM user"},
                 {"status", text, "", "\"active\", \"inactive\", \"deleted\" or \"unknown\""},
                 {"active", flag, "", "the key is active"},
                 {"created", text, "", "when it was issued: \"Friday, 3 October 2025\""},
                 {"age", text, "", "\"90 days\""},
                 {"due", text, "", "when the announced thing happens: \"Sunday, 11 January 2026\"; may be empty"},
                 {"due_in", text, "", "\"in 3 days\", \"tomorrow\", \"today\""},
                 {"days", text, "", "which of the warnings it is: \"7\"; empty for other messages"},
                 {"last_use", text, "", "a sentence: when, and for which service and region; or that it is not known"},
                 {"used", flag, "", "AWS knows when it was last used"},
                 {"used_at", text, "", "\"Thursday, 8 January 2026, 14:03 UTC\""},
                 {"used_ago", text, "", "\"yesterday\""},
                 {"used_service", text, "", "\"s3\"; may be empty"},
                 {"used_region", text, "", "\"eu-west-1\"; may be empty"},
                 {"never_used", flag, "", "it was never used"},
                 {"not_installed", flag, "", "it is kept because its owner never used the new key"},
                 {"new_key", text, "", "the id of the key that replaces it; may be empty"},
                 {"secret", text, "", "name of the secret that holds the new key; may be empty"},
                 {"secret_region", text, "", "its region"},
                 {"secret_account", text, "", "the account that holds it"},
                 {"secret_elsewhere", flag, "", "that is another account than the user's"},
                 {"fetch_command", text, "", "the AWS CLI's command that prints the secret; empty without a new key"},
                 {"activate_command", text, "", "the command that switches the key on again"},
                 {"deactivate_command", text, "", "the command that switches it off"},
                 {"list_command", text, "", "the command that lists the user's keys"}},
                of_account()),
           with(of_periods(), of_every_mail()))};
}

PlaceholderSet account() {
  return {"account", "the mail to an account's contact, and its audit form",
          with(with({{"partition_name", text, "", "\"AWS Standard\", \"AWS GovCloud (US)\", \"AWS China\""},
                     {"partition", text, "", "\"aws\""},
                     {"actions", ready, "", "all lines, one below the other, ready to be shown"},
                     {"action_count", text, "", "\"1 access key\""},
                     {"lines", list, "line", "the same lines, one by one"},
                     {"more", text, "", "how many are left out: \"7 more\"; mostly empty"},
                     {"audit", flag, "", "nothing was changed"}},
                    of_account()),
               with(of_periods(), of_every_mail()))};
}

std::vector<Placeholder> lists_of_administrators() {
  return {
      {"failures", list, "line", "what failed"},
      {"failures_count", text, "", "how many; empty for none, as with the counts below"},
      {"failures_more", text, "", "how many are left out of the list: \"7 more\""},
      {"denied_accounts", list, "line", "accounts that could not be opened; only account and reason are set"},
      {"denied_accounts_count", text, "", ""},
      {"denied_accounts_more", text, "", ""},
      {"held", list, "line", "what is due and was not done for a reason"},
      {"held_count", text, "", ""},
      {"held_more", text, "", ""},
      {"unowned", list, "line", "users without an owner"},
      {"unowned_count", text, "", ""},
      {"unowned_more", text, "", ""},
      {"undeliverable", list, "line", "owners who can't be reached"},
      {"undeliverable_count", text, "", ""},
      {"undeliverable_more", text, "", ""},
      {"exemptions", list, "line", "exemptions that end soon"},
      {"exemptions_count", text, "", ""},
      {"exemptions_more", text, "", ""},
      {"oldest", list, "old_key", "the oldest keys"},
      {"oldest_count", text, "", ""},
      {"oldest_more", text, "", ""},
      {"failing_channels", list, "channel", "ways out that did not work"},
      {"failing_channels_count", text, "", ""},
      {"failing_channels_more", text, "", ""},
  };
}

PlaceholderSet administrators() {
  return {"administrators", "the digest of a run",
          with(with({{"run", text, "", "the run's id"},
                     {"audit", flag, "", "nothing was changed"},
                     {"weekly", flag, "", "it is the weekly summary"},
                     {"incomplete", text, "", "why accounts may be missing; mostly empty"},
                     {"accounts", text, "", "\"12 accounts\""},
                     {"users", text, "", "\"300 users\""},
                     {"totals", list, "total", "what was counted, in order"},
                     {"totals_count", text, "", "how many of them; empty for none"},
                     {"quiet", flag, "", "nothing needs an administrator"}},
                    lists_of_administrators()),
               of_every_mail())};
}

std::vector<PlaceholderSet> items() {
  return {
      {"summary",
       "an item of `summary`",
       {{"headline", text, "", "one sentence"},
        {"due", text, "", "\"Sunday, 11 January 2026\"; may be empty"},
        {"due_in", text, "", "\"in 3 days\""}}},
      {"stories", "an item of `stories`", {{"story", ready, "", "what the stage's template made of it"}}},
      {"line", "an item of a list of lines",
       with({{"user", text, "", "the IAM user"},
             {"key", text, "", "the access key's id; may be empty"},
             {"action", text, "", "\"rotate\", \"deactivate\", \"delete\" …"},
             {"status", text, "", "\"done\", \"due\", \"held\", \"failed\" …"},
             {"reason", text, "", "in words"},
             {"detail", text, "", "more of it; may be empty"},
             {"due", text, "", "\"Sunday, 11 January 2026\"; may be empty"},
             {"due_in", text, "", "\"in 3 days\""}},
            of_account())},
      {"total", "an item of `totals`", {{"label", text, "", "\"keys rotated\""}, {"count", text, "", "\"3\""}}},
      {"old_key", "an item of `oldest`",
       with({{"user", text, "", "the IAM user"},
             {"key", text, "", "may be empty: the credential report names no ids"},
             {"created", text, "", "\"Friday, 3 October 2025\""},
             {"age", text, "", "\"412 days\""}},
            of_account())},
      {"channel", "an item of `failing_channels`", {{"channel", text, "", "its name, and what went wrong"}}},
  };
}

std::vector<TemplateFile> all_files() {
  std::vector<TemplateFile> files;
  const auto add = [&](std::string_view stem, std::string_view kind, bool part, bool subject) {
    files.push_back({std::string(stem) + ".html", kind, part});
    files.push_back({std::string(stem) + ".txt", kind, part});
    if (subject) files.push_back({std::string(stem) + ".subject.txt", kind, part});
  };
  add("owner", "owner", false, true);
  for (const policy::NoticeKind kind : policy::all_notice_kinds()) add(policy::name(kind), "story", false, false);
  add("account", "account", false, true);
  add("audit", "account", false, true);
  add("administrators", "administrators", false, true);
  for (const std::string_view part : {"key-facts", "new-key", "switch-on"}) add(part, "story", true, false);
  add("action-line", "line", true, false);
  files.push_back({"page-head.html", "page", true});
  files.push_back({"page-foot.html", "page", true});
  files.push_back({"page-foot.txt", "page", true});
  return files;
}

}  // namespace

const Placeholder* PlaceholderSet::find(std::string_view placeholder) const {
  const auto found = std::ranges::find(placeholders, placeholder, &Placeholder::name);
  return found == placeholders.end() ? nullptr : &*found;
}

const std::vector<PlaceholderSet>& placeholder_sets() {
  static const std::vector<PlaceholderSet> all = [] {
    std::vector<PlaceholderSet> list{
        owner(), context(), account(), administrators(), {"page", "head and foot of every HTML mail", of_every_mail()}};
    for (PlaceholderSet& item : items()) list.push_back(std::move(item));
    return list;
  }();
  return all;
}

const PlaceholderSet& placeholder_set(std::string_view name) {
  const auto found = std::ranges::find(placeholder_sets(), name, &PlaceholderSet::name);
  if (found == placeholder_sets().end()) throw std::logic_error("no such vocabulary: " + std::string(name));
  return *found;
}

const std::vector<TemplateFile>& template_files() {
  static const std::vector<TemplateFile> files = all_files();
  return files;
}

const TemplateFile* find_template_file(std::string_view name) {
  const auto found = std::ranges::find(template_files(), name, &TemplateFile::name);
  return found == template_files().end() ? nullptr : &*found;
}

const std::vector<OlderName>& older_names() {
  static const std::vector<OlderName> names{{"iam-auto-key-rotation-enforcement.html", "account.html"},
                                            {"iam-auto-key-rotation-audit.html", "audit.html"}};
  return names;
}

std::string_view part_name(std::string_view file_name) { return file_name.substr(0, file_name.find('.')); }

bool is_html(std::string_view file_name) { return file_name.ends_with(".html"); }

bool is_subject(std::string_view file_name) { return file_name.ends_with(".subject.txt"); }

}  // namespace rekeyer::notify
