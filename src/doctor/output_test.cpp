// Checks as people and programs get them.
#include "doctor/output.hpp"

#include "doctor/judgement_fixture.hpp"

namespace rekeyer::doctor {
namespace {

using testing::HasSubstr;

Checks some() {
  auto bad = problem(Topic::accounts_role, "7 accounts: no role", "deploy it");
  for (int i = 1; i <= 7; ++i) bad.accounts.emplace_back("00000000000" + std::to_string(i));
  return {ok(Topic::clock, "fine"), std::move(bad), not_checked(Topic::store_key, "de\x1b[31mnied")};
}

TEST(DoctorOutput, TheTableIsAlignedAndNamesSomeAccounts) {
  EXPECT_EQ(to_table(some(), {false, 0, false}),
            "ok           clock          fine\n"
            "problem      accounts.role  7 accounts: no role (000000000001, 000000000002, 000000000003, 000000000004, "
            "000000000005 and 2 more)\n"
            "                            → deploy it\n"
            "not checked  store.key      de?[31mnied\n");
}

TEST(DoctorOutput, ColourIsForTerminalsOnly) {
  EXPECT_THAT(to_table(some(), {true, 0, false}), HasSubstr("\x1b["));
  EXPECT_THAT(to_table(some(), {false, 0, false}), testing::Not(HasSubstr("\x1b[")));
}

TEST(DoctorOutput, JsonHasEverything) {
  EXPECT_EQ(to_json({warning(Topic::clock, "a", "b"), not_checked(Topic::store_key, "c")}),
            R"({"checks":[{"name":"clock","status":"warning","finding":"a","remedy":"b","accounts":[]},)"
            R"({"name":"store.key","status":"not_checked","finding":"c","remedy":"","accounts":[]}],)"
            R"("totals":{"ok":0,"warning":1,"problem":0,"not_checked":1}})"
            "\n");
  EXPECT_THAT(to_json(some()), HasSubstr("000000000007"));
}

TEST(DoctorOutput, CountsStandBesideTheirAccounts) {
  auto check = warning(Topic::accounts_locks, "4 of 9", "relock");
  check.accounts = {AccountId("000000000002"), AccountId("000000000001")};
  check.counts = {{check.accounts[0], 3}, {check.accounts[1], 1}};
  EXPECT_THAT(to_table({check}, {false, 0, false}), HasSubstr("4 of 9 (000000000002: 3, 000000000001: 1)\n"));
  EXPECT_THAT(to_json({check}), HasSubstr(R"("counts":{"000000000001":1,"000000000002":3}})"));
}

TEST(DoctorOutput, TheSummaryCounts) {
  EXPECT_EQ(summary(some()), "1 ok, 0 warnings, 1 problem, 1 not checked");
  EXPECT_TRUE(has_problems(some()));
  EXPECT_FALSE(has_problems({warning(Topic::clock, "a", "b")}));
}

TEST(DoctorOutput, NamesOfTopicsAreDifferent) {
  std::vector<std::string_view> names;
  for (const auto topic : all_topics()) names.push_back(name(topic));
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Topic::deployment_runs) + 1);
}

}  // namespace
}  // namespace rekeyer::doctor
