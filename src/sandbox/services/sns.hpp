// What the files of SNS share: topics by ARN, and the rules of a message.
#pragma once

#include <boost/json/array.hpp>
#include <map>
#include <string>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

std::span<const Operation> sns_topic_operations();
std::span<const Operation> sns_subscription_operations();
std::span<const Operation> sns_publishing_operations();

std::unexpected<ServiceError> invalid_parameter(std::string_view what);
/// A member that maps names to texts, whichever spelling of the names the operation has.
std::map<std::string, std::string> text_map(const Call& call, std::string_view member);
/// The topic that `arn` names: of the caller's account and the call's region.
ServiceResult<Topic*> find_topic(const Context& context, const Call& call, std::string_view arn);

/// One page of a list: SNS's pages hold a hundred.
struct TopicListing {
  std::string_view member;  ///< "Topics"
  std::string of;           ///< what else tells this list from others
  boost::json::array items;
};
Output topic_page(const Call& call, TopicListing listing);

}  // namespace rekeyer::sandbox
