// The stations of a call, in AWS's order.
#include "sandbox/sandbox.hpp"

#include <fmt/format.h>

#include "sandbox/faulted_answer.hpp"
#include "sandbox/services/service.hpp"
#include "sandbox/wire/reply.hpp"

namespace rekeyer::sandbox {
namespace {

/// Shaped like a UUID, counted: the same run has the same ids.
std::string request_id(std::uint64_t number) { return fmt::format("00000000-0000-4000-8000-{:012x}", number); }

std::string_view body_of(const aws::HttpRequest& request) { return {request.body.data(), request.body.size()}; }

ServiceError unknown_operation(const Call& call) {
  if (!call.signature && call.operation.empty()) {
    return {"MissingAuthenticationToken", "Request is missing Authentication Token", 403};
  }
  switch (call.protocol) {
    case Protocol::query:
      return {"InvalidAction",
              fmt::format("Could not find operation {} for version {}", call.operation, call.text_or_empty("Version")),
              400};
    case Protocol::json: return {"UnknownOperationException", "", 400};
    case Protocol::rest_json: return {"UnknownOperationException", "", 404};
    case Protocol::rest_xml:
      return {"NotImplemented", "A header or query you provided implies functionality that is not implemented.", 501};
  }
  return {"InvalidAction", "", 400};
}

ServiceError malformed_input(const Call& call) {
  if (call.protocol == Protocol::query) return {"MalformedInput", "The request body could not be read.", 400};
  if (call.protocol == Protocol::rest_xml) return {"InvalidURI", "Couldn't parse the specified URI.", 400};
  return {"SerializationException", "The request body could not be read.", 400};
}

/// One call on its way through the sandbox.
struct Passage {
  Sandbox& sandbox;
  const aws::HttpRequest& request;
  const ParsedRequest& parsed;
  Instant now{};
  AccountId caller;  ///< as far as the key id tells
  bool administrator = false;
};

/// The stations behind faults: rate limit, operation, authentication, body, permission, deed.
Output perform(const Passage& passage) {
  Sandbox& sandbox = passage.sandbox;
  const Call& call = passage.parsed.call;
  if (sandbox.behaviour.rate_limits && !passage.administrator && !passage.caller.empty() &&
      !sandbox.rate_limits.admit(call, passage.caller, sandbox.behaviour.iam_rate, passage.now)) {
    return std::unexpected(throttled(call.service));
  }
  // A form that can't be read names no operation.
  const bool unreadable = passage.parsed.malformed && call.operation.empty();
  const Operation* const operation = find_operation(call.service, call.operation);
  if (operation == nullptr && !unreadable) return std::unexpected(unknown_operation(call));
  const auto principal = authenticate(sandbox.world, sandbox.behaviour, call, passage.request, passage.now);
  if (!principal) return std::unexpected(principal.error());
  if (passage.parsed.malformed) return std::unexpected(malformed_input(call));
  if (auto refusal = authorize(sandbox.world, sandbox.behaviour, call, *principal, sandbox.value_reads, passage.now)) {
    return std::unexpected(std::move(*refusal));
  }
  return operation->perform(call, Context{sandbox.world, sandbox.behaviour, *principal, passage.now});
}

void pass(const Passage& passage, std::string_view id, Outcome& outcome) {
  const Call& call = passage.parsed.call;
  if (auto output = perform(passage)) {
    outcome.answer.performed = true;
    outcome.answer.response = success(call, *output, id);
  } else {
    outcome.code = output.error().code;
    outcome.answer.response = failure(call, output.error(), id);
  }
}

}  // namespace

Answer Sandbox::answer(const aws::HttpRequest& request, Instant now) {
  const ParsedRequest parsed = parse_request(request);
  const Call& call = parsed.call;
  const std::string id = request_id(next_request_id_++);
  const std::size_t index = calls.open(call, now);
  Passage passage{*this, request, parsed, now, {}, request.headers.find("x-sandbox-unseen").has_value()};
  if (const auto principal = identify(world, call)) {
    passage.caller = principal->account;
    passage.administrator = passage.administrator || principal->kind == PrincipalKind::administrator;
    calls.at(index)->account = principal->account;
    calls.at(index)->principal = principal->arn.str();
  }
  std::optional<FaultRule> fault;
  if (!passage.administrator) fault = faults.pick(call, passage.caller, body_of(request));

  Outcome outcome;
  const bool before = fault && !fault->after && fault->kind != FaultKind::truncate;
  if (!before || !apply_fault(*fault, call, id, outcome)) pass(passage, id, outcome);
  if (fault && !before) apply_fault(*fault, call, id, outcome);
  outcome.answer.response.headers.set("Date", http_date(now));

  LoggedCall& entry = *calls.at(index);
  entry.administrator = passage.administrator;
  entry.status = outcome.answer.ending == Answer::Ending::reply ? outcome.answer.response.status : 0;
  entry.code = std::move(outcome.code);
  if (fault) entry.fault = fmt::format("{} {}", name(fault->kind), before ? "before" : "after");
  if (after_each_call) after_each_call(entry);
  return std::move(outcome.answer);
}

Milliseconds Sandbox::draw_latency() {
  const auto spread = behaviour.latency_spread.count();
  if (spread <= 0) return behaviour.latency;
  return behaviour.latency +
         Milliseconds(static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(spread) + 1)));
}

}  // namespace rekeyer::sandbox
