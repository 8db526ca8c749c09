// Reading a topic's tags.
#pragma once

#include "probe/client.hpp"
#include "probe/thing.hpp"

namespace rekeyer::probe {

/// `not_found` where there is no such topic. SNS ListTagsForResource.
ResultTask<aws::Tags> topic_tags(Client client, Arn topic);

}  // namespace rekeyer::probe
