#include "scale/definition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <cmath>
#include <initializer_list>

#include "base/try.hpp"
#include "scale/states_text.hpp"

namespace rekeyer::scale {
namespace {

namespace json = boost::json;

constexpr std::string_view lambda_resource = "arn:aws:states:::lambda:invoke";
constexpr std::string_view reader_resource = "arn:aws:states:::s3:getObject";
constexpr std::string_view writer_resource = "arn:aws:states:::s3:putObject";

std::unexpected<Error> wrong(std::string_view where, std::string_view what) {
  return fail(ErrorKind::usage, fmt::format("{}: {}", where, what));
}

/// One JSON object of the definition, and where it is.
class Part {
 public:
  Part(const json::value& value, std::string where) : object_(value.if_object()), where_(std::move(where)) {}

  const std::string& where() const { return where_; }
  std::unexpected<Error> wrong(std::string_view what) const { return scale::wrong(where_, what); }

  Result<> only(std::initializer_list<std::string_view> known) const {
    if (object_ == nullptr) return wrong("it must be an object");
    for (const auto& [name, value] : *object_) {
      if (std::ranges::find(known, std::string_view(name)) == known.end()) {
        return wrong(fmt::format("\"{}\" is nothing that this interpreter knows", std::string_view(name)));
      }
    }
    return {};
  }
  const json::value* find(std::string_view name) const { return object_->if_contains(name); }
  Result<const json::value*> get(std::string_view name) const {
    const auto* found = find(name);
    if (found == nullptr) return wrong(fmt::format("\"{}\" is missing", name));
    return found;
  }
  Result<std::string> text(std::string_view name) const {
    TRY(const auto* const found, get(name));
    const auto* text = found->if_string();
    if (text == nullptr) return wrong(fmt::format("\"{}\" must be a text", name));
    return std::string(*text);
  }
  Result<std::string> text_or(std::string_view name, std::string_view otherwise) const {
    return find(name) == nullptr ? Result<std::string>(otherwise) : text(name);
  }
  Result<double> number_or(std::string_view name, double otherwise) const {
    const auto* found = find(name);
    if (found == nullptr) return otherwise;
    if (!found->is_number()) return wrong(fmt::format("\"{}\" must be a number", name));
    return found->to_number<double>();
  }
  /// The member must be there and say exactly this: everything else would have to be interpreted.
  Result<> is(std::string_view name, std::string_view expected) const {
    TRY(const auto found, text(name));
    if (found == expected) return {};
    return wrong(fmt::format("\"{}\" is \"{}\"; only \"{}\" is known", name, found, expected));
  }
  Result<std::string> path_or(std::string_view name, std::string_view otherwise) const {
    TRY(auto path, text_or(name, otherwise));
    TRY_VOID(in_place(check_path(path)));
    return path;
  }
  Result<std::optional<json::value>> payload(std::string_view name) const {
    const auto* found = find(name);
    if (found == nullptr) return std::nullopt;
    TRY_VOID(in_place(check_template(*found)));
    return *found;
  }
  Result<std::vector<Part>> parts(std::string_view name) const {
    std::vector<Part> parts;
    const auto* found = find(name);
    if (found == nullptr) return parts;
    const auto* array = found->if_array();
    if (array == nullptr) return wrong(fmt::format("\"{}\" must be an array", name));
    for (const auto& element : *array) {
      parts.emplace_back(element, fmt::format("{}.{}[{}]", where_, name, parts.size()));
    }
    return parts;
  }
  Result<Part> part(std::string_view name) const {
    TRY(const auto* const found, get(name));
    return Part(*found, fmt::format("{}.{}", where_, name));
  }
  Result<std::vector<std::string>> texts(std::string_view name) const {
    TRY(const auto* const found, get(name));
    const auto* array = found->if_array();
    if (array == nullptr || array->empty()) return wrong(fmt::format("\"{}\" must be an array of texts", name));
    std::vector<std::string> texts;
    for (const auto& element : *array) {
      if (!element.is_string()) return wrong(fmt::format("\"{}\" must be an array of texts", name));
      texts.emplace_back(element.as_string());
    }
    return texts;
  }

