// Which file is read, and what is said where it can't be.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "config/config.hpp"

namespace rekeyer::config {
namespace {

class ConfigSearch : public testing::Test {
 protected:
  ConfigSearch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rekeyer-config-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    surroundings_.variable = [this](std::string_view name) -> std::optional<std::string> {
      const auto found = variables_.find(std::string(name));
      if (found == variables_.end()) return std::nullopt;
      return found->second;
    };
    surroundings_.working_folder = folder_ / "here";
    surroundings_.system_file = folder_ / "etc" / "rekeyer.toml";
  }
  ~ConfigSearch() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::filesystem::path& name, std::string_view text = "") {
    const auto path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path;
  }
  std::string found(const std::optional<std::filesystem::path>& path = std::nullopt) {
    const auto settings = load(path, surroundings_);
    return settings ? settings->rotation.file : "failed: " + settings.error().message;
  }

  std::filesystem::path folder_;
  std::map<std::string, std::string> variables_;
  Surroundings surroundings_;
};

TEST_F(ConfigSearch, WithoutAnyFileDefaultsHold) { EXPECT_EQ(found(), ""); }

TEST_F(ConfigSearch, TheFirstPlaceWins) {
  const auto system = write("etc/rekeyer.toml");
  EXPECT_EQ(found(), system.string());
  const auto home = write("home/.config/rekeyer/rekeyer.toml");
  variables_["HOME"] = (folder_ / "home").string();
  EXPECT_EQ(found(), home.string());
  const auto xdg = write("xdg/rekeyer/rekeyer.toml");
  variables_["XDG_CONFIG_HOME"] = (folder_ / "xdg").string();
  EXPECT_EQ(found(), xdg.string());
  const auto here = write("here/rekeyer.toml");
  EXPECT_EQ(found(), here.string());
  const auto named = write("named.toml");
  variables_["REKEYER_CONFIG"] = named.string();
  EXPECT_EQ(found(), named.string());
  const auto given = write("given.toml");
  EXPECT_EQ(found(given), given.string());
}

TEST_F(ConfigSearch, AnEmptyVariableIsNone) {
  variables_["REKEYER_CONFIG"] = "";
  variables_["XDG_CONFIG_HOME"] = "";
  EXPECT_EQ(found(), "");
}

TEST_F(ConfigSearch, ANamedFileThatIsMissingIsNotReplacedByAnother) {
  write("here/rekeyer.toml");
  EXPECT_NE(found(folder_ / "absent.toml").find("absent.toml: there is no such file"), std::string::npos);
  variables_["REKEYER_CONFIG"] = (folder_ / "gone.toml").string();
  EXPECT_NE(found().find("gone.toml: there is no such file"), std::string::npos);
}

TEST_F(ConfigSearch, AFileThatIsThereAndCantBeReadIsNotSkipped) {
  std::filesystem::create_directories(folder_ / "here" / "rekeyer.toml");
  EXPECT_NE(found().find("it is a folder"), std::string::npos);
}

TEST_F(ConfigSearch, ALinkToNothingIsNotSkipped) {
  write("etc/rekeyer.toml");
  std::filesystem::create_directories(folder_ / "here");
  std::filesystem::create_symlink(folder_ / "gone.toml", folder_ / "here" / "rekeyer.toml");
  EXPECT_NE(found().find("a link to a file that is not there"), std::string::npos) << found();
}

TEST_F(ConfigSearch, APipeThatLiesAboutIsNotWaitedFor) {
  std::filesystem::create_directories(folder_ / "here");
  ASSERT_EQ(mkfifo((folder_ / "here" / "rekeyer.toml").c_str(), S_IRUSR | S_IWUSR), 0);
  EXPECT_NE(found().find("it is no file"), std::string::npos) << found();
}

