// SNS, topics. Of their attributes only the display name can be set.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/try.hpp"
#include "sandbox/services/sns.hpp"
#include "sandbox/world/characters.hpp"

namespace rekeyer::sandbox {
namespace {

using boost::json::object;

bool is_topic_name(std::string_view name) {
  return !name.empty() && name.size() <= 256 &&
         std::ranges::all_of(name, [](char c) { return is_alnum(c) || c == '_' || c == '-'; });
}

ServiceResult<void> set_attribute(Topic& topic, std::string_view name, std::string_view value) {
  if (name != "DisplayName") return invalid_parameter("AttributeName; the sandbox keeps DisplayName only");
  if (value.size() > 100) return invalid_parameter("DisplayName");
  topic.display_name = value;
  return {};
}

/// Making a topic that is there already gives its ARN.
Output create_topic(const Call& call, const Context& context) {
  const std::string_view name = call.text_or_empty("Name");
  if (!is_topic_name(name)) return invalid_parameter("Topic Name");
  Topic made;
  made.arn =
      Arn(fmt::format("arn:{}:sns:{}:{}:{}", context.world.partition, call.region, context.caller.account, name));
  for (const auto& [attribute, value] : text_map(call, "Attributes")) {
    TRY_VOID(set_attribute(made, attribute, value));
  }
  for (const auto& [key, value] : call.tags()) made.tags.insert_or_assign(key, value);
  const std::string arn = made.arn.str();
  const auto [topic, is_new] = context.account().messages.topics.try_emplace(arn, made);
  if (!is_new && !made.tags.empty() && topic->second.tags != made.tags) {
    return invalid_parameter("Tags; the topic is there already with other tags");
  }
  return object{{"TopicArn", arn}};
}

/// A topic that is gone already is deleted, too.
Output delete_topic(const Call& call, const Context& context) {
  const std::string_view arn = call.text_or_empty("TopicArn");
  if (auto topic = find_topic(context, call, arn); !topic && topic.error().code != "NotFound") {
    return std::unexpected(std::move(topic).error());
  }
  context.account().messages.topics.erase(std::string(arn));
  return object{};
}

Output list_topics(const Call& call, const Context& context) {
  const std::string region = fmt::format("arn:{}:sns:{}:", context.world.partition, call.region);
  boost::json::array topics;
  for (const auto& [arn, topic] : context.account().messages.topics) {
    if (arn.starts_with(region)) topics.push_back(object{{"TopicArn", arn}});
  }
  return topic_page(call, {.member = "Topics", .of = region, .items = std::move(topics)});
}

Output get_topic_attributes(const Call& call, const Context& context) {
  TRY(const Topic* const topic, find_topic(context, call, call.text_or_empty("TopicArn")));
  boost::json::array entries;
  const auto add = [&entries](std::string_view key, std::string_view value) {
    entries.push_back(object{{"key", key}, {"value", value}});
  };
  add("TopicArn", topic->arn.str());
  add("Owner", context.caller.account.str());
  add("DisplayName", topic->display_name);
  add("SubscriptionsConfirmed", fmt::to_string(topic->subscriptions.size()));
  add("SubscriptionsPending", "0");
  add("SubscriptionsDeleted", "0");
  return object{{"Attributes", object{{"entry", std::move(entries)}}}};
}

Output set_topic_attributes(const Call& call, const Context& context) {
  TRY(Topic* const topic, find_topic(context, call, call.text_or_empty("TopicArn")));
  TRY_VOID(set_attribute(*topic, call.text_or_empty("AttributeName"), call.text_or_empty("AttributeValue")));
  return object{};
}

/// Of a topic that is not there, this operation says so in words of its own.
Output list_tags_for_resource(const Call& call, const Context& context) {
  const auto& topics = context.account().messages.topics;
  const auto topic = topics.find(std::string(call.text_or_empty("ResourceArn")));
  if (topic == topics.end()) return refuse("ResourceNotFound", "Resource does not exist", 404);
  boost::json::array tags;
  for (const auto& [key, value] : topic->second.tags) tags.push_back(object{{"Key", key}, {"Value", value}});
  return object{{"Tags", std::move(tags)}};
}

}  // namespace

std::span<const Operation> sns_topic_operations() {
  static constexpr std::array operations{
      Operation{"CreateTopic", create_topic},
      Operation{"DeleteTopic", delete_topic},
      Operation{"ListTopics", list_topics},
      Operation{"ListTagsForResource", list_tags_for_resource},
      Operation{"GetTopicAttributes", get_topic_attributes},
      Operation{"SetTopicAttributes", set_topic_attributes},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
