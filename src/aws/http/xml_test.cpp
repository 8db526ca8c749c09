#include "aws/http/xml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rekeyer::aws {
namespace {

using testing::HasSubstr;
using namespace std::string_view_literals;

template <class T>
bool is_no_element(const Result<std::optional<T>>& result) {
  return result && !result->has_value();
}

constexpr std::string_view list_users = R"(<?xml version="1.0"?>
<ListUsersResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
  <ListUsersResult>
    <Users>
      <member><UserName>ann</UserName><Path>/</Path><CreateDate>2026-01-02T03:04:05Z</CreateDate></member>
      <!-- a comment -->
      <member><UserName>b&amp;b &#233;</UserName><Path><![CDATA[/a<b/]]></Path><Tags/></member>
    </Users>
    <IsTruncated>false</IsTruncated>
    <MaxItems>100</MaxItems>
    <Blank> </Blank>
  </ListUsersResult>
  <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>
</ListUsersResponse>)";

XmlNode parsed_xml(std::string_view text) {
  auto root = XmlNode::parse(text);
  EXPECT_TRUE(root) << describe(root.error());
  return root.value_or(XmlNode());
}

TEST(Xml, ReadsTextsListsAndTypes) {
  const auto root = parsed_xml(list_users);
  EXPECT_EQ(root.name(), "ListUsersResponse");
  const auto result = root.child("ListUsersResult");
  const auto users = result.children("Users");
  ASSERT_EQ(users.size(), 2U);
  EXPECT_EQ(users[0].text("UserName"), "ann");
  EXPECT_EQ(users[0].time("CreateDate"), *parse_iso8601("2026-01-02T03:04:05Z"));
  EXPECT_EQ(users[1].text("UserName"), "b&b \xc3\xa9");
  EXPECT_EQ(users[1].text("Path"), "/a<b/");
  EXPECT_EQ(users[1].text("Tags"), "");
  EXPECT_TRUE(users[1].children("Tags").empty());
  EXPECT_TRUE(users[0].children("Tags").empty());
  EXPECT_EQ(result.boolean("IsTruncated"), false);
  EXPECT_EQ(result.integer("MaxItems"), 100);
  EXPECT_EQ(result.text("Blank"), " ");
  EXPECT_EQ(root.text("ResponseMetadata/RequestId"), "r-1");
  EXPECT_EQ(users[0].children().size(), 3U);
  EXPECT_EQ(users[0].child("UserName").text(), "ann");
}

TEST(Xml, NamesMatchWithoutNamespacePrefix) {
  const auto root = parsed_xml(R"(<x:R xmlns:x="urn:x"><x:A><y:B>1</y:B></x:A></x:R>)");
  EXPECT_EQ(root.name(), "R");
  EXPECT_EQ(root.integer("A/B"), 1);
}

TEST(Xml, AbsentIsNothingWhereOptionalAndNamedWhereRequired) {
  const auto root = parsed_xml("<R><A/></R>");
  EXPECT_TRUE(is_no_element(root.optional_text("A/B")));
  EXPECT_TRUE(is_no_element(root.optional_boolean("B")));
  EXPECT_TRUE(is_no_element(root.optional_integer("B")));
  EXPECT_TRUE(is_no_element(root.optional_time("B")));
  EXPECT_FALSE(root.child("B"));
  const auto text = root.text("A/B");
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().kind, ErrorKind::bad_reply);
  EXPECT_THAT(text.error().message, HasSubstr("A/B"));
  EXPECT_FALSE(root.required("C"));
  EXPECT_FALSE(XmlNode().text("A"));
  EXPECT_TRUE(XmlNode().children("A").empty());
}

TEST(Xml, PresentButMalformedFailsEvenWhereOptional) {
  const auto root = parsed_xml("<R><N>1x</N><B>yes</B><T>soon</T><S><N>1</N></S><M>a<!-- -->b</M></R>");
  EXPECT_FALSE(root.optional_integer("N"));
  EXPECT_FALSE(root.optional_boolean("B"));
  EXPECT_FALSE(root.optional_time("T"));
  EXPECT_FALSE(root.optional_text("S"));
  EXPECT_FALSE(root.text("M"));
  EXPECT_THAT(root.boolean("B").error().message, HasSubstr("true or false"));
}

TEST(Xml, RefusesWhatIsNotOneWholeDocument) {
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "<a>";
  for (int i = 0; i < 200; ++i) deep += "</a>";
  const std::string_view table[] = {
      "",
      " ",
      "text",
      "<a>",
      "<a></b>",
      "{\"a\":1}",
      "<html><br></html>",
      list_users.substr(0, list_users.size() - 4),
      "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
      deep,
  };
  for (const auto text : table) {
    const auto root = XmlNode::parse(text);
    ASSERT_FALSE(root) << text;
    EXPECT_EQ(root.error().kind, ErrorKind::bad_reply);
  }
}

TEST(Xml, AVeryDeepDocumentIsRefusedWithoutRecursion) {
  std::string deep;
  for (int i = 0; i < 300'000; ++i) deep += "<a>";
  for (int i = 0; i < 300'000; ++i) deep += "</a>";
  EXPECT_FALSE(XmlNode::parse(deep));
}

TEST(Xml, NodesKeepTheDocumentAlive) {
  XmlNode inner;
  {
    const auto root = parsed_xml("<R><A>kept after the root is gone</A></R>");
    inner = root.child("A");
  }
  EXPECT_EQ(inner.text(), "kept after the root is gone");
}

}  // namespace
}  // namespace rekeyer::aws
