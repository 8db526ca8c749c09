// rekeyer doctor: a look at a deployment from outside. Reads only.
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/runtime.hpp"
#include "doctor/examination.hpp"
#include "doctor/output.hpp"

namespace rekeyer::cli {
namespace {

/// How many accounts were looked at so far, on a terminal only; the observer must not outlive it.
class AccountsLine {
 public:
  explicit AccountsLine(bool on) : on_(on) {}
  ~AccountsLine() {
    if (on_ && started_ > 0) say(erase_line);
  }
  AccountsLine(const AccountsLine&) = delete;
  AccountsLine& operator=(const AccountsLine&) = delete;

  doctor::AccountsObserver observer() {
    if (!on_) return {};
    return {[this](const AccountId& id) {
              ++started_;
              draw(id);
            },
            [this](const AccountId& id) {
              ++finished_;
              draw(id);
            }};
  }

 private:
  void draw(const AccountId& id) const {
    say(fmt::format("{}{} of {} accounts so far · {}", erase_line, finished_, started_, id));
  }

  bool on_;
  std::size_t started_ = 0;
  std::size_t finished_ = 0;
};

Task<int> look(Runtime& runtime) {
  const auto& options = runtime.options();
  auto context = runtime.context();
  doctor::Checks checks;
  {
    AccountsLine line(runtime.terminal().err);
    auto found = co_await doctor::examine(
        context, {options.doctor.mode, options.filter, options.doctor.deployment, line.observer()});
    checks = std::move(found);
  }
  const auto& terminal = runtime.terminal();
  const bool json = options.format == report::Format::json;
  const auto text =
      json ? doctor::to_json(checks) : doctor::to_table(checks, {terminal.colour_out, terminal.width, false});
  if (!print(text)) {
    say("rekeyer: the checks could not be written to standard output\n");
    co_return exit_failed;
  }
  if (!json) say(doctor::summary(checks) + "\n");
  if (runtime.stop().requested()) co_return exit_interrupted;
  co_return doctor::has_problems(checks) ? exit_failed : exit_ok;
}

}  // namespace

int run_doctor(const Options& options) {
  auto runtime = Runtime::create(options);
  if (!runtime) return report_error(runtime.error());
  return (*runtime)->run(look(**runtime));
}

}  // namespace rekeyer::cli
