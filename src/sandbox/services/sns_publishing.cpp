// SNS, publishing: every rule of a message is checked, and what was published is kept with its topic.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <charconv>

#include "base/text.hpp"
#include "base/try.hpp"
#include "sandbox/services/sns.hpp"
#include "sandbox/wire/member_text.hpp"
#include "sandbox/world/characters.hpp"

namespace rekeyer::sandbox {
namespace {

using boost::json::object;

constexpr std::size_t largest_message = 262'144;
constexpr std::size_t longest_subject = 99;

std::unexpected<ServiceError> invalid_value(std::string_view what) {
  return refuse("ParameterValueInvalid", std::string(what));
}

/// Printable ASCII that does not begin with a space: what every reader of the documentation would accept.
ServiceResult<void> check_subject(const Call& call) {
  const auto subject = call.text("Subject");
  if (!subject) return {};
  const bool printable = std::ranges::all_of(*subject, [](char c) { return c >= ' ' && c <= '~'; });
  if (subject->empty() || subject->size() > longest_subject || !printable || subject->front() == ' ') {
    return invalid_parameter("Subject");
  }
  return {};
}

/// With MessageStructure "json" the message is an object of texts, one of them the default.
ServiceResult<void> check_structure(const Call& call) {
  const auto structure = call.text("MessageStructure");
  if (!structure) return {};
  if (*structure != "json") return invalid_parameter("MessageStructure");
  boost::system::error_code problem;
  const boost::json::value body = boost::json::parse(call.text_or_empty("Message"), problem);
  if (problem || !body.is_object()) {
    return invalid_parameter("Message Structure - JSON message body failed to parse");
  }
  const boost::json::value* otherwise = body.as_object().if_contains("default");
  if (otherwise == nullptr || !otherwise->is_string()) {
    return invalid_parameter("Message Structure - No default entry in JSON message body");
  }
  return {};
}

bool is_attribute_name(std::string_view name) {
  const auto fits = [](char c) { return is_alnum(c) || std::string_view("_-.").contains(c); };
  const std::string plain = folded(name);
  return !name.empty() && name.size() <= 256 && std::ranges::all_of(name, fits) && name.front() != '.' &&
         name.back() != '.' && !name.contains("..") && !plain.starts_with("aws.") && !plain.starts_with("amazon.");
}

bool is_number(std::string_view text) {
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && end == text.data() + text.size();
}

struct Attribute {
  std::string name;
  std::string type;
  std::string value;  ///< of a binary one its base64 text
};

ServiceResult<Attribute> read_attribute(const boost::json::value& entry) {
  const object* named = entry.if_object();
  const boost::json::value* body = named == nullptr ? nullptr : named->if_contains("Value");
  if (body == nullptr || !body->is_object()) return invalid_parameter("MessageAttributes");
  Attribute attribute;
  attribute.name = member_text(*named, "Name");
  attribute.type = member_text(body->as_object(), "DataType");
  // "Number.celsius" is a number with a label of the sender's own.
  const std::string_view kind = std::string_view(attribute.type).substr(0, attribute.type.find('.'));
  attribute.value = member_text(body->as_object(), kind == "Binary" ? "BinaryValue" : "StringValue");
  if (!is_attribute_name(attribute.name)) {
    return invalid_value(fmt::format("The message attribute name '{}' is invalid.", attribute.name));
  }
  if (kind != "String" && kind != "Number" && kind != "Binary") {
    return invalid_value(
        fmt::format("The message attribute '{}' has an invalid message attribute type.", attribute.name));
  }
  if (attribute.value.empty()) {
    return invalid_value(fmt::format("The message attribute '{}' must contain a non-empty value.", attribute.name));
  }
  if (kind == "Number" && !is_number(attribute.value)) {
    return invalid_value(fmt::format("Could not cast message attribute '{}' value to number.", attribute.name));
  }
  return attribute;
}

/// The message as it will be kept, all of it checked; without id and date.
ServiceResult<PublishedMessage> read_message(const Call& call) {
  PublishedMessage message;
  message.message = call.text_or_empty("Message");
  if (message.message.empty()) return invalid_parameter("Empty message");
  TRY_VOID(check_subject(call));
  TRY_VOID(check_structure(call));
  message.subject = call.text_or_empty("Subject");
  message.structure = call.text_or_empty("MessageStructure");
  std::size_t size = message.message.size();
  const boost::json::array* attributes = call.list("MessageAttributes");
  for (const boost::json::value& entry : attributes == nullptr ? boost::json::array() : *attributes) {
    TRY(Attribute attribute, read_attribute(entry));
    size += attribute.name.size() + attribute.type.size() + attribute.value.size();
    if (!message.attributes.emplace(attribute.name, std::move(attribute.value)).second) {
      return invalid_value(fmt::format("Message attribute name '{}' already exists.", attribute.name));
    }
  }
  if (size > largest_message) return invalid_parameter("Message too long");
  return message;
}

Output publish(const Call& call, const Context& context) {
  if (call.input.contains("PhoneNumber")) return invalid_parameter("PhoneNumber; the sandbox publishes to topics only");
  const auto topic_arn = call.text("TopicArn");
  const auto target_arn = call.text("TargetArn");
  if (topic_arn.has_value() == target_arn.has_value()) return invalid_parameter("TopicArn or TargetArn, one of them");
  TRY(Topic* const topic, find_topic(context, call, topic_arn ? *topic_arn : *target_arn));
  TRY(PublishedMessage message, read_message(call));
  message.id = context.world.ids.uuid();
  message.at = context.now;
  topic->published.push_back(std::move(message));
  return object{{"MessageId", topic->published.back().id}};
}

}  // namespace

std::span<const Operation> sns_publishing_operations() {
  static constexpr std::array operations{Operation{"Publish", publish}};
  return operations;
}

}  // namespace rekeyer::sandbox
