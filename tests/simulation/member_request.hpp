// How somebody in a member account asks Secrets Manager for something: through the same door as everybody.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "aws/http/message.hpp"
#include "base/names.hpp"
#include "base/time.hpp"
#include "simulation/scenario.hpp"

namespace rekeyer::simulation {

aws::HttpRequest signed_by(const SecretsMember& member, const Region& region, std::string_view operation,
                           const boost::json::object& input, Instant now);

}  // namespace rekeyer::simulation
