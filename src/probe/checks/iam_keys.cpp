// Access keys: how many, how fast they are known everywhere, and what is told of their use.
#include <array>

#include "base/try.hpp"
#include "probe/check.hpp"

// NOLINTBEGIN(cppcoreguidelines-avoid-capturing-lambda-coroutines): it lives in the frame of the waiting that it is
// given to
namespace rekeyer::probe {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds spreads_within = 60s;
constexpr Milliseconds longest_wait = 5min;

Task<Answer> one_more_key(const Bench& bench, const UserName& user) {
  auto caller = bench.caller();
  // What it makes, if it does, goes with the user.
  auto answer = co_await caller.iam("CreateAccessKey", {{"UserName", user.str()}}, aws::Idempotent::no);
  answer.xml = {};  // it would hold the secret
  co_return answer;
}

ResultTask<Finding> third_key(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("three-keys"));
  CO_TRY_VOID(co_await bench.make_key(user));
  CO_TRY_VOID(co_await bench.make_key(user));
  const auto answer = co_await one_more_key(bench, user);
  co_return judge_refusal(answer, {409, {"LimitExceeded"}, "AccessKeysPerUser"});
}

ResultTask<Finding> inactive_keys_count(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("inactive-counts"));
  CO_TRY(const auto first, co_await bench.make_key(user));
  CO_TRY_VOID(co_await bench.make_key(user));
  CO_TRY_VOID(co_await bench.iam().deactivate_access_key(user, first->id, aws::SignBefore::never()));
  const auto answer = co_await one_more_key(bench, user);
  co_return judge_refusal(answer, {409, {"LimitExceeded"}, "AccessKeysPerUser"});
}

ResultTask<Finding> key_deleted_twice(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("deleted-twice"));
  CO_TRY(const auto key, co_await bench.make_key(user));
  CO_TRY_VOID(co_await bench.iam().delete_access_key(user, key->id, aws::SignBefore::never()));
  const auto answer =
      co_await bench.caller().iam("DeleteAccessKey", {{"UserName", user.str()}, {"AccessKeyId", key->id.str()}});
  co_return judge_refusal(answer, {404, {"NoSuchEntity"}});
}

ResultTask<Finding> never_used(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("never-used"));
  CO_TRY(const auto key, co_await bench.make_key(user));
  CO_TRY(const auto use, co_await bench.iam().access_key_last_used(key->id));
  co_return judged(use.last.state == LastUse::State::never && use.user == user,
                   use.last.state == LastUse::State::never ? "no date" : "a date: " + iso8601(use.last.at));
}

ResultTask<Finding> use_of_deleted(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("use-of-deleted"));
  CO_TRY(const auto key, co_await bench.make_key(user));
  CO_TRY_VOID(co_await bench.iam().delete_access_key(user, key->id, aws::SignBefore::never()));
  Answer answer;
  auto caller = bench.caller();
  const auto told = co_await bench.wait_until(spreads_within, [&]() -> ResultTask<bool> {
    answer = co_await caller.query(aws::services::iam, "GetAccessKeyLastUsed", {{"AccessKeyId", key->id.str()}});
    co_return answer.refusal.has_value();
  });
  if (!told) co_return fail(told.error());
  if (!answer.refusal) co_return different("still answered after a minute");
  const auto& code = answer.refusal->code;
  co_return judged(code == "AccessDenied" || code == "NoSuchEntity", answer.words());
}

ResultTask<Finding> use_of_unknown(Bench& bench) {
  const auto answer = co_await bench.caller().query(aws::services::iam, "GetAccessKeyLastUsed",
                                                    {{"AccessKeyId", "AKIAREKEYERPROBETEST"}});
  if (answer.accepted()) co_return different("accepted");
  const auto& code = answer.refusal->code;
  co_return judged(code == "AccessDenied" || code == "NoSuchEntity", answer.words());
}

std::string after(Milliseconds took) { return fmt::format("after {:.1f} s", static_cast<double>(took.count()) / 1000); }

/// How long until GetCallerIdentity by the key is accepted, or refused, twice in a row; nothing: not within minutes.
ResultTask<std::optional<Milliseconds>> until_the_key(Bench& bench, aws::SharedCredentials key, bool accepted,
                                                      std::string& refusal) {
  auto client = bench.acting_with(std::move(key));
  int in_a_row = 0;
  auto took = co_await bench.wait_until(longest_wait, [&]() -> ResultTask<bool> {
    const auto answer = co_await client.query(aws::services::sts, "GetCallerIdentity");
    if (answer.refusal) refusal = answer.words();
    in_a_row = answer.accepted() == accepted ? in_a_row + 1 : 0;
    co_return in_a_row >= 2;
  });
  co_return took;
}

Finding judge_spreading(std::optional<Milliseconds> took, const std::string& refusal) {
  if (!took) return different(fmt::format("not within {} minutes; {}", 5, refusal));
  const bool code = refusal.empty() || refusal.starts_with("403 InvalidClientTokenId");
  return judged(*took <= spreads_within && code, after(*took) + (refusal.empty() ? "" : "; " + refusal));
}

ResultTask<Finding> new_key_spreads(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("spread"));
  CO_TRY(const auto key, co_await bench.make_key(user));
  std::string refusal;
  CO_TRY(const auto took, co_await until_the_key(bench, key, true, refusal));
  co_return judge_spreading(took, refusal);
}

