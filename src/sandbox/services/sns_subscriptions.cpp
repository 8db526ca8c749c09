// SNS, subscriptions. They are confirmed at once: nobody is there to follow a link.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/try.hpp"
#include "sandbox/services/sns.hpp"

namespace rekeyer::sandbox {
namespace {

using boost::json::object;

/// What an endpoint of that protocol looks like; false for an unknown protocol, too.
bool fits(std::string_view protocol, std::string_view endpoint) {
  if (protocol == "email" || protocol == "email-json") return endpoint.contains('@');
  if (protocol == "http" || protocol == "https") return endpoint.starts_with(std::string(protocol) + "://");
  if (protocol == "sms") return endpoint.starts_with('+');
  if (protocol == "sqs" || protocol == "lambda" || protocol == "firehose") return endpoint.starts_with("arn:");
  return protocol == "application" && endpoint.starts_with("arn:");
}

Output subscribe(const Call& call, const Context& context) {
  TRY(Topic* const topic, find_topic(context, call, call.text_or_empty("TopicArn")));
  const std::string protocol(call.text_or_empty("Protocol"));
  const std::string endpoint(call.text_or_empty("Endpoint"));
  if (!fits(protocol, endpoint)) return invalid_parameter("Endpoint does not fit Protocol");
  for (const Subscription& known : topic->subscriptions) {
    if (known.protocol == protocol && known.endpoint == endpoint) {
      return object{{"SubscriptionArn", known.arn.str()}};
    }
  }
  const Arn arn(fmt::format("{}:{}", topic->arn, context.world.ids.uuid()));
  topic->subscriptions.push_back(Subscription{.arn = arn, .protocol = protocol, .endpoint = endpoint});
  return object{{"SubscriptionArn", arn.str()}};
}

Output unsubscribe(const Call& call, const Context& context) {
  const std::string_view arn = call.text_or_empty("SubscriptionArn");
  const std::size_t last = arn.rfind(':');
  if (last == std::string_view::npos || std::ranges::count(arn, ':') != 6) return invalid_parameter("SubscriptionArn");
  auto topic = find_topic(context, call, arn.substr(0, last));
  if (!topic) return std::unexpected(std::move(topic).error());
  const auto gone =
      std::erase_if((*topic)->subscriptions, [arn](const Subscription& known) { return known.arn.str() == arn; });
  if (gone == 0) return refuse("NotFound", "Subscription does not exist", 404);
  return object{};
}

void add_subscriptions(boost::json::array& shown, const Topic& topic, const AccountId& owner) {
  for (const Subscription& subscription : topic.subscriptions) {
    shown.push_back(object{{"SubscriptionArn", subscription.arn.str()},
                           {"Owner", owner.str()},
                           {"Protocol", subscription.protocol},
                           {"Endpoint", subscription.endpoint},
                           {"TopicArn", topic.arn.str()}});
  }
}

Output list_subscriptions(const Call& call, const Context& context) {
  const std::string region = fmt::format("arn:{}:sns:{}:", context.world.partition, call.region);
  boost::json::array shown;
  for (const auto& [arn, topic] : context.account().messages.topics) {
    if (arn.starts_with(region)) add_subscriptions(shown, topic, context.caller.account);
  }
  return topic_page(call, {.member = "Subscriptions", .of = region, .items = std::move(shown)});
}

Output list_subscriptions_by_topic(const Call& call, const Context& context) {
  TRY(const Topic* const topic, find_topic(context, call, call.text_or_empty("TopicArn")));
  boost::json::array shown;
  add_subscriptions(shown, *topic, context.caller.account);
  return topic_page(call, {.member = "Subscriptions", .of = topic->arn.str(), .items = std::move(shown)});
}

}  // namespace

std::span<const Operation> sns_subscription_operations() {
  static constexpr std::array operations{
      Operation{"Subscribe", subscribe},
      Operation{"Unsubscribe", unsubscribe},
      Operation{"ListSubscriptions", list_subscriptions},
      Operation{"ListSubscriptionsByTopic", list_subscriptions_by_topic},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
