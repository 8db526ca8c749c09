// Reading CSV (RFC 4180) row by row without copying: the credential report of a large account has many thousand.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace rekeyer::aws {

/// A table whose first row names its columns. Cells are views into the text or into the reader, and valid until the
/// next row.
class CsvReader {
 public:
  using Row = std::vector<std::string_view>;
  /// Appends the next piece of a text that need not be in memory all at once; says false where nothing is left.
  using Source = std::function<Result<bool>(std::string& text)>;

  /// Reads the heading. Fails with `bad_reply`: no heading, a column named twice, broken quotes. The text must outlive
  /// the reader.
  static Result<CsvReader> open(std::string_view text);
  /// The same of a text that comes piece by piece: no more of it is kept than the piece and the row at hand. Fails as
  /// the source does, too.
  static Result<CsvReader> open(Source source);
  CsvReader(CsvReader&&) = default;
  CsvReader& operator=(CsvReader&&) = default;

  const std::vector<std::string>& columns() const { return columns_; }
  /// Where the column stands in each row; nothing where there is none of that name.
  std::optional<std::size_t> column(std::string_view name) const;

  /// Fills `row` with the next row and says true; says false at the end. Fails with `bad_reply`, naming the line: a
  /// stray or unfinished quote, a lone carriage return, or another number of cells than the heading has. The call after
  /// that goes on with the line behind the one that the row began on; where the source failed, at the end.
  Result<bool> next(Row& row);

 private:
  CsvReader() = default;
  Result<void> read_heading();
  Result<void> read_more();
  void skip_line(std::string_view start, std::size_t line);
  Result<bool> read_whole_row(Row& row);
  Result<void> read_row(Row& row);
  Result<std::string_view> read_cell();
  Result<std::string_view> read_quoted_cell();

  Source more_;                          ///< empty: all of the text is in rest_
  std::unique_ptr<std::string> window_;  ///< what came from the source and is not read yet; stays where it is
  std::string_view rest_;
  std::size_t line_ = 1;
  std::vector<std::string> columns_;
  // A deque, because the views must stay valid while it grows and while the reader is moved.
  std::deque<std::string> unescaped_;
};

}  // namespace rekeyer::aws
