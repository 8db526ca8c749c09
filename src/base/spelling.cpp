// How far one name is from another, and which is near enough to be meant.
#include "base/spelling.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"

namespace rekeyer {
namespace {

/// How many characters must be changed, put in, left out or swapped with their neighbour to make `a` of `b`.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

}  // namespace

std::string_view closest_name(std::string_view text, const std::vector<std::string_view>& known) {
  constexpr std::size_t longest = 64;  // nobody misspells a name into a paragraph
  if (text.size() > longest) return {};
  const std::string wanted = lower_case(text);
  std::string_view closest;
  std::size_t smallest = std::max<std::size_t>(1, text.size() / 3) + 1;
  for (const std::string_view name : known) {
    const std::size_t far = distance(wanted, lower_case(name));
    if (far < smallest) {
      smallest = far;
      closest = name;
    }
  }
  return closest;
}

}  // namespace rekeyer
