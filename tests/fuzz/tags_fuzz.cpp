// Custody and intent, as anybody who may tag secrets could write them: what is taken is what would be written again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "policy/custody.hpp"
#include "policy/intent.hpp"

namespace {

using namespace rekeyer::policy;

/// A line a tag.
TagMap parts_of(std::string_view text) {
  TagMap tags;
  for (const auto line : rekeyer::split(text, '\n')) {
    if (tags.size() < most_tag_parts) tags.emplace(part_name(custody_tag, tags.size() + 1), line);
  }
  return tags;
}

void expect_custody_reread(const TagMap& tags) {
  const auto custody = read_custody(tags);
  if (!custody || !*custody) return;
  const auto written = custody_tags(**custody, {});
  if (!written) std::abort();
  for (const auto& [name, value] : *written) {
    if (const auto found = tags.find(name); found == tags.end() || found->second != value) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  expect_custody_reread(parts_of(text));
  if (const auto intent = parse_intent(text); intent && *intent) {
    const auto written = encode(**intent);
    if (!written) std::abort();
    const auto again = parse_intent(*written);
    if (!again || *again != *intent) std::abort();
  }
  return 0;
}
