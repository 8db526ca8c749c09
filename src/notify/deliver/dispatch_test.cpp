// One dispatch a run: who gets which mail and event, and what a channel that fails does to it.
#include "notify/deliver/dispatch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/log.hpp"
#include "fakes/virtual_time.hpp"
#include "notify/deliver/digests.hpp"

namespace rekeyer::notify {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const AccountId first_account{"111111111111"};
const AccountId second_account{"222222222222"};

/// Accepts everything but what `refuse` names.
class FakeMails final : public MailChannel {
 public:
  explicit FakeMails(std::string name) : name_(std::move(name)) {}
  const std::string& name() const override { return name_; }
  ResultTask<> send(Mail mail) override {
    ++attempts;
    if (refuse.contains(mail.to)) co_return fail(refuse.at(mail.to), "refused on purpose");
    if (refuse_all) co_return fail(*refuse_all, "refused on purpose");
    sent.push_back(std::move(mail));
    co_return Result<>{};
  }
  std::vector<std::string> recipients() const {
    std::vector<std::string> all;
    for (const auto& mail : sent) all.push_back(mail.to);
    return all;
  }

  std::map<std::string, ErrorKind> refuse;
  std::optional<ErrorKind> refuse_all;
  std::vector<Mail> sent;
  int attempts = 0;

 private:
  std::string name_;
};

class FakeEvents final : public EventChannel {
 public:
  const std::string& name() const override { return name_; }
  ResultTask<> publish(std::vector<Event> events) override {
    if (refuse) co_return fail(*refuse, "refused on purpose");
    published.insert(published.end(), events.begin(), events.end());
    co_return Result<>{};
  }
  std::optional<ErrorKind> refuse;
  std::vector<Event> published;

 private:
  std::string name_ = "chat";
};

class NoContacts final : public ContactSource {
 public:
  ResultTask<std::map<std::string, std::string>> account_tags(AccountId) override {
    co_return std::map<std::string, std::string>{};
  }
  ResultTask<std::optional<std::string>> alternate_contact(AccountId, std::string) override { co_return std::nullopt; }
};

struct Office {
  Office() {
    log::configure({log::Level::off, log::Format::text, false, {}, {}, {}});
    settings.from = "keys@example.com";
    report.mode = rotation::Mode::apply;
    settings.owner.chain = {OwnerSource::user_tag};
  }

  FakeMails& add_mails(std::string name = "mail") {
    auto channel = std::make_unique<FakeMails>(std::move(name));
    auto& added = *channel;
    channels.mails.push_back(std::move(channel));
    return added;
  }
  FakeEvents& add_events() {
    auto channel = std::make_unique<FakeEvents>();
    auto& added = *channel;
    channels.events.push_back(std::move(channel));
    return added;
  }

  /// A user with a key that was replaced just now; valid until the next one is added.
  rotation::UserNotices& add_user(const AccountId& account, const std::string& name, const std::string& owner) {
    if (std::ranges::find(report.accounts, account, &rotation::AccountOutcome::id) == report.accounts.end()) {
      rotation::AccountOutcome outcome;
      outcome.id = account;
      report.accounts.push_back(std::move(outcome));
    }
    rotation::UserNotices user;
    user.subject.account = account;
    user.subject.user = UserName(name);
    if (!owner.empty()) user.subject.tags["owner"] = owner;
    policy::Notice notice;
    notice.kind = policy::NoticeKind::rotated;
    notice.key = AccessKeyId("AKIAEXAMPLE" + name);
    notice.due = time.clock.now() + std::chrono::days{10};
    user.notices.push_back(std::move(notice));
    user.secret = SecretName("secret-of-" + name);
    rotation::UserNotices* added = nullptr;
    report.accounts.amend(account, [&](auto& outcome) { added = &outcome.notices.emplace_back(std::move(user)); });
    return *added;
  }

  void add_row(const rotation::ActionOutcome& row) { report.accounts.add_row(row); }

  Dispatch deliver() {
    const auto templates = Templates::with({});
    OwnerResolver owners(settings.owner, contacts);
    Dispatcher dispatcher({settings, rotation, *templates, channels, owners, time.clock, {}, "aws"});
    return time.run(dispatcher.deliver(report));
  }

  std::vector<std::string> findings() const {
    std::vector<std::string> all;
    for (const auto& account : report.accounts) {
      for (const auto& action : account.actions)
        all.push_back(action.user.str() + " " + std::string(name(action.reason)));
    }
    return all;
  }

  /// "ann accepted"
  static std::vector<std::string> fates(const Dispatch& dispatch) {
    std::vector<std::string> all;
    for (const auto& [user, deliveries] : dispatch.users) {
      for (const auto& delivery : deliveries) {
        all.push_back(user.subject.user.str() + (delivery.accepted ? " accepted" : " in vain"));
      }
    }
    return all;
  }

