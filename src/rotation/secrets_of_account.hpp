// Which of an account's secrets is whose. A user's name may change, and may come back as somebody else's; the unique id
// on the secret says whose it is. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "aws/services/secrets_manager.hpp"
#include "base/names.hpp"
#include "rotation/proofs.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {

/// The tag that holds the unique id of the user whose secret it is.
inline constexpr std::string_view id_tag = "rekeyer:id";

/// Does any of these tags say that the secret is rekeyer's? Where its user is gone, nothing else is cleaned up.
bool carries_our_tags(const aws::Tags& tags);

/// The id on the secret; empty where none is on it: made by a version before ids, or by somebody else.
UserId id_on(const aws::SecretDescription& secret);

/// A secret that has a name of ours, and the user that its name carries.
struct NamedSecret {
  UserName user;
  aws::SecretDescription secret;
};

class SecretsOfAccount {
 public:
  /// `listed` may hold secrets of other names; they are left out. `signed_proofs`: null where proofs are not signed.
  /// `name_template` and the proofs outlive this.
  SecretsOfAccount(const std::string& name_template, AccountId account, std::vector<aws::SecretDescription> listed,
                   const Proofs* signed_proofs);

  /// The user's secret: the one with his id, whatever its name; else the one of his name with nobody's id, where the
  /// case of letters may differ as it may in IAM. Null where there is none. Of several with his id the oldest
  /// with a proof, which nobody else can write where it is signed; else the oldest, since whoever puts another user's
  /// id on a secret of his own mostly comes later. It is no orphan from now on.
  const NamedSecret* claim(const UserName& user, const UserId& id);

  /// Where the secret of a user who has none is made: under his name, or with his id in it where that name is taken by
  /// another user's.
  /// Is there a secret whose name carries that one, whoever's?
  bool has(const UserName& carried) const { return by_name_.contains(carried); }
  SecretPlace free_place(const UserName& user, const UserId& id) const;

  /// Those that nobody has claimed.
  std::vector<NamedSecret> take_unclaimed();

 private:
  /// Its place among the secrets; their number where there is none.
  std::size_t with_id(const UserId& id) const;
  std::size_t with_name(const UserName& user) const;

  const std::string& name_template_;
  AccountId account_;
  const Proofs* signed_proofs_;
  std::vector<NamedSecret> secrets_;
  std::vector<bool> claimed_;
  std::multimap<UserId, std::size_t> by_id_;  ///< the oldest first
  std::map<UserName, std::size_t> by_name_;
  std::multimap<std::string, std::size_t> unmarked_;  ///< by the name in lower case
};

}  // namespace rekeyer::rotation
