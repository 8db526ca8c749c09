// Whether a run may change anything.
#pragma once

namespace rekeyer::rotation {

/// What a run may do: `plan` changes nothing.
enum class Mode { plan, apply };

}  // namespace rekeyer::rotation
