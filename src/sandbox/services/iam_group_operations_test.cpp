// IAM's groups, called directly.
#include "sandbox/services/iam_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

class IamGroupOperations : public IamFixture {};

TEST_F(IamGroupOperations, CreatesListsAndDeletes) {
  const auto group = done("CreateGroup", R"({"GroupName":"Exempt"})").at("Group");
  EXPECT_EQ(group.at("Arn").as_string(), "arn:aws:iam::111111111111:group/Exempt");
  EXPECT_TRUE(
      refusal("CreateGroup", R"({"GroupName":"EXEMPT"})").starts_with("409 EntityAlreadyExists: Group with name"));
  EXPECT_EQ(each(done("ListGroups").at("Groups"), "GroupName"), "Exempt");
  done("DeleteGroup", R"({"GroupName":"exempt"})");
  EXPECT_EQ(refusal("GetGroup", R"({"GroupName":"exempt"})"),
            "404 NoSuchEntity: The group with name exempt cannot be found.");
}

TEST_F(IamGroupOperations, MembersComeInPages) {
  Group& group = add_group("g");
  for (int i = 0; i < 120; ++i) group.members.push_back(add_user("u" + std::to_string(i)).name);
  behaviour.iam_page = 50;
  std::string input = R"({"GroupName":"g"})";
  std::size_t seen = 0;
  for (int page = 0; page < 3; ++page) {
    const auto reply = done("GetGroup", input);
    seen += reply.at("Users").as_array().size();
    EXPECT_EQ(reply.at("IsTruncated").as_bool(), page < 2);
    if (page < 2) input = R"({"GroupName":"g","Marker":")" + std::string(reply.at("Marker").as_string()) + R"("})";
  }
  EXPECT_EQ(seen, 120u);
}

TEST_F(IamGroupOperations, AMarkerWhoseMemberLeftSkipsNobody) {
  for (const char* name : {"a", "b", "c"}) add_user(name);
  add_group("g", {UserName("a"), UserName("b"), UserName("c")});
  const auto first = done("GetGroup", R"({"GroupName":"g","MaxItems":"2"})");
  done("RemoveUserFromGroup", R"({"GroupName":"g","UserName":"b"})");
  const auto rest =
      done("GetGroup", R"({"GroupName":"g","Marker":")" + std::string(first.at("Marker").as_string()) + R"("})");
  EXPECT_EQ(each(rest.at("Users"), "UserName"), "a c");
}

TEST_F(IamGroupOperations, AddingIsIdempotentAndATenthIsTheLast) {
  add_user("ann");
  for (int i = 0; i < 11; ++i) add_group("g" + std::to_string(i));
  for (int i = 0; i < 10; ++i) {
    const std::string input = R"({"UserName":"ANN","GroupName":"g)" + std::to_string(i) + R"("})";
    done("AddUserToGroup", input);
    done("AddUserToGroup", input);
  }
  EXPECT_EQ(refusal("AddUserToGroup", R"({"UserName":"ann","GroupName":"g10"})"),
            "409 LimitExceeded: Cannot exceed quota for GroupsPerUser: 10");
  EXPECT_EQ(world.account(home).iam.groups["g3"].members, std::vector<UserName>{UserName("ann")});
  EXPECT_TRUE(refusal("DeleteGroup", R"({"GroupName":"g3"})").starts_with("409 DeleteConflict"));
}

}  // namespace
}  // namespace rekeyer::sandbox
