#include "notify/render/templates.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "fakes/seed.hpp"
#include "notify/render/headline.hpp"
#include "notify/render/mail_text.hpp"
#include "notify/render/mail_views.hpp"
#include "notify/render/notice_view.hpp"
#include "notify/render/placeholders.hpp"
#include "notify/sample_mails.hpp"
#include "notify/sample_texts.hpp"

namespace rekeyer::notify {
namespace {

using policy::NoticeKind;
using rekeyer::testing::days_later;
using rekeyer::testing::hostile_notice;
using rekeyer::testing::sample_account_digest;
using rekeyer::testing::sample_administrator_digest;
using rekeyer::testing::sample_line;
using rekeyer::testing::sample_notice;
using rekeyer::testing::sample_now;
using rekeyer::testing::sample_owner_mail;
using ::testing::HasSubstr;
using ::testing::Not;

Templates built_in(const std::map<std::string, std::string>& overrides = {}) {
  auto templates = Templates::with(overrides);
  if (!templates) throw std::runtime_error(templates.error().message);
  return *std::move(templates);
}

std::string problems_of(const std::map<std::string, std::string>& overrides) {
  const auto templates = Templates::with(overrides);
  return templates ? std::string() : templates.error().message;
}

/// A text as its reader takes it in: on one line.
std::string flat(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c != '\n' && c != ' ') {
      result += c;
    } else if (!result.empty() && result.back() != ' ') {
      result += ' ';
    }
  }
  return result;
}

TEST(Mails, EveryStageSaysWhichKeyWhoseWhereAndWhatToDo) {
  const Templates templates = built_in();
  for (const NoticeKind kind : policy::all_notice_kinds()) {
    const Mail mail = templates.render(sample_owner_mail({sample_notice(kind)}));
    EXPECT_EQ(mail.to, "anna@example.com");
    for (const std::string& body : {flat(mail.text), flat(mail.html)}) {
      SCOPED_TRACE(fmt::format("{}: {}", policy::name(kind), body));
      EXPECT_THAT(body, HasSubstr("AKIAIOSFODNN7EXAMPLE"));
      EXPECT_THAT(body, HasSubstr("ci-deploy"));
      EXPECT_THAT(body, HasSubstr("payments (111111111111)"));
      EXPECT_THAT(body, HasSubstr("What to do"));
      EXPECT_THAT(body, HasSubstr("never reply to this message with one"));
      EXPECT_THAT(body, HasSubstr("access-keys@example.com"));
      EXPECT_THAT(body, HasSubstr("https://wiki.example.com/access-keys"));
      EXPECT_THAT(body, Not(HasSubstr("{{")));
      EXPECT_THAT(body, Not(HasSubstr("}}")));
    }
    EXPECT_THAT(mail.text, Not(HasSubstr("!")));
    EXPECT_THAT(mail.subject, HasSubstr("AKIAIOSFODNN7EXAMPLE of ci-deploy (payments, 111111111111)"));
  }
}

TEST(Mails, WhatIsAnnouncedHasADayAWeekdayAndHowFarItIs) {
  const Templates templates = built_in();
  for (const NoticeKind kind : policy::all_notice_kinds()) {
    NoticeContext context = sample_notice(kind);
    const Mail mail = templates.render(sample_owner_mail({context}));
    const bool due = context.notice.due.has_value();
    const std::string day = kind == NoticeKind::deactivation_soon ? "Sunday, 4 January 2026" : "January 2026";
    EXPECT_EQ(mail.text.find("in 3 days") != std::string::npos || mail.text.find("in 10 days") != std::string::npos,
              due)
        << mail.text;
    if (due) {
      EXPECT_THAT(flat(mail.text), HasSubstr(day));
    }
    context.notice.due.reset();
    const Mail undated = templates.render(sample_owner_mail({context}));
    EXPECT_THAT(flat(undated.text), Not(HasSubstr("(in ")));
    EXPECT_THAT(flat(undated.text), Not(HasSubstr(" by .")));
  }
}

