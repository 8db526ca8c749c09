// As whom, by which configuration and on which clock something is done: what a sweep, its messages and the functions on
// Lambda are given, whether the process made it (engine.hpp) or a test on the embedded AWS.
#pragma once

#include "aws/call/caller.hpp"
#include "base/clock.hpp"
#include "config/config.hpp"
#include "notify/channels/channels.hpp"
#include "notify/render/templates.hpp"
#include "rotation/run.hpp"

namespace rekeyer::engine {

/// References outlive whatever is done with them.
struct Context {
  const config::Configuration& configuration;
  aws::Caller& caller;
  aws::Principal principal;  ///< the caller's credentials and region
  Clock& clock;
  const rotation::StopFlag& stop;
  RunId run;
  notify::ChannelParts channel_parts;
  const notify::Templates* templates = nullptr;  ///< read before; null: read where the configuration says

  const rotation::Settings& settings() const { return configuration.rotation; }
  const notify::Settings& notices() const { return configuration.notify; }
};

}  // namespace rekeyer::engine
