// Users: names, ids, tags and lists.
#include <array>

#include "aws/services/iam_values.hpp"
#include "base/try.hpp"
#include "probe/check.hpp"

// NOLINTBEGIN(cppcoreguidelines-avoid-capturing-lambda-coroutines): it lives in the frame of the waiting that it is
// given to
namespace rekeyer::probe {
namespace {

Fields user_request(const Bench& bench, const std::string& name) {
  return {{"UserName", name},
          {"Path", std::string(user_path)},
          {"Tags.member.1.Key", std::string(tag_key)},
          {"Tags.member.1.Value", bench.account().run.str()}};
}

ResultTask<Finding> name_in_another_case(Bench& bench) {
  CO_TRY_VOID(co_await bench.make_user("case"));
  const auto other = bench.thing(Kind::user, bench.name_of("CASE"));
  CO_TRY_VOID(bench.about_to_make(other));
  const auto answer = co_await bench.caller().iam("CreateUser", user_request(bench, other.name), aws::Idempotent::no);
  CO_TRY_VOID(bench.answered(other, answer));
  co_return judge_refusal(answer, {409, {"EntityAlreadyExists"}});
}

ResultTask<Finding> list_without_tags(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("listed"));
  auto caller = bench.caller();
  std::string seen = "the user is not listed";
  bool tags = false;
  const auto listed = co_await bench.wait_until(std::chrono::minutes{1}, [&]() -> ResultTask<bool> {
    const auto answer =
        co_await caller.query(aws::services::iam, "ListUsers", {{"PathPrefix", std::string(user_path)}});
    if (answer.refusal) co_return fail(*answer.refusal);
    for (const auto& member : answer.xml.children("Users")) {
      const auto name = member.text("UserName");
      if (!name || *name != user.str()) continue;
      tags = !member.children("Tags").empty();
      co_return true;
    }
    co_return false;
  });
  if (!listed) co_return fail(listed.error());
  if (!*listed) co_return not_tried("a new user is not in the list within a minute");
  co_return judged(!tags, tags ? "tags are in the list" : "no tags in the list");
}

ResultTask<Finding> users_page_by_page(Bench& bench) {
  CO_TRY_VOID(co_await bench.make_user("page-1"));
  CO_TRY_VOID(co_await bench.make_user("page-2"));
  const auto answer = co_await bench.caller().query(aws::services::iam, "ListUsers",
                                                    {{"PathPrefix", std::string(user_path)}, {"MaxItems", "1"}});
  if (answer.refusal) co_return fail(*answer.refusal);
  const auto page = aws::read_iam_page<aws::User>(answer.xml, "Users", aws::read_user);
  if (!page) co_return fail(page.error());
  co_return judged(page->items.size() <= 1 && page->next.has_value(),
                   fmt::format("{} on the first page, {}", page->items.size(),
                               page->next ? "which says that there are more" : "which says that it is all"));
}

ResultTask<Finding> tag_keys_ignore_case(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("tags"));
  auto caller = bench.caller();
  for (const auto* const key : {"probe-owner", "Probe-Owner"}) {
    const auto tagged = co_await caller.iam(
        "TagUser", {{"UserName", user.str()}, {"Tags.member.1.Key", key}, {"Tags.member.1.Value", key}});
    if (tagged.refusal) co_return fail(*tagged.refusal);
  }
  CO_TRY(const auto tags, co_await bench.iam().list_user_tags(user));
  std::string seen;
  for (const auto& [key, value] : tags) {
    if (value.size() == std::string_view("probe-owner").size()) seen += (seen.empty() ? "" : ", ") + key;
  }
  co_return judged(!seen.contains(','), seen);
}

