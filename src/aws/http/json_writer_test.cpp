#include "aws/http/json_writer.hpp"

#include <gtest/gtest.h>

#include "aws/http/json.hpp"
#include "base/json_text.hpp"

namespace rekeyer::aws {
namespace {

TEST(JsonWriter, WritesNestedObjectsAndArrays) {
  JsonWriter writer;
  writer.begin_object().member("a", "x").member("n", -3).member("b", true).null_member("z");
  writer.begin_array("l").value("p").value(1).value(false).begin_object().member("q", "r").end().end();
  writer.begin_object("empty").end().begin_array("none").end().member("last", std::uint64_t{7}).end();
  EXPECT_EQ(writer.finish_text(),
            R"({"a":"x","n":-3,"b":true,"z":null,"l":["p",1,false,{"q":"r"}],"empty":{},"none":[],"last":7})");
}

TEST(JsonWriter, FinishClosesWhatIsOpenAndStartsAnew) {
  JsonWriter writer;
  writer.begin_object().begin_array("a").value("b");
  EXPECT_EQ(writer.finish_text(), R"({"a":["b"]})");
  writer.begin_array();
  EXPECT_EQ(std::string_view(writer.finish()), "[]");
}

TEST(JsonWriter, QuotesAsTheBaseLayerDoes) {
  const std::string_view table[] = {"",
                                    "plain/+=",
                                    "a\"b\\c\n\r\t\x01\x7f",
                                    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91",
                                    "\xff\xc3",
                                    "a\xc3",
                                    "\x80\x80\x80\x80\x80\x80",
                                    "\xf0\x9f\x94",
                                    "\xed\xa0\x80",
                                    "x\xe2\x82y"};
  for (const auto text : table) {
    JsonWriter writer;
    writer.value(text);
    EXPECT_EQ(writer.finish_text(), json_quoted(text));
  }
}

TEST(JsonWriter, WhatIsWrittenReadsBack) {
  JsonWriter writer;
  writer.begin_object().member("name \"quoted\"", "tab\there \xe2\x82\xac").end();
  const auto text = writer.finish();
  const auto value = JsonValue::parse(text);
  ASSERT_TRUE(value);
  EXPECT_EQ(value->string("name \"quoted\""), "tab\there \xe2\x82\xac");
}

}  // namespace
}  // namespace rekeyer::aws