TEST(Mails, TellHowToFetchTheNewKeyAndWhatUsesTheOldOne) {
  const Mail mail = built_in().render(sample_owner_mail({sample_notice(NoticeKind::rotated)}));
  const std::string command =
      "aws secretsmanager get-secret-value --secret-id Account_111111111111_User_ci-deploy_AccessKey "
      "--region us-east-1 --query SecretString --output text";
  EXPECT_THAT(mail.text, HasSubstr("    " + command + "\n"));
  EXPECT_THAT(mail.html, HasSubstr(">" + command + "<"));
  EXPECT_THAT(flat(mail.text), HasSubstr("Signed in to account payments (111111111111)"));
  EXPECT_THAT(flat(mail.text),
              HasSubstr("yesterday, for calls to s3 in eu-west-1 (Wednesday, 31 December 2025, 06:30 UTC)"));
  EXPECT_THAT(mail.text, HasSubstr("AKIAI44QH8DHBEXAMPLE"));
  EXPECT_EQ(mail.subject,
            "Your access key AKIAIOSFODNN7EXAMPLE of ci-deploy (payments, 111111111111) was replaced: install the new "
            "one by 11 January");
}

TEST(Mails, TellHowToSwitchAKeyOnAgain) {
  for (const NoticeKind kind :
       {NoticeKind::unused, NoticeKind::deactivation_soon, NoticeKind::deactivated, NoticeKind::deletion_soon}) {
    const Mail mail = built_in().render(sample_owner_mail({sample_notice(kind)}));
    EXPECT_THAT(mail.text, HasSubstr("aws iam update-access-key --access-key-id AKIAIOSFODNN7EXAMPLE --status Active "
                                     "--user-name ci-deploy"));
  }
}

TEST(Mails, WithoutSecretReplacementOrEvidenceNothingIsMadeUp) {
  for (const NoticeKind kind : policy::all_notice_kinds()) {
    NoticeContext context = sample_notice(kind);
    context.secret = SecretName();
    context.new_key.reset();
    context.account_name.clear();
    context.notice.last_use = LastUse::unknown();
    const std::string text = flat(built_in().render(sample_owner_mail({context})).text);
    EXPECT_THAT(text, Not(HasSubstr("get-secret-value")));
    EXPECT_THAT(text, Not(HasSubstr("New key:")));
    EXPECT_THAT(text, HasSubstr("AWS did not say"));
    EXPECT_THAT(text, HasSubstr("Account: 111111111111 "));
  }
}

TEST(Mails, ASecretWithoutANewKeyIsNotOffered) {
  NoticeContext context = sample_notice(NoticeKind::deleted);
  EXPECT_THAT(built_in().render(sample_owner_mail({context})).text, HasSubstr("get-secret-value"));
  EXPECT_THAT(built_in().render(sample_owner_mail({context})).text, HasSubstr("Status:     deleted"));
  context.new_key.reset();
  EXPECT_THAT(built_in().render(sample_owner_mail({context})).text, Not(HasSubstr("get-secret-value")));
}

TEST(Mails, ASecretOfAnotherAccountIsSaidToBeThere) {
  NoticeContext context = sample_notice(NoticeKind::rotated);
  context.secret_account = AccountId("999999999999");
  EXPECT_THAT(flat(built_in().render(sample_owner_mail({context})).text),
              HasSubstr("account 999999999999, which holds the secrets of this organization,"));
}

TEST(Mails, SeveralKeysComeByUrgencyWithASummary) {
  NoticeContext later = sample_notice(NoticeKind::deactivation_soon);
  later.user = UserName("later");
  later.notice.due = days_later(5);
  const Mail mail = built_in().render(
      sample_owner_mail({sample_notice(NoticeKind::rotation_soon), later, sample_notice(NoticeKind::deleted),
                         sample_notice(NoticeKind::rotated), sample_notice(NoticeKind::deactivation_soon)}));
  EXPECT_EQ(mail.subject,
            "Your 5 access keys: 2 will be deactivated from 4 January, 1 was replaced: install by 11 January, 1 will "
            "be replaced from 4 January, and 1 more");
  const std::string text = flat(mail.text);
  EXPECT_LT(text.find("will be deactivated on 4 January 2026"), text.find("will be deactivated on 6 January 2026"));
  EXPECT_LT(text.find("of later ("), text.find("was replaced: install the new one by 11 January 2026"));
  EXPECT_LT(text.find("will be replaced on 4 January 2026"), text.find("was deleted"));
  EXPECT_THAT(text, HasSubstr("owner of 5 access keys"));
  const Mail one = built_in().render(sample_owner_mail({sample_notice(NoticeKind::deleted)}));
  EXPECT_THAT(flat(one.text), HasSubstr("owner of 1 access key in"));
  EXPECT_THAT(one.text, Not(HasSubstr("most urgent first")));
}

