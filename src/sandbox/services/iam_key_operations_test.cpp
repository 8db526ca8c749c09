// IAM's access key operations, called directly.
#include "sandbox/services/iam_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

using namespace std::chrono_literals;

class IamKeyOperations : public IamFixture {
 protected:
  std::string last_use(const AccessKey& key) {
    const auto reply = done("GetAccessKeyLastUsed", R"({"AccessKeyId":")" + key.id.str() + R"("})");
    return boost::json::serialize(reply.at("AccessKeyLastUsed"));
  }
  std::string events() const {
    std::string text;
    for (const KeyEvent& event : world.key_events) {
      text.append(event.what).append(" ").append(event.user.str()).append(" ").append(event.by).append("\n");
    }
    return text;
  }
};

TEST_F(IamKeyOperations, CreatesAKeyOfWholeSecondsWithItsSecret) {
  add_user("Ann");
  const auto key = done("CreateAccessKey", R"({"UserName":"ann"})").at("AccessKey");
  EXPECT_EQ(key.at("UserName").as_string(), "Ann");
  EXPECT_EQ(key.at("Status").as_string(), "Active");
  EXPECT_EQ(key.at("CreateDate").as_string(), "2026-01-02T03:04:05Z");
  const auto place = world.find_key(AccessKeyId(std::string(key.at("AccessKeyId").as_string())));
  ASSERT_NE(place.key, nullptr);
  EXPECT_EQ(place.key->secret, std::string(key.at("SecretAccessKey").as_string()));
  EXPECT_EQ(place.key->issued_by, caller.arn.str());
  ASSERT_EQ(world.key_events.size(), 1u);
  EXPECT_EQ(world.key_events[0].secret, place.key->secret);
  EXPECT_EQ(world.key_events[0].at, now);
  EXPECT_EQ(events(), "created Ann arn:aws:sts::111111111111:assumed-role/rekeyer-member/test\n");
}

TEST_F(IamKeyOperations, ThirdKeyIsRefusedAndInactiveKeysCount) {
  add_user("ann");
  add_key("ann");
  add_key("ann").active = false;
  EXPECT_EQ(refusal("CreateAccessKey", R"({"UserName":"ann"})"),
            "409 LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2");
  EXPECT_TRUE(world.key_events.empty());
}

TEST_F(IamKeyOperations, NewKeyNeedsTimeAsTheTruthsSay) {
  add_user("ann");
  behaviour.new_key_delay = 7s;
  behaviour.new_key_refusals = 3;
  done("CreateAccessKey", R"({"UserName":"ann"})");
  const AccessKey& key = world.find_user(home, UserName("ann"))->keys.at(0);
  EXPECT_EQ(key.usable_from, now + 7s);
  EXPECT_EQ(key.refusals_left, 3);
}

TEST_F(IamKeyOperations, WithoutANameAUserMeansItselfAndARoleIsRefused) {
  add_user("ann");
  add_key("ann");
  const std::string told = "400 ValidationError: Must specify userName when calling with non-User credentials";
  EXPECT_EQ(refusal("CreateAccessKey"), told);
  EXPECT_EQ(refusal("ListAccessKeys"), told);
  act_as_user("ann");
  EXPECT_EQ(done("ListAccessKeys").at("AccessKeyMetadata").as_array().size(), 1u);
  done("CreateAccessKey");
  EXPECT_EQ(world.find_user(home, UserName("ann"))->keys.size(), 2u);
}

TEST_F(IamKeyOperations, UnknownUserIsNoSuchEntity) {
  const std::string told = "404 NoSuchEntity: The user with name Bob cannot be found.";
  EXPECT_EQ(refusal("CreateAccessKey", R"({"UserName":"Bob"})"), told);
  EXPECT_EQ(refusal("ListAccessKeys", R"({"UserName":"Bob"})"), told);
}

TEST_F(IamKeyOperations, ListsKeysInOrderAndInPages) {
  add_user("ann");
  const std::string first = add_key("ann", 9h).id.str();
  const std::string second = add_key("ann", 5h).id.str();
  const auto all = done("ListAccessKeys", R"({"UserName":"ANN"})");
  EXPECT_EQ(each(all.at("AccessKeyMetadata"), "AccessKeyId"), first + " " + second);
  EXPECT_EQ(all.at("IsTruncated").as_bool(), false);
  EXPECT_FALSE(all.contains("UserName")) << "AWS's model of the reply has it in the items only";
  const auto page = done("ListAccessKeys", R"({"UserName":"ann","MaxItems":"1"})");
  EXPECT_EQ(each(page.at("AccessKeyMetadata"), "AccessKeyId"), first);
  const std::string marker(page.at("Marker").as_string());
  const auto rest = done("ListAccessKeys", R"({"UserName":"ann","Marker":")" + marker + R"("})");
  EXPECT_EQ(each(rest.at("AccessKeyMetadata"), "AccessKeyId"), second);
  EXPECT_FALSE(rest.contains("Marker"));
}

