#include "probe/answer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace rekeyer::probe {
namespace {

/// Nothing can be concluded from a call that AWS did not answer by itself.
bool tells_nothing(const Error& error) {
  switch (error.kind) {
    case ErrorKind::not_sent:
    case ErrorKind::outcome_unknown:
    case ErrorKind::throttled:
    case ErrorKind::server_fault:
    case ErrorKind::cancelled:
    case ErrorKind::usage: return true;
    default: return false;
  }
}

}  // namespace

std::string Answer::words() const {
  if (!refusal) return "accepted";
  if (refusal->code.empty()) return refusal->message;
  return fmt::format("{} {}: {}", status, refusal->code, refusal->message);
}

Finding judge_refusal(const Answer& answer, const Refusal& believed) {
  if (!answer.refusal) return different("accepted");
  const bool code = std::ranges::find(believed.codes, answer.refusal->code) != believed.codes.end();
  if (!code && (answer.refusal->kind == ErrorKind::access_denied || tells_nothing(*answer.refusal))) {
    return unanswered(*answer.refusal);
  }
  const bool words = lower_case(answer.refusal->message).contains(lower_case(believed.words));
  return judged(code && words && answer.status == believed.status, answer.words());
}

Finding judge_denial(const Answer& answer, const Refusal& believed) {
  const bool denied = answer.refusal && answer.refusal->kind == ErrorKind::access_denied;
  const auto finding = judge_refusal(answer, believed);
  return denied && finding.verdict == Verdict::not_tried ? different(answer.words()) : finding;
}

Finding judge_acceptance(const Answer& answer) {
  if (answer.refusal && (answer.refusal->kind == ErrorKind::access_denied || tells_nothing(*answer.refusal))) {
    return unanswered(*answer.refusal);
  }
  return judged(answer.accepted(), answer.words());
}

}  // namespace rekeyer::probe
