// What trying one thing on AWS came to.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace rekeyer::probe {

enum class Verdict {
  as_believed,
  different,  ///< AWS does something else than what the code rests on
  not_tried,  ///< nobody knows: no right, no organization, left out, stopped; never a guess
};
/// "as believed", "different", "not tried".
std::string_view name(Verdict verdict);

struct Finding {
  Verdict verdict = Verdict::not_tried;
  std::string seen;  ///< what AWS answered or how long it took; of what was not tried: why
};

Finding as_believed(std::string seen);
Finding different(std::string seen);
Finding not_tried(std::string why);
/// `believed` decides; `seen` either way.
Finding judged(bool believed, std::string seen);

/// A call that only prepared the question failed, so the question was not asked. But a reply that can't be understood
/// is a difference: rekeyer would stumble over it too. `lease_over`: somebody's patience ended.
Finding unanswered(const Error& error);

}  // namespace rekeyer::probe
