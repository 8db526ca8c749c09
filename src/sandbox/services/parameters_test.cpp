// Systems Manager's parameters: names, versions, and secrets that are not shown undecrypted.
#include "sandbox/services/operation_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

class Parameters : public OperationTest {
 protected:
  Parameters() : OperationTest(parameter_operations()) {
    asked.protocol = Protocol::json;
    asked.region = Region("eu-west-1");
  }
  std::string value(std::string_view input) { return text(call("GetParameter", input).at("Parameter").at("Value")); }
};

TEST_F(Parameters, AreSecretUntilDecryptionIsAskedFor) {
  EXPECT_EQ(outcome("PutParameter", R"({"Name": "/smtp/password", "Type": "SecureString", "Value": "hidden-value"})"),
            R"({"Version":1,"Tier":"Standard"})");
  EXPECT_EQ(value(R"({"Name": "/smtp/password", "WithDecryption": true})"), "hidden-value");
  EXPECT_EQ(value(R"({"Name": "/smtp/password"})").find("hidden"), std::string::npos);
  const auto shown = call("GetParameter", R"({"Name": "arn:aws:ssm:eu-west-1:100000000000:parameter/smtp/password"})");
  EXPECT_EQ(text(shown.at("Parameter").at("Name")), "/smtp/password");
  EXPECT_EQ(text(shown.at("Parameter").at("ARN")), "arn:aws:ssm:eu-west-1:100000000000:parameter/smtp/password");
}

TEST_F(Parameters, AreOverwrittenOnlyOnPurpose) {
  EXPECT_EQ(outcome("PutParameter", R"({"Name": "p", "Value": "1"})"), "ValidationException") << "no type";
  EXPECT_EQ(outcome("PutParameter", R"({"Name": "p", "Value": "1", "Type": "String"})"),
            R"({"Version":1,"Tier":"Standard"})");
  EXPECT_EQ(outcome("PutParameter", R"({"Name": "p", "Value": "2", "Type": "String"})"), "ParameterAlreadyExists");
  EXPECT_EQ(outcome("PutParameter", R"({"Name": "p", "Value": "2", "Overwrite": true})"),
            R"({"Version":2,"Tier":"Standard"})");
  EXPECT_EQ(value(R"({"Name": "p"})"), "2");
  EXPECT_EQ(value(R"({"Name": "p:2"})"), "2");
  EXPECT_EQ(outcome("GetParameter", R"({"Name": "p:1"})"), "ParameterVersionNotFound");
  EXPECT_EQ(outcome("GetParameter", R"({"Name": "q"})"), "ParameterNotFound");
}

TEST_F(Parameters, MustBeNamedAndFilledAsAwsWants) {
  for (const char* name : {"", "a b", "a/b", "/aws/x", "ssm-x", "/a/", "/a//b"}) {
    EXPECT_EQ(outcome("PutParameter", std::string(R"({"Value": "1", "Type": "String", "Name": ")") + name + "\"}"),
              "ValidationException")
        << name;
  }
  EXPECT_EQ(outcome("PutParameter", R"({"Name": "p", "Value": "", "Type": "String"})"), "ValidationException");
  EXPECT_EQ(outcome("PutParameter", R"({"Name": "p", "Value": "1", "Type": "Text"})"), "ValidationException");
  EXPECT_EQ(outcome("PutParameter", R"({"Name": "p", "Value": "1", "Type": "String", "KeyId": "k"})"),
            "ValidationException");
  EXPECT_EQ(outcome("PutParameter", R"({"Name": "p", "Value": "1", "Type": "SecureString", "KeyId": "k"})"),
            "InvalidKeyId");
  EXPECT_EQ(outcome("PutParameter", R"({"Name": "p", "Type": "String", "Value": ")" + std::string(4097, 'x') + "\"}"),
            "ValidationException");
}

TEST_F(Parameters, SeveralAreGotDescribedAndDeleted) {
  call("PutParameter", R"({"Name": "a", "Type": "String", "Value": "1", "Description": "d"})");
  call("PutParameter", R"({"Name": "b", "Type": "SecureString", "Value": "2"})");
  const auto both = call("GetParameters", R"({"Names": ["a", "b", "c"], "WithDecryption": true})");
  EXPECT_EQ(both.at("Parameters").as_array().size(), 2U);
  EXPECT_EQ(text(both.at("InvalidParameters").at(0)), "c");
  EXPECT_EQ(outcome("GetParameters", R"({"Names": []})"), "ValidationException");
  const auto listed = call("DescribeParameters").at("Parameters").as_array();
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(text(listed[1].at("KeyId")), "alias/aws/ssm");
  EXPECT_FALSE(listed[1].as_object().contains("Value"));
  const auto filtered =
      call("DescribeParameters", R"({"ParameterFilters": [{"Key": "Type", "Values": ["SecureString"]}]})");
  EXPECT_EQ(filtered.at("Parameters").as_array().size(), 1U);
  const auto first = call("DescribeParameters", R"({"MaxResults": 1})");
  EXPECT_EQ(text(call("DescribeParameters", R"({"NextToken": ")" + text(first.at("NextToken")) + "\"}")
                     .at("Parameters")
                     .at(0)
                     .at("Name")),
            "b");
  EXPECT_EQ(outcome("DeleteParameter", R"({"Name": "a"})"), "{}");
  EXPECT_EQ(outcome("DeleteParameter", R"({"Name": "a"})"), "ParameterNotFound");
}

}  // namespace
}  // namespace rekeyer::sandbox
