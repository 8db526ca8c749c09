#include "sandbox/services/secret_bench.hpp"

namespace rekeyer::sandbox {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class SecretList : public SecretBench {
 protected:
  void make(std::string_view name, std::string_view more = "") {
    ASSERT_EQ(code("CreateSecret", fmt::format(R"({{"Name":"{}","SecretString":"hidden"{}}})", name, more)), "done");
  }

  /// The names of one page, and "+" where there is another.
  std::string names(std::string_view input = "{}") {
    const auto page = perform("ListSecrets", input);
    if (!page) return page.error().code;
    std::string result;
    for (const auto& secret : page->at("SecretList").as_array()) {
      result += std::string(secret.as_object().at("Name").as_string()) + " ";
    }
    token = page->contains("NextToken") ? text(page, "NextToken") : "";
    return result + (token.empty() ? "" : "+");
  }

  std::string filtered(std::string_view key, std::string_view values) {
    return names(fmt::format(R"({{"Filters":[{{"Key":"{}","Values":{}}}]}})", key, values));
  }

  std::string token;
};

TEST_F(SecretList, PagesFollowAPrefixToItsEnd) {
  for (int i = 0; i < 150; ++i) make(fmt::format("Account_{:03}", i));
  make("Abc");
  make("x-Account_");
  const std::string wanted = R"("Filters":[{"Key":"name","Values":["Account_"]}])";
  const auto first = perform("ListSecrets", "{" + wanted + "}");
  EXPECT_EQ(first->at("SecretList").as_array().size(), 100u);
  int seen = 0;
  std::string next;
  do {
    const auto page = perform("ListSecrets", fmt::format(R"({{{},"MaxResults":7{}}})", wanted, next));
    ASSERT_TRUE(page);
    seen += static_cast<int>(page->at("SecretList").as_array().size());
    next = page->contains("NextToken") ? fmt::format(R"(,"NextToken":"{}")", text(page, "NextToken")) : "";
  } while (!next.empty());
  EXPECT_EQ(seen, 150);
}

TEST_F(SecretList, AFullLastPageHasNoToken) {
  make("a");
  make("b");
  EXPECT_EQ(names(R"({"MaxResults":2})"), "a b ");
  EXPECT_EQ(names(R"({"MaxResults":1})"), "a +");
  behaviour.secrets_page = 1;
  EXPECT_EQ(names(), "a +");
  EXPECT_EQ(names(fmt::format(R"({{"NextToken":"{}"}})", token)), "b ");
  EXPECT_EQ(names(R"({"NextToken":"made up"})"), "InvalidNextTokenException");
  EXPECT_EQ(names(R"({"MaxResults":101})"), "InvalidParameterException");
  EXPECT_EQ(names(R"({"MaxResults":0})"), "InvalidParameterException");
}

TEST_F(SecretList, APageGoesOnWhereTheLastEndedThoughThatSecretIsGone) {
  for (const auto* name : {"a", "b", "c"}) make(name);
  EXPECT_EQ(names(R"({"MaxResults":2})"), "a b +");
  perform("DeleteSecret", R"({"SecretId":"b","ForceDeleteWithoutRecovery":true})");
  EXPECT_EQ(names(fmt::format(R"({{"NextToken":"{}"}})", token)), "c ");
}

TEST_F(SecretList, Filters) {
  make("alpha", R"(,"Description":"Keys of Ann","Tags":[{"Key":"team","Value":"red"}])");
  make("beta/one", R"(,"Tags":[{"Key":"rekeyer:custody","Value":"blue"}])");
  make("Beta-two");
  EXPECT_EQ(filtered("name", R"(["be"])"), "beta/one ") << "case counts";
  EXPECT_EQ(filtered("name", R"(["al","Be"])"), "Beta-two alpha ");
  EXPECT_EQ(filtered("name", R"(["!al"])"), "Beta-two beta/one ");
  EXPECT_EQ(filtered("name", R"(["b","!beta"])"), "");
  EXPECT_EQ(filtered("tag-key", R"(["rekeyer:"])"), "beta/one ");
  EXPECT_EQ(filtered("tag-value", R"(["re"])"), "alpha ");
  EXPECT_EQ(filtered("tag-key", R"(["!team"])"), "Beta-two beta/one ");
  EXPECT_EQ(filtered("description", R"(["keys"])"), "alpha ");
  EXPECT_EQ(filtered("all", R"(["ONE"])"), "beta/one ");
  EXPECT_EQ(filtered("all", R"(["ann red"])"), "alpha ") << "every word, in any attribute";
  EXPECT_EQ(filtered("all", R"(["nn"])"), "") << "words begin so";
  EXPECT_EQ(filtered("owning-service", R"(["x"])"), "");
  EXPECT_EQ(filtered("name", R"(["a,b"])"), "ValidationException");
  EXPECT_EQ(filtered("name", "[]"), "ValidationException");
  EXPECT_EQ(filtered("colour", R"(["a"])"), "ValidationException");
  perform("ReplicateSecretToRegions", R"({"SecretId":"alpha","AddReplicaRegions":[{"Region":"eu-west-1"}]})");
  EXPECT_EQ(filtered("primary-region", R"(["us-"])"), "alpha ");
}

TEST_F(SecretList, OverlappingPrefixesLoseNothing) {
  for (const auto* name : {"a", "ab", "ac", "b", "z"}) make(name);
  EXPECT_EQ(filtered("name", R"(["ab","a"])"), "a ab ac ");
  EXPECT_EQ(filtered("name", R"(["z","ab"])"), "ab z ");
}

TEST_F(SecretList, PlannedDeletionsShowOnRequest) {
  make("a");
  make("b");
  perform("DeleteSecret", R"({"SecretId":"a"})");
  EXPECT_EQ(names(), "b ");
  EXPECT_EQ(names(R"({"IncludePlannedDeletion":true})"), "a b ");
}

TEST_F(SecretList, SortsWhenAskedTo) {
  make("b");
  now += hours{1};
  make("a");
  now += hours{1};
  make("c");
  EXPECT_EQ(names(R"({"SortOrder":"asc"})"), "b a c ");
  EXPECT_EQ(names(R"({"SortOrder":"desc","MaxResults":2})"), "c a +");
  EXPECT_EQ(names(fmt::format(R"({{"SortOrder":"desc","NextToken":"{}"}})", token)), "b ");
  EXPECT_EQ(names(R"({"SortBy":"name","SortOrder":"desc"})"), "c b a ");
  EXPECT_EQ(names(R"({"SortOrder":"up"})"), "ValidationException");
}

TEST_F(SecretList, ShowsLabelsTagsAndNoValue) {
  make("a", R"(,"Tags":[{"Key":"k","Value":"v"}])");
  const std::string shown = said("ListSecrets");
  EXPECT_NE(shown.find("SecretVersionsToStages"), std::string::npos);
  EXPECT_EQ(shown.find("VersionIdsToStages"), std::string::npos);
  EXPECT_NE(shown.find(R"("Tags":[{"Key":"k","Value":"v"}])"), std::string::npos);
  EXPECT_EQ(shown.find("hidden"), std::string::npos);
}

TEST_F(SecretList, AFrozenListAnswersAsOfItsFirstPage) {
  make("a");
  behaviour.secrets_list_frozen = true;
  EXPECT_EQ(names(), "a ");
  make("b");
  perform("TagResource", R"({"SecretId":"a","Tags":[{"Key":"k","Value":"v"}]})");
  EXPECT_EQ(names(), "a ");
  EXPECT_EQ(said("ListSecrets").find("\"k\""), std::string::npos);
  behaviour.secrets_list_frozen = false;
  EXPECT_EQ(names(), "a b ");
}

TEST_F(SecretList, ALateListLeavesOutNewSecretsAndShowsTheOldState) {
  behaviour.secrets_list_lag = minutes{5};
  make("s", R"(,"Tags":[{"Key":"k","Value":"old"}])");
  EXPECT_EQ(names(), "");
  now += minutes{5};
  EXPECT_EQ(names(), "s ");
  perform("TagResource", R"({"SecretId":"s","Tags":[{"Key":"k","Value":"new"}]})");
  put(token_one, "x", R"(["AWSPENDING"])");
  now += minutes{4};
  perform("DeleteSecret", R"({"SecretId":"s"})");
  EXPECT_EQ(names(), "s ") << "its deletion has not spread yet";
  EXPECT_NE(said("ListSecrets").find("old"), std::string::npos);
  EXPECT_EQ(said("ListSecrets").find("AWSPENDING"), std::string::npos);
  EXPECT_EQ(filtered("tag-value", R"(["new"])"), "");
  now += minutes{1};
  EXPECT_NE(said("ListSecrets").find("new"), std::string::npos);
  EXPECT_NE(said("ListSecrets").find("AWSPENDING"), std::string::npos);
  now += minutes{4};
  EXPECT_EQ(names(), "");
}

TEST_F(SecretList, HistoryIsKeptOnlyAsFarAsTheLagNeedsIt) {
  make("s");
  const auto& secret = world.account(home).vaults[region].secrets.at("s");
  perform("TagResource", R"({"SecretId":"s","Tags":[{"Key":"k","Value":"1"}]})");
  EXPECT_TRUE(secret.past.empty());
  behaviour.secrets_list_lag = minutes{5};
  for (int i = 0; i < 20; ++i) {
    now += minutes{1};
    perform("TagResource", R"({"SecretId":"s","Tags":[{"Key":"k","Value":"2"}]})");
  }
  EXPECT_EQ(secret.past.size(), 5u);
}

}  // namespace
}  // namespace rekeyer::sandbox
