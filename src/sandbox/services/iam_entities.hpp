// IAM's users, groups and roles as operations find them and as replies show them.
#pragma once

#include <boost/json/object.hpp>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

/// The user of a name in any case, or NoSuchEntity.
ServiceResult<User*> iam_user(const Call& call, const Context& context);
/// The same; where no name is given, the owner of the signing key. Roles have to name somebody.
ServiceResult<User*> iam_user_or_caller(const Call& call, const Context& context);
ServiceResult<Group*> iam_group(const Call& call, const Context& context);
ServiceResult<Role*> iam_role(const Call& call, const Context& context);

/// As lists show them: without tags.
void describe_user(boost::json::object& into, const Context& context, const User& user);
void describe_group(boost::json::object& into, const Context& context, const Group& group);
void describe_role(boost::json::object& into, const Context& context, const Role& role);
/// [{Key, Value}] as member "Tags".
void describe_tags(boost::json::object& into, const Tags& tags);
/// The same as a page of its own.
Output page_of_tags(const Call& call, const Context& context, const Tags& tags);

bool is_member(const Group& group, const UserName& user);

/// IAM's dates are whole seconds.
Instant whole_seconds(Instant instant);

}  // namespace rekeyer::sandbox