ResultTask<Finding> deactivation_spreads(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("off"));
  CO_TRY(const auto key, co_await bench.make_working_key(user));
  CO_TRY_VOID(co_await bench.iam().deactivate_access_key(user, key->id, aws::SignBefore::never()));
  std::string refusal;
  CO_TRY(const auto took, co_await until_the_key(bench, key, false, refusal));
  co_return judge_spreading(took, refusal);
}

ResultTask<Finding> reactivation_spreads(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("on-again"));
  CO_TRY(const auto key, co_await bench.make_working_key(user));
  CO_TRY_VOID(co_await bench.iam().deactivate_access_key(user, key->id, aws::SignBefore::never()));
  std::string refusal;
  CO_TRY(const auto off, co_await until_the_key(bench, key, false, refusal));
  if (!off) co_return not_tried("the key could still be used minutes after it was switched off");
  const auto on = co_await bench.caller().iam(
      "UpdateAccessKey", {{"UserName", user.str()}, {"AccessKeyId", key->id.str()}, {"Status", "Active"}});
  if (on.refusal) co_return fail(*on.refusal);
  CO_TRY(const auto took, co_await until_the_key(bench, key, true, refusal));
  co_return judge_spreading(took, refusal);
}

ResultTask<Finding> new_key_is_listed(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("list-of-keys"));
  CO_TRY(const auto key, co_await bench.make_key(user));
  const auto took = co_await bench.wait_until(longest_wait, [&]() -> ResultTask<bool> {
    CO_TRY(const auto keys, co_await bench.iam().list_access_keys(user));
    for (const auto& each : keys) {
      if (each.id == key->id) co_return true;
    }
    co_return false;
  });
  if (!took) co_return fail(took.error());
  if (!*took) co_return different("not within five minutes");
  co_return judged(**took <= spreads_within, after(**took));
}

ResultTask<Finding> use_shows_late(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("used"));
  CO_TRY(const auto key, co_await bench.make_working_key(user));
  LastUse last;
  const auto took = co_await bench.wait_until(longest_wait, [&]() -> ResultTask<bool> {
    CO_TRY(const auto use, co_await bench.iam().access_key_last_used(key->id));
    last = use.last;
    co_return last.state == LastUse::State::used;
  });
  if (!took) co_return fail(took.error());
  if (!*took) co_return not_tried("not shown within five minutes; it may take hours");
  co_return judged(last.service == "sts", fmt::format("{}: {} in {}", after(**took), last.service, last.region));
}

ResultTask<Finding> quota_is_told(Bench& bench) {
  const auto answer = co_await bench.caller().query(aws::services::iam, "GetAccountSummary");
  if (answer.refusal) co_return fail(*answer.refusal);
  for (const auto& entry : answer.xml.children("SummaryMap", "entry")) {
    const auto key = entry.text("key");
    const auto value = entry.text("value");
    if (key && value && *key == "AccessKeysPerUserQuota") co_return judged(*value == "2", std::string(*value));
  }
  co_return different("the account's summary does not tell it");
}

}  // namespace

std::span<const Check> key_checks() {
  static constexpr std::array checks{
      Check{"iam.key-quota-is-two", "An account's quota of keys a user is two", "docs/design/0004-protocol.md",
            Takes::a_moment, quota_is_told},
      Check{"iam.third-key", "A third key: 409 LimitExceeded, and `AccessKeysPerUser` in the message",
            "docs/design/0004-protocol.md", Takes::a_moment, third_key},
      Check{"iam.inactive-keys-count", "A key that is switched off counts among the two",
            "docs/design/0004-protocol.md", Takes::a_moment, inactive_keys_count},
      Check{"iam.key-deleted-twice", "Deleting a key that is gone: 404 NoSuchEntity", "src/aws/services/iam_writer.cpp",
            Takes::a_moment, key_deleted_twice},
      Check{"iam.key-never-used", "Of a key that was never used the last use has no date",
            "src/aws/services/iam_values.cpp", Takes::a_moment, never_used},
      Check{"iam.key-use-of-deleted", "The last use of a key that is gone is refused with AccessDenied or NoSuchEntity",
            "src/rotation/leftover.cpp", Takes::a_moment, use_of_deleted},
      Check{"iam.key-use-of-unknown",
            "The last use of a key that nobody has is refused with AccessDenied or NoSuchEntity",
            "src/rotation/leftover.cpp", Takes::a_moment, use_of_unknown},
      Check{"iam.key-listed", "A new key is in the list of keys within a minute", "docs/design/0004-protocol.md",
            Takes::a_moment, new_key_is_listed},
      Check{"iam.key-spreads", "A new key is accepted within a minute, and until then InvalidClientTokenId",
            "src/rotation/issue.cpp", Takes::a_while, new_key_spreads},
      Check{"iam.key-off-spreads", "A key that is switched off is refused within a minute, with InvalidClientTokenId",
            "docs/policy.md", Takes::a_while, deactivation_spreads},
      Check{"iam.key-on-again-spreads", "A key that is switched on again is accepted within a minute",
            "docs/operations.md", Takes::a_while, reactivation_spreads},
      Check{"iam.key-use-by-sts-counts", "GetCallerIdentity counts as a use, of the service sts", "docs/policy.md",
            Takes::a_while, use_shows_late},
      Check{"iam.key-use-lag", "The last use shows within four hours", "docs/policy.md", Takes::a_while, nullptr,
            "it would take hours"},
  };
  return checks;
}

}  // namespace rekeyer::probe
// NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)
