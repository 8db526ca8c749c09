// Who is told: what a tag says, and which link of the chain wins. As tables of text.
#include "notify/deliver/owners.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

namespace rekeyer::notify {
namespace {

const std::map<std::string, std::vector<std::string>> names{{"ann", {"ann@example.com"}},
                                                            {"Team-Blue", {"blue@example.com", "oncall@example.com"}},
                                                            {"Großmutter", {"g@example.com"}}};

TEST(OwnerTag, IsTakenApart) {
  struct Row {
    const char* text;
    const char* found;
    const char* unusable = "";
  };
  const Row rows[] = {
      {"ann@example.com", "ann@example.com"},
      {"", ""},
      {"  ", ""},
      {"ann@example.com bob@example.com", "ann@example.com bob@example.com"},
      {"ann@example.com:bob@example.com", "ann@example.com bob@example.com"},
      {"ann@example.com/bob@example.com", "ann@example.com bob@example.com"},
      {"ann@example.com,bob@example.com", "ann@example.com bob@example.com"},
      {"ann@example.com; bob@example.com", "ann@example.com bob@example.com"},
      {" : ann@example.com / ", "ann@example.com"},
      // twice is once: hosts ignore case, what stands before the @ need not
      {"ann@example.com ann@EXAMPLE.com", "ann@example.com"},
      {"ann@example.com Ann@example.com", "ann@example.com Ann@example.com"},
      // signs that tags and addresses both allow
      {"a.b+keys=x_y-z@mail.example.com", "a.b+keys=x_y-z@mail.example.com"},
      // names
      {"ann", "ann@example.com"},
      {"ANN", "ann@example.com"},
      {"team-blue", "blue@example.com oncall@example.com"},
      {"team-blue blue@Example.com bob@example.com", "blue@example.com oncall@example.com bob@example.com"},
      {"Großmutter", "g@example.com"},
      // what is of no use is told, and does not spoil the rest
      {"bob", "", "bob"},
      {"bob bob", "", "bob"},
      {"bob ann@example.com", "ann@example.com", "bob"},
      {"ann@localhost", "", "ann@localhost"},
      {"@example.com", "", "@example.com"},
      {"ann@", "", "ann@"},
      {"Ann Lee", "ann@example.com", "Lee"},
      {"mailto:ann@example.com", "ann@example.com", "mailto"},
      {"m\xc3\xbcller@example.com", "", "m\xc3\xbcller@example.com"},
  };
  for (const auto& row : rows) {
    const auto addresses = parse_addresses(row.text, names);
    EXPECT_EQ(fmt::format("{}", fmt::join(addresses.found, " ")), row.found) << row.text;
    EXPECT_EQ(fmt::format("{}", fmt::join(addresses.unusable, " ")), row.unusable) << row.text;
  }
}

/// What can be said of one user and account. Null: not there.
struct Case {
  const char* tag = nullptr;
  std::vector<std::string> groups{};
  const char* account_tag = nullptr;
  const char* security = nullptr;
  const char* operations = nullptr;
  const char* email = "";
  const char* fallback = nullptr;
};

OwnerSettings settings_of(const Case& given) {
  OwnerSettings settings;
  settings.names = names;
  settings.groups = {{"payments", {"payments@example.com"}}, {"ops", {"ops@example.com", "payments@example.com"}}};
  if (given.fallback != nullptr) settings.fallback = {given.fallback};
  return settings;
}

policy::Subject subject_of(const Case& given) {
  policy::Subject subject;
  subject.account = AccountId("111111111111");
  subject.user = UserName("ci-deploy");
  if (given.tag != nullptr) subject.tags["Owner"] = given.tag;
  for (const auto& group : given.groups) subject.groups.emplace_back(group);
  return subject;
}

AccountContacts contacts_of(const Case& given) {
  AccountContacts contacts;
  contacts.account_email = given.email;
  contacts.tags.emplace();
  if (given.account_tag != nullptr) contacts.tags->emplace("OWNER", given.account_tag);
  const auto contact = [](const char* text) {
    return text == nullptr ? std::nullopt : std::optional<std::string>(text);
  };
  contacts.alternate_contacts["security"] = contact(given.security);
  contacts.alternate_contacts["operations"] = contact(given.operations);
  return contacts;
}

std::string words_of(const Owners& owners) {
  auto words = owners.addresses.empty() ? std::string("nobody")
                                        : fmt::format("{} ({})", fmt::join(owners.addresses, " "), owners.source);
  for (const auto& problem : owners.problems) words += "; " + problem;
  return words;
}

TEST(Owner, IsTheFirstOfTheChainWhoHasAnAddress) {
  struct Row {
    Case given;
    const char* told;
  };
  const Row rows[] = {
      {{}, "nobody"},
      {{.tag = "ann@example.com", .groups = {"payments"}, .email = "root@example.com"},
       "ann@example.com (user tag owner)"},
      {{.tag = "Ann@Example.COM"}, "Ann@example.com (user tag owner)"},
      {{.groups = {"payments"}, .account_tag = "team-blue"}, "payments@example.com (group payments)"},
      {{.groups = {"Payments"}}, "payments@example.com (group Payments)"},
      {{.groups = {"payments", "others", "ops"}}, "payments@example.com ops@example.com (groups payments, ops)"},
      {{.groups = {"others"}, .account_tag = "team-blue", .security = "s@example.com"},
       "blue@example.com oncall@example.com (account tag owner)"},
      {{.security = "s@example.com", .operations = "o@example.com", .email = "root@example.com"},
       "s@example.com (alternate contact security)"},
      {{.operations = " o@example.com\n", .email = "root@example.com"}, "o@example.com (alternate contact operations)"},
      {{.email = "root@example.com", .fallback = "all@example.com"}, "root@example.com (account e-mail)"},
      {{.fallback = "all@example.com"}, "all@example.com (default)"},
      // a text of no use is told, and the next link has its say
      {{.tag = "bob", .email = "root@example.com"},
       "root@example.com (account e-mail); user tag owner: \"bob\" is no address and no name in [owner.names]"},
      {{.tag = "bob eve", .groups = {"ops"}},
       "ops@example.com payments@example.com (group ops); user tag owner: \"bob\", \"eve\" are no addresses and no "
       "names in [owner.names]"},
      {{.tag = "bob ann"},
       "ann@example.com (user tag owner); user tag owner: \"bob\" is no address and no name in [owner.names]"},
      {{.tag = " ", .fallback = "all@example.com"}, "all@example.com (default); user tag owner is empty"},
      {{.account_tag = "\x1b[31m", .fallback = "all@example.com"},
       "all@example.com (default); account tag owner: \"\\u001b[31m\" is no address and no name in [owner.names]"},
      {{.security = "nobody", .operations = "o@example.com"},
       "o@example.com (alternate contact operations); alternate contact security: \"nobody\" is no address that mail "
       "can be sent to"},
      {{.email = "a@b"}, "nobody; account e-mail: \"a@b\" is no address that mail can be sent to"},
  };
  for (const auto& row : rows) {
    const auto owners = resolve(settings_of(row.given), subject_of(row.given), contacts_of(row.given));
    EXPECT_EQ(words_of(owners), row.told);
  }
}

TEST(Owner, IsInOneOfTheDomainsWhereTheyAreSet) {
  const auto told = [](const Case& given) {
    auto settings = settings_of(given);
    settings.domains = {"example.com", "team.example.org"};
    return words_of(resolve(settings, subject_of(given), contacts_of(given)));
  };
  EXPECT_EQ(told({.tag = "ann@example.com"}), "ann@example.com (user tag owner)");
  EXPECT_EQ(told({.tag = "ann@Mail.Example.COM"}), "ann@mail.example.com (user tag owner)");
  EXPECT_EQ(told({.tag = "ann@evil.net", .security = "s@example.com"}),
            "s@example.com (alternate contact security); user tag owner: \"ann@evil.net\" is in none of the domains of "
            "[owner] domains");
  EXPECT_EQ(told({.tag = "ann@evil.net ann@example.com"}),
            "ann@example.com (user tag owner); user tag owner: \"ann@evil.net\" is in none of the domains of [owner] "
            "domains");
  EXPECT_EQ(
      told({.tag = "a@notexample.com b@example.com.evil.net c@example.org"}),
      "nobody; user tag owner: \"a@notexample.com\", \"b@example.com.evil.net\", \"c@example.org\" are in none of "
      "the domains of [owner] domains");
  EXPECT_EQ(
      told({.account_tag = "x@evil.net", .security = "s@evil.net", .operations = "o@team.example.org"}),
      "o@team.example.org (alternate contact operations); account tag owner: \"x@evil.net\" is in none of the "
      "domains of [owner] domains; alternate contact security: \"s@evil.net\" is in none of the domains of [owner] "
      "domains");
  EXPECT_EQ(
      told({.email = "root@evil.net", .fallback = "soc@partner.net"}),
      "soc@partner.net (default); account e-mail: \"root@evil.net\" is in none of the domains of [owner] domains");
}

TEST(Owner, FollowsTheChainAsItIsSet) {
  const Case given{.tag = "ann", .groups = {"ops"}, .security = "s@example.com", .email = "root@example.com"};
  auto settings = settings_of(given);
  const auto told = [&] { return resolve(settings, subject_of(given), contacts_of(given)).source; };
  settings.chain = {OwnerSource::account_email, OwnerSource::user_tag};
  EXPECT_EQ(told(), "account e-mail");
  settings.chain = {OwnerSource::group};
  EXPECT_EQ(told(), "group ops");
  settings.chain = {OwnerSource::fallback};
  EXPECT_EQ(told(), "");
  settings.chain = {OwnerSource::user_tag, OwnerSource::alternate_contact};
  settings.tag = "";
  EXPECT_EQ(told(), "alternate contact security");
  settings.alternate_contacts = {};
  EXPECT_EQ(told(), "");
}

TEST(Owner, AnAccountsVeryTagGoesBeforeOneThatDiffersInCase) {
  auto contacts = contacts_of({.account_tag = "wrong@example.com"});
  contacts.tags->emplace("owner", "right@example.com");
  EXPECT_EQ(words_of(resolve(settings_of({}), subject_of({}), contacts)), "right@example.com (account tag owner)");
}

TEST(Owner, NeedsNoMoreThanTheChainComesTo) {
  const AccountContacts unread;
  const auto needs = [](const Case& given, const AccountContacts& contacts) -> std::string {
    const auto next = next_unread(settings_of(given), subject_of(given), contacts);
    if (!next) return "nothing";
    return next->what == Unread::What::account_tags ? "tags" : next->contact;
  };
  EXPECT_EQ(needs({.tag = "ann@example.com"}, unread), "nothing");
  EXPECT_EQ(needs({.groups = {"ops"}}, unread), "nothing");
  EXPECT_EQ(needs({.tag = "bob"}, unread), "tags");
  auto contacts = unread;
  contacts.tags.emplace();
  EXPECT_EQ(needs({}, contacts), "security");
  contacts.alternate_contacts["security"] = std::nullopt;
  EXPECT_EQ(needs({}, contacts), "operations");
  contacts.alternate_contacts["security"] = "s@example.com";
  EXPECT_EQ(needs({}, contacts), "nothing");
  contacts.tags->emplace("owner", "a@example.com");
  contacts.alternate_contacts.clear();
  EXPECT_EQ(needs({}, contacts), "nothing");
}

TEST(Owner, WhatWasNotReadCountsAsNotThere) {
  AccountContacts contacts;
  contacts.alternate_contacts["operations"] = "o@example.com";
  EXPECT_EQ(words_of(resolve(settings_of({}), subject_of({}), contacts)),
            "o@example.com (alternate contact operations)");
}

}  // namespace
}  // namespace rekeyer::notify