TEST_F(IamKeyOperations, ListLeavesOutKeysThatAreYoungerThanItsLag) {
  add_user("ann");
  add_key("ann", 1h);
  done("CreateAccessKey", R"({"UserName":"ann"})");
  behaviour.key_list_lag = 5s;
  const auto shown = [&] {
    return done("ListAccessKeys", R"({"UserName":"ann"})").at("AccessKeyMetadata").as_array().size();
  };
  EXPECT_EQ(shown(), 1u);
  now += 6s;
  EXPECT_EQ(shown(), 2u);
}

TEST_F(IamKeyOperations, StatusChangesAreNotedOnceAndSpreadSlowly) {
  add_user("ann");
  const AccessKey& key = add_key("ann");
  behaviour.status_delay = 30s;
  const std::string off = R"({"UserName":"ann","Status":"Inactive","AccessKeyId":")" + key.id.str() + R"("})";
  done("UpdateAccessKey", off);
  const Instant changed = now;
  now += 1min;
  done("UpdateAccessKey", off);
  EXPECT_FALSE(key.active);
  EXPECT_EQ(key.status_changed, changed);
  EXPECT_EQ(key.status_spreads_until, changed + 30s);
  done("UpdateAccessKey", R"({"UserName":"ann","Status":"Active","AccessKeyId":")" + key.id.str() + R"("})");
  EXPECT_TRUE(key.active);
  const std::string by = " ann " + caller.arn.str() + "\n";
  EXPECT_EQ(events(), "deactivated" + by + "activated" + by);
}

TEST_F(IamKeyOperations, UnknownStatusIsAValidationError) {
  add_user("ann");
  const AccessKey& key = add_key("ann");
  EXPECT_TRUE(
      refusal("UpdateAccessKey", R"({"UserName":"ann","Status":"Expired","AccessKeyId":")" + key.id.str() + R"("})")
          .starts_with("400 ValidationError: 1 validation error detected: Value 'Expired' at 'status'"));
}

TEST_F(IamKeyOperations, DeletingTwiceIsNoSuchEntityAndTheSecretIsRemembered) {
  add_user("ann");
  const std::string id = add_key("ann").id.str();
  const std::string secret = world.find_key(AccessKeyId(id)).key->secret;
  const std::string input = R"({"UserName":"ann","AccessKeyId":")" + id + R"("})";
  done("DeleteAccessKey", input);
  EXPECT_EQ(refusal("DeleteAccessKey", input), "404 NoSuchEntity: The Access Key with id " + id + " cannot be found.");
  EXPECT_EQ(world.find_key(AccessKeyId(id)).key, nullptr);
  ASSERT_EQ(world.key_events.size(), 1u);
  EXPECT_EQ(world.key_events[0].what, "deleted");
  EXPECT_EQ(world.key_events[0].secret, secret);
}

TEST_F(IamKeyOperations, KeyOfAnotherUserIsNotFound) {
  add_user("ann");
  add_user("bob");
  const AccessKey& key = add_key("ann");
  EXPECT_TRUE(refusal("DeleteAccessKey", R"({"UserName":"bob","AccessKeyId":")" + key.id.str() + R"("})")
                  .starts_with("404 NoSuchEntity"));
  EXPECT_NE(world.find_key(key.id).key, nullptr);
}

TEST_F(IamKeyOperations, LastUseIsWordedAsAwsDoes) {
  add_user("ann");
  AccessKey& key = add_key("ann");
  EXPECT_EQ(last_use(key), R"({"ServiceName":"N/A","Region":"N/A"})");
  key.last_use = KeyUse{now - 1500ms, "s3", "eu-west-1"};
  EXPECT_EQ(last_use(key), R"({"LastUsedDate":"2026-01-02T03:04:04Z","ServiceName":"s3","Region":"eu-west-1"})");
}

TEST_F(IamKeyOperations, AYoungUseIsHiddenBehindTheOneBeforeUntilTheLagIsOver) {
  add_user("ann");
  AccessKey& key = add_key("ann");
  behaviour.last_used_lag = 1h;
  key.last_use = KeyUse{now - 59min, "s3", "eu-west-1"};
  EXPECT_EQ(last_use(key), R"({"ServiceName":"N/A","Region":"N/A"})");
  key.earlier_use = KeyUse{now - 5h, "sts", "us-east-1"};
  EXPECT_EQ(last_use(key), R"({"LastUsedDate":"2026-01-01T22:04:05Z","ServiceName":"sts","Region":"us-east-1"})");
  now += 1min;
  EXPECT_EQ(last_use(key), R"({"LastUsedDate":"2026-01-02T02:05:05Z","ServiceName":"s3","Region":"eu-west-1"})");
}

TEST_F(IamKeyOperations, LastUseOfAForeignOrUnknownKeyIsDenied) {
  add_user("ann");
  const AccessKeyId id = add_key("ann").id;
  EXPECT_TRUE(
      refusal("GetAccessKeyLastUsed", R"({"AccessKeyId":"AKIAUNKNOWNUNKNOWN00"})").starts_with("403 AccessDenied"));
  caller.account = AccountId("222222222222");
  world.account(caller.account);
  EXPECT_TRUE(
      refusal("GetAccessKeyLastUsed", R"({"AccessKeyId":")" + id.str() + R"("})").starts_with("403 AccessDenied"));
}

}  // namespace
}  // namespace rekeyer::sandbox
