// The world's finders and its key index.
#include "sandbox/world/world.hpp"

#include <gtest/gtest.h>

namespace rekeyer::sandbox {
namespace {

const AccountId home("111111111111");
const AccountId away("222222222222");
const Region region("eu-central-1");

void add_user(World& world, const std::string& name) {
  world.account(home).iam.users[folded(name)].name = UserName(name);
}

World with_user(const std::string& name) {
  World world;
  add_user(world, name);
  return world;
}

AccessKey key_of(const std::string& id) {
  AccessKey key;
  key.id = AccessKeyId(id);
  return key;
}

StoredSecret& put_secret(World& world, const std::string& name, const std::string& end) {
  StoredSecret& secret = world.account(home).vaults[region].secrets[name];
  secret.name = name;
  secret.arn = Arn("arn:aws:secretsmanager:eu-central-1:111111111111:secret:" + name + "-" + end);
  return secret;
}

TEST(World, FoldsAsciiOnly) { EXPECT_EQ(folded("Ann.SMITH@x-Ä"), "ann.smith@x-Ä"); }

TEST(World, MakesAnAccountOnceAndFindsItAfterwards) {
  World world;
  EXPECT_EQ(world.find_account(home), nullptr);
  EXPECT_EQ(world.account(home).id, home);
  EXPECT_EQ(world.find_account(home), &world.account(home));
  EXPECT_EQ(world.accounts.size(), 1u);
}

TEST(World, FindsAUserWhateverTheCase) {
  World world = with_user("Ann");
  ASSERT_NE(world.find_user(home, UserName("aNN")), nullptr);
  EXPECT_EQ(world.find_user(home, UserName("aNN"))->name, UserName("Ann"));
  EXPECT_EQ(world.find_user(away, UserName("Ann")), nullptr);
}

TEST(World, FindsAKeyUntilItIsRemoved) {
  World world = with_user("Ann");
  world.add_key(home, UserName("ann"), key_of("AKIA1"));
  world.add_key(home, UserName("Ann"), key_of("AKIA2"));
  world.add_key(home, UserName("Ann"), key_of("AKIA3"));
  const auto place = world.find_key(AccessKeyId("AKIA2"));
  ASSERT_NE(place.key, nullptr);
  EXPECT_EQ(place.account->id, home);
  EXPECT_EQ(place.user->name, UserName("Ann"));
  EXPECT_EQ(place.key->id, AccessKeyId("AKIA2"));
  EXPECT_TRUE(world.remove_key(home, UserName("ANN"), AccessKeyId("AKIA2")));
  EXPECT_EQ(world.find_key(AccessKeyId("AKIA2")).key, nullptr);
  EXPECT_FALSE(world.remove_key(home, UserName("Ann"), AccessKeyId("AKIA2")));
  EXPECT_NE(world.find_key(AccessKeyId("AKIA3")).key, nullptr);
}

TEST(World, DoesNotRemoveAnotherUsersKey) {
  World world = with_user("ann");
  add_user(world, "bob");
  world.add_key(home, UserName("ann"), key_of("AKIA1"));
  EXPECT_FALSE(world.remove_key(home, UserName("bob"), AccessKeyId("AKIA1")));
  EXPECT_NE(world.find_key(AccessKeyId("AKIA1")).key, nullptr);
}

TEST(World, RemovesAKeyThatIsNamedByItsOwnId) {
  World world = with_user("ann");
  world.add_key(home, UserName("ann"), key_of("AKIA1"));
  world.add_key(home, UserName("ann"), key_of("AKIA2"));
  const auto& first = world.find_user(home, UserName("ann"))->keys.front();
  EXPECT_TRUE(world.remove_key(home, UserName("ann"), first.id));
  EXPECT_EQ(world.find_key(AccessKeyId("AKIA1")).key, nullptr);
  EXPECT_NE(world.find_key(AccessKeyId("AKIA2")).key, nullptr);
}

TEST(World, ARenamedUserKeepsKeysSessionsAndMemberships) {
  World world = with_user("Ann");
  auto& user = *world.find_user(home, UserName("ann"));
  user.id = "AIDAANN";
  world.add_key(home, UserName("ann"), key_of("AKIA1"));
  world.account(home).iam.groups["ops"].members = {UserName("Ann")};
  world.sessions["ASIA1"].owner_id = "AIDAANN";
  for (const auto* name : {"ANN", "Ben"}) {
    world.rename_user(home, user.name, UserName(name));
    EXPECT_EQ(world.find_user(home, UserName(name)), &user);
    EXPECT_EQ(user.name, UserName(name));
    EXPECT_EQ(world.find_key(AccessKeyId("AKIA1")).user, &user);
    EXPECT_EQ(world.account(home).iam.groups["ops"].members.front(), UserName(name));
    EXPECT_EQ(world.sessions["ASIA1"].user, UserName(name));
  }
  EXPECT_EQ(world.find_user(home, UserName("ann")), nullptr);
  EXPECT_THROW(world.rename_user(home, UserName("ann"), UserName("x")), std::logic_error);
  add_user(world, "ann");
  EXPECT_THROW(world.rename_user(home, UserName("ann"), UserName("BEN")), std::logic_error);
}

TEST(World, RemovesAUserWithItsKeysAndMemberships) {
  World world = with_user("Ann");
  world.add_key(home, UserName("Ann"), key_of("AKIA1"));
  Group& group = world.account(home).iam.groups["g"];
  group.members = {UserName("bob"), UserName("Ann")};
  EXPECT_TRUE(world.remove_user(home, UserName("ann")));
  EXPECT_EQ(world.find_user(home, UserName("Ann")), nullptr);
  EXPECT_EQ(world.find_key(AccessKeyId("AKIA1")).key, nullptr);
  EXPECT_EQ(group.members, std::vector<UserName>{UserName("bob")});
  EXPECT_FALSE(world.remove_user(home, UserName("Ann")));
}

TEST(World, AWorldThatMovedStillFindsItsKeys) {
  World world = with_user("ann");
  world.add_key(home, UserName("ann"), key_of("AKIA1"));
  World moved = std::move(world);
  EXPECT_NE(moved.find_key(AccessKeyId("AKIA1")).key, nullptr);
}

TEST(World, FindsASecretByNameInItsOwnAccountAndRegionOnly) {
  World world;
  StoredSecret& secret = put_secret(world, "team/ann", "AbCdEf");
  EXPECT_EQ(world.find_secret(home, region, "team/ann"), &secret);
  EXPECT_EQ(world.find_secret(home, region, "Team/ann"), nullptr);
  EXPECT_EQ(world.find_secret(home, Region("us-east-1"), "team/ann"), nullptr);
  EXPECT_EQ(world.find_secret(away, region, "team/ann"), nullptr);
}

TEST(World, FindsASecretByWholeAndByPartialArnFromAnywhere) {
  World world;
  StoredSecret& secret = put_secret(world, "team/ann", "AbCdEf");
  const std::string start = "arn:aws:secretsmanager:eu-central-1:111111111111:secret:team/ann";
  const Region other("us-east-1");
  EXPECT_EQ(world.find_secret(away, other, start + "-AbCdEf"), &secret);
  EXPECT_EQ(world.find_secret(away, other, start), &secret);
  EXPECT_EQ(world.find_secret(away, other, start + "-AbCdEg"), nullptr);
  EXPECT_EQ(world.find_secret(away, other, start.substr(0, start.size() - 1)), nullptr);
  EXPECT_EQ(world.find_secret(away, other, "arn:aws-cn:secretsmanager:eu-central-1:111111111111:secret:team/ann"),
            nullptr);
  EXPECT_EQ(world.find_secret(away, other, "arn:aws:secretsmanager:eu-central-1:111111111111"), nullptr);
}

TEST(World, AWholeArnWinsOverANameThatLooksLikeOne) {
  World world;
  StoredSecret& plain = put_secret(world, "a", "bcdefg");
  StoredSecret& lookalike = put_secret(world, "a-bcdefg", "XXXXXX");
  EXPECT_EQ(world.find_secret(home, region, plain.arn.str()), &plain);
  EXPECT_EQ(world.find_secret(home, region, lookalike.arn.str()), &lookalike);
}

TEST(World, ArnsCarryPartitionAndPath) {
  World world;
  world.partition = "aws-cn";
  User user;
  user.name = UserName("ann");
  user.path = "/team/";
  Role role;
  role.name = RoleName("r");
  Group group;
  group.name = GroupName("g");
  EXPECT_EQ(world.user_arn(home, user), Arn("arn:aws-cn:iam::111111111111:user/team/ann"));
  EXPECT_EQ(world.role_arn(home, role), Arn("arn:aws-cn:iam::111111111111:role/r"));
  EXPECT_EQ(world.group_arn(home, group), Arn("arn:aws-cn:iam::111111111111:group/g"));
}

}  // namespace
}  // namespace rekeyer::sandbox
