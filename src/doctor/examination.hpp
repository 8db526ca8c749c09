// The whole look at a deployment: asks group by group and judges. Reads only: no client here can change anything.
#pragma once

#include "doctor/accounts.hpp"
#include "doctor/check.hpp"
#include "doctor/deployment.hpp"
#include "engine/context.hpp"

namespace rekeyer::doctor {

struct Request {
  rotation::Mode mode = rotation::Mode::apply;  ///< what runs are to do
  rotation::Filter filter;                      ///< narrows the accounts
  Deployment deployment;
  AccountsObserver observer;
};

/// Everything that can be looked at, in the order of the topics. Never fails: what could not be asked is not checked.
Task<Checks> examine(engine::Context asker, Request request);

}  // namespace rekeyer::doctor
