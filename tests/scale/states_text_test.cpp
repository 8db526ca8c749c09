#include "scale/states_text.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace rekeyer::scale {
namespace {

namespace json = boost::json;

const json::value input = json::parse(R"({"run": "r1", "deep": {"list": [1, 2], "more": true}})");
const json::value context = json::parse(R"({"Execution": {"Name": "today"}, "Map": {"Item": {"Value": {"id": "1"}}}})");

std::string filled(const char* text) {
  const auto result = fill_template(json::parse(text), Scope{input, context});
  return result ? json::serialize(*result) : result.error().name + ": " + result.error().cause;
}

TEST(StatesText, PathsLeadIntoInputAndContext) {
  EXPECT_EQ(json::serialize(*read_path("$.deep.more", Scope{input, context})), "true");
  EXPECT_EQ(json::serialize(*read_path("$$.Execution.Name", Scope{input, context})), "\"today\"");
  EXPECT_EQ(*read_path("$", Scope{input, context}), input);
}

TEST(StatesText, PathThatLeadsNowhereFailsTheExecution) {
  const auto read = read_path("$.deep.less", Scope{input, context});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().name, "States.Runtime");
  EXPECT_FALSE(read_path("$.run.more", Scope{input, context}));
}

TEST(StatesText, UnknownPathsAreErrors) {
  for (const auto* path : {"", "run", "$.a[0]", "$..a", "$.a.", "$.*", "$['a']", "$.a b"}) {
    EXPECT_FALSE(check_path(path)) << path;
  }
}

TEST(StatesText, TemplatesAreFilledAtAnyDepth) {
  EXPECT_EQ(filled(R"({"run.$": "$.run", "mode": "plan", "in": {"item.$": "$$.Map.Item.Value"}})"),
            R"({"run":"r1","mode":"plan","in":{"item":{"id":"1"}}})");
}

TEST(StatesText, FormatPutsTextsIntoGaps) {
  EXPECT_EQ(filled(R"x({"to.$": "States.Format('runs/{}/map', $$.Execution.Name)"})x"), R"({"to":"runs/today/map"})");
  EXPECT_TRUE(filled(R"x({"to.$": "States.Format('runs/{}/{}', $.run)"})x").starts_with("States.Runtime"));
  EXPECT_TRUE(filled(R"x({"to.$": "States.Format('{}', $.deep)"})x").starts_with("States.Runtime"));
}

TEST(StatesText, UnknownIntrinsicsAreErrors) {
  EXPECT_FALSE(check_template(json::parse(R"x({"id.$": "States.UUID()"})x")));
  EXPECT_FALSE(check_template(json::parse(R"({"a": [{"id.$": 7}]})")));
  EXPECT_TRUE(check_template(json::parse(R"x({"id.$": "States.Format('{}', $.run)"})x")));
}

TEST(StatesText, ResultsGoWhereResultPathSays) {
  EXPECT_EQ(json::serialize(*put_result(json::parse(R"({"a": 1})"), "$.b.c", json::value(2))),
            R"({"a":1,"b":{"c":2}})");
  EXPECT_EQ(json::serialize(*put_result(json::parse(R"({"a": 1})"), "$", json::value(2))), "2");
  EXPECT_FALSE(put_result(json::parse(R"({"a": 1})"), "$.a.b", json::value(2)));
}

}  // namespace
}  // namespace rekeyer::scale
