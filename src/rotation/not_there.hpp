// What is said of a name that somebody wrote and that nothing has. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rekeyer::rotation {

/// "--user bobb: no user of account 111111111111; did you mean bob?". `where` is what named it, `known` what there is.
std::string not_there(std::string_view where, std::string_view name, std::string_view what,
                      const std::vector<std::string>& known);

/// Several of these in one line: that nothing was changed, and why.
std::string nothing_changed(const std::vector<std::string>& unknown);

}  // namespace rekeyer::rotation