TEST_F(ConfigSearch, APipeOfAnotherUserIsRefusedEvenWhereItIsNamed) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const auto pipe = folder_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), S_IRUSR | S_IWUSR), 0);
  ASSERT_EQ(chown(pipe.c_str(), 4711, 4711), 0);
  EXPECT_NE(found(pipe).find("uid 4711"), std::string::npos) << found(pipe);
}

TEST_F(ConfigSearch, AFileInAFolderThatOthersMayWriteIsRefusedWhereItWasFoundByChance) {
  using std::filesystem::perms;
  const auto here = write("here/rekeyer.toml");
  for (const auto writable : {perms::others_write, perms::group_write}) {
    std::filesystem::permissions(here.parent_path(), perms::owner_all | writable);
    EXPECT_NE(found().find("others may write the folder that it was found in"), std::string::npos) << found();
    EXPECT_EQ(found(here), here.string()) << "whoever names it has chosen it";
  }
  std::filesystem::permissions(here.parent_path(), perms::all | perms::sticky_bit);
  EXPECT_EQ(found(), here.string()) << "as in /tmp, nobody but its owner moves it";
}

TEST_F(ConfigSearch, AFileInAnotherUsersFolderIsRefusedWhereItWasFoundByChance) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  const auto here = write("here/rekeyer.toml");
  ASSERT_EQ(chown(here.parent_path().c_str(), 4711, 4711), 0);
  EXPECT_NE(found().find("the folder that it was found in belongs to another user (uid 4711)"), std::string::npos);
}

TEST_F(ConfigSearch, AFileThatOthersMayWriteIsRefused) {
  using std::filesystem::perms;
  const auto here = write("here/rekeyer.toml");
  for (const auto writable : {perms::others_write, perms::group_write}) {
    std::filesystem::permissions(here, perms::owner_read | perms::owner_write | writable);
    EXPECT_NE(found().find("chmod go-w " + here.string()), std::string::npos) << found();
    EXPECT_NE(found(here).find("others may write it"), std::string::npos) << "also where it is named";
  }
  std::filesystem::permissions(here, perms::owner_read | perms::owner_write | perms::group_read | perms::others_read);
  EXPECT_EQ(found(), here.string());
}

TEST_F(ConfigSearch, AFileOfAnotherUserIsRefusedAndSoIsAnothersLinkToOnesOwn) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  constexpr uid_t somebody = 4711;
  const auto here = write("here/rekeyer.toml");
  ASSERT_EQ(chown(here.c_str(), somebody, somebody), 0);
  EXPECT_NE(found().find("uid 4711"), std::string::npos) << found();
  const auto mine = write("mine.toml");
  const auto link = folder_ / "link.toml";
  std::filesystem::create_symlink(mine, link);
  EXPECT_EQ(found(link), link.string());
  ASSERT_EQ(lchown(link.c_str(), somebody, somebody), 0);
  EXPECT_NE(found(link).find("uid 4711"), std::string::npos) << found(link);
}

TEST_F(ConfigSearch, WhatAPlatformHasUnpackedIsNotAskedForItsOwner) {
  const auto here = write("here/rekeyer.toml");
  std::filesystem::permissions(here, std::filesystem::perms::all);
  surroundings_.file_may_be_anybodys = true;
  EXPECT_EQ(found(), here.string());
}

TEST_F(ConfigSearch, AHugeFileIsRefused) {
  const auto path = write("huge.toml", std::string(1024 * 1024 + 1, '\n'));
  EXPECT_NE(found(path).find("larger than 1 MiB"), std::string::npos);
}

TEST_F(ConfigSearch, EveryProblemIsALineOfTheMessage) {
  const auto path = write("bad.toml", "[policy]\nin_use = 1\n[store]\ngrant = 2\n");
  const auto settings = load(path, surroundings_);
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().kind, ErrorKind::usage);
  EXPECT_EQ(settings.error().message,
            path.string() + ":2:10: `policy.in_use` must be a string, not an integer; write \"1d\" for days\n" +
                path.string() + ":4:9: `store.grant` must be a string, not an integer");
}

}  // namespace
}  // namespace rekeyer::config
