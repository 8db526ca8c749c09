// What a fault makes of a call's answer.
#pragma once

#include <string>
#include <string_view>

#include "sandbox/sandbox.hpp"

namespace rekeyer::sandbox {

/// An answer on its way, with the code that the log shows.
struct Outcome {
  Answer answer;
  std::string code;
};

/// Does to `outcome` what the fault orders. True: that is the answer now. False: it only comes later (a delay, a signal
/// that may be survived), and a call that was not performed yet still is to be.
bool apply_fault(const FaultRule& fault, const Call& call, std::string_view request_id, Outcome& outcome);

}  // namespace rekeyer::sandbox
