// SES, identities and the account, in both versions. An identity is verified at once: nobody reads the sandbox's mail.
// Identities here belong to the account, not to a region.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <map>

#include "base/try.hpp"
#include "sandbox/services/continuation.hpp"
#include "sandbox/services/ses.hpp"
#include "sandbox/wire/reply.hpp"

namespace rekeyer::sandbox {
namespace {

using boost::json::object;

bool is_address(std::string_view name) { return name.contains('@'); }

struct NamePage {
  std::vector<std::string> names;
  std::string next;  ///< empty: no more
};

/// A page of the names, of the size that the call asks for.
ServiceResult<NamePage> page_of_names(const Call& call, const std::vector<std::string>& names,
                                      std::string_view size_member, std::size_t usual) {
  const std::string question = fmt::format("{} {}", call.operation, names.size());
  std::size_t first = 0;
  if (const auto token = call.text("NextToken"); token && !token->empty()) {
    const auto from = read_continuation(question, *token);
    if (!from) return bad_mail_request(call, "Invalid NextToken.");
    first = from->position;
  }
  const std::int64_t asked = call.integer(size_member).value_or(static_cast<std::int64_t>(usual));
  if (asked < 1 || asked > 1000) return bad_mail_request(call, fmt::format("{} must be 1 to 1000.", size_member));
  const std::size_t end = std::min(names.size(), first + static_cast<std::size_t>(asked));
  NamePage page;
  for (std::size_t i = first; i < end; ++i) page.names.push_back(names[i]);
  if (end < names.size()) page.next = continuation_token(question, {.position = end});
  return page;
}

/// The identity's name; domains have no case.
ServiceResult<std::string> asked_identity(const Call& call) {
  const std::string_view name = call.text_or_empty(is_version_two(call) ? "EmailIdentity" : "EmailAddress");
  const std::size_t at = name.find('@');
  if (name.empty() || at == 0 || (at != std::string_view::npos && at + 1 == name.size()) ||
      (at == std::string_view::npos && !name.contains('.')) ||
      name.find_first_of(" \t\r\n<>") != std::string_view::npos) {
    return bad_mail_request(call, fmt::format("Email identity <{}> is invalid.", name));
  }
  if (at == std::string_view::npos) return folded(name);
  return std::string(name.substr(0, at + 1)) + folded(name.substr(at + 1));
}

object describe_identity(const MailIdentity& identity) {
  return {{"IdentityType", is_address(identity.name) ? "EMAIL_ADDRESS" : "DOMAIN"},
          {"VerifiedForSendingStatus", identity.verified},
          {"DkimAttributes",
           object{{"SigningEnabled", false}, {"Status", "NOT_STARTED"}, {"Tokens", boost::json::array()}}}};
}

Output create_email_identity(const Call& call, const Context& context) {
  TRY(const std::string name, asked_identity(call));
  const MailIdentity made{.name = name, .configuration_set = std::string(call.text_or_empty("ConfigurationSetName"))};
  const auto [identity, fresh] = context.account().messages.identities.try_emplace(name, made);
  if (!fresh) return refuse("AlreadyExistsException", fmt::format("Email identity {} already exist.", name));
  return describe_identity(identity->second);
}

Output get_email_identity(const Call& call, const Context& context) {
  TRY(const std::string name, asked_identity(call));
  const auto& identities = context.account().messages.identities;
  const auto found = identities.find(name);
  if (found == identities.end()) {
    return refuse("NotFoundException", fmt::format("Email identity {} does not exist.", name), 404);
  }
  object shown = describe_identity(found->second);
  shown["FeedbackForwardingStatus"] = true;
  if (const auto& set = found->second.configuration_set; !set.empty()) shown["ConfigurationSetName"] = set;
  shown["VerificationStatus"] = found->second.verified ? "SUCCESS" : "PENDING";
  shown["Policies"] = object{};
  shown["Tags"] = boost::json::array();
  return shown;
}

Output delete_email_identity(const Call& call, const Context& context) {
  TRY(const std::string name, asked_identity(call));
  if (context.account().messages.identities.erase(name) == 0) {
    return refuse("NotFoundException", fmt::format("Email identity {} does not exist.", name), 404);
  }
  return object{};
}

Output list_email_identities(const Call& call, const Context& context) {
  const auto& identities = context.account().messages.identities;
  std::vector<std::string> names;
  for (const auto& [name, identity] : identities) names.push_back(name);
  TRY(const NamePage page, page_of_names(call, names, "PageSize", 1000));
  object output;
  boost::json::array shown;
  for (const std::string& name : page.names) {
    const bool verified = identities.at(name).verified;
    shown.push_back(object{{"IdentityType", is_address(name) ? "EMAIL_ADDRESS" : "DOMAIN"},
                           {"IdentityName", name},
                           {"SendingEnabled", verified},
                           {"VerificationStatus", verified ? "SUCCESS" : "PENDING"}});
  }
  output["EmailIdentities"] = std::move(shown);
  if (!page.next.empty()) output["NextToken"] = page.next;
  return output;
}

Output get_account(const Call&, const Context& context) {
  const Messages& messages = context.account().messages;
  const MailQuota quota = mail_quota(messages);
  return object{{"DedicatedIpAutoWarmupEnabled", false},
                {"EnforcementStatus", "HEALTHY"},
                {"ProductionAccessEnabled", !messages.mail_sandbox},
                {"SendingEnabled", true},
                {"SendQuota", object{{"Max24HourSend", static_cast<double>(quota.a_day)},
                                     {"MaxSendRate", static_cast<double>(quota.a_second)},
                                     {"SentLast24Hours", static_cast<double>(sent_last_day(messages, context.now))}}}};
}

Output verify_email_identity(const Call& call, const Context& context) {
  TRY(const std::string name, asked_identity(call));
  if (!is_address(name)) return bad_mail_request(call, "Invalid email address.");
  context.account().messages.identities[name] = MailIdentity{.name = name};
  return object{};
}

Output list_identities(const Call& call, const Context& context) {
  const std::string_view type = call.text_or_empty("IdentityType");
  if (!type.empty() && type != "EmailAddress" && type != "Domain") {
    return bad_mail_request(call, "IdentityType must be EmailAddress or Domain.");
  }
  std::vector<std::string> names;
  for (const auto& [name, identity] : context.account().messages.identities) {
    if (type.empty() || is_address(name) == (type == "EmailAddress")) names.push_back(name);
  }
  TRY(const NamePage page, page_of_names(call, names, "MaxItems", 1000));
  object output;
  output["Identities"] = boost::json::array(page.names.begin(), page.names.end());
  if (!page.next.empty()) output["NextToken"] = page.next;
  return output;
}

Output get_send_quota(const Call&, const Context& context) {
  const Messages& messages = context.account().messages;
  const MailQuota quota = mail_quota(messages);
  return object{{"Max24HourSend", fmt::format("{}.0", quota.a_day)},
                {"MaxSendRate", fmt::format("{}.0", quota.a_second)},
                {"SentLast24Hours", fmt::format("{}.0", sent_last_day(messages, context.now))}};
}

/// Two weeks in quarters of an hour; those in which nothing was sent are left out.
Output get_send_statistics(const Call&, const Context& context) {
  constexpr std::chrono::minutes quarter{15};
  std::map<Instant, int> attempts;
  for (const SentMail& mail : context.account().messages.mails) {
    if (mail.at + std::chrono::days(14) <= context.now) continue;
    ++attempts[Instant(mail.at.time_since_epoch() / quarter * Milliseconds(quarter))];
  }
  boost::json::array points;
  for (const auto& [start, count] : attempts) {
    points.push_back(object{{"Timestamp", xml_time(start)},
                            {"DeliveryAttempts", fmt::to_string(count)},
                            {"Bounces", "0"},
                            {"Complaints", "0"},
                            {"Rejects", "0"}});
  }
  return object{{"SendDataPoints", std::move(points)}};
}

}  // namespace

std::span<const Operation> ses_identity_operations() {
  static constexpr std::array operations{
      Operation{"CreateEmailIdentity", create_email_identity},
      Operation{"GetEmailIdentity", get_email_identity},
      Operation{"DeleteEmailIdentity", delete_email_identity},
      Operation{"ListEmailIdentities", list_email_identities},
      Operation{"GetAccount", get_account},
      Operation{"VerifyEmailIdentity", verify_email_identity},
      Operation{"ListIdentities", list_identities},
      Operation{"GetSendQuota", get_send_quota},
      Operation{"GetSendStatistics", get_send_statistics},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
