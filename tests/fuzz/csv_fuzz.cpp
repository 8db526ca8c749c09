// The credential report: every row that is given has as many cells as the heading, and reading ends.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "aws/http/csv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto reader = rekeyer::aws::CsvReader::open({reinterpret_cast<const char*>(data), size});
  if (!reader) return 0;
  rekeyer::aws::CsvReader::Row row;
  for (std::size_t rows = 0;; ++rows) {
    const auto more = reader->next(row);
    if (!more || !*more) return 0;
    if (row.size() != reader->columns().size() || rows > size) std::abort();
  }
}
