// What an event asks for: a look, a run, or the policies of users' secrets written anew. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "lambda/deployment.hpp"
#include "rotation/outcome.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::lambda {

struct Work {
  rotation::Mode mode = rotation::Mode::plan;
  bool relock = false;  ///< what `rekeyer relock` does, and no key is looked at

  bool operator==(const Work&) const = default;
};

/// "plan", "apply", "relock", "relock-plan"; nothing for anything else.
std::optional<Work> parse_work(std::string_view text);
std::string_view name(const Work& work);

/// What the event asked for, or all that is allowed where it asked for nothing. `whole`: what the run that it is a pass
/// of asks for. Fails with `usage` where it asked for more than is allowed, or for policies of a store that has none.
Result<Work> work_of(std::optional<Work> asked, std::optional<Work> whole, const Deployment& deployment,
                     const rotation::StoreSettings& store);

}  // namespace rekeyer::lambda
