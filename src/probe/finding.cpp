#include "probe/finding.hpp"

#include <utility>

namespace rekeyer::probe {

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::as_believed: return "as believed";
    case Verdict::different: return "different";
    case Verdict::not_tried: return "not tried";
  }
  return "";
}

Finding as_believed(std::string seen) { return {Verdict::as_believed, std::move(seen)}; }
Finding different(std::string seen) { return {Verdict::different, std::move(seen)}; }
Finding not_tried(std::string why) { return {Verdict::not_tried, std::move(why)}; }

Finding judged(bool believed, std::string seen) {
  return {believed ? Verdict::as_believed : Verdict::different, std::move(seen)};
}

Finding unanswered(const Error& error) {
  switch (error.kind) {
    case ErrorKind::access_denied: return not_tried("no right for it: " + describe(error));
    case ErrorKind::cancelled: return not_tried("stopped before it was tried");
    case ErrorKind::lease_over: return not_tried(error.message);
    case ErrorKind::bad_reply:
    case ErrorKind::rejected: return different("an unexpected answer: " + describe(error));
    default: return not_tried("could not be prepared: " + describe(error));
  }
}

}  // namespace rekeyer::probe
