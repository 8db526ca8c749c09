// One account seen cheaply: bulk calls whatever the number of users, to pick the few that need a closer look.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "rotation/access.hpp"
#include "rotation/secrets_of_account.hpp"
#include "rotation/settings.hpp"
#include "rotation/target.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {

/// A user as the bulk calls show them. Key ids may be missing ("slot 1"), and the report may be 4 hours
/// old: good enough to see that nothing is due, and to plan by, never to act on.
struct SurveyedUser {
  UserContext context;
  policy::UserFacts facts;
  policy::Rules rules;
  /// The bulk picture contradicts itself or lacks something: look closer whatever the decision on it says.
  bool look_closer = false;
  /// A secret of his is there, or may be: where the account's secrets were not listed, nobody knows yet.
  bool may_have_secret = false;
  /// A secret of his name is there, or may be, and does not say that rekeyer made it or took it over.
  bool unproved = false;
  bool has_values = false;   ///< keys are stored in it
  bool place_taken = false;  ///< none is his, and where his is to be made stands somebody else\'s
  aws::ReportedLogin login;  ///< by the credential report
};

/// Is this a key's id, and no slot of a credential report in its place?
bool is_key_id(const AccessKeyId& id);
bool names_all_keys(const policy::UserFacts& facts);
/// "slot 1" becomes "slot 1 of 2026-01-31", by the day on which the key was made: for people.
void name_slots_by_day(policy::UserFacts& facts);

struct AccountSurvey {
  std::vector<SurveyedUser> users;
  std::vector<NamedSecret> orphaned_secrets;  ///< of ours, and no user is there whose they are
  std::vector<UserName> missing_users;        ///< asked for by name, and not there
  bool root_key_active = false;
  /// By the credential report, which was made then. Nothing: keys were listed, and active ones taken for used just now,
  /// which is enough to pick whom to ask for.
  std::optional<Instant> report_made;
};

/// All users, by the bulk list that the settings want: IAM GetAccountAuthorizationDetails, or ListUsers.
ResultTask<std::vector<aws::User>> users_of_account(ReadAccess& access, const Settings& settings);

/// Surveys the target's users. With Discovery::report: credential report, account authorization details and secrets
/// list; where the report is denied or can't be understood, or only some users are asked for, by direct calls per user.
/// Fails when any list can't be read whole.
ResultTask<AccountSurvey> survey_account(ReadAccess& access, const Settings& settings, AccountTarget target,
                                         Instant now);

}  // namespace rekeyer::rotation
