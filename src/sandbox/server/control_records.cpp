// Control calls that read what happened: calls, keys' histories, forbidden reads, mails and messages.
#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <set>

#include "base/try.hpp"
#include "sandbox/server/control.hpp"

namespace rekeyer::sandbox {
namespace {

double epoch(Instant instant) { return static_cast<double>(instant.time_since_epoch().count()) / 1000.0; }

ControlReply get_calls(const Controlled& over) {
  boost::json::array calls;
  for (const auto& entry : over.sandbox().calls.entries()) calls.emplace_back(describe(entry));
  return calls;
}

ControlReply post_calls(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 1> known{"clear"};
  TRY_VOID(body.only(known));
  TRY(const auto clear, body.flag("clear", false));
  auto calls = get_calls(over);
  if (clear) over.sandbox().calls.clear();
  return calls;
}

ControlReply get_violations(const Controlled& over) {
  boost::json::array reads;
  for (const auto& read : over.sandbox().value_reads) {
    reads.emplace_back(
        boost::json::object{{"principal", read.principal}, {"operation", read.operation}, {"secret", read.secret}});
  }
  return reads;
}

ControlReply get_key_events(const Controlled& over) {
  boost::json::array events;
  for (const auto& event : over.world().key_events) {
    events.emplace_back(boost::json::object{{"at", epoch(event.at)},
                                            {"event", event.what},
                                            {"account", event.account.str()},
                                            {"user", event.user.str()},
                                            {"id", event.key.str()},
                                            {"secret", event.secret},
                                            {"by", event.by},
                                            {"by_lab", event.by.find("/sandbox-administrator/") != std::string::npos}});
  }
  return events;
}

/// Every secret that must not be seen anywhere: of keys, also deleted ones, and of sessions.
ControlReply get_known_secrets(const Controlled& over) {
  const auto& world = over.world();
  std::set<std::string> secrets;
  for (const auto& event : world.key_events) secrets.insert(event.secret);
  for (const auto& [id, account] : world.accounts) {
    for (const auto& [name, user] : account.iam.users) {
      for (const auto& key : user.keys) secrets.insert(key.secret);
    }
    for (const auto& [region, vault] : account.vaults) {
      for (const auto& [key_id, key] : vault.keys) {
        if (!key.private_key.empty()) secrets.insert(key.private_key);
      }
    }
  }
  for (const auto& [id, session] : world.sessions) {  // into a set: their order is lost on the way
    secrets.insert(session.secret);
    secrets.insert(session.token);
  }
  boost::json::array sorted;
  for (const auto& secret : secrets) sorted.emplace_back(secret);
  return sorted;
}

boost::json::array texts(const std::vector<std::string>& list) {
  boost::json::array out;
  for (const auto& text : list) out.emplace_back(text);
  return out;
}

boost::json::object describe_mail(const Account& account, const SentMail& mail) {
  boost::json::object out{{"account", account.id.str()}, {"id", mail.id},     {"at", epoch(mail.at)},
                          {"region", mail.region.str()}, {"from", mail.from}, {"to", texts(mail.to)}};
  if (!mail.cc.empty()) out["cc"] = texts(mail.cc);
  if (!mail.bcc.empty()) out["bcc"] = texts(mail.bcc);
  if (!mail.reply_to.empty()) out["reply_to"] = texts(mail.reply_to);
  out["subject"] = mail.subject;
  out["text"] = mail.text;
  out["html"] = mail.html;
  if (!mail.raw.empty()) out["raw"] = mail.raw;
  return out;
}

boost::json::object describe_message(const Account& account, const Topic& topic, const PublishedMessage& message) {
  boost::json::object attributes;
  for (const auto& [name, value] : message.attributes) attributes[name] = value;
  return {{"account", account.id.str()},    {"topic", topic.arn.str()},           {"id", message.id},
          {"at", epoch(message.at)},        {"subject", message.subject},         {"message", message.message},
          {"structure", message.structure}, {"attributes", std::move(attributes)}};
}

ControlReply sent_messages(const Controlled& over, const std::optional<std::string>& wanted, bool clear) {
  boost::json::array mails;
  boost::json::array published;
  for (auto& [id, account] : over.world().accounts) {
    if (wanted && id.str() != *wanted) continue;
    for (const auto& mail : account.messages.mails) mails.emplace_back(describe_mail(account, mail));
    if (clear) account.messages.mails.clear();
    for (auto& [arn, topic] : account.messages.topics) {
      for (const auto& message : topic.published) published.emplace_back(describe_message(account, topic, message));
      if (clear) topic.published.clear();
    }
  }
  return boost::json::object{{"mails", std::move(mails)}, {"published", std::move(published)}};
}

ControlReply get_mails(const Controlled& over) { return sent_messages(over, std::nullopt, false); }

ControlReply post_mails(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 2> known{"account", "clear"};
  TRY_VOID(body.only(known));
  TRY(const auto account, body.text("account"));
  TRY(const auto clear, body.flag("clear", false));
  return sent_messages(over, account, clear);
}

boost::json::object describe_event(const Account& account, const EventBus& bus, const KeptEvent& event) {
  boost::system::error_code problem;
  auto detail = boost::json::parse(event.detail, problem);
  return {{"account", account.id.str()},
          {"bus", bus.arn.str()},
          {"id", event.id},
          {"at", epoch(event.at)},
          {"time", epoch(event.time)},
          {"source", event.source},
          {"detail_type", event.detail_type},
          {"detail", problem ? boost::json::value(event.detail) : std::move(detail)},
          {"resources", texts(event.resources)}};
}

ControlReply put_events(const Controlled& over, const std::optional<std::string>& wanted, bool clear) {
  boost::json::array events;
  for (auto& [id, account] : over.world().accounts) {
    if (wanted && id.str() != *wanted) continue;
    for (auto& [arn, bus] : account.buses) {
      for (const auto& event : bus.events) events.emplace_back(describe_event(account, bus, event));
      if (clear) bus.events.clear();
    }
  }
  return events;
}

ControlReply get_events(const Controlled& over) { return put_events(over, std::nullopt, false); }

ControlReply post_events(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 2> known{"account", "clear"};
  TRY_VOID(body.only(known));
  TRY(const auto account, body.text("account"));
  TRY(const auto clear, body.flag("clear", false));
  return put_events(over, account, clear);
}

}  // namespace

std::span<const ControlCommand> record_commands() {
  static constexpr std::array commands{
      ControlCommand{"calls", "every call since the world was built; {clear}: forget them afterwards", get_calls,
                     post_calls},
      ControlCommand{"key_events", "what became of keys: created, stored, deactivated, activated, deleted",
                     get_key_events, nullptr},
      ControlCommand{"violations", "roles that tried to read a secret's value", get_violations, nullptr},
      ControlCommand{"known_secrets", "every secret that must not be seen anywhere", get_known_secrets, nullptr},
      ControlCommand{"mails", "mails sent and messages published; {account}: of one; {clear}: forget them afterwards",
                     get_mails, post_mails},
      ControlCommand{"events", "events that were put on buses; {account}: of one; {clear}: forget them afterwards",
                     get_events, post_events},
  };
  return commands;
}

}  // namespace rekeyer::sandbox
