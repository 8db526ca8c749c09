// IAM's users, called directly.
#include "sandbox/services/iam_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

class IamUserOperations : public IamFixture {};

TEST_F(IamUserOperations, ListsUsersInPagesWithoutTags) {
  for (const char* name : {"Bob", "ann", "Zoe", "carl"}) add_user(name).tags["Owner"] = "x";
  const auto first = done("ListUsers", R"({"MaxItems":"3"})");
  EXPECT_EQ(each(first.at("Users"), "UserName"), "ann Bob carl");
  EXPECT_FALSE(first.at("Users").at(0).as_object().contains("Tags"));
  EXPECT_EQ(first.at("Users").at(0).at("Arn").as_string(), "arn:aws:iam::111111111111:user/ann");
  ASSERT_TRUE(first.at("IsTruncated").as_bool());
  const std::string marker(first.at("Marker").as_string());
  EXPECT_NE(marker.find('+'), std::string::npos) << "a client that does not encode it must be found out";
  const auto rest = done("ListUsers", R"({"Marker":")" + marker + R"("})");
  EXPECT_EQ(each(rest.at("Users"), "UserName"), "Zoe");
  EXPECT_FALSE(rest.at("IsTruncated").as_bool());
}

TEST_F(IamUserOperations, PagesLeaveNobodyOutWhenUsersComeAndGo) {
  for (const char* name : {"a", "b", "c", "d"}) add_user(name);
  const auto first = done("ListUsers", R"({"MaxItems":"2"})");
  world.remove_user(home, UserName("a"));
  world.remove_user(home, UserName("b"));
  const auto rest = done("ListUsers", R"({"Marker":")" + std::string(first.at("Marker").as_string()) + R"("})");
  EXPECT_EQ(each(rest.at("Users"), "UserName"), "c d");
}

TEST_F(IamUserOperations, PageSizesHaveLimitsAndTruthsMakeThemSmaller) {
  for (int i = 0; i < 130; ++i) add_user("u" + std::to_string(i));
  EXPECT_EQ(done("ListUsers").at("Users").as_array().size(), 100u);
  EXPECT_EQ(done("ListUsers", R"({"MaxItems":"1000"})").at("Users").as_array().size(), 130u);
  behaviour.iam_page = 7;
  EXPECT_EQ(done("ListUsers", R"({"MaxItems":"1000"})").at("Users").as_array().size(), 7u);
  for (const char* wrong : {R"({"MaxItems":"0"})", R"({"MaxItems":"1001"})", R"({"MaxItems":"x"})"}) {
    EXPECT_TRUE(refusal("ListUsers", wrong).starts_with("400 ValidationError")) << wrong;
  }
  EXPECT_EQ(refusal("ListUsers", R"({"Marker":"made-up"})"), "400 ValidationError: Invalid Marker.");
}

TEST_F(IamUserOperations, PathPrefixChooses) {
  add_user("ann", "/team/");
  add_user("bob");
  EXPECT_EQ(each(done("ListUsers", R"({"PathPrefix":"/team/"})").at("Users"), "UserName"), "ann");
}

TEST_F(IamUserOperations, CreatesAUserOnceWhateverTheCase) {
  const auto user =
      done("CreateUser", R"({"UserName":"Ann","Path":"/team/","Tags":[{"Key":"Owner","Value":"a@b.example"}]})")
          .at("User");
  EXPECT_EQ(user.at("Arn").as_string(), "arn:aws:iam::111111111111:user/team/Ann");
  EXPECT_EQ(user.at("CreateDate").as_string(), "2026-01-02T03:04:05Z");
  EXPECT_TRUE(std::string_view(user.at("UserId").as_string()).starts_with("AIDA"));
  EXPECT_EQ(each(user.at("Tags"), "Key"), "Owner");
  EXPECT_EQ(refusal("CreateUser", R"({"UserName":"aNN"})"),
            "409 EntityAlreadyExists: User with name aNN already exists.");
  EXPECT_EQ(done("GetUser", R"({"UserName":"ann"})").at("User").at("UserName").as_string(), "Ann");
}

