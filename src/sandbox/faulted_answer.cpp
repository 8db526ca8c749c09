#include "sandbox/faulted_answer.hpp"

#include "sandbox/access/credential_refusals.hpp"
#include "sandbox/wire/reply.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr int kill_signal = 9;

ServiceError injected_error(const FaultRule& fault, const Call& call) {
  ServiceError refusal = internal_error(call.service);
  if (!fault.code.empty()) refusal = {fault.code, "injected", 400};
  if (!fault.message.empty()) refusal.message = fault.message;
  if (fault.status != 0) refusal.status = fault.status;
  return refusal;
}

bool refuse_with(const ServiceError& refusal, const Call& call, std::string_view request_id, Outcome& outcome) {
  outcome.answer.response = failure(call, refusal, request_id);
  outcome.code = refusal.code;
  return true;
}

/// The whole reply never comes: what the log calls a cut connection.
bool lose(Answer::Ending ending, Outcome& outcome) {
  outcome.answer.ending = ending;
  outcome.code = "ConnectionCut";
  return true;
}

bool answer_with_page(Outcome& outcome) {
  aws::HttpResponse& response = outcome.answer.response;
  response = {};
  response.status = 503;
  response.headers.add("Content-Type", "text/html");
  response.body = "<html><body><h1>503 Service Unavailable</h1></body></html>";
  outcome.code.clear();
  return true;
}

bool answer_with_garbage(const Call& call, std::string_view request_id, Outcome& outcome) {
  outcome.answer.response = success(call, {}, request_id);
  outcome.answer.response.body = "}<\x01 neither one thing nor the other";
  outcome.code.clear();
  return true;
}

}  // namespace

bool apply_fault(const FaultRule& fault, const Call& call, std::string_view request_id, Outcome& outcome) {
  outcome.answer.wait += fault.wait;
  switch (fault.kind) {
    case FaultKind::error: return refuse_with(injected_error(fault, call), call, request_id, outcome);
    case FaultKind::throttle: return refuse_with(throttled(call.service), call, request_id, outcome);
    case FaultKind::deny:
      return refuse_with(denied(call.service, "the caller", call.service + ":" + call.operation, {}), call, request_id,
                         outcome);
    case FaultKind::expired: return refuse_with(expired_credentials(call), call, request_id, outcome);
    case FaultKind::html: return answer_with_page(outcome);
    case FaultKind::garbage: return answer_with_garbage(call, request_id, outcome);
    case FaultKind::cut:
    case FaultKind::hang: return lose(Answer::Ending::cut, outcome);
    case FaultKind::truncate: return lose(Answer::Ending::truncate, outcome);
    case FaultKind::delay: return false;
    case FaultKind::signal:
      outcome.answer.signal = fault.signal;
      return fault.signal == kill_signal && lose(Answer::Ending::cut, outcome);
  }
  return false;
}

}  // namespace rekeyer::sandbox