TEST(Mails, ManyKeysHaveAnEnd) {
  const std::vector<NoticeContext> many(most_notices_a_mail + 2, sample_notice(NoticeKind::rotated));
  EXPECT_THAT(flat(built_in().render(sample_owner_mail(many)).text), HasSubstr("details of 2 more access keys"));
  AccountDigest model = sample_account_digest(false);
  model.actions.assign(most_lines + 7, model.actions.front());
  EXPECT_THAT(built_in().render(model).text, HasSubstr("And 7 more."));
}

TEST(Mails, AnAuditSaysThatNothingWasChanged) {
  const Mail audit = built_in().render(sample_account_digest(true));
  EXPECT_THAT(audit.subject, HasSubstr("nothing was changed"));
  EXPECT_THAT(audit.text, HasSubstr("AUDIT ONLY: NOTHING WAS CHANGED"));
  EXPECT_THAT(audit.html, HasSubstr("Audit only: nothing was changed"));
  const Mail acted = built_in().render(sample_account_digest(false));
  EXPECT_THAT(acted.text + acted.html + acted.subject, Not(HasSubstr("nothing was changed")));
  EXPECT_THAT(flat(acted.text), HasSubstr("ci-deploy, key AKIAIOSFODNN7EXAMPLE: rotate, done"));
}

TEST(Mails, AdministratorsSeeEverythingThatNeedsThem) {
  const Mail mail = built_in().render(sample_administrator_digest());
  EXPECT_THAT(mail.subject,
              ::testing::StartsWith("Access keys, run of 1 January: 3 keys rotated, 2 keys deactivated, 1 key deleted; "
                                    "accounts may be missing, 1 failure, 1 channel that does not work, 1 account out"))
      << "the worst first, as a subject has an end";
  for (const std::string& body : {flat(mail.text), flat(mail.html)}) {
    for (const char* fact : {"300 users", "12 accounts", "PutSecretValue", "sandbox (222222222222)", "legacy-import",
                             "bob@example.com", "sealed envelope", "412 days", "404", "ListAccounts", "keys rotated"}) {
      EXPECT_THAT(body, HasSubstr(fact));
    }
  }
  AdministratorDigest quiet;
  quiet.now = sample_now();
  quiet.weekly = true;
  quiet.accounts = 1;
  const Mail nothing = built_in().render(quiet);
  EXPECT_EQ(nothing.subject, "Access keys, weekly summary of 1 January: all is well");
  EXPECT_THAT(flat(nothing.text), HasSubstr("looked at 0 users in 1 account. Nothing needs your attention."));
}

TEST(Mails, HostileNamesStayWhereTheyArePut) {
  const Templates templates = built_in();
  for (const NoticeKind kind : policy::all_notice_kinds()) {
    const Mail mail = templates.render(sample_owner_mail({hostile_notice(kind), sample_notice(kind)}));
    EXPECT_THAT(mail.html, Not(HasSubstr("<script")));
    EXPECT_THAT(mail.html, Not(HasSubstr("<b>s3")));
    EXPECT_THAT(mail.html, HasSubstr("&lt;script&gt;"));
    EXPECT_THAT(mail.html, HasSubstr("{{user}}{{{actions}}}")) << "text of a name is no template";
    const auto count = [&](std::string_view tag) {
      std::size_t found = 0;
      for (auto at = mail.html.find(tag); at != std::string::npos; at = mail.html.find(tag, at + 1)) ++found;
      return found;
    };
    EXPECT_EQ(count("<table"), count("</table>"));
    EXPECT_EQ(mail.subject.find_first_of("\r\n"), std::string::npos);
    EXPECT_EQ(mail.text.find('\x1b'), std::string::npos);
    EXPECT_EQ(mail.text.find('\r'), std::string::npos);
    EXPECT_LE(mail.subject.size(), 4 * 250U);
  }
}

