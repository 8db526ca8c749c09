#include "doctor/caller.hpp"

#include <fmt/format.h>

namespace rekeyer::doctor {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Milliseconds worth_a_warning = seconds{60};
constexpr Milliseconds dangerous = minutes{4};

Check judge_credentials(const rotation::OwnIdentity& self) {
  const auto& arn = self.arn.str();
  if (arn.ends_with(":root")) {
    return problem(Topic::caller_credentials, "the caller is the account's root user",
                   "delete the root user's access keys and run rekeyer as a role");
  }
  if (!self.signer_key.empty()) {
    return warning(
        Topic::caller_credentials,
        fmt::format("{} signs with the long-term key {}, which no run of its own may rotate", arn, self.signer_key),
        "run rekeyer as a role: on Lambda, on an instance, or by an SSO profile");
  }
  return ok(Topic::caller_credentials, "temporary credentials of a session");
}

Check judge_clock(Milliseconds offset) {
  const auto off = std::chrono::abs(offset);
  const auto finding = fmt::format("this machine's clock is {} s {} AWS's", std::chrono::round<seconds>(off).count(),
                                   offset.count() > 0 ? "behind" : "ahead of");
  const std::string remedy = "switch on time synchronisation (NTP) on this machine";
  if (off > dangerous) {
    return problem(Topic::clock, finding + "; AWS refuses signatures that are five minutes off", remedy);
  }
  if (off > worth_a_warning) return warning(Topic::clock, finding, remedy);
  return ok(Topic::clock,
            fmt::format("within {} s of AWS's", std::max<std::int64_t>(2, std::chrono::ceil<seconds>(off).count())));
}

}  // namespace

Checks judge(const CallerFacts& facts) {
  if (!facts.self) {
    return {
        problem(Topic::caller_identity, describe(facts.self.error()),
                "give credentials as to the AWS CLI (AWS_PROFILE, a role); `aws sts get-caller-identity` must work")};
  }
  const auto& self = *facts.self;
  return {
      ok(Topic::caller_identity, fmt::format("{} in account {}, partition {}", self.arn, self.account, self.partition)),
      judge_credentials(self),
      facts.fits ? ok(Topic::caller_region, facts.region.str())
                 : problem(Topic::caller_region, facts.fits.error().message, "correct rekeyer.toml, or the caller"),
      judge_clock(facts.clock_offset)};
}

CallerFacts caller_facts(const engine::Context& context, const Result<engine::Session>& session) {
  CallerFacts facts;
  if (session) {
    facts.self = session->self();
    facts.fits = session->fits();
  } else {
    facts.self = fail(session.error());
  }
  facts.region = context.principal.region;
  facts.clock_offset = context.caller.clock().offset();
  return facts;
}

}  // namespace rekeyer::doctor
