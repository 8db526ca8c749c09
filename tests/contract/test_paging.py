"""Nothing ends at the first page: users, members of the exemption group, secrets."""

import unittest

from case import MEMBER, RekeyerCase

GROUP = "IAMKeyRotationExemptionGroup"


class Paging(RekeyerCase):
    def build(self, *accounts, **spec):
        """AWS may send fewer items than were asked for: here never more than 100."""
        return super().build(*accounts, **{"options": {"iam_page": 100}, **spec})

    def big_account(self, discovery):
        users = [
            {
                "name": f"user-{n:03d}",
                "keys": [{"age": 95 if n in (0, 99, 100, 101, 199, 200, 229) else 10, "used": 1}],
            } for n in range(230)
        ]
        self.build({"id": MEMBER, "users": users})
        self.use({"discovery": {"mode": discovery}})
        run = self.rekeyer.plan()
        self.assertExit(run, 0)
        self.assertEqual(run.account(MEMBER)["users"], 230)
        self.assertEqual(
            sorted(a["user"] for a in run.actions(action="rotate")),
            [f"user-{n:03d}" for n in (0, 99, 100, 101, 199, 200, 229)],
        )

    def test_user_101_and_229_of_230_are_found_through_the_report(self):
        self.big_account("report")

    def test_user_101_and_229_of_230_are_found_directly(self):
        self.big_account("direct")

    def test_report_and_direct_agree(self):
        ages = [0, 10, 84, 89, 90, 91, 100, 300]
        users = [
            {
                "name": f"u{n:02d}",
                "keys": [
                    {
                        "age": ages[n % 8], "used": [None, 0.5, 5, 60][n % 4],
                        "status": ["Active", "Inactive"][n % 5 == 0],
                    }
                ] + ([{"age": ages[(n * 3) % 8], "used": 1}] if n % 3 == 0 else []),
            } for n in range(32)
        ]
        self.build({"id": MEMBER, "users": users})
        seen = {}
        for mode in ("report", "direct"):
            self.use({"discovery": {"mode": mode}})
            run = self.rekeyer.plan("--all", "--ids")
            self.assertExit(run, 0)
            seen[mode] = sorted((a["user"], a["key"], a["action"], a["reason"]) for a in run.json["actions"])
        self.assertEqual(seen["report"], seen["direct"])
        self.assertGreater(len(seen["direct"]), 20)

    def exempt_world(self, members=130, page=100):
        members = [
            {"name": f"exempt-{n:03d}", "keys": [{"age": 200, "used": 1}], "groups": [GROUP]} for n in range(members)
        ]
        self.build(
            {
                "id": MEMBER, "users": members + [{"name": "zoe", "keys": [{"age": 200, "used": 1}]}],
                "groups": [{"name": GROUP}],
            }, options={"iam_page": page},
        )

    def test_all_members_of_a_long_exemption_group_are_exempt(self):
        # Asked for user by user, 15 calls a second: fewer of them, on smaller pages.
        for mode, members, page in (("report", 130, 100), ("direct", 25, 10)):
            self.exempt_world(members, page)
            self.use({"discovery": {"mode": mode}})
            run = self.rekeyer.plan()
            self.assertEqual({a["user"] for a in run.actions(action="rotate")}, {"zoe"}, mode)

    def test_apply_leaves_the_101st_exempt_member_alone(self):
        self.exempt_world()
        self.use()
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertEqual({c["input"].get("UserName") for c in self.changing_calls() if c["service"] == "iam"}, {"zoe"})
        self.assertInvariants()

    def test_secrets_beyond_the_first_page_are_seen(self):
        secrets = [{"name": f"Account_{MEMBER}_User_other-{n:03d}_AccessKey", "value": "{}"} for n in range(150)]
        self.build(
            {
                "id": MEMBER,
                "users": [
                    {"name": "ann", "keys": [{"age": 95, "used": 1}]}
                ] + [{"name": f"other-{n:03d}"} for n in range(150)],
                "secrets": secrets,
            }
        )
        self.use()
        self.assertExit(self.rekeyer.apply(), 0)
        self.lab.move_clock(11)
        self.install()
        self.lab.forget_calls()
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertGreaterEqual(len(self.lab.calls(operation="ListSecrets")), 2)
        self.assertEqual(
            sorted(self.keys().values()), ["Active", "Inactive"], "the custody of ann stood on a later page"
        )


if __name__ == "__main__":
    unittest.main()
