// S3: buckets and where they are, objects and parts of them, lists with prefixes and pages.
#include "sandbox/services/buckets.hpp"

#include "sandbox/services/operation_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

std::vector<Operation> all_of_s3() {
  std::vector<Operation> all;
  for (const auto part : {bucket_operations(), object_operations()}) all.insert(all.end(), part.begin(), part.end());
  return all;
}

class Buckets : public OperationTest {
 protected:
  Buckets() : OperationTest(table()) {
    asked.protocol = Protocol::rest_xml;
    asked.region = Region("us-east-1");
    EXPECT_EQ(outcome("CreateBucket", R"({"Bucket": "templates"})"), R"({"Location":"/templates"})");
  }
  static std::span<const Operation> table() {
    static const std::vector<Operation> all = all_of_s3();
    return all;
  }
  void put(std::string_view key, std::string_view body = "0123456789") {
    call("PutObject", std::string(R"({"Bucket": "templates", "Key": ")").append(key) + R"(", "Body": ")" +
                          std::string(body) + "\"}");
  }
  std::string get(std::string_view more = "") {
    const auto output = call("GetObject", std::string(R"({"Bucket": "templates", "Key": "k")").append(more) + "}");
    return output.is_null() ? refusal.code : text(output.at("Body"));
  }
  std::string listed(std::string_view more) {
    const auto output = call("ListObjectsV2", std::string(R"({"Bucket": "templates")").append(more) + "}");
    std::string keys;
    for (const auto& each : output.at("Contents").as_array()) keys += text(each.at("Key")) + " ";
    for (const auto& each : output.at("CommonPrefixes").as_array()) keys += text(each.at("Prefix")) + " ";
    const auto* next = output.as_object().if_contains("NextContinuationToken");
    token = next == nullptr ? "" : text(*next);
    return keys;
  }
  std::string token;
};

TEST_F(Buckets, AreMadeOnceAndWhereTheyWereAskedFor) {
  EXPECT_EQ(outcome("CreateBucket", R"({"Bucket": "templates"})"), "BucketAlreadyOwnedByYou");
  EXPECT_EQ(outcome("CreateBucket", R"({"Bucket": "No"})"), "InvalidBucketName");
  asked.region = Region("eu-west-1");
  EXPECT_EQ(outcome("CreateBucket", R"({"Bucket": "other"})"), "IllegalLocationConstraintException");
  EXPECT_EQ(outcome("CreateBucket", R"({"Bucket": "other", "Body":
      "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>"})"),
            R"({"Location":"/other"})");
  EXPECT_EQ(outcome("HeadBucket", R"({"Bucket": "other"})"), R"({"BucketRegion":"eu-west-1"})");
  EXPECT_EQ(outcome("HeadBucket", R"({"Bucket": "templates"})"), "PermanentRedirect");
  EXPECT_EQ(refusal.bucket_region, "us-east-1");
  EXPECT_EQ(refusal.status, 301);
  EXPECT_EQ(call("ListBuckets").at("Buckets").at("Bucket").as_array().size(), 2U);
}

TEST_F(Buckets, OfOthersAreClosed) {
  caller.account = AccountId("111111111111");
  EXPECT_EQ(outcome("CreateBucket", R"({"Bucket": "templates"})"), "BucketAlreadyExists");
  EXPECT_EQ(get(), "AccessDenied");
  EXPECT_EQ(outcome("HeadBucket", R"({"Bucket": "nowhere"})"), "NoSuchBucket");
}

