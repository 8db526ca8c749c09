// Organizations, accounts: opening, moving and closing them, and who besides the management account may read.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/try.hpp"
#include "sandbox/services/organizations.hpp"
#include "sandbox/wire/reply.hpp"

namespace rekeyer::sandbox {
namespace {

using boost::json::object;

std::unexpected<ServiceError> no_such_account() {
  return refuse("AccountNotFoundException", "You specified an account that doesn't exist.");
}

/// AccountId, which must be in the organisation.
ServiceResult<AccountId> asked_account(const Call& call, const Context& context) {
  AccountId id{std::string(call.text_or_empty("AccountId"))};
  if (!valid_account_id(id.str())) return invalid_organization_input("AccountId must be twelve digits.");
  if (!context.world.organization.parent_of.contains(id)) return no_such_account();
  return id;
}

AccountId draw_account_id(World& world) {
  while (true) {
    std::string digits;
    while (digits.size() < 12) {
      for (const char c : world.ids.lower(16)) {
        if (is_digit(c) && digits.size() < 12) digits += c;
      }
    }
    if (!world.accounts.contains(AccountId(digits))) return AccountId(digits);
  }
}

/// The way in for the management account, as Organizations leaves it in every account that it opens.
Role access_role(const Context& context, RoleName name) {
  const World& world = context.world;
  Role role;
  role.name = std::move(name);
  role.id = context.world.ids.unique("AROA");
  role.created = context.now;
  role.trust = fmt::format(
      R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:{}:iam::{}:root"}},"Action":"sts:AssumeRole"}}]}})",
      world.partition, world.organization.management);
  role.policies["AdministratorAccess"] =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})";
  return role;
}

/// An account id that is empty stands for a request that failed: the address was taken.
object describe_request(const CreateAccountRequest& request) {
  object shown{{"Id", request.id},
               {"AccountName", request.name},
               {"State", request.account.empty() ? "FAILED" : "SUCCEEDED"},
               {"RequestedTimestamp", json_time(request.requested)},
               {"CompletedTimestamp", json_time(request.requested)}};
  if (request.account.empty()) {
    shown["FailureReason"] = "EMAIL_ALREADY_EXISTS";
  } else {
    shown["AccountId"] = request.account.str();
  }
  return shown;
}

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  return text.size() >= 6 && text.size() <= 64 && at != std::string_view::npos && at > 0 &&
         text.find('.', at) != std::string_view::npos && text.find(' ') == std::string_view::npos;
}

AccountId open_account(const Call& call, const Context& context) {
  World& world = context.world;
  const AccountId id = draw_account_id(world);
  Account& account = world.account(id);
  account.name = call.text_or_empty("AccountName");
  account.email = call.text_or_empty("Email");
  account.state = "ACTIVE";
  account.joined = context.now;
  const std::string_view role_name = call.text_or_empty("RoleName");
  Role role =
      access_role(context, RoleName(role_name.empty() ? "OrganizationAccountAccessRole" : std::string(role_name)));
  std::string key = folded(role.name.str());
  account.iam.roles.emplace(std::move(key), std::move(role));
  world.organization.order.push_back(id);
  world.organization.parent_of[id] = world.organization.root;
  keep_tags(call, world.organization, id.str());
  return id;
}

Output create_account(const Call& call, const Context& context) {
  const std::string_view name = call.text_or_empty("AccountName");
  const std::string_view email = call.text_or_empty("Email");
  if (name.empty() || name.size() > 50) return invalid_organization_input("AccountName must have 1 to 50 characters.");
  if (!is_email(email)) return invalid_organization_input("Email must be an address.");
  const bool taken =
      std::ranges::any_of(context.world.accounts, [email](const auto& entry) { return entry.second.email == email; });
  CreateAccountRequest request;
  request.id = "car-" + context.world.ids.lower(32);
  request.name = name;
  request.requested = context.now;
  if (!taken) request.account = open_account(call, context);
  object output{{"CreateAccountStatus", describe_request(request)}};
  std::string id = request.id;
  context.world.organization.account_requests.emplace(std::move(id), std::move(request));
  return output;
}

Output describe_create_account_status(const Call& call, const Context& context) {
  const auto& requests = context.world.organization.account_requests;
  const auto request = requests.find(std::string(call.text_or_empty("CreateAccountRequestId")));
  if (request == requests.end()) {
    return refuse("CreateAccountStatusNotFoundException", "You specified a create account request that doesn't exist.");
  }
  return object{{"CreateAccountStatus", describe_request(request->second)}};
}

Output move_account(const Call& call, const Context& context) {
  Organization& organization = context.world.organization;
  TRY(const AccountId id, asked_account(call, context));
  const OuId source{std::string(call.text_or_empty("SourceParentId"))};
  const OuId destination{std::string(call.text_or_empty("DestinationParentId"))};
  if (!is_parent(organization, source) || organization.parent_of.at(id) != source) {
    return refuse("SourceParentNotFoundException", "The account isn't in the source parent that you specified.");
  }
  if (!is_parent(organization, destination)) {
    return refuse("DestinationParentNotFoundException", "You specified a destination parent that doesn't exist.");
  }
  if (source == destination) {
    return refuse("DuplicateAccountException", "The account is in the destination parent already.");
  }
  organization.parent_of[id] = destination;
  return object{};
}

Output close_account(const Call& call, const Context& context) {
  TRY(const AccountId id, asked_account(call, context));
  if (id == context.world.organization.management) {
    return refuse("ConstraintViolationException", "You cannot close the management account of an organization.");
  }
  Account* account = context.world.find_account(id);
  if (account == nullptr) return no_such_account();
  if (account->state != "ACTIVE") {
    return refuse("AccountAlreadyClosedException", "The account is closed or being closed already.");
  }
  account->state = "CLOSED";
  return object{};
}

Output list_delegated_administrators(const Call& call, const Context& context) {
  const auto& delegated = context.world.organization.delegated_administrators;
  return page_of(call, context,
                 {.member = "DelegatedAdministrators", .of = {}, .count = delegated.size(), .item = [&](std::size_t i) {
                    auto shown = describe_account(context, delegated[i]);
                    shown.erase("Paths");
                    return shown;
                  }});
}

/// Delegation is kept for the account as a whole, not for each service: ServicePrincipal is only asked for.
Output register_delegated_administrator(const Call& call, const Context& context) {
  TRY(const AccountId id, asked_account(call, context));
  if (call.text_or_empty("ServicePrincipal").empty()) return invalid_organization_input("ServicePrincipal is missing.");
  Organization& organization = context.world.organization;
  if (id == organization.management) {
    return refuse("ConstraintViolationException",
                  "You cannot register the management account as a delegated administrator.");
  }
  auto& delegated = organization.delegated_administrators;
  if (std::ranges::find(delegated, id) != delegated.end()) {
    return refuse("AccountAlreadyRegisteredException", "The account is a delegated administrator already.");
  }
  delegated.push_back(id);
  return object{};
}

}  // namespace

std::span<const Operation> organization_account_operations() {
  static constexpr std::array operations{
      Operation{"CreateAccount", guarded<check_manager, create_account>},
      Operation{"DescribeCreateAccountStatus", guarded<check_reader, describe_create_account_status>},
      Operation{"MoveAccount", guarded<check_manager, move_account>},
      Operation{"CloseAccount", guarded<check_manager, close_account>},
      Operation{"ListDelegatedAdministrators", guarded<check_reader, list_delegated_administrators>},
      Operation{"RegisterDelegatedAdministrator", guarded<check_manager, register_delegated_administrator>},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