TEST(Mails, RandomNamesNeverBreakOut) {
  const auto seed = fakes::seed();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937_64 random(seed);
  const std::vector<std::string> pieces{
      "<",  ">", "\"", "'",    "&",    "{{", "}}", "{{{", "}}}", "{{#keys}}", "{{/keys}}", "\n",           "\r",
      "\t", "%", "\\", "\x01", "\xff", "ä",  "a",  " ",   "=\"", "-->",       "<!--",      "{{> new-key}}"};
  const Templates templates = built_in();
  for (int round = 0; round < 60; ++round) {
    const auto draw = [&] {
      std::string text;
      for (auto left = random() % 20; left > 0; --left) text += pieces[random() % pieces.size()];
      return text;
    };
    const NoticeKind kind = policy::all_notice_kinds()[random() % policy::all_notice_kinds().size()];
    NoticeContext plain = sample_notice(kind);
    plain.user = UserName("plain");
    plain.account_name = "plain";
    NoticeContext context = plain;
    context.user = UserName(draw());
    context.account_name = draw();
    const std::string html = templates.render(sample_owner_mail({context})).html;
    const std::string expected = templates.render(sample_owner_mail({plain})).html;
    for (const char sign : {'<', '>', '"'}) {
      EXPECT_EQ(std::ranges::count(html, sign), std::ranges::count(expected, sign)) << html;
    }
    EXPECT_EQ(templates.render(sample_owner_mail({context})).subject.find_first_of("\r\n"), std::string::npos);
  }
}

TEST(Templates, OverridesTakeThePlaceOfOneFile) {
  const Templates templates =
      built_in({{"rotated.txt", "Mine: {{key}} of {{user}}\n"},
                {"owner.subject.txt", "{{#several}}Keys{{/several}}{{^several}}Key\r\n{{/several}} {{date}}\n"}});
  const Mail mail = templates.render(sample_owner_mail({sample_notice(NoticeKind::rotated)}));
  EXPECT_THAT(mail.text, HasSubstr("Mine: AKIAIOSFODNN7EXAMPLE of ci-deploy"));
  EXPECT_THAT(mail.html, HasSubstr("Install the new access key"));
  EXPECT_EQ(mail.subject, "Key Thursday, 1 January 2026");
}

TEST(Templates, TellEveryProblemOfAllOverridesAtOnce) {
  const std::string problems =
      problems_of({{"rotatd.txt", ""}, {"unused.html", "\n{{usr}}"}, {"owner.txt", "{{#several}}"}});
  EXPECT_THAT(problems, HasSubstr("rotatd.txt:1: no such template; did you mean rotated.txt?"));
  EXPECT_THAT(problems, HasSubstr("unused.html:2: unknown placeholder {{usr}}"));
  EXPECT_THAT(problems, HasSubstr("owner.txt:1: {{#several}} is not closed"));
}

TEST(Templates, TheOlderSystemsPlaceholdersAreFilled) {
  const std::string theirs =
      "<html><body><p>{{partition_name}}|{{account_id}}|{{ account_name }}|{{timestamp}}|{{rotation_period}}|"
      "{{installation_grace_period}}|{{ recovery_grace_period }}|{{sender_email}}</p><div>{{ actions "
      "}}</div></body></html>";
  AccountDigest model = sample_account_digest(false);
  model.actions = {sample_line("<ann>", "rotate", "done", "old"), sample_line("bob", "delete", "done", "")};
  const Mail mail = built_in({{"iam-auto-key-rotation-enforcement.html", theirs}}).render(model);
  EXPECT_THAT(mail.html,
              HasSubstr("AWS Standard|111111111111|payments|2026-01-01T06:30:00Z|90|10|10|access-keys@example.com"));
  EXPECT_THAT(
      mail.html,
      HasSubstr("<div>done rotate, key AKIAIOSFODNN7EXAMPLE of &lt;ann&gt;, Thursday, 1 January 2026 (today): old<br>\n"
                "done delete"));
  EXPECT_THAT(mail.text, HasSubstr("What was done and found")) << "they had no text part: ours stays";
  const Mail audit = built_in({{"iam-auto-key-rotation-audit.html", theirs}}).render(sample_account_digest(true));
  EXPECT_THAT(audit.html, HasSubstr("Audit: nothing was changed."));
  EXPECT_THAT(problems_of({{"iam-auto-key-rotation-enforcement.html", ""}, {"account.html", ""}}),
              HasSubstr("the same template"));
}

