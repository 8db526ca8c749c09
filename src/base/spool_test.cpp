// Text put aside.
#include "base/spool.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace rekeyer {
namespace {

class SpoolTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const char* before = std::getenv("TMPDIR")) before_ = before;
    folder_ = std::filesystem::temp_directory_path() / ("spool-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder_);
    ::setenv("TMPDIR", folder_.c_str(), 1);
  }
  void TearDown() override {
    before_.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", before_.c_str(), 1);
    std::filesystem::remove_all(folder_);
  }

  std::string before_;
  std::filesystem::path folder_;
};

TEST_F(SpoolTest, GivesBackEachTextWhateverTheOrder) {
  Spool spool;
  const auto first = spool.put("one");
  const auto empty = spool.put("");
  const auto big = spool.put(std::string(3'000'000, 'x'));
  const auto last = spool.put("ende");
  ASSERT_TRUE(first && empty && big && last);
  EXPECT_EQ(spool.get(*last), "ende");
  EXPECT_EQ(spool.get(*big), std::string(3'000'000, 'x'));
  EXPECT_EQ(spool.get(*first), "one");
  EXPECT_EQ(spool.get(*empty), "");
}

TEST_F(SpoolTest, LeavesNoNameInTheFolder) {
  Spool spool;
  ASSERT_TRUE(spool.put("one"));
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(SpoolTest, FolderThatIsNotThereIsNamed) {
  ::setenv("TMPDIR", (folder_ / "gone").c_str(), 1);
  Spool spool;
  const auto place = spool.put("one");
  ASSERT_FALSE(place);
  EXPECT_NE(place.error().message.find("gone"), std::string::npos) << place.error().message;
}

TEST_F(SpoolTest, PlaceThatWasNeverWrittenFails) {
  Spool spool;
  ASSERT_TRUE(spool.put("one"));
  EXPECT_FALSE(spool.get({100, 5}));
  EXPECT_FALSE(Spool().get({0, 5}));
}

}  // namespace
}  // namespace rekeyer