 private:
  Result<> in_place(Result<> checked) const {
    if (!checked) return wrong(checked.error().message);
    return checked;
  }

  const json::object* object_;
  std::string where_;
};

Milliseconds from_seconds(double number) {
  return Milliseconds(static_cast<Milliseconds::rep>(std::lround(number * 1000)));
}

Result<> all_stands_alone(const Part& part, const std::vector<std::string>& errors) {
  const bool all = std::ranges::find(errors, "States.ALL") != errors.end();
  if (all && errors.size() > 1) return part.wrong("States.ALL must stand alone");
  return {};
}

Result<Retrier> read_retrier(const Part& part) {
  TRY_VOID(part.only({"ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds",
                      "JitterStrategy", "Comment"}));
  Retrier retrier;
  TRY(retrier.errors, part.texts("ErrorEquals"));
  TRY_VOID(all_stands_alone(part, retrier.errors));
  TRY(const auto interval, part.number_or("IntervalSeconds", 1));
  TRY(const auto attempts, part.number_or("MaxAttempts", 3));
  TRY(retrier.backoff_rate, part.number_or("BackoffRate", 2));
  TRY(const auto most, part.number_or("MaxDelaySeconds", 0));
  TRY(const auto jitter, part.text_or("JitterStrategy", "NONE"));
  if (interval < 1 || attempts < 0 || retrier.backoff_rate < 1) return part.wrong("a number is too small");
  if (jitter != "FULL" && jitter != "NONE") return part.wrong("JitterStrategy must be FULL or NONE");
  retrier.interval = from_seconds(interval);
  retrier.max_attempts = static_cast<int>(attempts);
  if (most > 0) retrier.max_delay = from_seconds(most);
  retrier.full_jitter = jitter == "FULL";
  return retrier;
}

Result<Catcher> read_catcher(const Part& part) {
  TRY_VOID(part.only({"ErrorEquals", "ResultPath", "Next", "Comment"}));
  Catcher catcher;
  TRY(catcher.errors, part.texts("ErrorEquals"));
  TRY_VOID(all_stands_alone(part, catcher.errors));
  TRY(catcher.result_path, part.path_or("ResultPath", "$"));
  TRY(catcher.next, part.text("Next"));
  return catcher;
}

Result<ChoiceRule> read_choice(const Part& part) {
  TRY_VOID(part.only({"Variable", "BooleanEquals", "StringEquals", "NumericGreaterThan", "Next", "Comment"}));
  ChoiceRule rule;
  TRY(rule.variable, part.path_or("Variable", ""));
  TRY(rule.next, part.text("Next"));
  if (const auto* boolean = part.find("BooleanEquals")) {
    if (!boolean->is_bool()) return part.wrong("\"BooleanEquals\" must be true or false");
    rule.boolean_equals = boolean->as_bool();
  }
  if (part.find("StringEquals") != nullptr) {
    TRY(rule.string_equals, part.text("StringEquals"));
  }
  if (const auto* number = part.find("NumericGreaterThan")) {
    if (!number->is_int64()) return part.wrong("\"NumericGreaterThan\" must be a whole number");
    rule.greater_than = number->as_int64();
  }
  const int comparisons =
      int{rule.boolean_equals.has_value()} + int{rule.string_equals.has_value()} + int{rule.greater_than.has_value()};
  if (comparisons != 1) return part.wrong("one of BooleanEquals, StringEquals and NumericGreaterThan is needed");
  return rule;
}

Result<std::shared_ptr<const Machine>> read_states(const Part& part);

/// "Parameters" of an item reader or result writer.
Result<json::value> read_place(const Part& part, std::initializer_list<std::string_view> known) {
  TRY(const auto place, part.part("Parameters"));
  TRY_VOID(place.only(known));
  TRY(auto payload, part.payload("Parameters"));
  return *std::move(payload);
}

Result<DistributedMap> read_map(const Part& part) {
  DistributedMap map;
  TRY(const auto reader, part.part("ItemReader"));
  TRY_VOID(reader.only({"Resource", "ReaderConfig", "Parameters"}));
  TRY_VOID(reader.is("Resource", reader_resource));
  TRY(const auto reader_config, reader.part("ReaderConfig"));
  TRY_VOID(reader_config.only({"InputType"}));
  TRY_VOID(reader_config.is("InputType", "JSON"));
  TRY(map.reader, read_place(reader, {"Bucket", "Bucket.$", "Key", "Key.$"}));
  TRY(const auto writer, part.part("ResultWriter"));
  TRY_VOID(writer.only({"Resource", "Parameters"}));
  TRY_VOID(writer.is("Resource", writer_resource));
  TRY(map.writer, read_place(writer, {"Bucket", "Bucket.$", "Prefix", "Prefix.$"}));
  TRY(auto selector, part.payload("ItemSelector"));
  if (!selector) return part.wrong("\"ItemSelector\" is missing");
  map.item_selector = *std::move(selector);
  TRY(const auto concurrency, part.number_or("MaxConcurrency", 0));
  TRY(map.tolerated_failure_percentage, part.number_or("ToleratedFailurePercentage", 0));
  map.max_concurrency = static_cast<std::size_t>(concurrency);
  TRY(const auto processor, part.part("ItemProcessor"));
  TRY_VOID(processor.only({"ProcessorConfig", "StartAt", "States"}));
  TRY(const auto processor_config, processor.part("ProcessorConfig"));
  TRY_VOID(processor_config.only({"Mode", "ExecutionType"}));
  TRY_VOID(processor_config.is("Mode", "DISTRIBUTED"));
  TRY_VOID(processor_config.is("ExecutionType", "STANDARD"));
  TRY(map.processor, read_states(processor));
  return map;
}

/// "Next", or "End": true.
Result<> read_end(const Part& part, State& state) {
  const auto* end = part.find("End");
  const bool ends = end != nullptr && end->is_bool() && end->as_bool();
  TRY(state.next, part.text_or("Next", ""));
  if (ends != state.next.empty()) return part.wrong("one of Next and End is needed");
  return {};
}

/// What tasks and maps have in common.
Result<> read_effort(const Part& part, State& state) {
  TRY(state.result_selector, part.payload("ResultSelector"));
  TRY(state.result_path, part.path_or("ResultPath", "$"));
  TRY(state.output_path, part.path_or("OutputPath", "$"));
  TRY(const auto retriers, part.parts("Retry"));
  for (const auto& each : retriers) {
    TRY(auto retrier, read_retrier(each));
    state.retry.push_back(std::move(retrier));
  }
  TRY(const auto catchers, part.parts("Catch"));
  for (const auto& each : catchers) {
    TRY(auto catcher, read_catcher(each));
    state.catchers.push_back(std::move(catcher));
  }
  return read_end(part, state);
}

Result<> read_task(const Part& part, State& state) {
  state.type = StateType::task;
  TRY_VOID(part.only({"Type", "Comment", "Resource", "Parameters", "ResultSelector", "ResultPath", "OutputPath",
                      "Retry", "Catch", "Next", "End"}));
  TRY_VOID(part.is("Resource", lambda_resource));
  TRY(const auto parameters, part.part("Parameters"));
  TRY_VOID(parameters.only({"FunctionName", "Payload", "Payload.$"}));
  TRY_VOID(parameters.text("FunctionName"));
  TRY(state.parameters, part.payload("Parameters"));
  return read_effort(part, state);
}

Result<> read_pass(const Part& part, State& state) {
  state.type = StateType::pass;
  TRY_VOID(part.only({"Type", "Comment", "Parameters", "ResultPath", "OutputPath", "Next", "End"}));
  TRY(state.parameters, part.payload("Parameters"));
  return read_effort(part, state);
}

Result<> read_choices(const Part& part, State& state) {
  state.type = StateType::choice;
  TRY_VOID(part.only({"Type", "Comment", "Choices", "Default"}));
  TRY(const auto choices, part.parts("Choices"));
  for (const auto& each : choices) {
    TRY(auto rule, read_choice(each));
    state.choices.push_back(std::move(rule));
  }
  TRY(state.otherwise, part.text_or("Default", ""));
  if (state.choices.empty()) return part.wrong("\"Choices\" is missing");
  return {};
}

Result<State> read_state(const Part& part, std::string name) {
  State state;
  state.name = std::move(name);
  TRY(const auto type, part.text("Type"));
  if (type == "Task") {
    TRY_VOID(read_task(part, state));
  } else if (type == "Pass") {
    TRY_VOID(read_pass(part, state));
  } else if (type == "Choice") {
    TRY_VOID(read_choices(part, state));
  } else if (type == "Map") {
    state.type = StateType::map;
    TRY_VOID(part.only({"Type", "Comment", "Label", "ItemReader", "ItemSelector", "MaxConcurrency",
                        "ToleratedFailurePercentage", "ItemProcessor", "ResultWriter", "ResultSelector", "ResultPath",
                        "OutputPath", "Retry", "Catch", "Next", "End"}));
    TRY(state.map, read_map(part));
    TRY_VOID(read_effort(part, state));
  } else {
    return part.wrong(fmt::format("states of the type \"{}\" are not known", type));
  }
  return state;
}

Result<> check_targets(const Part& part, const Machine& machine) {
  const auto check = [&](const std::string& from, const std::string& to) -> Result<> {
    if (to.empty() || machine.states.contains(to)) return {};
    return part.wrong(fmt::format("{} leads to \"{}\", which is not there", from, to));
  };
  TRY_VOID(check("StartAt", machine.start_at));
  for (const auto& [name, state] : machine.states) {
    TRY_VOID(check(name, state.next));
    TRY_VOID(check(name, state.otherwise));
    for (const auto& catcher : state.catchers) TRY_VOID(check(name, catcher.next));
    for (const auto& rule : state.choices) TRY_VOID(check(name, rule.next));
  }
  return {};
}

Result<std::shared_ptr<const Machine>> read_states(const Part& part) {
  auto machine = std::make_shared<Machine>();
  TRY(machine->start_at, part.text("StartAt"));
  TRY(const auto* const states, part.get("States"));
  const auto* object = states->if_object();
  if (object == nullptr) return part.wrong("\"States\" must be an object");
  for (const auto& [key, value] : *object) {
    std::string name(key);
    const Part each(value, fmt::format("{}.{}", part.where(), name));
    TRY_VOID(value.is_object() ? Result<>() : each.wrong("it must be an object"));
    TRY(auto state, read_state(each, name));
    machine->states.emplace(std::move(name), std::move(state));
  }
  TRY_VOID(check_targets(part, *machine));
  return machine;
}

Result<std::string> substituted(std::string_view text, const std::map<std::string, std::string>& substitutions) {
  std::string result;
  for (;;) {
    const auto begin = text.find("${");
    result.append(text.substr(0, begin));
    if (begin == std::string_view::npos) return result;
    const auto end = text.find('}', begin);
    if (end == std::string_view::npos) return wrong("definition", "a ${ is not closed");
    const std::string name(text.substr(begin + 2, end - begin - 2));
    const auto found = substitutions.find(name);
    if (found == substitutions.end()) return wrong("definition", fmt::format("what is ${{{}}}?", name));
    result.append(found->second);
    text.remove_prefix(end + 1);
  }
}

}  // namespace

Result<Machine> parse_machine(std::string_view text, const std::map<std::string, std::string>& substitutions) {
  TRY(const auto whole, substituted(text, substitutions));
  boost::system::error_code problem;
  const auto value = json::parse(whole, problem);
  if (problem) return wrong("definition", fmt::format("it is not JSON: {}", problem.message()));
  const Part part(value, "definition");
  TRY_VOID(part.only({"Comment", "StartAt", "States"}));
  TRY(const auto machine, read_states(part));
  return *machine;
}

}  // namespace rekeyer::scale
