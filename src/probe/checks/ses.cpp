// SES: nothing here is sent to anybody.
#include <array>

#include "base/try.hpp"
#include "probe/check.hpp"

namespace rekeyer::probe {
namespace {

/// AWS's own mailbox that takes everything; the sender's domain can't exist.
constexpr std::string_view nobodys_mailbox = "success@simulator.amazonses.com";
constexpr std::string_view nobodys_sender = "nobody@rekeyer-probe.invalid";

constexpr std::string_view takes_a_verified_sender =
    "it takes a verified sender, and sends a mail: docs/first-account.md says how to try it by hand";

ResultTask<Finding> sending_account(Bench& bench) {
  const auto answer = co_await bench.caller().rest(aws::services::ses, "GetAccount", {"GET", "/v2/email/account"});
  if (answer.refusal) co_return judge_acceptance(answer);
  CO_TRY(const auto production, answer.json->boolean("ProductionAccessEnabled"));
  CO_TRY(const auto quota, answer.json->object("SendQuota"));
  CO_TRY(const auto rate, quota.number("MaxSendRate"));
  CO_TRY(const auto day, quota.number("Max24HourSend"));
  co_return as_believed(
      fmt::format("{}, {} a second, {} a day", production ? "production" : "SES's sandbox", rate, day));
}

ResultTask<Finding> unverified_sender(Bench& bench) {
  aws::JsonWriter body;
  body.begin_object().member("FromEmailAddress", nobodys_sender);
  body.begin_object("Destination").begin_array("ToAddresses").value(nobodys_mailbox).end().end();
  body.begin_object("Content").begin_object("Simple");
  body.begin_object("Subject").member("Data", "probe").end();
  body.begin_object("Body").begin_object("Text").member("Data", "probe").end().end();
  body.end().end().end();
  const auto answer = co_await bench.caller().rest(
      aws::services::ses, "SendEmail", {"POST", "/v2/email/outbound-emails"}, std::move(body), aws::Idempotent::no);
  co_return judge_refusal(answer, {400, {"MessageRejected"}, "not verified"});
}

ResultTask<Finding> unknown_identity(Bench& bench) {
  const auto answer = co_await bench.caller().rest(aws::services::ses, "GetEmailIdentity",
                                                   {"GET", "/v2/email/identities/rekeyer-probe.invalid"});
  co_return judge_refusal(answer, {404, {"NotFoundException"}});
}

}  // namespace

std::span<const Check> ses_checks() {
  static constexpr std::array checks{
      Check{"ses.account", "SES tells whether it is in its sandbox, and how much may be sent", "docs/doctor.md",
            Takes::a_moment, sending_account},
      Check{"ses.unverified-sender", "A mail from a sender who is not verified: 400 MessageRejected",
            "src/aws/services/ses.hpp", Takes::a_moment, unverified_sender},
      Check{"ses.unknown-identity", "An identity that is not there: 404 NotFoundException", "src/doctor/channels.cpp",
            Takes::a_moment, unknown_identity},
      Check{"ses.recipient-needs-right",
            "In SES's sandbox a right on the sender's identity alone is not enough: the recipient's is asked for, too",
            "src/permissions/channels.cpp", Takes::a_moment, nullptr, takes_a_verified_sender},
      Check{"ses.default-configuration-set-needs-right",
            "Where the sender's identity has a configuration set, a right on that is asked for, too",
            "src/permissions/channels.cpp", Takes::a_moment, nullptr, takes_a_verified_sender},
      Check{"ses.rate-exceeded", "Mails past the rate are refused as throttled, by status or words",
            "src/aws/call/classify.cpp", Takes::a_moment, nullptr, "it would take mails by the hundred"},
  };
  return checks;
}

}  // namespace rekeyer::probe
