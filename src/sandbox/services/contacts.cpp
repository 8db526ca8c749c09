// Account Management: alternate contacts, of one's own account and of the organisation's others.
#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"
#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

ServiceResult<std::string> kind_of(const Call& call) {
  std::string kind(call.text_or_empty("AlternateContactType"));
  if (kind == "BILLING" || kind == "OPERATIONS" || kind == "SECURITY") return kind;
  return refuse("ValidationException",
                fmt::format("1 validation error detected: Value '{}' at 'alternateContactType' failed to satisfy "
                            "constraint: Member must satisfy enum value set: [BILLING, OPERATIONS, SECURITY]",
                            kind));
}

std::unexpected<ServiceError> not_allowed(const Call& call, const Context& context, std::string_view account) {
  return refuse("AccessDeniedException",
                fmt::format("User: {} is not authorized to perform: account:{} (The account {} is not one of your "
                            "organization that you may manage.)",
                            context.caller.arn, call.operation, account),
                403);
}

/// Another account may be named by the management account and by delegated administrators. The management account's own
/// contacts are had without naming it.
ServiceResult<Account*> wanted_account(const Call& call, const Context& context) {
  const std::string id(call.text_or_empty("AccountId"));
  if (id.empty()) return &context.account();
  const auto& organization = context.world.organization;
  const auto& caller = context.caller.account;
  const bool may =
      caller == organization.management ||
      std::ranges::find(organization.delegated_administrators, caller) != organization.delegated_administrators.end();
  Account* const account = context.world.find_account(AccountId(id));
  if (!may || account == nullptr || !organization.parent_of.contains(account->id) ||
      account->id == organization.management) {
    return not_allowed(call, context, id);
  }
  return account;
}

std::unexpected<ServiceError> no_contact() {
  return refuse("ResourceNotFoundException", "No contact of the inputted alternate contact type found.", 404);
}

Output get_alternate_contact(const Call& call, const Context& context) {
  TRY(const std::string kind, kind_of(call));
  TRY(const Account* const account, wanted_account(call, context));
  const auto found = account->contacts.find(kind);
  if (found == account->contacts.end()) return no_contact();
  const AlternateContact& contact = found->second;
  return json::object{{"AlternateContact", json::object{{"AlternateContactType", kind},
                                                        {"Name", contact.name},
                                                        {"Title", contact.title},
                                                        {"EmailAddress", contact.email},
                                                        {"PhoneNumber", contact.phone}}}};
}

Output put_alternate_contact(const Call& call, const Context& context) {
  TRY(const std::string kind, kind_of(call));
  TRY(Account* const account, wanted_account(call, context));
  for (const std::string_view member : {"Name", "Title", "EmailAddress", "PhoneNumber"}) {
    if (call.text_or_empty(member).empty()) {
      return refuse("ValidationException",
                    fmt::format("1 validation error detected: Value null at '{}' failed to satisfy constraint: Member "
                                "must not be null",
                                member));
    }
  }
  if (!call.text_or_empty("EmailAddress").contains('@')) {
    return refuse("ValidationException", "The provided e-mail address is not valid.");
  }
  account->contacts[kind] = {std::string(call.text_or_empty("Name")), std::string(call.text_or_empty("Title")),
                             std::string(call.text_or_empty("EmailAddress")),
                             std::string(call.text_or_empty("PhoneNumber"))};
  return json::object{};
}

Output delete_alternate_contact(const Call& call, const Context& context) {
  TRY(const std::string kind, kind_of(call));
  TRY(Account* const account, wanted_account(call, context));
  if (account->contacts.erase(kind) == 0) return no_contact();
  return json::object{};
}

}  // namespace

std::span<const Operation> contact_operations() {
  static constexpr Operation table[] = {
      {"GetAlternateContact", get_alternate_contact},
      {"PutAlternateContact", put_alternate_contact},
      {"DeleteAlternateContact", delete_alternate_contact},
  };
  return table;
}

}  // namespace rekeyer::sandbox
