#include "probe/thing.hpp"

#include <gtest/gtest.h>

namespace rekeyer::probe {
namespace {

TEST(ThingName, TellsItsRun) {
  const RunId run("0123456789abcdef");
  EXPECT_EQ(name_of(run, "ann"), "rekeyer-probe-0123456789abcdef-ann");
  EXPECT_EQ(run_in_name(name_of(run, "ann")), run);
}

TEST(ThingName, OfOthersTellsNoRun) {
  for (const auto* const name : {"", "ann", "rekeyer-probe-", "rekeyer-probe-ann", "rekeyer-probe-0123456789abcdef",
                                 "rekeyer-probe-0123456789abcdef-", "rekeyer-probe-0123456789ABCDEF-ann",
                                 "rekeyer-probe-0123456789abcde-ann", "my-rekeyer-probe-0123456789abcdef-ann"}) {
    EXPECT_FALSE(run_in_name(name)) << name;
  }
}

TEST(ThingTag, IsItsOwnRuns) {
  const RunId run("0123456789abcdef");
  EXPECT_TRUE(tagged_by(run, tags_of(run)));
  EXPECT_FALSE(tagged_by(run, tags_of(RunId("fedcba9876543210"))));
  EXPECT_FALSE(tagged_by(run, {}));
}

}  // namespace
}  // namespace rekeyer::probe
