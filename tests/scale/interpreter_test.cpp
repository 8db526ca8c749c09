#include "scale/interpreter.hpp"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "scale/scripted_functions.hpp"

namespace rekeyer::scale {
namespace {

namespace json = boost::json;

/// A task with the given Retry and Catch, and where Catch leads to.
std::string task_machine(const std::string& more) {
  return R"({"StartAt": "Work", "States": {
    "Work": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
             "Parameters": {"FunctionName": "f", "Payload.$": "$"}, "ResultSelector": {"answer.$": "$.Payload"},
             "ResultPath": "$.result", "End": true)" +
         more + R"(},
    "Rescue": {"Type": "Pass", "End": true}}})";
}

std::string map_machine(const std::string& more) {
  return R"({"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true,
    "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"},
                   "Parameters": {"Bucket": "b", "Key.$": "$.key"}},
    "ItemSelector": {"item.$": "$$.Map.Item.Value", "run.$": "$$.Execution.Name"},
    "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix": "out"}},
    "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "One",
      "States": {"One": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
                         "Parameters": {"FunctionName": "f", "Payload.$": "$"}}}})" +
         more + "}}}";
}

struct Bench {
  fakes::VirtualTime time;
  ScriptedFunctions functions{time.clock};
  MemoryBucket bucket;
  std::optional<Interpreter> interpreter;

  Outcome run(const std::string& text, const std::string& input = "{}") {
    const auto machine = parse_machine(text, {});
    if (!machine) return failure(machine.error().message);
    StepFunctionsSettings settings;
    settings.transition = Milliseconds(0);
    settings.map_start = Milliseconds(0);
    settings.map_end = Milliseconds(0);
    interpreter.emplace(time.clock, Random(1), functions, bucket, settings);
    return time.run(interpreter->execute(*machine, json::parse(input), "today"));
  }
  std::string text(const std::string& machine, const std::string& input = "{}") {
    const auto output = run(machine, input);
    return output ? json::serialize(*output) : output.error().name;
  }
  const StateTally& state(const std::string& name) const { return interpreter->tally().states.at(name); }
};

constexpr const char* twice =
    R"(, "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 2, "BackoffRate": 3}])";

TEST(Interpreter, AnswersGoWhereTheStateSays) {
  Bench bench;
  bench.functions.answers = {json::parse(R"({"more": true})")};
  EXPECT_EQ(bench.text(task_machine(""), R"({"run": 1})"), R"({"run":1,"result":{"answer":{"more":true}}})");
  ASSERT_EQ(bench.functions.invoked.size(), 1U);
  EXPECT_EQ(bench.functions.invoked.front().payload, R"({"run":1})");
}

TEST(Interpreter, RetryWaitsLongerEachTimeAndCountsAsATransition) {
  Bench bench;
  bench.functions.answers = {failure("Busy"), failure("Busy")};
  EXPECT_EQ(bench.text(task_machine(twice)), R"({"result":{"answer":{}}})");
  ASSERT_EQ(bench.functions.invoked.size(), 3U);
  EXPECT_EQ(bench.functions.invoked[1].at, std::chrono::seconds(2));
  EXPECT_EQ(bench.functions.invoked[2].at, std::chrono::seconds(2 + 6));
  EXPECT_EQ(bench.interpreter->tally().transitions(), 3U);
}

TEST(Interpreter, RetryEndsAfterItsAttempts) {
  Bench bench;
  bench.functions.answers = {failure("Busy"), failure("Busy"), failure("Busy")};
  EXPECT_EQ(bench.text(task_machine(twice)), "Busy");
  EXPECT_EQ(bench.functions.invoked.size(), 3U);
}

TEST(Interpreter, RetryIsForTheNamedErrorsOnly) {
  Bench bench;
  bench.functions.answers = {failure("Broken")};
  EXPECT_EQ(bench.text(task_machine(twice)), "Broken");
  EXPECT_EQ(bench.functions.invoked.size(), 1U);
}

