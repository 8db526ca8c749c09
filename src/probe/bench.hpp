// What a check works with: it makes things that are written down before and tagged, acts as users of its own, waits for
// what takes its time, and is cleared afterwards.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "aws/services/iam.hpp"
#include "aws/services/secrets_manager.hpp"
#include "aws/services/sts.hpp"
#include "probe/account.hpp"
#include "probe/client.hpp"
#include "probe/journal.hpp"
#include "probe/removal.hpp"

namespace rekeyer::probe {

class Bench {
 public:
  /// `patience`: the longest wait for one thing. Account and journal outlive the bench.
  Bench(const Account& account, Journal& journal, Milliseconds patience)
      : account_(account), journal_(journal), patience_(patience) {}
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  const Account& account() const { return account_; }
  Clock& clock() const { return account_.clock; }

  /// As whoever runs the probe.
  Client caller() const { return {account_.caller, account_.principal}; }
  aws::IamClient iam() const { return {account_.caller, account_.principal}; }
  aws::SecretsManagerClient secrets() const { return {account_.caller, account_.principal}; }
  aws::StsClient sts() const { return {account_.caller, account_.principal}; }
  /// With these credentials, in the same Region.
  aws::Principal principal_of(aws::SharedCredentials credentials) const;
  Client acting_with(aws::SharedCredentials credentials) const;

  /// The name of a thing of this run.
  std::string name_of(std::string_view suffix) const { return probe::name_of(account_.run, suffix); }
  Thing thing(Kind kind, std::string name) const;

  /// Each fails with `cancelled` once the run is to stop, and as AWS refuses.
  ResultTask<UserName> make_user(std::string suffix);
  /// Without a value.
  ResultTask<SecretName> make_secret(std::string suffix);
  ResultTask<Arn> make_topic(std::string suffix);
  /// A key that is not waited for. IAM CreateAccessKey.
  ResultTask<aws::SharedCredentials> make_key(UserName user);
  /// A key that AWS knows by now: it answers twice in a row.
  ResultTask<aws::SharedCredentials> make_working_key(UserName user);
  /// A user of this run who has a key and no right at all; the same one for all checks.
  ResultTask<Client> stranger();
  /// One inline policy of that user. IAM PutUserPolicy.
  ResultTask<> allow(UserName user, std::string_view actions_as_json, std::string resource = "*");
  /// The ARNs of all secrets of this run, as a pattern.
  std::string own_secrets() const;

  /// For what a check makes, renames or deletes by itself: written down before, and again afterwards.
  Result<> about_to_make(const Thing& thing);
  void made(const Thing& thing);
  Result<> gone(const Thing& thing);
  /// What AWS answered to the request that was to make it.
  Result<> answered(const Thing& thing, const Answer& answer);

  /// How long it took until `holds`; nothing: not within `at_most`. Fails as `holds` fails, with `cancelled`, and with
  /// `lease_over` where patience ended before that.
  ResultTask<std::optional<Milliseconds>> wait_until(Milliseconds at_most, std::function<ResultTask<bool>()> holds);

  /// Takes away all that was made since the last time, but the stranger; goes on after failures. What fails is tried
  /// again the next time.
  Task<void> clear() { return clear(false); }
  /// The stranger too.
  Task<void> clear_all() { return clear(true); }
  /// What could not be taken away, and why.
  struct Left {
    Thing thing;
    std::string why;
    bool may_come = false;  ///< it is not there, but the request that was to make it may still arrive
  };
  const std::vector<Left>& left() const { return left_; }

 private:
  struct Made {
    Thing thing;
    bool certain = false;  ///< AWS has said that it is there
  };

  Task<void> clear(bool everything);
  Task<std::optional<Left>> clear_one(Made made);
  ResultTask<Made> begin(Kind kind, std::string name);
  Result<> stopped() const;
  /// AWS refused to make it: is that certain, the journal need not remember it.
  std::unexpected<Error> refused(const Thing& thing, Error error);

  const Account& account_;
  Journal& journal_;
  Milliseconds patience_;
  std::vector<Made> made_;
  std::vector<Left> left_;
  std::optional<Thing> stranger_thing_;
  std::optional<Result<aws::SharedCredentials>> stranger_;
};

}  // namespace rekeyer::probe