TEST_F(Buckets, ObjectsAreGotWholeAndInParts) {
  EXPECT_EQ(get(), "NoSuchKey");
  put("k");
  EXPECT_EQ(get(), "0123456789");
  EXPECT_EQ(get(R"(, "Range": "bytes=0-3")"), "0123");
  EXPECT_EQ(get(R"(, "Range": "bytes=8-99")"), "89");
  EXPECT_EQ(get(R"(, "Range": "bytes=7-")"), "789");
  EXPECT_EQ(get(R"(, "Range": "bytes=-2")"), "89");
  EXPECT_EQ(get(R"(, "Range": "bytes=10-")"), "InvalidRange");
  EXPECT_EQ(refusal.status, 416);
  EXPECT_EQ(get(R"(, "Range": "lines=1-2")"), "0123456789");
  EXPECT_EQ(text(call("GetObject", R"({"Bucket": "templates", "Key": "k", "Range": "bytes=1-2"})").at("ContentRange")),
            "bytes 1-2/10");
  EXPECT_EQ(text(call("HeadObject", R"({"Bucket": "templates", "Key": "k"})").at("ContentLength")), "10");
  put("k", "");
  EXPECT_EQ(get(), "");
  EXPECT_EQ(get(R"(, "Range": "bytes=0-5")"), "InvalidRange");
  EXPECT_EQ(outcome("DeleteBucket", R"({"Bucket": "templates"})"), "BucketNotEmpty");
  EXPECT_EQ(outcome("DeleteObject", R"({"Bucket": "templates", "Key": "k"})"), "{}");
  EXPECT_EQ(outcome("DeleteObject", R"({"Bucket": "templates", "Key": "k"})"), "{}");
  EXPECT_EQ(outcome("DeleteBucket", R"({"Bucket": "templates"})"), "{}");
}

TEST_F(Buckets, ListsHavePrefixesAndPages) {
  for (const char* key : {"a/1", "a/2", "b c", "d/1", "e"}) put(key);
  EXPECT_EQ(listed(""), "a/1 a/2 b c d/1 e ");
  EXPECT_EQ(listed(R"(, "encoding-type": "url")"), "a/1 a/2 b%20c d/1 e ");
  EXPECT_EQ(listed(R"(, "prefix": "a/")"), "a/1 a/2 ");
  EXPECT_EQ(listed(R"(, "delimiter": "/")"), "b c e a/ d/ ");
  EXPECT_EQ(listed(R"(, "delimiter": "/", "max-keys": "1")"), "a/ ");
  EXPECT_EQ(listed(R"(, "delimiter": "/", "max-keys": "2", "continuation-token": ")" + token + "\""), "b c d/ ");
  EXPECT_EQ(listed(R"(, "delimiter": "/", "continuation-token": ")" + token + "\""), "e ");
  EXPECT_EQ(token, "");
  EXPECT_EQ(listed(R"(, "start-after": "d/1")"), "e ");
}

TEST_F(Buckets, AWriteMayDependOnWhatIsThere) {
  const auto write = [&](std::string_view body, std::string_view condition) {
    return outcome("PutObject", std::string(R"({"Bucket": "templates", "Key": "k", "Body": ")").append(body) +
                                    R"(", )" + std::string(condition) + "}");
  };
  EXPECT_EQ(write("a", R"("IfMatch": "\"x\"")"), "NoSuchKey");
  const auto first = write("a", R"("IfNoneMatch": "*")");
  EXPECT_TRUE(first.starts_with(R"({"ETag")")) << first;
  EXPECT_EQ(write("b", R"("IfNoneMatch": "*")"), "PreconditionFailed");
  EXPECT_EQ(refusal.status, 412);
  EXPECT_EQ(write("b", R"("IfMatch": "\"x\"")"), "PreconditionFailed");
  EXPECT_EQ(get(), "a");
  const auto tag = text(call("HeadObject", R"({"Bucket": "templates", "Key": "k"})").at("ETag"));
  EXPECT_TRUE(write("b", "\"IfMatch\": " + boost::json::serialize(boost::json::value(tag))).starts_with(R"({"ETag")"))
      << tag;
  EXPECT_EQ(get(), "b");
  EXPECT_EQ(write("c", R"("IfNoneMatch": "\"x\"")"), "NotImplemented");
}

}  // namespace
}  // namespace rekeyer::sandbox