TEST(Interpreter, EachRetrierCountsItsOwnAttempts) {
  Bench bench;
  bench.functions.answers = {failure("A"), failure("B"), failure("A")};
  EXPECT_EQ(bench.text(task_machine(R"(, "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 1},
                                                   {"ErrorEquals": ["States.ALL"], "MaxAttempts": 5}])")),
            "A");
  EXPECT_EQ(bench.functions.invoked.size(), 3U);
}

TEST(Interpreter, FullJitterStaysBelowTheDelay) {
  Bench bench;
  for (int i = 0; i < 8; ++i) bench.functions.answers.push_back(failure("Busy"));
  bench.text(task_machine(R"(, "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 4, "MaxAttempts": 8,
                              "BackoffRate": 2, "MaxDelaySeconds": 10, "JitterStrategy": "FULL"}])"));
  const auto& invoked = bench.functions.invoked;
  ASSERT_EQ(invoked.size(), 9U);
  bool any_shorter = false;
  for (std::size_t i = 1; i < invoked.size(); ++i) {
    const auto waited = invoked[i].at - invoked[i - 1].at;
    EXPECT_LE(waited, std::chrono::seconds(i == 1 ? 4 : i == 2 ? 8 : 10));
    any_shorter = any_shorter || waited < std::chrono::seconds(3);
  }
  EXPECT_TRUE(any_shorter);
}

TEST(Interpreter, CatchGoesOnWithTheErrorAfterTheRetries) {
  Bench bench;
  bench.functions.answers = {failure("Busy"), failure("Busy"), failure("Busy")};
  EXPECT_EQ(bench.text(task_machine(std::string(twice) +
                                    R"(, "Catch": [{"ErrorEquals": ["Other"], "Next": "Work"},
                                       {"ErrorEquals": ["States.ALL"], "ResultPath": "$.trouble", "Next": "Rescue"}])"),
                       R"({"run": 1})"),
            R"({"run":1,"trouble":{"Error":"Busy","Cause":"told to"}})");
  EXPECT_EQ(bench.state("Work").caught, 1U);
}

TEST(Interpreter, CatchOfAllErrorsLeavesBrokenDefinitionsAlone) {
  Bench bench;
  EXPECT_EQ(bench.text(R"({"StartAt": "Work", "States": {
    "Work": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Rescue",
             "Parameters": {"FunctionName": "f", "Payload.$": "$.missing"},
             "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Rescue"}]},
    "Rescue": {"Type": "Pass", "End": true}}})"),
            "States.Runtime");
}

TEST(Interpreter, ChoiceTakesTheFirstRuleThatFits) {
  const auto machine = R"({"StartAt": "Which", "States": {
    "Which": {"Type": "Choice", "Choices": [{"Variable": "$.mode", "StringEquals": "apply", "Next": "Act"},
                                            {"Variable": "$.more", "BooleanEquals": true, "Next": "Again"}],
              "Default": "Rest"},
    "Act": {"Type": "Pass", "Parameters": {"is": "act"}, "End": true},
    "Again": {"Type": "Pass", "Parameters": {"is": "again"}, "End": true},
    "Rest": {"Type": "Pass", "Parameters": {"is": "rest"}, "End": true}}})";
  EXPECT_EQ(Bench().text(machine, R"({"mode": "apply", "more": true})"), R"({"is":"act"})");
  EXPECT_EQ(Bench().text(machine, R"({"mode": "plan", "more": true})"), R"({"is":"again"})");
  EXPECT_EQ(Bench().text(machine, R"({"mode": "plan", "more": false})"), R"({"is":"rest"})");
  EXPECT_EQ(Bench().text(machine, R"({"mode": "plan"})"), "States.Runtime") << "a variable that is not there";
}

