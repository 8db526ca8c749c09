#include "sandbox/server/in_process.hpp"

#include <algorithm>

namespace rekeyer::sandbox {

ResultTask<aws::HttpResponse> InProcessTransport::send(aws::HttpRequest request) {
  const Instant deadline = clock_.now() + request.timeout;
  const Milliseconds latency = sandbox_.draw_latency();
  const Milliseconds there = latency / 2;
  if (there > Milliseconds(0)) co_await clock_.sleep_until(std::min(clock_.now() + there, deadline));
  Answer answer = sandbox_.answer(request, clock_.now());

  const Milliseconds back = answer.wait + (latency - there);
  const Instant arrival = clock_.now() + back;
  if (back > Milliseconds(0)) co_await clock_.sleep_until(std::min(arrival, deadline));
  if (arrival > deadline) co_return fail(ErrorKind::outcome_unknown, "no reply came in time");
  if (answer.ending == Answer::Ending::cut) {
    co_return fail(ErrorKind::outcome_unknown, "the connection ended before a reply came");
  }
  if (answer.ending == Answer::Ending::truncate) {
    co_return fail(ErrorKind::outcome_unknown, "the connection ended in the middle of the reply");
  }
  if (answer.response.body.size() > request.body_limit) {
    co_return fail(ErrorKind::bad_reply, "the reply's body is longer than allowed");
  }
  co_return std::move(answer.response);
}

}  // namespace rekeyer::sandbox