ResultTask<Finding> rename_keeps_the_id(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("renamed"));
  CO_TRY(const auto before, co_await bench.iam().get_user(user));
  CO_TRY(const auto key, co_await bench.make_key(user));
  const auto old_thing = bench.thing(Kind::user, user.str());
  const auto new_thing = bench.thing(Kind::user, bench.name_of("renamed-to"));
  CO_TRY_VOID(bench.about_to_make(new_thing));
  const auto renamed =
      co_await bench.caller().iam("UpdateUser", {{"UserName", user.str()}, {"NewUserName", new_thing.name}});
  if (renamed.refusal) co_return fail(*renamed.refusal);
  bench.made(new_thing);
  CO_TRY_VOID(bench.gone(old_thing));
  CO_TRY(const auto after, co_await bench.iam().get_user(UserName(new_thing.name)));
  CO_TRY(const auto use, co_await bench.iam().access_key_last_used(key->id));
  const bool same = after.user.id == before.user.id && after.tags == before.tags;
  const bool followed = use.user.str() == new_thing.name;
  co_return judged(same && followed,
                   fmt::format("{}; the key is said to be {}", same ? "the same id and tags" : "another id or tags",
                               followed ? "the new name's" : "the old name's"));
}

ResultTask<Finding> made_again_is_another(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("again"));
  CO_TRY(const auto before, co_await bench.iam().get_user(user));
  const auto deleted = co_await bench.caller().iam("DeleteUser", {{"UserName", user.str()}});
  if (deleted.refusal) co_return fail(*deleted.refusal);
  CO_TRY_VOID(bench.gone(bench.thing(Kind::user, user.str())));
  CO_TRY_VOID(co_await bench.make_user("again"));
  CO_TRY(const auto after, co_await bench.iam().get_user(user));
  const bool another = after.user.id != before.user.id;
  co_return judged(another, another ? "another id" : "the same id");
}

ResultTask<Finding> user_with_a_key_stays(Bench& bench) {
  CO_TRY(const auto user, co_await bench.make_user("with-key"));
  CO_TRY_VOID(co_await bench.make_key(user));
  const auto answer = co_await bench.caller().iam("DeleteUser", {{"UserName", user.str()}});
  if (answer.accepted()) CO_TRY_VOID(bench.gone(bench.thing(Kind::user, user.str())));
  co_return judge_refusal(answer, {409, {"DeleteConflict"}});
}

ResultTask<Finding> user_that_is_missing(Bench& bench) {
  const auto answer =
      co_await bench.caller().query(aws::services::iam, "GetUser", {{"UserName", bench.name_of("nobody")}});
  co_return judge_refusal(answer, {404, {"NoSuchEntity"}});
}

}  // namespace

std::span<const Check> user_checks() {
  static constexpr std::array checks{
      Check{"iam.user-missing", "A user who is not there: 404 NoSuchEntity", "src/rotation/identity.cpp",
            Takes::a_moment, user_that_is_missing},
      Check{"iam.user-name-ignores-case", "Two users' names can't differ in case alone: 409 EntityAlreadyExists",
            "src/rotation/naming.cpp", Takes::a_moment, name_in_another_case},
      Check{"iam.user-list-omits-tags", "ListUsers leaves tags out", "src/aws/services/iam.hpp", Takes::a_moment,
            list_without_tags},
      Check{"iam.user-list-pages", "A page that is full says that there are more, and where they go on",
            "src/aws/services/page.hpp", Takes::a_moment, users_page_by_page},
      Check{"iam.user-tag-keys-ignore-case", "A user's tag keys are the same whatever their case",
            "src/notify/deliver/owner_lookup.cpp", Takes::a_moment, tag_keys_ignore_case},
      Check{"iam.user-rename-keeps-id", "A user who is renamed keeps id and tags, and his keys follow at once",
            "docs/design/0012-trust.md", Takes::a_moment, rename_keeps_the_id},
      Check{"iam.user-made-again-has-new-id", "A user who is deleted and made again has another id",
            "docs/design/0012-trust.md", Takes::a_moment, made_again_is_another},
      Check{"iam.user-with-key-stays", "A user who has a key can't be deleted: 409 DeleteConflict",
            "src/rotation/leftover.cpp", Takes::a_moment, user_with_a_key_stays},
  };
  return checks;
}

}  // namespace rekeyer::probe
// NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)
