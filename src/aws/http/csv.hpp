// Reading CSV (RFC 4180) row by row without copying: the credential report of a large account has many thousand rows.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace rekeyer::aws {

/// A table whose first row names its columns. Cells are views into the text (which must outlive the reader), or, where
/// quotes were doubled, into the reader, until the next row.
class CsvReader {
 public:
  using Row = std::vector<std::string_view>;

  /// Reads the heading. Fails with `bad_reply`: no heading, a column named twice, broken quotes.
  static Result<CsvReader> open(std::string_view text);
  CsvReader(CsvReader&&) = default;
  CsvReader& operator=(CsvReader&&) = default;

  const Row& columns() const { return columns_; }
  /// Where the column stands in each row; nothing where there is none of that name.
  std::optional<std::size_t> column(std::string_view name) const;

  /// Fills `row` with the next row and says true; says false at the end. Fails with `bad_reply`, naming the line: a
  /// stray or unfinished quote, a lone carriage return, or another number of cells than the heading has.
  Result<bool> next(Row& row);

 private:
  explicit CsvReader(std::string_view text) : rest_(text) {}
  Result<void> read_row(Row& row);
  Result<std::string_view> read_cell();
  Result<std::string_view> read_quoted_cell();

  std::string_view rest_;
  std::size_t line_ = 1;
  Row columns_;
  // A deque, because the views must stay valid while it grows and while the reader is moved.
  std::deque<std::string> unescaped_;
  std::size_t kept_ = 0;  ///< of unescaped_: the heading's
};

}  // namespace rekeyer::aws
