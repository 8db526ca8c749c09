// Custody and intent, as anybody who may tag secrets could write them: what is taken is what would be written again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/custody.hpp"

namespace {

template <class Value, class Parse>
void expect_reread(const Value& value, Parse parse) {
  const auto written = encode(value);
  if (!written) return;
  const auto again = parse(*written);
  if (!again || !(*again == value)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rekeyer::policy;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto custody = parse_custody(text)) expect_reread(*custody, parse_custody);
  if (const auto intent = parse_intent(text); intent && *intent) expect_reread(**intent, parse_intent);
  return 0;
}
