#include "base/csv.hpp"

#include <gtest/gtest.h>

namespace rekeyer {
namespace {

TEST(CsvCell, IsQuotedOnlyWhereItHasToBe) {
  EXPECT_EQ(csv_cell(""), "");
  EXPECT_EQ(csv_cell("plain text; 1"), "plain text; 1");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("say \"hi\""), "\"say \"\"hi\"\"\"");
}

TEST(CsvCell, BeginsLikeNoFormula) {
  for (const char begin : {'=', '+', '-', '@'}) {
    const std::string text = begin + std::string("HYPERLINK(1)");
    EXPECT_EQ(csv_cell(text), "'" + text);
  }
  EXPECT_EQ(csv_cell("\t=1"), "?=1");
  EXPECT_EQ(csv_cell("\r=1"), "?=1");
  EXPECT_EQ(csv_cell("=1,\"2\""), "\"'=1,\"\"2\"\"\"");
  EXPECT_EQ(csv_cell("a=1"), "a=1");
}

TEST(CsvCell, HoldsNothingThatATerminalObeys) {
  EXPECT_EQ(csv_cell("\x1b[2J\x07 a\xc2\x9b\u202e\u200b\xff"), "?[2J? a????");
  EXPECT_EQ(csv_cell("a\x1b\nb\tc"), "a??b?c");
  EXPECT_EQ(csv_cell("shop\r\n111111111111,done"), "\"shop??111111111111,done\"") << "no second row";
  // Nothing is taken away from in front of a formula.
  for (const std::string_view hidden : {"\x1b", "\u200b", "\ufeff"}) {
    EXPECT_EQ(csv_cell(std::string(hidden) + "=1"), "?=1");
  }
}

}  // namespace
}  // namespace rekeyer
