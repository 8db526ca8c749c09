#include "aws/http/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rekeyer::aws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// All rows joined, or the error's message.
std::string read_all(std::string_view text) {
  auto reader = CsvReader::open(text);
  if (!reader) return reader.error().message;
  std::string result;
  CsvReader::Row row;
  for (;;) {
    const auto more = reader->next(row);
    if (!more) return more.error().message;
    if (!*more) return result;
    for (const auto cell : row) result += "[" + std::string(cell) + "]";
    result += ";";
  }
}

TEST(Csv, ReadsRowsByHeading) {
  auto reader = CsvReader::open("user,arn,mfa_active\n<root_account>,arn:aws:iam::1:root,true\nann,,false");
  ASSERT_TRUE(reader);
  EXPECT_THAT(reader->columns(), ElementsAre("user", "arn", "mfa_active"));
  EXPECT_EQ(reader->column("mfa_active"), 2U);
  EXPECT_EQ(reader->column("MFA"), std::nullopt);
  CsvReader::Row row;
  EXPECT_EQ(reader->next(row), true);
  EXPECT_THAT(row, ElementsAre("<root_account>", "arn:aws:iam::1:root", "true"));
  EXPECT_EQ(reader->next(row), true);
  EXPECT_THAT(row, ElementsAre("ann", "", "false"));
  EXPECT_EQ(reader->next(row), false);
  EXPECT_EQ(reader->next(row), false);
}

TEST(Csv, LineEndsQuotesAndEmptyCells) {
  EXPECT_EQ(read_all("a,b\r\n1,2\r\n"), "[1][2];");
  EXPECT_EQ(read_all("a,b\n1,"), "[1][];");
  EXPECT_EQ(read_all("a,b\n,\n"), "[][];");
  EXPECT_EQ(read_all("a\n"), "");
  EXPECT_EQ(read_all("a\n\n"), "[];");
  EXPECT_EQ(read_all("\xef\xbb\xbf"
                     "a,b\n1,2"),
            "[1][2];");
  EXPECT_EQ(read_all("a,b\n\"x,y\",\"line\none\"\n3,\"\"\n"), "[x,y][line\none];[3][];");
  EXPECT_EQ(read_all("a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n"), "[say \"hi\"][\"];");
}

TEST(Csv, AnUnescapedHeadingStaysValidWhileRowsAreRead) {
  auto opened =
      CsvReader::open("\"the \"\"first\"\" column, long enough for the heap\",b\n\"x\"\"y\",2\n\"z\"\"\",3\n");
  ASSERT_TRUE(opened);
  auto reader = std::move(*opened);
  CsvReader::Row row;
  EXPECT_EQ(reader.next(row), true);
  EXPECT_THAT(row, ElementsAre("x\"y", "2"));
  EXPECT_EQ(reader.next(row), true);
  EXPECT_THAT(row, ElementsAre("z\"", "3"));
  EXPECT_EQ(reader.columns()[0], "the \"first\" column, long enough for the heap");
}

TEST(Csv, RefusesWhatCannotBeATable) {
  EXPECT_THAT(read_all(""), HasSubstr("empty"));
  EXPECT_THAT(read_all("a,a\n"), HasSubstr("twice"));
  EXPECT_THAT(read_all("a,b\n1,2\n1\n"), HasSubstr("line 3 of the CSV text: 1 cells where the heading has 2"));
  EXPECT_THAT(read_all("a,b\n1,2,3\n"), HasSubstr("3 cells"));
  EXPECT_THAT(read_all("a,b\n1,\"2\n\n"), HasSubstr("line 2 of the CSV text: a quoted cell has no end"));
  EXPECT_THAT(read_all("a,b\n1,\"2\"x\n"), HasSubstr("behind the end"));
  EXPECT_THAT(read_all("a,b\n1,x\"2\"\n"), HasSubstr("a quote inside"));
  EXPECT_THAT(read_all("a,b\r1,2\n"), HasSubstr("carriage return"));
  EXPECT_THAT(read_all("a,b\n\"1\n1\",2\n3\n"), HasSubstr("line 4"));
}

}  // namespace
}  // namespace rekeyer::aws