TEST(Interpreter, OutputBeyond256KiBFails) {
  Bench bench;
  bench.functions.answers = {json::value(std::string(300'000, 'x'))};
  EXPECT_EQ(bench.text(task_machine("")), "States.DataLimitExceeded");
}

TEST(Map, ChildrenAreExecutionsOfTheirOwnAndCounted) {
  Bench bench;
  bench.bucket.objects["b/items.json"] = R"([{"id": "1"}, {"id": "2"}])";
  const auto output = bench.text(map_machine(""), R"({"key": "items.json"})");
  EXPECT_EQ(output, R"({"ResultWriterDetails":{"Bucket":"b","Key":"out/manifest.json"}})");
  ASSERT_EQ(bench.functions.invoked.size(), 2U);
  EXPECT_EQ(bench.functions.invoked[1].payload, R"({"item":{"id":"2"},"run":"today"})");
  const auto& tally = bench.interpreter->tally();
  EXPECT_EQ(tally.child_executions, 2U);
  EXPECT_EQ(tally.transitions(), 1U + 2U + 2U);  // the map, two children's states, two starts
  EXPECT_EQ(tally.reads, 1U);
  EXPECT_EQ(tally.writes, 2U);
  EXPECT_TRUE(bench.bucket.objects.contains("b/out/SUCCEEDED_0.json"));
}

std::string many_items(int count) {
  json::array items;
  for (int i = 0; i < count; ++i) items.push_back(json::object{{"id", i}});
  return json::serialize(items);
}

TEST(Map, NoMoreChildrenAtOnceThanMaxConcurrency) {
  Bench bench;
  bench.functions.takes = std::chrono::seconds(10);
  bench.bucket.objects["b/items.json"] = many_items(20);
  bench.text(map_machine(R"(, "MaxConcurrency": 5)"), R"({"key": "items.json"})");
  EXPECT_EQ(bench.functions.most_running, 5U);
  EXPECT_EQ(bench.functions.invoked.size(), 20U);
  EXPECT_GE(bench.time.elapsed(), std::chrono::seconds(40));
}

TEST(Map, ChildrenBeginNoFasterThanAHundredASecond) {
  Bench bench;
  bench.bucket.objects["b/items.json"] = many_items(201);
  bench.text(map_machine(""), R"({"key": "items.json"})");
  EXPECT_EQ(bench.functions.invoked.back().at, std::chrono::seconds(2));
}

Outcome odd_ones_fail(const json::value& payload) {
  if (payload.at("item").at("id").as_int64() % 2 == 1) return failure("Odd");
  return json::value(json::object{});
}

TEST(Map, FailedChildrenWithinToleranceAreKeptApart) {
  Bench bench;
  bench.functions.by_payload = odd_ones_fail;
  bench.bucket.objects["b/items.json"] = many_items(10);
  EXPECT_TRUE(bench.run(map_machine(R"(, "ToleratedFailurePercentage": 50)"), R"({"key": "items.json"})"));
  const auto& map = bench.interpreter->tally().maps.at("Each");
  EXPECT_EQ(map.failed, 5U);
  EXPECT_EQ(map.succeeded, 5U);
  EXPECT_EQ(json::parse(bench.bucket.objects.at("b/out/FAILED_0.json")).as_array().size(), 5U);
}

TEST(Map, TooManyFailedChildrenFailTheMapAndNoMoreBegin) {
  Bench bench;
  bench.functions.by_payload = odd_ones_fail;
  bench.bucket.objects["b/items.json"] = many_items(100);
  EXPECT_EQ(
      bench.text(map_machine(R"(, "ToleratedFailurePercentage": 10, "MaxConcurrency": 1)"), R"({"key": "items.json"})"),
      "States.ExceedToleratedFailureThreshold");
  EXPECT_EQ(bench.functions.invoked.size(), 22U);  // eleven of a hundred failed, every second one
}

TEST(Map, ItemsThatAreNotThereFailTheMap) {
  Bench bench;
  EXPECT_EQ(bench.text(map_machine(""), R"({"key": "items.json"})"), "States.ItemReaderFailed");
}

}  // namespace
}  // namespace rekeyer::scale
