// What a handler is given for one invocation.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/context.hpp"
#include "lambda/deployment.hpp"

namespace rekeyer::lambda {

struct Job {
  const config::Configuration& configuration;
  const Deployment& deployment;
  aws::Caller& caller;
  aws::Principal principal;
  Clock& clock;                    ///< AWS's time
  const rotation::StopFlag& stop;  ///< requested some time before the deadline
  RunId id;                        ///< of this invocation's own work: in intents, and in mails
  std::string request_id;          ///< Lambda's
  notify::ChannelParts channel_parts;
  std::function<void(std::string_view)> metrics;  ///< takes one line of embedded metrics

  /// For a sweep by `own`, a configuration that outlives it.
  engine::Context context(const config::Configuration& own) const {
    return {own, caller, principal, clock, stop, id, channel_parts};
  }
};

}  // namespace rekeyer::lambda
