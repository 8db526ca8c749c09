#include "scale/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "scale/bounds.hpp"
#include "scale/prices.hpp"

namespace rekeyer::scale {
namespace {

namespace json = boost::json;

using Row = std::vector<std::string>;

constexpr const char* main_states[] = {"Inventory", "SurveyAccounts", "Allot", "RotateAccounts", "Summarise"};

/// The first column to the left, the others to the right.
std::string table(const Row& head, const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& cell : head) widths.push_back(cell.size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  const auto line = [&](const Row& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += i == 0 ? fmt::format("| {:<{}} ", row[i], widths[i]) : fmt::format("| {:>{}} ", row[i], widths[i]);
    }
    text += "|\n";
  };
  line(head);
  for (std::size_t i = 0; i < head.size(); ++i) {
    text += i == 0 ? fmt::format("|{:-<{}}", "", widths[i] + 2) : fmt::format("|{:->{}}", ":", widths[i] + 2);
  }
  text += "|\n";
  for (const auto& row : rows) line(row);
  return text + "\n";
}

/// "12,345".
std::string grouped(std::uint64_t number) {
  auto text = std::to_string(number);
  for (auto at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string seconds_text(Milliseconds duration) {
  return fmt::format("{:.1f}", std::chrono::duration<double>(duration).count());
}

std::string minutes(Milliseconds duration) {
  const auto whole = std::chrono::round<std::chrono::seconds>(duration).count();
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string title(const Played& played) {
  return fmt::format("{}, {}{}", grouped(played.options.accounts), name(played.options.day),
                     played.options.mails ? ", mails" : "");
}

std::uint64_t sum(const std::map<std::string, std::uint64_t>& counts) {
  std::uint64_t all = 0;
  for (const auto& [name, count] : counts) all += count;
  return all;
}

std::string size_and_time(const std::vector<Played>& all) {
  std::vector<Row> rows;
  for (const auto& played : all) {
    const auto& result = played.result;
    rows.push_back({title(played), grouped(result.users), grouped(result.listed), grouped(result.entered),
                    grouped(result.rotated), minutes(result.wall), grouped(result.most_running),
                    grouped(result.all_calls()), grouped(sum(result.throttled))});
  }
  return table({"accounts, day", "users", "surveyed", "entered", "keys rotated", "time (m:s)", "functions at once",
                "calls to AWS", "throttled"},
               rows);
}

std::string money(const std::vector<Played>& all) {
  std::vector<Row> rows;
  for (const auto& played : all) {
    const auto& result = played.result;
    const auto cost = cost_of(result);
    rows.push_back({title(played), grouped(result.requests()), fmt::format("{:.1f}", result.gigabyte_seconds()),
                    grouped(result.steps.transitions()), grouped(result.puts()), grouped(result.gets()),
                    fmt::format("{:.4f}", cost.lambda_requests + cost.lambda_x86),
                    fmt::format("{:.4f}", cost.transitions), fmt::format("{:.4f}", cost.s3),
                    fmt::format("{:.4f}", cost.with_x86()), fmt::format("{:.4f}", cost.with_arm64())});
  }
  return table({"accounts, day", "Lambda requests", "GB-s", "transitions", "S3 PUT", "S3 GET", "Lambda $", "Steps $",
                "S3 $", "run $ (x86)", "run $ (arm64)"},
               rows);
}

std::string states(const std::vector<Played>& all) {
  std::vector<Row> rows;
  for (const auto& played : all) {
    Row row{title(played)};
    for (const auto* state : main_states) {
      const auto found = played.result.steps.states.find(state);
      row.push_back(found == played.result.steps.states.end() ? "-" : seconds_text(found->second.span()));
    }
    std::uint64_t retries = 0;
    for (const auto& [name, tally] : played.result.steps.states) retries += tally.retries;
    row.push_back(grouped(retries));
    rows.push_back(std::move(row));
  }
  return table({"accounts, day", "Inventory", "SurveyAccounts", "Allot", "RotateAccounts", "Summarise", "retries"},
               rows);
}

std::string functions(const std::vector<Played>& all) {
  std::vector<Row> rows;
  for (const auto& played : all) {
    for (const auto& [name, tally] : played.result.functions) {
      const auto mean =
          tally.invocations == 0 ? Milliseconds(0) : tally.billed / static_cast<Milliseconds::rep>(tally.invocations);
      rows.push_back({fmt::format("{}: {}", title(played), name), grouped(tally.invocations), grouped(tally.cold),
                      grouped(tally.throttled), grouped(tally.failed + tally.died + tally.timed_out),
                      seconds_text(mean), seconds_text(tally.longest), seconds_text(tally.billed)});
    }
  }
  return table({"function", "invoked", "cold", "throttled", "failed", "mean s", "longest s", "billed s"}, rows);
}

std::string bounds(const std::vector<Played>& all) {
  std::vector<Row> rows;
  for (const auto& played : all) {
    for (const auto& bound : closest(bounds_of(played.options, played.result))) {
      rows.push_back({fmt::format("{}: {}: {}", title(played), bound.of, bound.what),
                      fmt::format("{:.1f}", bound.least), fmt::format("{:.1f}", bound.measured),
                      fmt::format("{:.2f}", bound.ratio())});
    }
  }
  return table({"bound", "at least", "measured", "ratio"}, rows);
}

json::object states_json(const ScenarioResult& result) {
  json::object all;
  for (const auto& [name, tally] : result.steps.states) {
    json::object errors;
    for (const auto& [error, count] : tally.errors) errors[error] = count;
    all[name] = json::object{{"entered", tally.entered},        {"retries", tally.retries},
                             {"caught", tally.caught},          {"errors", std::move(errors)},
                             {"span_ms", tally.span().count()}, {"longest_ms", tally.longest.count()}};
  }
  return all;
}

json::object functions_json(const ScenarioResult& result) {
  json::object all;
  for (const auto& [name, tally] : result.functions) {
    all[name] = json::object{{"invocations", tally.invocations},
                             {"throttled", tally.throttled},
                             {"cold", tally.cold},
                             {"failed", tally.failed},
                             {"timed_out", tally.timed_out},
                             {"died", tally.died},
                             {"billed_ms", tally.billed.count()},
                             {"longest_ms", tally.longest.count()},
                             {"most_running", tally.most_running}};
  }
  return all;
}

json::object counts_json(const std::map<std::string, std::uint64_t>& counts) {
  json::object all;
  for (const auto& [name, count] : counts) all[name] = count;
  return all;
}

json::array bounds_json(const Played& played) {
  json::array all;
  for (const auto& bound : bounds_of(played.options, played.result)) {
    all.push_back(
        json::object{{"of", bound.of}, {"what", bound.what}, {"least", bound.least}, {"measured", bound.measured}});
  }
  return all;
}

}  // namespace

std::string tables(const std::vector<Played>& all) {
  return size_and_time(all) + "Seconds of each state, and retries of all states together:\n\n" + states(all) +
         fmt::format("One run in US dollars, at the list prices of {} in {}:\n\n", prices.as_of, prices.region) +
         money(all) + "Functions:\n\n" + functions(all) +
         "Against the closest bound that was worked out by hand, in seconds where it is a state's:\n\n" + bounds(all);
}

std::string comparison(const std::vector<Played>& all) {
  std::vector<Row> rows;
  for (const auto& played : all) {
    const auto& result = played.result;
    const auto cost = cost_of(result);
    rows.push_back({title(played), grouped(played.options.max_concurrency), grouped(played.options.memory_megabytes),
                    minutes(result.wall), grouped(result.most_running), grouped(sum(result.throttled)),
                    fmt::format("{:.1f}", result.gigabyte_seconds()), fmt::format("{:.4f}", cost.with_x86()),
                    fmt::format("{:.4f}", cost.with_arm64())});
  }
  return table({"accounts, day", "MaxConcurrency", "MB", "time (m:s)", "functions at once", "throttled", "GB-s",
                "run $ (x86)", "run $ (arm64)"},
               rows);
}

json::value to_json(const std::vector<Played>& all) {
  json::array list;
  for (const auto& played : all) {
    const auto& result = played.result;
    const auto cost = cost_of(result);
    json::object statuses;
    for (const auto& [status, count] : result.statuses) statuses[status] = count;
    list.push_back(json::object{{"accounts", played.options.accounts},
                                {"users", result.users},
                                {"day", name(played.options.day)},
                                {"mails", played.options.mails},
                                {"max_concurrency", played.options.max_concurrency},
                                {"memory_megabytes", played.options.memory_megabytes},
                                {"max_changes", played.options.max_changes},
                                {"seed", played.options.seed},
                                {"wall_ms", result.wall.count()},
                                {"most_running", result.most_running},
                                {"listed", result.listed},
                                {"skipped", result.skipped},
                                {"entered", result.entered},
                                {"old_keys", result.old_keys},
                                {"rotated", result.rotated},
                                {"statuses", std::move(statuses)},
                                {"requests", result.requests()},
                                {"gigabyte_seconds", result.gigabyte_seconds()},
                                {"transitions", result.steps.transitions()},
                                {"child_executions", result.steps.child_executions},
                                {"s3_put", result.puts()},
                                {"s3_get", result.gets()},
                                {"cost_x86", cost.with_x86()},
                                {"cost_arm64", cost.with_arm64()},
                                {"states", states_json(result)},
                                {"functions", functions_json(result)},
                                {"calls", counts_json(result.calls)},
                                {"throttled", counts_json(result.throttled)},
                                {"bounds", bounds_json(played)}});
  }
  return list;
}

}  // namespace rekeyer::scale