TEST_F(IamUserOperations, NamesPathsAndTagsHaveRules) {
  add_user("ann");
  const std::string long_name(65, 'x');
  for (const std::string& input :
       {std::string("{}"), std::string(R"({"UserName":""})"), std::string(R"({"UserName":"a b"})"),
        std::string(R"({"UserName":"a/b"})"), R"({"UserName":")" + long_name + R"("})",
        std::string(R"({"UserName":"x","Path":"team"})"), std::string(R"({"UserName":"x","Path":"/a b/"})")}) {
    EXPECT_TRUE(refusal("CreateUser", input).starts_with("400 ValidationError")) << input;
  }
  const auto tag = [&](const std::string& key, const std::string& value) {
    return refusal("TagUser", R"({"UserName":"ann","Tags":[{"Key":")" + key + R"(","Value":")" + value + R"("}]})");
  };
  EXPECT_EQ(tag("k", "a b_1.:/=+-@ é"), "done");
  EXPECT_EQ(tag("k", ""), "done");
  EXPECT_EQ(tag("k", std::string(256, 'x')), "done");
  EXPECT_TRUE(tag("k", std::string(257, 'x')).starts_with("400 ValidationError"));
  EXPECT_TRUE(tag("k", "a,b").starts_with("400 ValidationError"));
  EXPECT_TRUE(tag("", "x").starts_with("400 ValidationError"));
  EXPECT_TRUE(tag(std::string(129, 'x'), "x").starts_with("400 ValidationError"));
  EXPECT_TRUE(tag("AWS:x", "x").starts_with("400 InvalidInput"));
}

TEST_F(IamUserOperations, TagKeysAreComparedWhateverTheirCase) {
  add_user("ann");
  done("TagUser", R"({"UserName":"ann","Tags":[{"Key":"Owner","Value":"a"},{"Key":"Team","Value":"t"}]})");
  done("TagUser", R"({"UserName":"ann","Tags":[{"Key":"owner","Value":"b"}]})");
  const auto tags = done("ListUserTags", R"({"UserName":"ann"})").at("Tags");
  EXPECT_EQ(boost::json::serialize(tags), R"([{"Key":"Team","Value":"t"},{"Key":"owner","Value":"b"}])");
  EXPECT_TRUE(refusal("TagUser", R"({"UserName":"ann","Tags":[{"Key":"a","Value":"1"},{"Key":"A","Value":"2"}]})")
                  .starts_with("400 InvalidInput"));
  done("UntagUser", R"({"UserName":"ann","TagKeys":["OWNER","none"]})");
  EXPECT_EQ(each(done("ListUserTags", R"({"UserName":"ann"})").at("Tags"), "Key"), "Team");
}

TEST_F(IamUserOperations, MoreThanFiftyTagsAreRefusedAsAWhole) {
  User& user = add_user("ann");
  for (int i = 0; i < 49; ++i) user.tags["k" + std::to_string(i)] = "v";
  EXPECT_TRUE(refusal("TagUser", R"({"UserName":"ann","Tags":[{"Key":"x","Value":"1"},{"Key":"y","Value":"2"}]})")
                  .starts_with("409 LimitExceeded"));
  EXPECT_EQ(user.tags.size(), 49u);
}

TEST_F(IamUserOperations, DeletingNeedsAnEmptyUser) {
  User& user = add_user("ann");
  const std::string ann = R"({"UserName":"ann"})";
  const AccessKeyId key = add_key("ann").id;
  user.policies["p"] = "{}";
  user.attached.emplace_back("arn:aws:iam::aws:policy/ReadOnlyAccess");
  add_group("g", {UserName("Ann")});
  const std::string start = "409 DeleteConflict: Cannot delete entity, must ";
  EXPECT_EQ(refusal("DeleteUser", ann), start + "delete access keys first.");
  world.remove_key(home, UserName("ann"), key);
  EXPECT_EQ(refusal("DeleteUser", ann), start + "delete policies first.");
  user.policies.clear();
  EXPECT_EQ(refusal("DeleteUser", ann), start + "detach all policies first.");
  user.attached.clear();
  EXPECT_EQ(refusal("DeleteUser", ann), start + "remove users from group first.");
  done("RemoveUserFromGroup", R"({"UserName":"ann","GroupName":"G"})");
  done("DeleteUser", ann);
  EXPECT_EQ(refusal("GetUser", ann), "404 NoSuchEntity: The user with name ann cannot be found.");
}

