#include "aws/http/service_error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rekeyer::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

HttpResponse response(int status, std::string_view body) {
  HttpResponse result;
  result.status = status;
  result.body = body;
  return result;
}

TEST(ServiceError, ReadsTheThreeXmlShapes) {
  const ServiceError expected{"NoSuchEntity", "The user with name ann cannot be found.", "r-1"};
  EXPECT_EQ(
      read_xml_error(R"(<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>
      <Code>NoSuchEntity</Code><Message>The user with name ann cannot be found.</Message></Error>
      <RequestId>r-1</RequestId></ErrorResponse>)"),
      expected);
  EXPECT_EQ(read_xml_error(R"(<Response><Errors><Error><Code>NoSuchEntity</Code>
      <Message>The user with name ann cannot be found.</Message></Error></Errors><RequestID>r-1</RequestID></Response>)"),
            expected);
  EXPECT_EQ(read_xml_error(R"(<Error><Code>NoSuchEntity</Code><Message>The user with name ann cannot be found.</Message>
      <RequestId>r-1</RequestId><HostId>h</HostId></Error>)"),
            expected);
}

TEST(ServiceError, ReadsJsonCodesInTheirOrder) {
  struct {
    std::string_view body, code, message;
  } const table[] = {
      {R"({"__type":"com.amazon.coral.service#ThrottlingException","message":"slow"})", "ThrottlingException", "slow"},
      {R"({"__type":"AccessDeniedException","Message":"no"})", "AccessDeniedException", "no"},
      {R"({"__type":"A","code":"B"})", "A", ""},
      {R"({"code":"B:http://x/","Message":null,"message":"m"})", "B", "m"},
      {R"({"Code":"C"})", "C", ""},
  };
  for (const auto& row : table) {
    const auto error = read_json_error(row.body);
    ASSERT_TRUE(error) << row.body;
    EXPECT_EQ(error->code, row.code);
    EXPECT_EQ(error->message, row.message);
  }
}

TEST(ServiceError, SanitisesCodes) {
  EXPECT_EQ(sanitised_error_code("FooError"), "FooError");
  EXPECT_EQ(sanitised_error_code("FooError:http://internal.amazon.com/coral/x#y/"), "FooError");
  EXPECT_EQ(sanitised_error_code("aws.protocoltests#FooError:http://internal/"), "FooError");
  EXPECT_EQ(sanitised_error_code(""), "");
}

TEST(ServiceError, RestJsonBelievesTheHeaderFirst) {
  auto reply = response(400, R"({"__type":"Body","message":"m"})");
  reply.headers.add("x-amzn-ErrorType", "Header:http://x/");
  reply.headers.add("x-amzn-RequestId", "r-2");
  EXPECT_EQ(read_service_error(ErrorFormat::rest_json, reply), (ServiceError{"Header", "m", "r-2"}));
  EXPECT_EQ(read_service_error(ErrorFormat::json, reply), (ServiceError{"Body", "m", "r-2"}));
  reply.body = R"({"message":"only words"})";
  EXPECT_EQ(read_service_error(ErrorFormat::rest_json, reply), (ServiceError{"Header", "only words", "r-2"}));
}

TEST(ServiceError, AReplyWithoutADocumentIsItsStatus) {
  for (const auto format : {ErrorFormat::xml, ErrorFormat::json, ErrorFormat::rest_json}) {
    EXPECT_EQ(read_service_error(format, response(503, "")).code, "503");
    EXPECT_EQ(read_service_error(format, response(502, "<html><body>Bad gateway<br></html>")).code, "502");
    EXPECT_EQ(read_service_error(format, response(500, "[]")).code, "500");
  }
}

TEST(ServiceError, MessageIsOneBoundedLineWithoutTheSignedText) {
  const auto long_one = read_json_error(R"({"code":"X","message":"a\n\u001b[31m )" + std::string(5000, 'x') + "\"}");
  ASSERT_TRUE(long_one);
  EXPECT_LT(long_one->message.size(), 1100U);
  EXPECT_THAT(long_one->message, HasSubstr("a [31m x"));
  const auto signature = read_json_error(
      R"({"__type":"InvalidSignatureException","message":"The request signature we calculated does not match.\n\n
The Canonical String for this request should have been\n'POST\nx-amz-security-token:FwoGZXIvYXdzEXAMPLE'"})");
  EXPECT_FALSE(signature) << "a raw line break in a JSON string is not JSON";
  const auto cut = read_json_error(
      R"({"__type":"InvalidSignatureException","message":"The signature does not match.\n\nThe Canonical String for this request should have been\n'POST\nx-amz-security-token:FwoGZXIvYXdzEXAMPLE'"})");
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->message, "The signature does not match.");
  EXPECT_THAT(cut->message, Not(HasSubstr("FwoG")));
}

}  // namespace
}  // namespace rekeyer::aws