TEST(Templates, ListTheirFilesWithTheOlderNames) {
  const auto names = Templates::file_names();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
  for (const std::string& name : names) EXPECT_FALSE(Templates::built_in(name).empty()) << name;
  EXPECT_TRUE(Templates::built_in("nothing.txt").empty());
}

TEST(Headline, SaysItInOneSentenceForEveryStage) {
  std::set<std::string> all;
  for (const NoticeKind kind : policy::all_notice_kinds()) {
    const std::string line = headline(sample_notice(kind));
    EXPECT_TRUE(line.starts_with("Access key AKIAIOSFODNN7EXAMPLE of ci-deploy (payments, 111111111111) ")) << line;
    all.insert(line);
    EXPECT_LE(headline(hostile_notice(kind)).size(), 700U);
    EXPECT_EQ(headline(hostile_notice(kind)).find('\n'), std::string::npos);
  }
  EXPECT_EQ(all.size(), policy::all_notice_kinds().size());
  EXPECT_THAT(detail(sample_notice(NoticeKind::in_use)),
              HasSubstr("31 December 2025, 06:30 UTC, for calls to s3 in eu-west-1."));
  EXPECT_THAT(detail(sample_notice(NoticeKind::in_use)), HasSubstr("AKIAI44QH8DHBEXAMPLE is in the secret Account_"));
}

TEST(Headline, TellsAKeyInUseFromOneWhoseSuccessorIsNotInstalled) {
  auto context = sample_notice(NoticeKind::in_use);
  EXPECT_THAT(headline(context), HasSubstr("is still in use: install the new one by 11 January"));
  context.notice.successor_unused = true;
  EXPECT_THAT(headline(context), HasSubstr("you have not installed the new one: install it by 11 January"));
}

/// Names of all values of a view.
std::set<std::string> names_of(const View& view) {
  std::set<std::string> names;
  for (const auto& [name, value] : view.texts) names.insert(name);
  for (const auto& [name, value] : view.ready) names.insert(name);
  for (const auto& [name, value] : view.flags) names.insert(name);
  for (const auto& [name, value] : view.lists) names.insert(name);
  return names;
}

void expect_same_names(const View& view, std::string_view words) {
  SCOPED_TRACE(std::string(words));
  std::set<std::string> expected;
  for (const Placeholder& placeholder : placeholder_set(words).placeholders) {
    expected.emplace(placeholder.name);
    const auto list = view.lists.find(std::string(placeholder.name));
    if (placeholder.shape == PlaceholderKind::list && list != view.lists.end() && !list->second.empty()) {
      expect_same_names(list->second.front(), placeholder.items);
    }
  }
  EXPECT_EQ(names_of(view), expected);
}

TEST(PlaceholderSet, EveryPlaceholderIsFilledAndEveryValueIsDocumented) {
  const auto contexts = std::vector{sample_notice(NoticeKind::rotated), sample_notice(NoticeKind::unused)};
  View owner = owner_view(sample_owner_mail(contexts), contexts);
  owner.lists["stories"] = {};
  expect_same_names(owner, "owner");
  View context = common_view("a@example.com", "", sample_now());
  context.add(notice_view(contexts.front(), sample_now()));
  expect_same_names(context, "story");
  expect_same_names(account_view(sample_account_digest(true), Format::html), "account");
  expect_same_names(administrator_view(sample_administrator_digest()), "administrators");
  expect_same_names(common_view("a@example.com", "", sample_now()), "page");
}

TEST(NotificationDocs, ShowWhatIsRendered) {
  std::ifstream file(REKEYER_NOTIFICATIONS_DOC);
  ASSERT_TRUE(file) << REKEYER_NOTIFICATIONS_DOC;
  std::ostringstream docs;
  docs << file.rdbuf();
  const char* again = "write it anew: scripts/notification_docs";
  EXPECT_NE(docs.str().find(rekeyer::testing::documented_mails()), std::string::npos) << again;
  EXPECT_NE(docs.str().find(rekeyer::testing::documented_placeholders()), std::string::npos) << again;
}

}  // namespace
}  // namespace rekeyer::notify
