// Service control policies as Organizations shows them. AWS attaches its own policy FullAWSAccess to everything from
// the start; the world leaves it out, so that here it stands wherever nothing else is attached.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

inline constexpr std::string_view full_access_id = "p-FullAWSAccess";

/// AWS's own policy, as it is before anything is attached by name.
ServiceControl full_access();
/// By id, FullAWSAccess always included; fails with PolicyNotFoundException.
ServiceResult<ServiceControl> find_control(const Organization& organization, std::string_view id);
/// All of them, FullAWSAccess always included.
std::vector<ServiceControl> all_controls(const Organization& organization);
/// The ids of what is attached to the target by name; FullAWSAccess where there is nothing.
std::vector<std::string> controls_of(const Organization& organization, const std::string& target);
/// Filter or Type; true where it asks for service control policies. Fails for what is no type of policy.
ServiceResult<bool> asks_for_controls(const Call& call, std::string_view member);
/// PolicySummary.
boost::json::object summarize(const World& world, const ServiceControl& control);

}  // namespace rekeyer::sandbox
