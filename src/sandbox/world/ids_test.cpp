#include "sandbox/world/ids.hpp"

#include <gtest/gtest.h>

namespace rekeyer::sandbox {
namespace {

TEST(Ids, AUsersKeysAreTheSameWhateverIsDrawnForOthersMeanwhile) {
  Ids quiet(7);
  Ids busy(7);
  const auto first = quiet.access_key_of("AIDAANN");
  busy.session_token();
  busy.access_key_of("AIDABOB");
  EXPECT_EQ(busy.access_key_of("AIDAANN"), first);
  busy.access_key_of("AIDABOB");
  EXPECT_EQ(busy.access_key_of("AIDAANN"), quiet.access_key_of("AIDAANN"));
}

TEST(Ids, NoTwoOfAUsersKeysAndNoTwoUsersAreAlike) {
  Ids ids(7);
  const auto first = ids.access_key_of("AIDAANN");
  EXPECT_NE(ids.access_key_of("AIDAANN"), first);
  EXPECT_NE(ids.access_key_of("AIDABOB"), first);
  EXPECT_NE(Ids(8).access_key_of("AIDAANN"), first);
}

}  // namespace
}  // namespace rekeyer::sandbox
