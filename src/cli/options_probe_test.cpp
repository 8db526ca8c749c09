#include "cli/options_probe.hpp"

#include <gmock/gmock.h>

#include "cli/options.hpp"
#include "cli/options_fixture.hpp"

namespace rekeyer::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const fixture::Lines& probe_line() {
  static const fixture::Lines lines("probe");
  return lines;
}

TEST(ProbeOptions, TriesEverythingAndAsks) {
  const auto options = probe_line().good({});
  EXPECT_EQ(options.command, Command::probe);
  EXPECT_TRUE(options.probe.only.empty());
  EXPECT_FALSE(options.probe.quick || options.probe.clean || options.probe.list || options.yes);
  EXPECT_EQ(options.probe.patience, std::chrono::minutes{10});
}

TEST(ProbeOptions, AreNarrowed) {
  const auto options = probe_line().good({"--only", "iam", "--only", "*tag*", "--quick", "--yes", "--patience", "90s",
                                          "--journal", "j", "--format", "json"});
  EXPECT_THAT(options.probe.only, ElementsAre("iam", "*tag*"));
  EXPECT_TRUE(options.probe.quick && options.yes);
  EXPECT_EQ(options.probe.patience, std::chrono::seconds{90});
  EXPECT_EQ(options.probe.journal, "j");
  EXPECT_EQ(options.format, report::Format::json);
}

TEST(ProbeOptions, CleaningTriesNothing) {
  EXPECT_TRUE(probe_line().good({"--clean", "--journal", "j"}).probe.clean);
  probe_line().complaint({"--clean", "--only", "iam"});
  probe_line().complaint({"--clean", "--quick"});
  probe_line().complaint({"--clean", "--list"});
  EXPECT_THAT(probe_line().complaint({"--patience", "soon"}), HasSubstr("90s or 5m"));
  probe_line().complaint({"--format", "csv"});
}

}  // namespace
}  // namespace rekeyer::cli
