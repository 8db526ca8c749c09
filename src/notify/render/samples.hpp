// Letters as they may be: one story a stage and one letter a kind, for previews, sample mails, tests and the
// documentation. Everything in them is made up.
#pragma once

#include <string>
#include <vector>

#include "notify/model/letters.hpp"

namespace rekeyer::notify {

Instant sample_now();

/// A key of ci-deploy with everything that a message of that stage knows.
KeyStory sample_story(policy::Stage stage);

OwnerLetter sample_owner_letter(std::vector<KeyStory> stories);
ActionLine sample_line(std::string user, std::string action, std::string status, std::string reason);
AccountLetter sample_account_letter(bool audit);
AdministratorLetter sample_administrator_letter();

}  // namespace rekeyer::notify
