// Policies of users: how they come back, how large they may be, how fast they hold; AWS's own ones that switch off.
#include <array>

#include "base/try.hpp"
#include "probe/check.hpp"
#include "probe/checks/spreading.hpp"

// NOLINTBEGIN(cppcoreguidelines-avoid-capturing-lambda-coroutines): it lives in the frame of the waiting that it is
// given to
namespace rekeyer::probe {
namespace {

constexpr std::string_view deny_all = "AWSDenyAll";

std::string aws_policy(const Bench& bench, std::string_view name) {
  return fmt::format("arn:{}:iam::aws:policy/{}", bench.account().partition, name);
}

ResultTask<Finding> policy_comes_back(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("policy"));
  const std::string document =
      R"({"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"sts:GetSessionToken","Resource":"*"}]})";
  CO_TRY_VOID(co_await bench.iam().put_user_policy(user, "probe", document, aws::SignBefore::never()));
  const auto answer = co_await bench.caller().query(aws::services::iam, "GetUserPolicy",
                                                    {{"UserName", user.str()}, {"PolicyName", "probe"}});
  if (answer.refusal) co_return fail(*answer.refusal);
  CO_TRY(const auto encoded, answer.xml.text("PolicyDocument"));
  CO_TRY(const auto decoded, co_await bench.iam().user_policy(user, "probe"));
  const bool percent = encoded.starts_with("%7B");
  co_return judged(percent && decoded == document,
                   fmt::format("{}; {}", percent ? "percent-encoded" : "not percent-encoded",
                               decoded == document ? "the same text" : "another text"));
}

ResultTask<Finding> policy_too_large(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("large-policy"));
  const auto document = fmt::format(
      R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:{}:s3:::{}"}}]}})",
      bench.account().partition, std::string(2048, 'x'));
  const auto answer = co_await bench.caller().iam(
      "PutUserPolicy", {{"UserName", user.str()}, {"PolicyName", "probe"}, {"PolicyDocument", document}});
  co_return judge_refusal(answer, {409, {"LimitExceeded"}, "policy size"});
}

ResultTask<Finding> policy_that_is_missing(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("no-policy"));
  const auto answer = co_await bench.caller().query(aws::services::iam, "GetUserPolicy",
                                                    {{"UserName", user.str()}, {"PolicyName", "none"}});
  co_return judge_refusal(answer, {404, {"NoSuchEntity"}});
}

ResultTask<Finding> policy_spreads(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("gets-rights"));
  CO_TRY(const auto key, co_await bench.make_working_key(user));
  CO_TRY_VOID(co_await bench.allow(user, listing_rights));
  CO_TRY(const auto took, co_await until_listing(bench, bench.acting_with(key), Listing::allowed));
  co_return judge_listing(took);
}

ResultTask<Finding> policy_removal_spreads(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("loses-rights"));
  CO_TRY(const auto key, co_await bench.make_working_key(user));
  CO_TRY_VOID(co_await bench.allow(user, listing_rights));
  CO_TRY(const auto allowed, co_await until_listing(bench, bench.acting_with(key), Listing::allowed));
  if (!allowed.took) co_return not_tried("the policy did not spread within minutes");
  const auto removed =
      co_await bench.caller().iam("DeleteUserPolicy", {{"UserName", user.str()}, {"PolicyName", "probe"}});
  if (removed.refusal) co_return fail(*removed.refusal);
  CO_TRY(const auto took, co_await until_listing(bench, bench.acting_with(key), Listing::denied));
  co_return judge_listing(took);
}

ResultTask<Finding> aws_policy_is_there(Bench& bench, std::string name) {
  const auto answer =
      co_await bench.caller().query(aws::services::iam, "GetPolicy", {{"PolicyArn", aws_policy(bench, name)}});
  co_return judge_acceptance(answer);
}

ResultTask<Finding> deny_all_is_there(Bench& bench) { return aws_policy_is_there(bench, std::string(deny_all)); }

ResultTask<Finding> quarantines_are_there(Bench& bench) {
  std::string seen;
  bool all = true;
  for (const auto* const name : {"AWSCompromisedKeyQuarantineV2", "AWSCompromisedKeyQuarantineV3"}) {
    const auto answer =
        co_await bench.caller().query(aws::services::iam, "GetPolicy", {{"PolicyArn", aws_policy(bench, name)}});
    if (answer.refusal && answer.refusal->kind != ErrorKind::not_found) co_return fail(*answer.refusal);
    all = all && answer.accepted();
    seen += fmt::format("{}{} {}", seen.empty() ? "" : "; ", name, answer.accepted() ? "is there" : "is not there");
  }
  co_return judged(all, seen);
}

