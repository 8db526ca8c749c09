// SNS: its table of operations, topics by ARN, pages.
#include "sandbox/services/sns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "sandbox/services/continuation.hpp"
#include "sandbox/wire/member_text.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::size_t page_size = 100;

/// Maps of the query protocol and of JSON spell their members differently.
std::string_view text_of(const boost::json::object& object, std::string_view one, std::string_view other) {
  return member_text(object, object.contains(one) ? one : other);
}

}  // namespace

std::unexpected<ServiceError> invalid_parameter(std::string_view what) {
  return refuse("InvalidParameter", fmt::format("Invalid parameter: {}", what));
}

std::map<std::string, std::string> text_map(const Call& call, std::string_view member) {
  std::map<std::string, std::string> result;
  const boost::json::array* entries = call.list(member);
  for (const boost::json::value& entry : entries == nullptr ? boost::json::array() : *entries) {
    if (const boost::json::object* pair = entry.if_object()) {
      result[std::string(text_of(*pair, "key", "Name"))] = text_of(*pair, "value", "Value");
    }
  }
  return result;
}

ServiceResult<Topic*> find_topic(const Context& context, const Call& call, std::string_view arn) {
  const std::string region = fmt::format("arn:{}:sns:{}:", context.world.partition, call.region);
  if (!arn.starts_with(region) || std::ranges::count(arn, ':') != 5) return invalid_parameter("TopicArn");
  if (arn.substr(region.size(), 12) != context.caller.account.str()) {
    return refuse("AuthorizationError",
                  fmt::format("User: {} is not authorized to perform: SNS:{} on resource: {}", context.caller.arn,
                              call.operation, arn),
                  403);
  }
  auto& topics = context.account().messages.topics;
  const auto found = topics.find(std::string(arn));
  if (found == topics.end()) return refuse("NotFound", "Topic does not exist", 404);
  return &found->second;
}

Output topic_page(const Call& call, TopicListing listing) {
  const std::string question = fmt::format("{} {}", call.operation, listing.of);
  std::size_t first = 0;
  if (const auto token = call.text("NextToken"); token && !token->empty()) {
    const auto from = read_continuation(question, *token);
    if (!from) return invalid_parameter("NextToken");
    first = std::min(from->position, listing.items.size());
  }
  const std::size_t end = std::min(listing.items.size(), first + page_size);
  boost::json::object output;
  output[listing.member] = boost::json::array(listing.items.begin() + first, listing.items.begin() + end);
  if (end < listing.items.size()) output["NextToken"] = continuation_token(question, {.position = end});
  return output;
}

std::span<const Operation> sns_operations() {
  static const std::vector<Operation> all = [] {
    std::vector<Operation> joined;
    for (const auto part : {sns_topic_operations(), sns_subscription_operations(), sns_publishing_operations()}) {
      joined.insert(joined.end(), part.begin(), part.end());
    }
    return joined;
  }();
  return all;
}

}  // namespace rekeyer::sandbox
