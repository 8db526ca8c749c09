// Amazon SES, version 2 of its API: sending one mail.
#pragma once

#include <string>
#include <vector>

#include "aws/call/caller.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

struct Email {
  std::string from;  ///< "Name <address>"; a name that is not ASCII is encoded here (RFC 2047)
  std::vector<std::string> to;
  std::vector<std::string> reply_to;
  std::string subject;
  std::string text;
  std::string html;
  std::string configuration_set;  ///< empty: none
  std::string identity_arn;       ///< FromEmailAddressIdentityArn, where another account owns the identity; empty: none
};

struct SendingAccount {
  bool production = false;  ///< false: SES's own sandbox, verified recipients only
  bool enabled = false;
  double per_second = 0;  ///< MaxSendRate
  double per_day = 0;
};

/// An address or a domain that mails may come from.
struct MailIdentity {
  bool verified = false;     ///< VerifiedForSendingStatus
  std::string verification;  ///< VerificationStatus: PENDING, SUCCESS, FAILED, …; empty where SES does not say
};

class SesClient {
 public:
  SesClient(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}
  /// The message id. SES has no idempotency token, so nothing is sent again after `outcome_unknown`. `rejected` where
  /// this mail or address is refused for good. SESv2 SendEmail.
  ResultTask<std::string> send_email(Email email);
  /// SESv2 GetAccount.
  ResultTask<SendingAccount> sending_account();
  /// `name`: an address or a domain. `not_found` where this account has no such identity in the region. SESv2
  /// GetEmailIdentity.
  ResultTask<MailIdentity> identity(std::string name);

 private:
  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