/// Attaches AWSDenyAll to a user with rights, and watches `client`, which acts by them.
ResultTask<Finding> denied_at_once(Bench& bench, UserName user, Client client) {
  CO_TRY(const auto before, co_await until_listing(bench, client, Listing::allowed));
  if (!before.took) co_return not_tried("the user's rights did not spread within minutes");
  const auto attached = co_await bench.caller().iam(
      "AttachUserPolicy", {{"UserName", user.str()}, {"PolicyArn", aws_policy(bench, deny_all)}});
  if (attached.refusal) co_return fail(*attached.refusal);
  CO_TRY(const auto took, co_await until_listing(bench, client, Listing::denied));
  if (took.took && !took.refusal.contains("explicit deny")) co_return different(took.refusal);
  co_return judge_listing(took);
}

ResultTask<Finding> deny_all_stops_the_key(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("denied-key"));
  CO_TRY_VOID(co_await bench.allow(user, listing_rights));
  CO_TRY(const auto key, co_await bench.make_working_key(user));
  co_return co_await denied_at_once(bench, user, bench.acting_with(key));
}

ResultTask<Finding> deny_all_stops_sessions(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("denied-session"));
  CO_TRY_VOID(co_await bench.allow(user, listing_rights));
  CO_TRY(const auto key, co_await bench.make_working_key(user));
  aws::StsClient sts(bench.account().caller, bench.principal_of(key));
  CO_TRY(const auto session, co_await sts.session_token(std::chrono::minutes{15}));
  co_return co_await denied_at_once(bench, user, bench.acting_with(session));
}

ResultTask<Finding> simulation_agrees(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("simulated"));
  CO_TRY_VOID(co_await bench.allow(user, listing_rights));
  CO_TRY(const auto detail, co_await bench.iam().get_user(user));
  std::string seen;
  const auto took = co_await bench.wait_until(std::chrono::minutes{1}, [&]() -> ResultTask<bool> {
    const auto answer = co_await bench.caller().query(aws::services::iam, "SimulatePrincipalPolicy",
                                                      {{"PolicySourceArn", detail.user.arn.str()},
                                                       {"ActionNames.member.1", "secretsmanager:ListSecrets"},
                                                       {"ActionNames.member.2", "iam:CreateAccessKey"}});
    if (answer.refusal) co_return fail(*answer.refusal);
    seen.clear();
    for (const auto& result : answer.xml.children("EvaluationResults")) {
      CO_TRY(const auto decision, result.text("EvalDecision"));
      seen += (seen.empty() ? "" : ", ") + std::string(decision);
    }
    co_return seen == "allowed, implicitDeny";
  });
  if (!took) co_return fail(took.error());
  co_return judged(took->has_value(), seen);
}

}  // namespace

std::span<const Check> right_checks() {
  static constexpr std::array checks{
      Check{"iam.policy-comes-back", "An inline policy comes back percent-encoded, and otherwise as it was put",
            "src/aws/services/iam_reader.cpp", Takes::a_moment, policy_comes_back},
      Check{"iam.policy-missing", "An inline policy that is not there: 404 NoSuchEntity",
            "src/aws/services/iam_reader.cpp", Takes::a_moment, policy_that_is_missing},
      Check{"iam.policy-too-large", "A user's policies past 2,048 characters: LimitExceeded, as for a third key",
            "docs/design/0004-protocol.md", Takes::a_moment, policy_too_large},
      Check{"iam.policy-spreads", "A user's new policy holds within a minute", "src/rotation/issue.cpp", Takes::a_while,
            policy_spreads},
      Check{"iam.policy-removal-spreads", "A policy that is taken off stops to hold within a minute",
            "docs/operations.md", Takes::a_while, policy_removal_spreads},
      Check{"iam.simulation-agrees", "SimulatePrincipalPolicy says allowed and implicitDeny of a user's own policy",
            "src/doctor/rights.cpp", Takes::a_moment, simulation_agrees},
      Check{"iam.deny-all-is-there", "AWS's own policy AWSDenyAll is there", "docs/operations.md", Takes::a_moment,
            deny_all_is_there},
      Check{"iam.quarantines-are-there", "AWS's own policies AWSCompromisedKeyQuarantineV2 and V3 are there",
            "docs/operations.md", Takes::a_moment, quarantines_are_there},
      Check{"iam.deny-all-stops-key", "AWSDenyAll on a user stops his key within a minute, by an explicit deny",
            "docs/operations.md", Takes::a_while, deny_all_stops_the_key},
      Check{"iam.deny-all-stops-sessions", "AWSDenyAll on a user stops sessions that he opened before, too",
            "docs/operations.md", Takes::a_while, deny_all_stops_sessions},
  };
  return checks;
}

}  // namespace rekeyer::probe
// NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)
