// The credential report: every row that is given has as many cells as the heading, and reading ends; the same whether
// the text is there as a whole or comes in pieces.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "aws/http/csv.hpp"

namespace {

using rekeyer::Result;
using rekeyer::aws::CsvReader;

/// All cells, and what is wrong with the rows that can't be read.
std::string read_all(Result<CsvReader> reader, std::size_t most_rows) {
  if (!reader) return reader.error().message;
  std::string cells;
  CsvReader::Row row;
  for (std::size_t rows = 0;; ++rows) {
    const auto more = reader->next(row);
    if (rows > most_rows) std::abort();
    if (!more) {
      cells += more.error().message;
      continue;
    }
    if (!*more) return cells;
    if (row.size() != reader->columns().size()) std::abort();
    for (const auto cell : row) cells.append(cell).append("|");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto rest = text;
  const auto in_pieces = [&](std::string& window) -> Result<bool> {
    const auto piece = rest.substr(0, 7);
    window += piece;
    rest.remove_prefix(piece.size());
    return !rest.empty();
  };
  if (read_all(CsvReader::open(text), size) != read_all(CsvReader::open(in_pieces), size)) std::abort();
  return 0;
}
