#include "aws/http/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rekeyer::aws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

template <class T>
bool is_no_member(const Result<std::optional<T>>& result) {
  return result && !result->has_value();
}

JsonValue parsed_json(std::string_view text) {
  auto value = JsonValue::parse(text);
  if (!value) {
    ADD_FAILURE() << text << ": " << describe(value.error());
    return *JsonValue::parse("{}");
  }
  return *std::move(value);
}

TEST(Json, ReadsFieldsOfEveryType) {
  const auto value = parsed_json(R"({"s":"a\u00e9\/b","n":2.5,"i":3,"b":true,"o":{"x":"y"},"a":[{"x":"1"},{"x":"2"}],
                               "l":["p","q"],"unknown":{"deep":[1,2]}})");
  EXPECT_EQ(value.string("s"), "a\xc3\xa9/b");
  EXPECT_EQ(value.number("n"), 2.5);
  EXPECT_EQ(value.number("i"), 3.0);
  EXPECT_EQ(value.integer("i"), 3);
  EXPECT_EQ(value.boolean("b"), true);
  EXPECT_EQ(value.object("o")->string("x"), "y");
  const auto elements = value.array("a");
  ASSERT_TRUE(elements);
  ASSERT_EQ(elements->size(), 2U);
  EXPECT_EQ((*elements)[1].string("x"), "2");
  EXPECT_THAT(*value.optional_strings("l"), ElementsAre("p", "q"));
}

TEST(Json, AbsentAndNullAreNothingWhereOptional) {
  const auto value = parsed_json(R"({"n":null})");
  for (const auto* name : {"n", "absent"}) {
    EXPECT_TRUE(is_no_member(value.optional_string(name)));
    EXPECT_TRUE(is_no_member(value.optional_number(name)));
    EXPECT_TRUE(is_no_member(value.optional_integer(name)));
    EXPECT_TRUE(is_no_member(value.optional_boolean(name)));
    EXPECT_TRUE(is_no_member(value.optional_time(name)));
    EXPECT_FALSE(value.optional_object(name)->has_value());
    EXPECT_TRUE(value.optional_array(name)->empty());
    EXPECT_TRUE(value.optional_strings(name)->empty());
    const auto missing = value.string(name);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind, ErrorKind::bad_reply);
    EXPECT_THAT(missing.error().message, HasSubstr(std::string("\"") + name + "\""));
    EXPECT_FALSE(value.object(name));
    EXPECT_FALSE(value.array(name));
  }
}

TEST(Json, WrongTypeFailsEvenWhereOptionalAndSaysWhatIsThere) {
  const auto value = parsed_json(R"({"s":"x","n":1,"l":[1],"f":1.5,"big":18446744073709551615})");
  EXPECT_FALSE(value.optional_number("s"));
  EXPECT_FALSE(value.optional_boolean("s"));
  EXPECT_FALSE(value.optional_object("s"));
  EXPECT_FALSE(value.optional_array("s"));
  EXPECT_FALSE(value.optional_time("s"));
  EXPECT_FALSE(value.optional_strings("l"));
  EXPECT_FALSE(value.optional_integer("f"));
  EXPECT_FALSE(value.optional_integer("big"));
  const auto text = value.optional_string("n");
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().message, HasSubstr("\"n\" is not a string but a number"));
  const auto list = parsed_json("[1]");
  EXPECT_FALSE(list.string("x"));
  EXPECT_FALSE(list.optional_string("x"));
}

TEST(Json, EpochSecondsInEveryNotation) {
  const auto value =
      parsed_json(R"({"a":1767323045,"b":1767323045.25,"c":1.767323045E9,"d":"2026-01-02T03:04:05Z","e":1e400})");
  const auto date = *parse_iso8601("2026-01-02T03:04:05Z");
  EXPECT_EQ(value.time("a"), date);
  EXPECT_EQ(value.time("b"), date + Milliseconds{250});
  EXPECT_EQ(value.time("c"), date);
  EXPECT_EQ(value.time("d"), date);
  EXPECT_EQ(value.integer("c"), 1767323045);
}

TEST(Json, MembersComeInOrderAndADuplicateCountsOnceWithItsLastValue) {
  const auto value = parsed_json(R"({"b":"1","a":"2","b":"3"})");
  const auto members = value.members();
  ASSERT_EQ(members.size(), 2U);
  EXPECT_EQ(value.string("b"), "3");
  EXPECT_TRUE(parsed_json("[]").members().empty());
}

TEST(Json, RefusesWhatIsNotOneWholeDocument) {
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  for (const std::string_view text :
       {"", " ", "{", "{\"a\":1", "{} x", "{'a':1}", "<a/>", "{\"a\":tru}", "\"\xff\"", "[1,]", deep.c_str()}) {
    const auto value = JsonValue::parse(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().kind, ErrorKind::bad_reply);
  }
}

TEST(Json, ValuesKeepTheDocumentAlive) {
  std::vector<JsonValue> elements;
  {
    const auto value = parsed_json(R"({"a":["a string that is long enough for the heap"]})");
    elements = *value.array("a");
  }
  EXPECT_EQ(elements.at(0).as_string(), "a string that is long enough for the heap");
}

TEST(Json, ATopLevelListCanBeRead) {
  const auto value = parsed_json(R"(["a",1])");
  const auto elements = value.as_array();
  ASSERT_TRUE(elements);
  EXPECT_EQ((*elements)[0].as_string(), "a");
  EXPECT_FALSE((*elements)[1].as_string());
  EXPECT_FALSE(value.is_object());
}

}  // namespace
}  // namespace rekeyer::aws
