// Mails and topics of one account: what was sent stays readable. Plain data.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"

namespace rekeyer::sandbox {

struct SentMail {
  std::string id;
  Instant at{};
  Region region;
  std::string from;
  std::vector<std::string> to;
  std::vector<std::string> cc;
  std::vector<std::string> bcc;
  std::vector<std::string> reply_to;
  std::string subject;
  std::string text;
  std::string html;
  std::string raw;  ///< SendRawEmail, or SendEmail with raw content
};

struct MailIdentity {
  std::string name;  ///< an address or a domain
  bool verified = true;
  std::string configuration_set{};  ///< which its mails go out by, where they name none
};

struct Subscription {
  Arn arn;
  std::string protocol;
  std::string endpoint;
};

struct PublishedMessage {
  std::string id;
  Instant at{};
  std::string subject;
  std::string message;
  std::string structure;
  std::map<std::string, std::string> attributes;
};

struct Topic {
  Arn arn;
  std::string display_name;
  std::vector<Subscription> subscriptions;
  std::vector<PublishedMessage> published;
  std::map<std::string, std::string> tags = {};
};

struct Messages {
  std::vector<SentMail> mails;
  std::map<std::string, MailIdentity> identities;  ///< by name
  std::map<std::string, Topic> topics;             ///< by ARN
  bool mail_sandbox = false;                       ///< SES's own sandbox: verified recipients only
};

}  // namespace rekeyer::sandbox