  fakes::VirtualTime time;
  Settings settings;
  rotation::Settings rotation;
  ChannelSet channels;
  NoContacts contacts;
  rotation::RunReport report;
};

TEST(Dispatch, AnOwnerGetsOneMailForAllKeysOfAllAccounts) {
  Office office;
  auto& mails = office.add_mails();
  office.add_user(first_account, "ann", "team@example.com");
  office.add_user(first_account, "bob", "team@EXAMPLE.com");
  office.add_user(second_account, "cyd", "team@example.com");
  office.add_user(second_account, "dee", "dee@example.com");
  const auto dispatch = office.deliver();
  EXPECT_THAT(mails.recipients(), UnorderedElementsAre("team@example.com", "dee@example.com"));
  const auto team = std::ranges::find(mails.sent, "team@example.com", &Mail::to);
  for (const char* key : {"AKIAEXAMPLEann", "AKIAEXAMPLEbob", "AKIAEXAMPLEcyd"})
    EXPECT_THAT(team->text, HasSubstr(key));
  EXPECT_THAT(Office::fates(dispatch),
              UnorderedElementsAre("ann accepted", "bob accepted", "cyd accepted", "dee accepted"));
  EXPECT_THAT(office.findings(), IsEmpty());
}

TEST(Dispatch, AManyKeyedOwnersMailsTellEachKeyInFull) {
  Office office;
  auto& mails = office.add_mails();
  for (int i = 0; i < 130; ++i) office.add_user(first_account, "user" + std::to_string(1000 + i), "team@example.com");
  office.deliver();
  ASSERT_THAT(mails.sent, SizeIs(3));
  std::string all;
  for (const auto& mail : mails.sent) all += mail.text;
  for (int i = 0; i < 130; ++i) EXPECT_THAT(all, HasSubstr("secret-of-user" + std::to_string(1000 + i)));
}

TEST(Dispatch, ARefusedAddressBesideAGoodOneIsNoHarm) {
  Office office;
  auto& mails = office.add_mails();
  mails.refuse["gone@example.com"] = ErrorKind::rejected;
  office.add_user(first_account, "ann", "gone@example.com ann@example.com");
  office.add_user(first_account, "bob", "gone@example.com");
  const auto dispatch = office.deliver();
  EXPECT_THAT(Office::fates(dispatch), ElementsAre("ann accepted", "bob in vain"));
  EXPECT_THAT(office.findings(), ElementsAre("bob undeliverable"));
}

TEST(Dispatch, AUserWithoutOwnerIsAFinding) {
  Office office;
  office.add_mails();
  office.add_user(first_account, "ann", "");
  office.add_user(first_account, "bob", "the coffee machine");
  const auto dispatch = office.deliver();
  EXPECT_THAT(Office::fates(dispatch), ElementsAre("ann in vain", "bob in vain"));
  EXPECT_THAT(office.findings(), ElementsAre("ann unowned", "bob unowned"));
}

TEST(Dispatch, TheSecondChannelIsTheFirstOnesFallback) {
  Office office;
  auto& first = office.add_mails("ses");
  auto& second = office.add_mails("smtp");
  first.refuse_all = ErrorKind::access_denied;
  for (int i = 0; i < 6; ++i) {
    office.add_user(first_account, "u" + std::to_string(i), "u" + std::to_string(i) + "@example.com");
  }
  const auto dispatch = office.deliver();
  EXPECT_THAT(second.sent, SizeIs(6));
  EXPECT_LE(first.attempts, 10) << "a channel that fails as a whole is left alone";
  EXPECT_THAT(dispatch.failing_channels, ElementsAre(HasSubstr("ses: ")));
  EXPECT_THAT(office.findings(), IsEmpty());
}

TEST(Dispatch, AChannelThatTakesNoMailAtAllDoesNotWork) {
  Office office;
  auto& mails = office.add_mails();
  mails.refuse_all = ErrorKind::rejected;
  office.add_user(first_account, "ann", "ann@example.com");
  EXPECT_THAT(office.deliver().failing_channels, IsEmpty()) << "that may be the address";

  Office strange;
  strange.add_mails().refuse_all = ErrorKind::bad_reply;
  strange.add_user(first_account, "ann", "ann@example.com");
  EXPECT_THAT(strange.deliver().failing_channels, SizeIs(1)) << "nonsense is no address's matter";

  Office two;
  auto& refusing = two.add_mails();
  refusing.refuse_all = ErrorKind::rejected;
  two.add_user(first_account, "ann", "ann@example.com");
  two.add_user(first_account, "bob", "bob@example.com");
  EXPECT_THAT(two.deliver().failing_channels,
              ElementsAre(HasSubstr("mail: it took no mail to any of 2 addresses: refused on purpose")));
}

TEST(Dispatch, ADigestThatNoAdministratorGetsIsAFailedDelivery) {
  Office office;
  office.add_mails().refuse["admin@example.com"] = ErrorKind::rejected;
  office.settings.administrators = {"admin@example.com"};
  office.add_user(first_account, "ann", "");
  EXPECT_THAT(office.deliver().failing_channels, ElementsAre("mail to admin@example.com: refused on purpose"));
}

TEST(Dispatch, AMailThatMayHaveGoneOutIsNotSentAnotherWay) {
  Office office;
  auto& first = office.add_mails("ses");
  auto& second = office.add_mails("smtp");
  first.refuse_all = ErrorKind::outcome_unknown;
  office.add_user(first_account, "ann", "ann@example.com");
  const auto dispatch = office.deliver();
  EXPECT_THAT(second.sent, IsEmpty());
  EXPECT_THAT(Office::fates(dispatch), ElementsAre("ann in vain")) << "it comes again with the next run";
}

TEST(Dispatch, EventsGoOutOnceWhileMailsAreTriedAgain) {
  Office office;
  office.add_mails().refuse_all = ErrorKind::throttled;
  auto& events = office.add_events();
  office.add_user(first_account, "bob", "bob@example.com");
  auto& ann = office.add_user(first_account, "ann", "ann@example.com");
  ann.record.put(policy::state_after(ann.notices.front(), nullptr, false, office.time.clock.now()));
  office.deliver();
  ASSERT_THAT(events.published, SizeIs(1));
  EXPECT_EQ(events.published.front().user.str(), "bob");
}

TEST(Dispatch, WithoutMailsTheCompanysChannelIsHowPeopleAreTold) {
  Office office;
  auto& events = office.add_events();
  office.add_user(first_account, "ann", "");
  EXPECT_THAT(Office::fates(office.deliver()), ElementsAre("ann accepted"));
  EXPECT_THAT(events.published, SizeIs(1));

  Office broken;
  broken.add_events().refuse = ErrorKind::access_denied;
  broken.add_user(first_account, "ann", "");
  const auto dispatch = broken.deliver();
  EXPECT_THAT(Office::fates(dispatch), ElementsAre("ann in vain"));
  EXPECT_THAT(dispatch.failing_channels, ElementsAre(HasSubstr("chat: ")));
}

TEST(Dispatch, AFailedActionIsACriticalEvent) {
  Office office;
  auto& events = office.add_events();
  office.add_user(first_account, "ann", "").notices.clear();
  rotation::ActionOutcome failure;
  failure.account = first_account;
  failure.user = UserName("ann");
  failure.key = AccessKeyId("AKIAEXAMPLEann");
  failure.action = policy::Action::rotate;
  failure.reason = rotation::RunReason::store_failed;
  failure.status = rotation::ActionStatus::failed;
  office.add_row(failure);
  office.deliver();
  ASSERT_THAT(events.published, SizeIs(1));
  EXPECT_EQ(events.published.front().kind, policy::NoticeKind::failed);
  EXPECT_EQ(events.published.front().severity, Severity::critical);
}

TEST(Dispatch, AdministratorsHearOnlyWhenThereIsSomethingToSay) {
  Office office;
  auto& mails = office.add_mails();
  office.settings.administrators = {"security@example.com"};
  rotation::AccountOutcome account;
  account.id = first_account;
  rotation::ActionOutcome held;
  held.account = first_account;
  held.user = UserName("ann");
  held.key = AccessKeyId("AKIAEXAMPLEann");
  held.action = policy::Action::hold;
  held.reason = policy::Reason::still_in_use;
  held.status = rotation::ActionStatus::held;
  account.actions.push_back(held);
  office.report.accounts.push_back(account);
  office.deliver();
  EXPECT_THAT(mails.sent, IsEmpty()) << "what is held day after day is no news";

  held.action = policy::Action::rotate;
  held.reason = policy::Reason::rotation_due;
  held.status = rotation::ActionStatus::done;
  office.add_row(held);
  office.deliver();
  ASSERT_THAT(mails.sent, SizeIs(1));
  EXPECT_THAT(mails.sent.front().subject, HasSubstr("1 key rotated; 1 key held"));
  EXPECT_THAT(mails.sent.front().text, HasSubstr("so it is not deactivated")) << "reasons are in words";
}

TEST(Dispatch, TheWeeklySummaryComesOnItsDayEvenWithoutNews) {
  Office office;
  auto& mails = office.add_mails();
  office.settings.administrators = {"security@example.com"};
  office.report.finished = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23};  // a Monday
  office.settings.weekly = std::chrono::Tuesday;
  office.deliver();
  EXPECT_THAT(mails.sent, IsEmpty());
  office.settings.weekly = std::chrono::Monday;
  office.deliver();
  EXPECT_THAT(mails.sent, SizeIs(1));
}

TEST(Dispatch, APlanTellsNobody) {
  Office office;
  auto& mails = office.add_mails();
  auto& events = office.add_events();
  office.report.mode = rotation::Mode::plan;
  office.add_user(first_account, "ann", "");
  office.add_user(first_account, "bob", "bob@example.com");
  const auto templates = Templates::with({});
  OwnerResolver owners(office.settings.owner, office.contacts);
  Dispatcher dispatcher(
      {office.settings, office.rotation, *templates, office.channels, owners, office.time.clock, {}, "aws"});
  office.time.run(dispatcher.find_owners(office.report));
  EXPECT_THAT(mails.sent, IsEmpty());
  EXPECT_THAT(events.published, IsEmpty());
  EXPECT_THAT(office.findings(), ElementsAre("ann unowned"));
}

}  // namespace
}  // namespace rekeyer::notify
