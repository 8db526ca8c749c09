// SES, sending, in both versions: nothing leaves, everything is kept. As at AWS, an account without a verified identity
// sends nothing at all.
#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>

#include "base/text.hpp"
#include "base/try.hpp"
#include "sandbox/services/ses.hpp"
#include "sandbox/services/ses_raw.hpp"
#include "sandbox/wire/base64.hpp"
#include "sandbox/wire/member_text.hpp"
#include "sandbox/world/mail_address.hpp"

namespace rekeyer::sandbox {
namespace {

using boost::json::object;

constexpr std::size_t most_recipients = 50;
constexpr std::size_t largest_mail = std::size_t{40} << 20;

/// A member of nested objects, by its names from the outside in; null where one is missing.
const boost::json::value* member(const object& tree, std::initializer_list<std::string_view> names) {
  const object* at = &tree;
  const boost::json::value* found = nullptr;
  for (const std::string_view name : names) {
    if (at == nullptr) return nullptr;
    found = at->if_contains(name);
    if (found == nullptr) return nullptr;
    at = found->if_object();
  }
  return found;
}

std::string text(const object& tree, std::initializer_list<std::string_view> names) {
  const boost::json::value* found = member(tree, names);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

ServiceResult<void> check_address(const Call& call, std::string_view address) {
  for (const char c : address) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      return bad_mail_request(call, "Address contains characters that are not ASCII; encode the display name.");
    }
    if (static_cast<unsigned char>(c) < 0x20) return bad_mail_request(call, "Address contains control characters");
  }
  const std::string_view bare = bare_address(address);
  const std::size_t at = bare.rfind('@');
  if (at == std::string_view::npos) return bad_mail_request(call, "Missing final '@domain'");
  if (at == 0 || bare.contains(' ')) return bad_mail_request(call, "Local address contains control or whitespace");
  if (at + 1 == bare.size()) return bad_mail_request(call, "Missing domain");
  return {};
}

std::vector<std::string> recipients(const SentMail& mail) {
  std::vector<std::string> all = mail.to;
  all.insert(all.end(), mail.cc.begin(), mail.cc.end());
  all.insert(all.end(), mail.bcc.begin(), mail.bcc.end());
  return all;
}

bool is_simulator(std::string_view address) { return bare_address(address).ends_with("@simulator.amazonses.com"); }

/// The sender's address must be verified; in SES's own sandbox the recipients' too.
ServiceResult<void> check_verified(const Messages& messages, const SentMail& mail) {
  std::string failed;
  const auto check = [&](const std::string& address) {
    if (!is_verified(messages, address)) failed += (failed.empty() ? "" : ", ") + address;
  };
  check(mail.from);
  if (messages.mail_sandbox) {
    for (const std::string& address : recipients(mail)) {
      if (!is_simulator(address)) check(address);
    }
  }
  if (failed.empty()) return {};
  return refuse("MessageRejected",
                fmt::format("Email address is not verified. The following identities failed the check in region {}: {}",
                            upper_case(mail.region.str()), failed));
}

ServiceResult<void> check_quota(const Call& call, const Messages& messages, std::size_t more, Instant now) {
  if (sent_last_day(messages, now) + more <= static_cast<std::size_t>(mail_quota(messages).a_day)) return {};
  return refuse(is_version_two(call) ? "LimitExceededException" : "Throttling", "Daily message quota exceeded.");
}

Output keep(const Call& call, const Context& context, SentMail mail) {
  Messages& messages = context.account().messages;
  const auto all = recipients(mail);
  if (all.empty()) return bad_mail_request(call, "Recipients list must not be empty.");
  if (all.size() > most_recipients) return bad_mail_request(call, "Recipient count exceeds 50.");
  if (mail.from.empty()) return bad_mail_request(call, "Missing required header 'From'.");
  TRY_VOID(check_address(call, mail.from));
  for (const std::string& address : all) TRY_VOID(check_address(call, address));
  for (const std::string& address : mail.reply_to) TRY_VOID(check_address(call, address));
  if (mail.raw.size() + mail.text.size() + mail.html.size() > largest_mail) {
    return bad_mail_request(call, "Message length is more than 41943040 bytes long.");
  }
  mail.at = context.now;
  mail.region = call.region;
  TRY_VOID(check_verified(messages, mail));
  TRY_VOID(check_quota(call, messages, all.size(), context.now));
  mail.id = fmt::format("0100{}-{}-000000", context.world.ids.lower(12), context.world.ids.uuid());
  messages.mails.push_back(std::move(mail));
  return object{{"MessageId", messages.mails.back().id}};
}

/// Base64 around a MIME message. Whoever is named beside it takes the place of the header's people.
Output keep_raw(const Call& call, const Context& context, std::string_view data, SentMail mail) {
  const auto decoded = decode_base64(data);
  if (!decoded || decoded->empty()) return bad_mail_request(call, "Raw message must be base64 and not empty.");
  MailHeader header = read_mail_header(*decoded);
  if (mail.from.empty()) mail.from = header.from;
  if (recipients(mail).empty()) {
    mail.to = std::move(header.to);
    mail.cc = std::move(header.cc);
    mail.bcc = std::move(header.bcc);
  }
  mail.subject = std::move(header.subject);
  mail.raw = *decoded;
  return keep(call, context, std::move(mail));
}

/// Subject and bodies, which have the same shape in both versions.
Output keep_simple(const Call& call, const Context& context, const object& message, SentMail mail) {
  if (member(message, {"Subject", "Data"}) == nullptr) return bad_mail_request(call, "Missing required subject.");
  mail.subject = text(message, {"Subject", "Data"});
  mail.text = text(message, {"Body", "Text", "Data"});
  mail.html = text(message, {"Body", "Html", "Data"});
  if (mail.subject.find_first_of("\r\n") != std::string::npos) {
    return bad_mail_request(call, "Subject contains line breaks.");
  }
  if (member(message, {"Body", "Text", "Data"}) == nullptr && member(message, {"Body", "Html", "Data"}) == nullptr) {
    return bad_mail_request(call, "Missing required body: text or HTML.");
  }
  return keep(call, context, std::move(mail));
}

SentMail addressed(const Call& call) {
  SentMail mail;
  const boost::json::value* found = member(call.input, {"Destination"});
  if (const object* destination = found == nullptr ? nullptr : found->if_object()) {
    mail.to = member_texts(*destination, "ToAddresses");
    mail.cc = member_texts(*destination, "CcAddresses");
    mail.bcc = member_texts(*destination, "BccAddresses");
  }
  mail.reply_to = call.texts("ReplyToAddresses");
  return mail;
}

Output send_email(const Call& call, const Context& context) {
  SentMail mail = addressed(call);
  if (!is_version_two(call)) {
    mail.from = text(call.input, {"Source"});
    const boost::json::value* message = member(call.input, {"Message"});
    if (message == nullptr || !message->is_object()) return bad_mail_request(call, "Missing required message.");
    return keep_simple(call, context, message->as_object(), std::move(mail));
  }
  mail.from = text(call.input, {"FromEmailAddress"});
  if (const boost::json::value* simple = member(call.input, {"Content", "Simple"}); simple && simple->is_object()) {
    return keep_simple(call, context, simple->as_object(), std::move(mail));
  }
  if (const boost::json::value* data = member(call.input, {"Content", "Raw", "Data"}); data && data->is_string()) {
    return keep_raw(call, context, data->as_string(), std::move(mail));
  }
  return bad_mail_request(call, "Content must be Simple or Raw; the sandbox has no templates.");
}

Output send_raw_email(const Call& call, const Context& context) {
  SentMail mail;
  mail.from = text(call.input, {"Source"});
  mail.to = call.texts("Destinations");
  return keep_raw(call, context, text(call.input, {"RawMessage", "Data"}), std::move(mail));
}

}  // namespace

std::span<const Operation> ses_sending_operations() {
  static constexpr std::array operations{
      Operation{"SendEmail", send_email},
      Operation{"SendRawEmail", send_raw_email},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
