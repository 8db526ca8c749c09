// distributed_scale: the state machine of deploy/ with the real functions on the embedded AWS, in virtual time; what it
// would take and cost. docs/scale.md tells what it says and what it leaves out.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

#include "scale/bounds.hpp"
#include "scale/tables.hpp"

namespace rekeyer::scale {
namespace {

struct Arguments {
  std::string definition = "deploy/state-machine/rekeyer.asl.json";
  std::vector<std::size_t> sizes{10, 100, 1'000};
  std::vector<std::string> days{"usual", "first", "audit"};
  std::vector<std::size_t> concurrencies{40};
  std::vector<std::size_t> memories{256};
  bool compare = false;
  bool json = false;
};

std::optional<Day> parse_day(std::string_view text) {
  if (text == "usual") return Day::usual;
  if (text == "first") return Day::first;
  if (text == "audit") return Day::audit;
  return std::nullopt;
}

bool read_definition(const std::string& path, ScenarioOptions& options) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  options.definition = text.str();
  return file.good() && !options.definition.empty();
}

/// A measurement below its bound is a mistake of the model's, and said.
bool plausible(const Played& played) {
  bool all = true;
  for (const auto& bound : bounds_of(played.options, played.result)) {
    if (bound.holds()) continue;
    fmt::print(stderr, "{} accounts, {}: {}: {} is less than the {} that {} must take\n", played.options.accounts,
               name(played.options.day), bound.of, bound.measured, bound.least, bound.what);
    all = false;
  }
  if (!played.result.output) {
    fmt::print(stderr, "{} accounts, {}: the execution failed: {}: {}\n", played.options.accounts,
               name(played.options.day), played.result.output.error().name, played.result.output.error().cause);
    all = false;
  }
  return all;
}

/// Every combination of what was asked for, in its order.
std::vector<ScenarioOptions> scenarios(const Arguments& arguments, const std::vector<Day>& days,
                                       const ScenarioOptions& base) {
  std::vector<ScenarioOptions> all;
  for (const auto accounts : arguments.sizes) {
    for (const auto day : days) {
      for (const auto concurrency : arguments.concurrencies) {
        for (const auto memory : arguments.memories) {
          auto& options = all.emplace_back(base);
          options.accounts = accounts;
          options.day = day;
          options.max_concurrency = concurrency;
          options.memory_megabytes = memory;
        }
      }
    }
  }
  return all;
}

int play_all(const Arguments& arguments, ScenarioOptions base) {
  if (!read_definition(arguments.definition, base)) {
    fmt::print(stderr, "{} can't be read: run this in the project's folder, or say --definition FILE\n",
               arguments.definition);
    return 2;
  }
  std::vector<Day> days;
  for (const auto& word : arguments.days) {
    const auto day = parse_day(word);
    if (!day) {
      fmt::print(stderr, "--days: \"{}\" is none of usual, first, audit\n", word);
      return 2;
    }
    days.push_back(*day);
  }
  std::vector<Played> all;
  bool fine = true;
  for (auto& options : scenarios(arguments, days, base)) {
    auto result = play(options);
    all.push_back({std::move(options), std::move(result)});
    fine = plausible(all.back()) && fine;
  }
  if (arguments.json) {
    std::cout << boost::json::serialize(to_json(all)) << "\n";
  } else {
    std::cout << (arguments.compare ? comparison(all) : tables(all));
  }
  return fine ? 0 : 1;
}

}  // namespace
}  // namespace rekeyer::scale

int main(int argc, char** argv) {
  using namespace rekeyer::scale;
  Arguments arguments;
  ScenarioOptions options;
  std::int64_t latency = options.latency.count();
  CLI::App app("Plays rekeyer's state machine over an organization in virtual time: time, concurrency, cost");
  app.add_option("--definition", arguments.definition, "the state machine's file");
  app.add_option("--accounts", arguments.sizes, "sizes of organizations")->delimiter(',');
  app.add_option("--days", arguments.days, "usual, first, audit")->delimiter(',');
  app.add_option("--users", options.users_per_account, "of an account, on average");
  app.add_option("--max-concurrency", arguments.concurrencies, "of each map; one or several")->delimiter(',');
  app.add_option("--max-changes", options.max_changes, "limits.max_changes");
  app.add_option("--memory", arguments.memories, "of each function, in megabytes; one or several")
      ->delimiter(',')
      ->check(CLI::Range(128, 10240));
  app.add_option("--lambda-concurrency", options.lambda.concurrency, "of the account");
  app.add_option("--latency", latency, "of each call to AWS, in milliseconds");
  app.add_option("--seed", options.seed, "of the organization and of all chance");
  app.add_flag("--mails", options.mails, "owners are written to by SES");
  app.add_flag("--compare", arguments.compare, "one table only: what MaxConcurrency and memory make of it");
  app.add_flag("--json", arguments.json, "everything, for programs");
  CLI11_PARSE(app, argc, argv);
  options.latency = rekeyer::Milliseconds(latency);
  return play_all(arguments, options);
}
