// Topics, and their tags.
#include "base/try.hpp"
#include "probe/client.hpp"
#include "probe/removal.hpp"
#include "probe/topic_tags.hpp"

namespace rekeyer::probe {

ResultTask<aws::Tags> topic_tags(Client client, Arn topic) {
  const auto answer = co_await client.query(aws::services::sns, "ListTagsForResource", {{"ResourceArn", topic.str()}});
  if (answer.refusal) co_return fail(*answer.refusal);
  aws::Tags tags;
  for (const auto& tag : answer.xml.children("Tags")) {
    CO_TRY(const auto key, tag.text("Key"));
    CO_TRY(const auto value, tag.text("Value"));
    tags.emplace(key, value);
  }
  co_return tags;
}

ResultTask<Removal> take_away_topic(const Account& account, Thing thing) {
  auto principal = account.principal;
  principal.region = thing.region;
  Client client(account.caller, principal);
  const auto arn = topic_arn(account.partition, thing);
  const auto tags = co_await topic_tags(client, arn);
  if (!tags && tags.error().kind == ErrorKind::not_found) co_return Removal::absent;
  // SNS may also say of a topic that is gone that it can't be tagged.
  if (!tags && tags.error().code == "ResourceNotFound") co_return Removal::absent;
  if (!tags) co_return fail(tags.error());
  if (!tagged_by(thing.run, *tags)) co_return Removal::not_probes;
  const auto deleted =
      co_await client.query(aws::services::sns, "DeleteTopic", {{"TopicArn", arn.str()}}, aws::Idempotent::yes);
  if (deleted.refusal) co_return fail(*deleted.refusal);
  co_return Removal::taken_away;
}

}  // namespace rekeyer::probe