TEST_F(IamUserOperations, RenamingKeepsKeysGroupsAndId) {
  const std::string id = add_user("ann").id;
  const AccessKeyId key = add_key("ann").id;
  add_group("g", {UserName("ann")});
  add_user("bob");
  EXPECT_TRUE(
      refusal("UpdateUser", R"({"UserName":"ann","NewUserName":"BOB"})").starts_with("409 EntityAlreadyExists"));
  done("UpdateUser", R"({"UserName":"ann","NewUserName":"Anna","NewPath":"/x/"})");
  const auto user = done("GetUser", R"({"UserName":"anna"})").at("User");
  EXPECT_EQ(user.at("UserId").as_string(), id);
  EXPECT_EQ(user.at("Arn").as_string(), "arn:aws:iam::111111111111:user/x/Anna");
  const auto place = world.find_key(key);
  ASSERT_NE(place.user, nullptr);
  EXPECT_EQ(place.user->name, UserName("Anna"));
  EXPECT_EQ(each(done("GetGroup", R"({"GroupName":"g"})").at("Users"), "UserName"), "Anna");
  EXPECT_EQ(world.find_user(home, UserName("ann")), nullptr);
  done("UpdateUser", R"({"UserName":"anna","NewUserName":"ANNA"})");
  EXPECT_EQ(world.find_key(key).user->name, UserName("ANNA"));
}

TEST_F(IamUserOperations, OnlyTheCaseOfANameAndThePathAloneCanChange) {
  const std::string id = add_user("ann").id;
  done("UpdateUser", R"({"UserName":"ann","NewUserName":"Ann"})");
  EXPECT_EQ(each(done("ListUsers").at("Users"), "UserName"), "Ann");
  done("UpdateUser", R"({"UserName":"ann","NewPath":"/team/"})");
  const auto user = done("GetUser", R"({"UserName":"ANN"})").at("User");
  EXPECT_EQ(user.at("Arn").as_string(), "arn:aws:iam::111111111111:user/team/Ann");
  EXPECT_EQ(user.at("UserId").as_string(), id);
}

TEST_F(IamUserOperations, TheIdIsTheSameEverywhereAndNeverAnotherUsers) {
  const auto created =
      done("CreateUser", R"({"UserName":"ann","Tags":[{"Key":"team","Value":"core"}]})").at("User").at("UserId");
  const auto user = done("GetUser", R"({"UserName":"ann"})").at("User");
  EXPECT_EQ(user.at("UserId"), created);
  EXPECT_EQ(each(user.at("Tags"), "Value"), "core");
  EXPECT_EQ(done("ListUsers").at("Users").at(0).at("UserId"), created);
  const auto details = done("GetAccountAuthorizationDetails", R"({"Filter":["User"]})").at("UserDetailList").at(0);
  EXPECT_EQ(details.at("UserId"), created);
  done("DeleteUser", R"({"UserName":"ann"})");
  EXPECT_NE(done("CreateUser", R"({"UserName":"ann"})").at("User").at("UserId"), created);
}

TEST_F(IamUserOperations, LastUseNamesTheUserAsItIsCalledNow) {
  add_user("ann");
  const std::string asked = R"({"AccessKeyId":")" + add_key("ann").id.str() + R"("})";
  EXPECT_EQ(done("GetAccessKeyLastUsed", asked).at("UserName").as_string(), "ann");
  done("UpdateUser", R"({"UserName":"ann","NewUserName":"anna"})");
  EXPECT_EQ(done("GetAccessKeyLastUsed", asked).at("UserName").as_string(), "anna");
}

TEST_F(IamUserOperations, ARenamedUsersSessionsStayItsOwn) {
  Session session;
  session.account = home;
  session.user = UserName("ann");
  session.owner_id = add_user("ann").id;
  Session strangers = session;
  strangers.user = UserName("bob");
  strangers.owner_id = add_user("bob").id;
  world.sessions = {{"ASIA1", session}, {"ASIA2", strangers}};
  done("UpdateUser", R"({"UserName":"ann","NewUserName":"anna"})");
  EXPECT_EQ(world.sessions.at("ASIA1").user, UserName("anna"));
  EXPECT_EQ(world.sessions.at("ASIA2").user, UserName("bob"));
}

TEST_F(IamUserOperations, GetUserWithoutANameIsTheCaller) {
  add_user("ann");
  EXPECT_TRUE(refusal("GetUser").starts_with("400 ValidationError: Must specify userName"));
  act_as_user("ann");
  EXPECT_EQ(done("GetUser").at("User").at("UserName").as_string(), "ann");
}

TEST_F(IamUserOperations, ListsTheGroupsOfAUser) {
  add_user("ann");
  add_group("Admins", {UserName("ann")});
  add_group("Others", {UserName("bob")});
  add_group("exempt", {UserName("ANN")});
  EXPECT_EQ(each(done("ListGroupsForUser", R"({"UserName":"Ann"})").at("Groups"), "GroupName"), "Admins exempt");
}

}  // namespace
}  // namespace rekeyer::sandbox
