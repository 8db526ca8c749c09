// Getting the credential report: ask for it until it is complete, fetch it, and ask again where it vanished in between.
#include <fmt/format.h>

#include <algorithm>

#include "aws/services/credential_report.hpp"
#include "aws/services/exchange.hpp"
#include "aws/services/iam.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds longest_wait = 2min;

enum class Readiness { complete, in_progress };

Call report_call(std::string operation) {
  QueryBody body = query_body(services::iam, operation);
  return query_call(services::iam, std::move(operation), std::move(body));
}

Result<Readiness> read_readiness(const XmlNode& result) {
  TRY(const auto state, required_text(result, "State"));
  if (state == "COMPLETE") return Readiness::complete;
  if (state == "STARTED" || state == "INPROGRESS") return Readiness::in_progress;
  return fail(ErrorKind::bad_reply, "the credential report is in a state that is not known");
}

/// Generate answers so while another one is being made.
bool busy(const Error& error) { return error.code == "LimitExceeded"; }
bool not_there_yet(const Error& error) { return error.code == "ReportInProgress"; }
bool not_there(const Error& error) { return error.code == "ReportNotPresent" || error.code == "ReportExpired"; }

}  // namespace

ResultTask<CredentialReport> IamClient::credential_report() {
  // The waits are added up rather than measured: the clock may be corrected meanwhile.
  Milliseconds waited{0};
  Milliseconds pause = 1s;
  for (;;) {
    const auto ready = co_await query_exchange<Readiness>(caller_, principal_, report_call("GenerateCredentialReport"),
                                                          read_readiness);
    if (!ready && !busy(ready.error())) co_return fail(ready.error());
    if (ready && *ready == Readiness::complete) {
      auto report = co_await query_exchange<CredentialReport>(caller_, principal_, report_call("GetCredentialReport"),
                                                              read_credential_report);
      if (report) co_return report;
      if (!not_there(report.error()) && !not_there_yet(report.error())) co_return report;
    }
    if (waited >= longest_wait) {
      co_return fail(Error{ErrorKind::server_fault,
                           fmt::format("the credential report was not ready after {}",
                                       describe_period(std::chrono::floor<Period>(waited))),
                           {},
                           "iam:GenerateCredentialReport",
                           {}});
    }
    co_await caller_.clock().sleep_for(pause);
    waited += pause;
    pause = std::min<Milliseconds>(pause + 1s, 5s);
  }
}

}  // namespace rekeyer::aws
