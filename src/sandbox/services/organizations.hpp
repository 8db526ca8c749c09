// What the files of Organizations share: who may ask, how a list comes in pages, what accounts, units and policies look
// like in a reply.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <string>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

std::span<const Operation> organization_reading_operations();
std::span<const Operation> organization_account_operations();
std::span<const Operation> organization_unit_operations();
std::span<const Operation> organization_policy_operations();
std::span<const Operation> organization_attachment_operations();
std::span<const Operation> organization_tag_operations();

// --- who may ask

/// Fails with AWSOrganizationsNotInUseException where the caller's account is in no organisation.
ServiceResult<void> check_member(const Context& context);
/// A member that may read: the management account, a delegated administrator, or (by behaviour) everybody.
ServiceResult<void> check_reader(const Context& context);
/// Only the management account changes anything.
ServiceResult<void> check_manager(const Context& context);

template <ServiceResult<void> (*check)(const Context&), Output (*perform)(const Call&, const Context&)>
Output guarded(const Call& call, const Context& context) {
  if (auto allowed = check(context); !allowed) return std::unexpected(std::move(allowed).error());
  return perform(call, context);
}

// --- pages

/// A list as it would be without pages. Only the items of the page are asked for.
struct Listing {
  std::string_view member;  ///< "Accounts"
  std::string of;           ///< what else tells this list from others: the parent's id
  std::size_t count = 0;
  std::function<boost::json::value(std::size_t)> item;
};

/// The page that the call asks for, of at most Truths::organizations_page items.
Output page_of(const Call& call, const Context& context, const Listing& listing);

// --- looks

std::string organization_arn(const World& world, std::string_view kind, std::string_view id);
/// "o-…/r-…/ou-…/": the place of what hangs under `parent`.
std::string organization_path(const Organization& organization, const OuId& parent);
boost::json::object describe_organization(const World& world);
boost::json::object describe_account(const Context& context, const AccountId& id);
boost::json::object describe_unit(const World& world, const Unit& unit);

/// The root, or one of the units?
bool is_parent(const Organization& organization, const OuId& id);
std::unexpected<ServiceError> invalid_organization_input(std::string_view what);
/// The id of a node (account, unit or root) as it is in the organisation; fails with TargetNotFoundException.
ServiceResult<std::string> find_target(const Organization& organization, std::string_view id);
/// Tags of a call that makes something, kept under its id.
void keep_tags(const Call& call, Organization& organization, const std::string& id);

}  // namespace rekeyer::sandbox
