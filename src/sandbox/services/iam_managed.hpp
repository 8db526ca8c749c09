// Managed policies as replies show them. The sandbox keeps one version of each: v1.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <string>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

/// On how many users, groups and roles of the caller's account it is.
std::size_t attachments(const Context& context, const std::string& arn);

void describe_managed_policy(boost::json::object& into, const Context& context, const ManagedPolicy& policy);
void describe_policy_version(boost::json::object& into, const ManagedPolicy& policy);
/// {PolicyName, PolicyArn}
void append_attached_policy(boost::json::array& into, const std::string& arn);

}  // namespace rekeyer::sandbox
