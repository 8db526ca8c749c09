#include "notify/model/channel.hpp"

namespace rekeyer::notify {

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::info: return "info";
    case Severity::warning: return "warning";
    case Severity::critical: return "critical";
  }
  return "info";
}

}  // namespace rekeyer::notify
