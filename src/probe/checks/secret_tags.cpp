// Tags of secrets, which hold all that rekeyer remembers, and the date that betrays a change.
#include <array>

#include "base/try.hpp"
#include "probe/check.hpp"
#include "probe/checks/secret_requests.hpp"

// NOLINTBEGIN(cppcoreguidelines-avoid-capturing-lambda-coroutines): it lives in the frame of the waiting that it is
// given to
namespace rekeyer::probe {
namespace {

using namespace std::chrono_literals;

ResultTask<Finding> tags_are_merged(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("merged-tags"));
  auto secrets = bench.secrets();
  CO_TRY_VOID(co_await secrets.tag_secret(secret, {{"a", "1"}, {"b", "1"}}, aws::SignBefore::never()));
  CO_TRY_VOID(co_await secrets.tag_secret(secret, {{"b", "2"}, {"c", "2"}}, aws::SignBefore::never()));
  CO_TRY(const auto described, co_await secrets.describe_secret(secret));
  aws::Tags wanted = tags_of(bench.account().run);
  wanted.insert({{"a", "1"}, {"b", "2"}, {"c", "2"}});
  co_return judged(described.tags == wanted, fmt::format("{} tags", described.tags.size()));
}

ResultTask<Finding> longest_tag(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("long-tag"));
  // What a record is made of, at the length of a tag that is full.
  std::string value = "1 AKIAEXAMPLE:current:20260401T000000Z_./=+-@ ";
  while (value.size() < 256) value += 'x';
  auto secrets = bench.secrets();
  CO_TRY_VOID(co_await secrets.tag_secret(secret, {{"rekeyer:probe-record", value}}, aws::SignBefore::never()));
  CO_TRY(const auto described, co_await secrets.describe_secret(secret));
  const auto tag = described.tags.find("rekeyer:probe-record");
  const bool same = tag != described.tags.end() && tag->second == value;
  co_return judged(same, same ? "256 characters come back as they were put" : "they come back changed");
}

ResultTask<Finding> tag_keys_keep_case(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("tag-case"));
  auto secrets = bench.secrets();
  CO_TRY_VOID(co_await secrets.tag_secret(secret, {{"case", "1"}}, aws::SignBefore::never()));
  CO_TRY_VOID(co_await secrets.tag_secret(secret, {{"Case", "2"}}, aws::SignBefore::never()));
  CO_TRY(const auto described, co_await secrets.describe_secret(secret));
  const bool both = described.tags.contains("case") && described.tags.contains("Case");
  co_return judged(both, both ? "two tags" : "one tag");
}

/// Does LastChangedDate move when `change` is done, a moment after the secret was made?
ResultTask<Finding> date_moves(Bench& bench, SecretName secret, std::function<ResultTask<>()> change) {
  auto secrets = bench.secrets();
  CO_TRY(const auto before, co_await secrets.describe_secret(secret));
  co_await bench.clock().sleep_for(3s);
  CO_TRY_VOID(co_await change());
  CO_TRY(const auto after, co_await secrets.describe_secret(secret));
  if (!after.changed) co_return different("there is no LastChangedDate");
  const bool moved = !before.changed || *after.changed > *before.changed;
  co_return judged(moved, moved ? "it moves" : "it stays");
}

ResultTask<Finding> tags_move_the_date(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("tags-date"));
  co_return co_await date_moves(
      bench, secret, [&]() { return bench.secrets().tag_secret(secret, {{"a", "1"}}, aws::SignBefore::never()); });
}

ResultTask<Finding> policies_move_the_date(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("policy-date"));
  CO_TRY(const auto user, co_await bench.make_user("policy-date"));
  CO_TRY(const auto detail, co_await bench.iam().get_user(user));
  co_return co_await date_moves(bench, secret, [&]() -> ResultTask<> {
    co_return accepted(co_await put_policy(bench.caller(), secret, reading_policy(detail.user.arn)));
  });
}

ResultTask<Finding> labels_move_the_date(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("label-date"));
  CO_TRY_VOID(accepted(co_await put_value(bench.caller(), secret, {token_of(bench, 1), "first"})));
  co_return co_await date_moves(bench, secret, [&]() -> ResultTask<> {
    co_return accepted(co_await put_value(bench.caller(), secret, {token_of(bench, 2), "second", "AWSPENDING"}));
  });
}

}  // namespace

std::span<const Check> secret_tag_checks() {
  static constexpr std::array checks{
      Check{"secrets.tags-merged", "One TagResource sets several tags of a secret and leaves its others",
            "docs/design/0005-state-in-tags.md", Takes::a_moment, tags_are_merged},
      Check{"secrets.tag-of-256", "A tag takes 256 characters, of all those that records are written in",
            "docs/design/0005-state-in-tags.md", Takes::a_moment, longest_tag},
      Check{"secrets.tag-keys-keep-case", "Tag keys of a secret that differ in case are two tags",
            "docs/design/0005-state-in-tags.md", Takes::a_moment, tag_keys_keep_case},
      Check{"secrets.tags-move-date", "LastChangedDate moves when a secret is tagged", "docs/design/0012-trust.md",
            Takes::a_moment, tags_move_the_date},
      Check{"secrets.policy-moves-date", "LastChangedDate moves when a secret's policy is put",
            "docs/design/0012-trust.md", Takes::a_moment, policies_move_the_date},
      Check{"secrets.value-moves-date", "LastChangedDate moves when a version is stored", "docs/design/0012-trust.md",
            Takes::a_moment, labels_move_the_date},
  };
  return checks;
}

}  // namespace rekeyer::probe
// NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)
