#include "probe/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace rekeyer::probe {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

const Instant noon = *parse_iso8601("2026-12-01T12:00:00Z");

Thing user_called(std::string_view suffix) {
  const RunId run("0123456789abcdef");
  return {Kind::user, AccountId("111111111111"), Region("eu-west-1"), run, name_of(run, suffix)};
}

class JournalTest : public testing::Test {
 protected:
  JournalTest() {
    std::string name = testing::TempDir() + "journal-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~JournalTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path file() const { return folder_ / "deep" / "a.journal"; }
  std::string text() const {
    std::ifstream in(file());
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
  }
  void write(std::string_view text) const {
    std::filesystem::create_directories(file().parent_path());
    std::ofstream(file()) << text;
  }

  std::filesystem::path folder_;
};

TEST_F(JournalTest, IsOnDiskBeforeAnythingIsMadeAndReadableByNobodyElse) {
  auto journal = Journal::open(file());
  ASSERT_TRUE(journal) << journal.error().message;
  ASSERT_TRUE(journal->about_to_make(user_called("ann"), noon));
  EXPECT_EQ(
      text(),
      "make 2026-12-01T12:00:00Z user 111111111111 eu-west-1 0123456789abcdef rekeyer-probe-0123456789abcdef-ann\n");
  struct stat about{};
  ASSERT_EQ(::stat(file().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(JournalTest, KnowsAfterwardsWhatIsLeft) {
  {
    auto journal = Journal::open(file());
    ASSERT_TRUE(journal);
    for (const auto* const name : {"ann", "bob", "cid"}) ASSERT_TRUE(journal->about_to_make(user_called(name), noon));
    ASSERT_TRUE(journal->gone(user_called("bob")));
  }
  auto again = Journal::open(file());
  ASSERT_TRUE(again);
  EXPECT_THAT(again->left(),
              ElementsAre(Field(&Entry::thing, user_called("ann")), Field(&Entry::thing, user_called("cid"))));
  EXPECT_EQ(again->left().front().since, noon);
}

TEST_F(JournalTest, GoesWhenNothingIsLeft) {
  auto journal = Journal::open(file());
  ASSERT_TRUE(journal);
  ASSERT_TRUE(journal->about_to_make(user_called("ann"), noon));
  EXPECT_FALSE(journal->close_if_empty());
  ASSERT_TRUE(journal->gone(user_called("ann")));
  EXPECT_TRUE(journal->close_if_empty());
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(JournalTest, ALineThatWasCutShortIsNoThingAndSpoilsNothing) {
  {
    auto journal = Journal::open(file());
    ASSERT_TRUE(journal);
    ASSERT_TRUE(journal->about_to_make(user_called("ann"), noon));
  }
  write(text() + "make 2026-12-01T12:00:00Z user 1111");
  auto journal = Journal::open(file());
  ASSERT_TRUE(journal);
  ASSERT_TRUE(journal->about_to_make(user_called("bob"), noon));
  EXPECT_EQ(entries_left(text())->size(), 2U);
}

TEST_F(JournalTest, AnotherFileIsNoJournalAndStaysAsItIs) {
  write("[accounts]\n");
  const auto journal = Journal::open(file());
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().kind, ErrorKind::usage);
  EXPECT_EQ(text(), "[accounts]\n");
}

TEST_F(JournalTest, IsNotWrittenThroughALink) {
  write("");
  const auto link = folder_ / "link.journal";
  std::filesystem::create_symlink(file(), link);
  EXPECT_FALSE(Journal::open(link));
  EXPECT_FALSE(Journal::open(folder_)) << "a folder";
}

TEST(JournalText, NamesNothingThatIsNoProbes) {
  constexpr std::string_view beginning = "make 2026-12-01T12:00:00Z user 111111111111 eu-west-1 0123456789abcdef ";
  for (const auto* const name : {"ann", "rekeyer-probe-ann", "rekeyer-probe-fedcba9876543210-ann", ""}) {
    EXPECT_FALSE(entries_left(fmt::format("{}{}\n", beginning, name))) << name;
  }
  EXPECT_FALSE(
      entries_left("make now user 111111111111 eu-west-1 0123456789abcdef rekeyer-probe-0123456789abcdef-x\n"));
  EXPECT_THAT(*entries_left(""), IsEmpty());
}

TEST(JournalFolder, IsTheUsersOwn) {
  EXPECT_EQ(*journal_folder("/state", "/home-of-ann"), "/state/rekeyer/probe");
  EXPECT_EQ(*journal_folder("", "/home-of-ann"), "/home-of-ann/.local/state/rekeyer/probe");
  EXPECT_EQ(*journal_folder("relative", "/home-of-ann"), "/home-of-ann/.local/state/rekeyer/probe");
  EXPECT_THAT(journal_folder("", "").error().message, HasSubstr("--journal"));
}

}  // namespace
}  // namespace rekeyer::probe
