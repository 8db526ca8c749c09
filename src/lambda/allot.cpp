// The function that deals the run's changes out.
#include "aws/http/json_writer.hpp"
#include "base/log.hpp"
#include "base/try.hpp"
#include "lambda/allotment.hpp"
#include "lambda/events.hpp"
#include "lambda/handlers.hpp"
#include "lambda/records.hpp"

namespace rekeyer::lambda {

ResultTask<std::string> handle_allot(Job job, std::string event) {
  CO_TRY(const auto asked, read_run_event(event));
  CO_TRY(auto folder, folder_of(job, asked.run));
  CO_TRY(auto accounts, co_await folder.accounts());
  CO_TRY(auto records, co_await read_records(folder, rotation::Mode::plan, accounts));
  std::vector<Surveyed> surveyed;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    if (records[i]) surveyed.push_back({std::move(accounts[i].target), std::move(*records[i])});
  }
  auto allotment = allot(surveyed, job.configuration.rotation.limits, job.clock.now());
  log::info("changes dealt out", {{"run", asked.run},
                                  {"due", std::to_string(allotment.due)},
                                  {"allotted", std::to_string(allotment.allotted)},
                                  {"accounts", std::to_string(allotment.accounts.size())}});
  const auto entered = allotment.accounts.size();
  CO_TRY_VOID(co_await folder.put_allotted(std::move(allotment.accounts)));
  aws::JsonWriter json;
  json.begin_object()
      .member("run", asked.run)
      .member("accounts", entered)
      .member("due", allotment.due)
      .member("allotted", allotment.allotted)
      .member("bucket", folder.bucket())
      .member("key", folder.key("allotted.json"))
      .end();
  co_return json.finish_text();
}

}  // namespace rekeyer::lambda
