#include "rotation/not_there.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/spelling.hpp"

namespace rekeyer::rotation {

std::string not_there(std::string_view where, std::string_view name, std::string_view what,
                      const std::vector<std::string>& known) {
  auto text = fmt::format("{} {}: {}", where, name, what);
  const auto meant = closest_name(name, {known.begin(), known.end()});
  if (!meant.empty()) text += fmt::format("; did you mean {}?", meant);
  return text;
}

std::string nothing_changed(const std::vector<std::string>& unknown) {
  return fmt::format("nothing was changed: {}", fmt::join(unknown, "; "));
}

}  // namespace rekeyer::rotation
