// A function of src/lambda as it runs in an environment of Lambda: its handler with clocks, caller and credentials made
// anew for each invocation, as bootstrap.cpp does it, on the embedded AWS and in virtual time.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>

#include "config/config.hpp"
#include "lambda/deployment.hpp"
#include "lambda/handlers.hpp"
#include "sandbox/sandbox.hpp"
#include "sandbox/world/world_file.hpp"
#include "scale/lambda_service.hpp"
#include "simulation/process.hpp"

namespace rekeyer::scale {

/// What all invocations share; outlives them.
struct Surroundings {
  sandbox::Sandbox& sandbox;
  Clock& clock;
  simulation::DeadProcesses& dead;
  boost::asio::any_io_executor executor;
  config::Configuration configuration;
  lambda::Deployment deployment;
  sandbox::CallerKey caller;
  std::chrono::microseconds cpu_per_call{0};  ///< at the function's share of a processor; calls queue for it
  std::uint64_t seed = 1;
  std::string metrics = {};  ///< the lines that handlers have written
};

Function deployed_handler(Surroundings& surroundings, lambda::Handler handler);

}  // namespace rekeyer::scale
