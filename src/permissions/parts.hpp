// The parts that roles' documents are put together from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "permissions/model.hpp"
#include "permissions/policy_request.hpp"

namespace rekeyer::permissions {

using Statements = std::vector<Statement>;

void append(Statements& all, Statements more);

/// "arn:aws:service:region:account:rest".
struct ArnParts {
  std::string_view service;
  std::string_view region;
  std::string_view account;
  std::string_view rest;
};
std::string arn(const PolicyRequest& request, const ArnParts& parts);

/// Surveying and, for apply, rotating the users of `account` ("*": of whichever account the role is in).
Statements user_statements(const rotation::Settings& settings, const PolicyRequest& request, std::string_view account);
/// The secrets that are kept in `account`, and the keys that they are encrypted with.
Statements store_statements(const rotation::Settings& settings, const PolicyRequest& request, std::string_view account);
/// Signing what is rekeyer's, where `store.proof` names a key: the caller's, never the member role's.
Statements proof_statements(const rotation::Settings& settings, const PolicyRequest& request);
/// Where the account is that rekeyer runs from: entered by a role like any other, or with the caller's own rights.
enum class OwnUsers { by_role, by_caller };
/// Of a service control policy: nobody changes such secrets, in whichever account, but who keeps them.
Statements reserving_statements(const rotation::Settings& settings, const PolicyRequest& request, OwnUsers own);
/// Of the member role, which rekeyer doctor has look at itself.
Statement self_check_statement(const rotation::Settings& settings, const PolicyRequest& request);
Statement trust_statement(const rotation::Settings& settings, const PolicyRequest& request);

/// Assuming the member role wherever an account is in scope.
Statement enter_statement(const rotation::Settings& settings, const PolicyRequest& request);
/// Is Organizations asked only for what the configuration needs, or also where accounts stand, as `--ou` does?
enum class OuQuestions { as_configured, any };
/// Listing the accounts: as the caller, or by assuming the list role where there is one. Empty with fixed accounts.
Statements listing_access(const rotation::Settings& settings, OuQuestions questions);
Statement organization_reads(const rotation::Settings& settings, OuQuestions questions);
/// Where the account stands that an event names, and whether it is the management account. Empty with fixed accounts.
Statements placing_access(const rotation::Settings& settings);
/// The tags of accounts, which name owners. Empty where nobody asks for them.
Statements account_tag_reads(const notify::Settings& settings, const PolicyRequest& request);
/// Assuming the role that reads Organizations.
Statement list_role_statement(const rotation::Settings& settings);

enum class Channels { all, mails };
/// The channels with what they need, templates included.
Statements channel_statements(const notify::Settings& settings, const PolicyRequest& request, Channels which);
/// The places beside IAM where owners' addresses are looked for, as far as the caller reads them itself.
Statements owner_statements(const notify::Settings& settings);

enum class RunFolder { write, keep };
/// What any function needs: its log, its configuration, its network, the run's folder.
Statements function_statements(const PolicyRequest& request, const std::vector<std::string>& functions,
                               RunFolder folder);

/// Only a few users by their names, in every account: no list of users is ever read.
bool only_named_users(const rotation::Settings& settings);

}  // namespace rekeyer::permissions
