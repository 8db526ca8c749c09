#include "aws/http/csv.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace rekeyer::aws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// All rows joined, or the error's message.
std::string rows_of(Result<CsvReader> reader) {
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

/// Hands over so many bytes at a time.
CsvReader::Source in_pieces(std::string_view text, std::size_t length) {
  return [text, length](std::string& window) mutable -> Result<bool> {
    window += text.substr(0, length);
    text.remove_prefix(std::min(length, text.size()));
    return !text.empty();
  };
}

/// The same whether the text is there as a whole or comes in pieces, however small.
std::string read_all(std::string_view text) {
  auto whole = rows_of(CsvReader::open(text));
  for (const std::size_t length : {1U, 2U, 3U, 5U, 16U, 1000U}) {
    EXPECT_EQ(rows_of(CsvReader::open(in_pieces(text, length))), whole) << "in pieces of " << length;
  }
  return whole;
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

TEST(Csv, OfATextInPiecesOnlyTheRowAtHandIsKept) {
  int left = 10'000;
  std::size_t most = 0;
  auto reader = CsvReader::open([&](std::string& window) -> Result<bool> {
    window += left == 10'000 ? "number,text\n" : fmt::format("{},\"some \"\"text\"\"\n\"\n", left);
    most = std::max(most, window.size());
    return --left > 0;
  });
  ASSERT_TRUE(reader) << describe(reader.error());
  CsvReader::Row row;
  int rows = 0;
  while (reader->next(row).value()) {
    EXPECT_EQ(row[1], "some \"text\"\n");
    ++rows;
  }
  EXPECT_EQ(rows, 9'999);
  EXPECT_LT(most, 100U);
}

/// All rows; "!" for each that can't be read.
std::string tolerantly(Result<CsvReader> reader) {
  if (!reader) return reader.error().message;
  std::string result;
  CsvReader::Row row;
  for (int calls = 0; calls < 100; ++calls) {
    const auto more = reader->next(row);
    if (more && !*more) return result;
    if (!more) result += '!';
    for (const auto cell : more ? row : CsvReader::Row()) result += "[" + std::string(cell) + "]";
    result += ';';
  }
  return "without end";
}

TEST(Csv, BehindARowThatCannotBeReadTheNextLineIs) {
  const auto read = [](std::string_view text) {
    auto whole = tolerantly(CsvReader::open(text));
    for (const std::size_t length : {1U, 2U, 3U, 5U, 16U, 1000U}) {
      EXPECT_EQ(tolerantly(CsvReader::open(in_pieces(text, length))), whole) << "in pieces of " << length;
    }
    return whole;
  };
  EXPECT_EQ(read("a,b\n1,2\n3,x\"y\n5,6\n"), "[1][2];!;[5][6];");
  EXPECT_EQ(read("a,b\n1\n2,3,4\n5,6"), "!;!;[5][6];");
  EXPECT_EQ(read("a,b\n\"1,2\n3,4\n"), "!;[3][4];") << "a quoted cell without an end";
  EXPECT_EQ(read("a,b\n\"1\"x,2\n3,4\n"), "!;[3][4];");
  EXPECT_EQ(read("a,b\n1\r2,2\r\n3,4\r\n"), "!;[3][4];");
  EXPECT_EQ(read("a,b\n1,x\"y"), "!;");
}

TEST(Csv, AFailureOfTheSourceIsTheReadersFailure) {
  int pieces = 0;
  auto reader = CsvReader::open([&](std::string& window) -> Result<bool> {
    if (++pieces == 3) return fail(ErrorKind::bad_reply, "not Base64");
    window += pieces == 1 ? "a,b\n" : "1,2\n3,";
    return true;
  });
  ASSERT_TRUE(reader);
  CsvReader::Row row;
  EXPECT_EQ(reader->next(row), true);
  const auto broken = reader->next(row);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().message, "not Base64");
  EXPECT_EQ(reader->next(row), false);
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
