// SNS, on topics that nobody has subscribed to.
#include <array>

#include "base/try.hpp"
#include "probe/check.hpp"

namespace rekeyer::probe {
namespace {

Task<Answer> publish_to(const Bench& bench, Arn topic, Fields more) {
  Fields fields{{"TopicArn", topic.str()}};
  for (auto& field : more) fields.push_back(std::move(field));
  auto answer = co_await bench.caller().query(aws::services::sns, "Publish", std::move(fields), aws::Idempotent::no);
  co_return answer;
}

ResultTask<Finding> published(Bench& bench) {
  CO_TRY(const auto topic, co_await bench.make_topic("published"));
  const auto answer = co_await publish_to(bench, topic, {{"Message", "a probe"}, {"Subject", "a probe"}});
  co_return judge_acceptance(answer);
}

ResultTask<Finding> long_subject(Bench& bench) {
  CO_TRY(const auto topic, co_await bench.make_topic("long-subject"));
  const auto answer = co_await publish_to(bench, topic, {{"Message", "a probe"}, {"Subject", std::string(101, 'x')}});
  co_return judge_refusal(answer, {400, {"InvalidParameter"}, "Subject"});
}

ResultTask<Finding> subject_of_99(Bench& bench) {
  CO_TRY(const auto topic, co_await bench.make_topic("subject"));
  const auto answer = co_await publish_to(bench, topic, {{"Message", "a probe"}, {"Subject", std::string(99, 'x')}});
  co_return judge_acceptance(answer);
}

ResultTask<Finding> long_message(Bench& bench) {
  CO_TRY(const auto topic, co_await bench.make_topic("long-message"));
  const auto answer = co_await publish_to(bench, topic, {{"Message", std::string(256 * 1024 + 1, 'x')}});
  co_return judge_refusal(answer, {400, {"InvalidParameter"}});
}

ResultTask<Finding> topic_made_twice(Bench& bench) {
  CO_TRY(const auto topic, co_await bench.make_topic("twice"));
  const auto answer = co_await bench.caller().query(aws::services::sns, "CreateTopic",
                                                    {{"Name", bench.name_of("twice")}}, aws::Idempotent::yes);
  if (answer.refusal) co_return judge_acceptance(answer);
  CO_TRY(const auto arn, answer.xml.text("TopicArn"));
  co_return judged(arn == topic.str(), arn == topic.str() ? "the same topic" : "another topic");
}

ResultTask<Finding> missing_topic(Bench& bench) {
  const auto topic = topic_arn(bench.account().partition, bench.thing(Kind::topic, bench.name_of("no-topic")));
  const auto answer = co_await publish_to(bench, topic, {{"Message", "a probe"}});
  co_return judge_refusal(answer, {404, {"NotFound"}});
}

}  // namespace

std::span<const Check> sns_checks() {
  static constexpr std::array checks{
      Check{"sns.published", "A message to a topic of one's own is taken", "src/aws/services/sns.cpp", Takes::a_moment,
            published},
      Check{"sns.subject-of-99", "A subject of 99 characters is taken", "src/aws/services/sns.cpp", Takes::a_moment,
            subject_of_99},
      Check{"sns.subject-of-101", "One of 101 is refused: InvalidParameter", "src/aws/services/sns.cpp",
            Takes::a_moment, long_subject},
      Check{"sns.message-too-long", "A message of more than 256 KiB is refused: InvalidParameter",
            "src/aws/services/sns.hpp", Takes::a_moment, long_message},
      Check{"sns.topic-made-twice", "Making a topic that is there gives the same topic", "src/probe/bench.cpp",
            Takes::a_moment, topic_made_twice},
      Check{"sns.topic-missing", "A topic that is not there: 404 NotFound", "src/aws/call/classify.cpp",
            Takes::a_moment, missing_topic},
  };
  return checks;
}

}  // namespace rekeyer::probe
