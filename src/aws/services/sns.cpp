// SNS over the query protocol.
#include "aws/services/sns.hpp"

#include <fmt/format.h>

#include "aws/services/exchange.hpp"
#include "base/text.hpp"
#include "base/try.hpp"
#include "base/utf8.hpp"

namespace rekeyer::aws {
namespace {

constexpr std::size_t subject_limit = 99;

/// SNS refuses line breaks and control characters, and old documents everything but ASCII. One "?" stands for one
/// letter, however many bytes it has.
std::string sendable_subject(std::string_view subject) {
  std::string result;
  for (const char c : subject) {
    if (continues_character(c)) continue;
    const bool blank = c == ' ' || is_control(c);
    if (blank && (result.empty() || result.ends_with(' '))) continue;
    result += blank ? ' ' : is_printable(c) ? c : '?';
    if (result.size() == subject_limit) break;
  }
  while (result.ends_with(' ')) result.pop_back();
  return result;
}

/// arn:aws:sns:eu-west-1:111111111111:name → eu-west-1
Result<Region> region_of_topic(const Arn& topic) {
  std::string_view rest = topic.str();
  for (int i = 0; i < 3; ++i) {
    const auto colon = rest.find(':');
    if (colon == std::string_view::npos) return fail(ErrorKind::usage, "the topic is not named by an ARN");
    rest.remove_prefix(colon + 1);
  }
  const auto region = rest.substr(0, rest.find(':'));
  if (!topic.str().starts_with("arn:") || region.empty() || region.size() == rest.size()) {
    return fail(ErrorKind::usage, "the topic is not named by an ARN with a region");
  }
  return Region(std::string(region));
}

/// Attributes/entry/{key,value}
Result<std::map<std::string, std::string>> read_attributes(const XmlNode& result) {
  std::map<std::string, std::string> attributes;
  TRY_VOID(result.required("Attributes"));
  for (const XmlNode& entry : result.children("Attributes", "entry")) {
    TRY(auto key, required_text(entry, "key"));
    TRY(auto value, text_or_empty(entry, "value"));
    attributes.insert_or_assign(std::move(key), std::move(value));
  }
  return attributes;
}

}  // namespace

ResultTask<std::string> SnsClient::publish(Publication publication) {
  Principal principal = principal_;
  auto region = region_of_topic(publication.topic);
  if (!region) co_return fail(std::move(region).error());
  principal.region = *std::move(region);

  QueryBody body = query_body(services::sns, "Publish");
  body.add("TopicArn", publication.topic.str()).add("Message", publication.message);
  if (const auto subject = sendable_subject(publication.subject); !subject.empty()) body.add("Subject", subject);
  int number = 0;
  for (const auto& [name, value] : publication.attributes) {
    // An attribute without a value is refused, and a filter can't tell it from none.
    if (value.empty()) continue;
    const auto entry = fmt::format("MessageAttributes.entry.{}.", ++number);
    body.add(entry + "Name", name).add(entry + "Value.DataType", "String").add(entry + "Value.StringValue", value);
  }
  if (!publication.group.empty()) body.add("MessageGroupId", publication.group);
  if (!publication.deduplication_id.empty()) body.add("MessageDeduplicationId", publication.deduplication_id);
  // A FIFO topic drops what it has had within five minutes, so a lost reply may be answered by sending again.
  const auto idempotent = publication.deduplication_id.empty() ? Idempotent::no : Idempotent::yes;
  auto read = [](const XmlNode& result) { return required_text(result, "MessageId"); };
  auto id = co_await query_exchange<std::string>(caller_, std::move(principal),
                                                 query_call(services::sns, "Publish", std::move(body), idempotent),
                                                 std::move(read));
  co_return id;
}

ResultTask<std::map<std::string, std::string>> SnsClient::topic_attributes(Arn topic) {
  Principal principal = principal_;
  auto region = region_of_topic(topic);
  if (!region) co_return fail(std::move(region).error());
  principal.region = *std::move(region);
  QueryBody body = query_body(services::sns, "GetTopicAttributes");
  body.add("TopicArn", topic.str());
  auto attributes = co_await query_exchange<std::map<std::string, std::string>>(
      caller_, std::move(principal), query_call(services::sns, "GetTopicAttributes", std::move(body)), read_attributes);
  co_return attributes;
}

}  // namespace rekeyer::aws
