// One pass over the text: an unquoted cell ends at the next comma or line break, found by one search.
#include "aws/http/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/json_text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

std::unexpected<Error> wrong_line(std::size_t line, std::string_view why) {
  return fail(ErrorKind::bad_reply, fmt::format("line {} of the CSV text: {}", line, why));
}

}  // namespace

Result<CsvReader> CsvReader::open(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  CsvReader reader(text);
  if (text.empty()) return fail(ErrorKind::bad_reply, "the CSV text is empty: not even a heading");
  Row columns;
  TRY_VOID(reader.read_row(columns));
  std::set<std::string_view> names;
  for (const auto name : columns) {
    if (!names.insert(name).second) {
      return wrong_line(1, fmt::format("the column {} stands there twice", json_quoted(name)));
    }
  }
  reader.columns_ = std::move(columns);
  reader.kept_ = reader.unescaped_.size();
  return reader;
}

std::optional<std::size_t> CsvReader::column(std::string_view name) const {
  const auto found = std::ranges::find(columns_, name);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

Result<bool> CsvReader::next(Row& row) {
  if (rest_.empty()) return false;
  const auto line = line_;
  while (unescaped_.size() > kept_) unescaped_.pop_back();
  TRY_VOID(read_row(row));
  if (row.size() != columns_.size()) {
    return wrong_line(line, fmt::format("{} cells where the heading has {}", row.size(), columns_.size()));
  }
  return true;
}

Result<void> CsvReader::read_row(Row& row) {
  row.clear();
  for (;;) {
    TRY(const auto cell, read_cell());
    row.push_back(cell);
    if (rest_.empty()) return {};
    const char separator = rest_.front();
    rest_.remove_prefix(1);
    if (separator == ',') continue;
    if (separator == '\r') {
      if (!rest_.starts_with('\n')) return wrong_line(line_, "a carriage return without a line feed");
      rest_.remove_prefix(1);
    }
    ++line_;
    return {};
  }
}

/// Leaves rest_ at the separator behind the cell.
Result<std::string_view> CsvReader::read_cell() {
  if (rest_.starts_with('"')) return read_quoted_cell();
  std::size_t length = 0;
  while (length < rest_.size() && rest_[length] != ',' && rest_[length] != '\n' && rest_[length] != '\r') {
    if (rest_[length] == '"') return wrong_line(line_, "a quote inside a cell that is not quoted");
    ++length;
  }
  const auto cell = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return cell;
}

Result<std::string_view> CsvReader::read_quoted_cell() {
  const auto line = line_;
  rest_.remove_prefix(1);
  std::string unescaped;
  bool doubled = false;
  for (;;) {
    const auto quote = rest_.find('"');
    if (quote == std::string_view::npos) return wrong_line(line, "a quoted cell has no end");
    const auto piece = rest_.substr(0, quote);
    line_ += static_cast<std::size_t>(std::ranges::count(piece, '\n'));
    rest_.remove_prefix(quote + 1);
    if (!rest_.starts_with('"')) {
      if (!rest_.empty() && rest_.front() != ',' && rest_.front() != '\n' && rest_.front() != '\r') {
        return wrong_line(line_, "text behind the end of a quoted cell");
      }
      if (!doubled) return piece;
      unescaped += piece;
      return unescaped_.emplace_back(std::move(unescaped));
    }
    doubled = true;
    unescaped += piece;
    unescaped += '"';
    rest_.remove_prefix(1);
  }
}

}  // namespace rekeyer::aws
