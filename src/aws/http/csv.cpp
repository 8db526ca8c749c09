// A line without quotes, and nearly every one is, is cut at its commas; any other is read cell by cell.
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

/// The cells of a line in which nothing is quoted.
void split(std::string_view line, CsvReader::Row& row) {
  for (;;) {
    const auto comma = line.find(',');
    row.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

}  // namespace

Result<CsvReader> CsvReader::open(std::string_view text) {
  CsvReader reader;
  reader.rest_ = text;
  TRY_VOID(reader.read_heading());
  return reader;
}

Result<CsvReader> CsvReader::open(Source source) {
  CsvReader reader;
  reader.window_ = std::make_unique<std::string>();
  reader.more_ = std::move(source);
  TRY_VOID(reader.read_heading());
  return reader;
}

Result<void> CsvReader::read_heading() {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  while (rest_.size() < byte_order_mark.size() && more_) TRY_VOID(read_more());
  if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
  Row names;
  TRY(const bool there, read_whole_row(names));
  if (!there) return fail(ErrorKind::bad_reply, "the CSV text is empty: not even a heading");
  columns_.assign(names.begin(), names.end());
  std::set<std::string_view> distinct;
  for (const auto& name : columns_) {
    if (!distinct.insert(name).second) {
      return wrong_line(1, fmt::format("the column {} stands there twice", json_quoted(name)));
    }
  }
  return {};
}

std::optional<std::size_t> CsvReader::column(std::string_view name) const {
  const auto found = std::ranges::find(columns_, name);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

Result<bool> CsvReader::next(Row& row) {
  const auto line = line_;
  TRY(const bool there, read_whole_row(row));
  if (there && row.size() != columns_.size()) {
    return wrong_line(line, fmt::format("{} cells where the heading has {}", row.size(), columns_.size()));
  }
  return there;
}

/// A row, with as much more of the text as it takes; false at the end.
Result<bool> CsvReader::read_whole_row(Row& row) {
  for (;;) {
    const auto start = rest_;
    const auto line = line_;
    unescaped_.clear();
    if (!rest_.empty()) {
      const auto read = read_row(row);
      // What ends where the window ends may go on behind it, and what is broken there may be whole.
      const bool settled = !more_ || (read && !rest_.empty());
      if (settled && !read) skip_line(start, line);
      if (settled && !read) return fail(read.error());
      if (settled) return true;
    }
    if (!more_) return false;
    rest_ = start;
    line_ = line;
    TRY_VOID(read_more());
  }
}

/// Behind what is not read yet; everything before it is forgotten.
Result<void> CsvReader::read_more() {
  window_->erase(0, window_->size() - rest_.size());
  const auto more = more_(*window_);
  if (!more || !*more) more_ = nullptr;
  rest_ = more ? std::string_view(*window_) : std::string_view();
  if (!more) return fail(more.error());
  return {};
}

/// Nobody knows where a broken row ends. Where that is not its line's end, what follows is broken too, and said to be.
void CsvReader::skip_line(std::string_view start, std::size_t line) {
  rest_ = start.substr(std::min(start.find('\n'), start.size() - 1) + 1);
  line_ = line + 1;
}

Result<void> CsvReader::read_row(Row& row) {
  row.clear();
  const auto end = rest_.find('\n');
  auto line = rest_.substr(0, end);
  if (end != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
  if (line.find('"') == std::string_view::npos && line.find('\r') == std::string_view::npos) {
    split(line, row);
    rest_.remove_prefix(std::min(end, rest_.size() - 1) + 1);
    ++line_;
    return {};
  }
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
