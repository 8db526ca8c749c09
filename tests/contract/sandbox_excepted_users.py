"""Users whom the member role's own policy leaves alone (`rekeyer permissions --member --except-path … --except-tag …`): whoever holds the role can't touch
their keys, and a run says so of them and goes on with the others. With the sandbox only: moto does not know users' tags as conditions.
"""

import json
import subprocess
import unittest

from botocore.exceptions import ClientError
from case import MEMBER, RekeyerCase
from least_privilege import policies_of
from rekeyer import binary

MANAGEMENT = "100000000000"
PATH, TAG = "/break-glass/", "rekeyer:exempt"
DUE = [{"age": 95, "used": 1}]
USERS = [
    {"name": "ann", "keys": DUE},
    {"name": "sealed", "path": PATH, "keys": DUE},
    {"name": "sealed.below", "path": f"{PATH}deep/", "keys": DUE},
    {"name": "tagged", "keys": DUE, "tags": {TAG: ""}},
    {"name": "zoe", "path": "/break-glass-no/", "keys": DUE, "tags": {"team": "a"}},
]
LEFT_ALONE = {"sealed", "sealed.below", "tagged"}


def member_policy(*flags) -> dict:
    done = subprocess.run([str(binary()), "permissions", "--member", *flags], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


class ExceptedUsers(RekeyerCase):
    def stand_up(self, *flags, sections=None):
        self.build(
            {"id": MEMBER, "name": "member", "users": USERS}, options={"strict_auth": True}, member_policy=member_policy(*flags),
            caller_policy=policies_of({}, MANAGEMENT)["caller"],
        )
        self.use(sections)

    def touched(self) -> set:
        """The users of whose keys the role could change one, each way tried on each."""
        iam, found = self.lab.assume(MEMBER)("iam"), set()
        for user in (user["name"] for user in USERS):
            key = self.lab.keys_of(MEMBER, user)[0]
            for call, arguments in (
                (iam.update_access_key, {"AccessKeyId": key, "Status": "Inactive"}), (iam.create_access_key, {}), (iam.delete_access_key, {"AccessKeyId": key}),
            ):
                try:
                    call(UserName=user, **arguments)
                except ClientError as error:
                    self.assertEqual(error.response["Error"]["Code"], "AccessDenied", error)
                    self.assertIn("explicit deny in an identity-based policy", str(error))
                else:
                    found.add(user)
        return found

    def test_whoever_holds_the_role_reaches_everybody_without_exceptions(self):
        self.stand_up()
        self.assertEqual(self.touched(), {user["name"] for user in USERS})

    def test_whoever_holds_the_role_does_not_reach_those_that_are_left_out(self):
        self.stand_up("--except-path", PATH, "--except-tag", TAG)
        self.assertEqual(self.touched(), {"ann", "zoe"})
        self.stand_up("--except-path", PATH)
        self.assertEqual(self.touched(), {"ann", "zoe", "tagged"})

    def test_a_run_says_so_of_each_and_goes_on_with_the_others(self):
        """rekeyer.toml exempts nobody: IAM alone keeps them."""
        self.stand_up("--except-path", PATH, "--except-tag", TAG, sections={"exempt": {"tag": ""}})
        before = {user: self.keys(user=user) for user in LEFT_ALONE}
        run = self.rekeyer.apply()
        self.assertExit(run, 1)
        self.assertEqual({action["user"] for action in run.actions(action="rotate", status="done")}, {"ann", "zoe"})
        refused = run.actions(status="failed")
        self.assertEqual({action["user"] for action in refused}, LEFT_ALONE)
        for action in refused:
            self.assertEqual((action["action"], action["reason"]), ("rotate", "access_denied"))
            self.assertIn("explicit deny", action["detail"])
            self.assertIn("exempt the user in rekeyer.toml as well", action["detail"])
        for day in (1.1, 2.2, 12.3, 23.4):
            self.lab.move_clock(day)
            self.install_all()
            self.rekeyer.apply()
            self.assertInvariants()
        self.assertEqual({user: self.keys(user=user) for user in LEFT_ALONE}, before)
        for user in ("ann", "zoe"):
            self.assertSettled(user=user, active=1)
            self.assertEqual(len(self.keys(user=user)), 1, "the old key has had its whole life")

    def test_exempt_in_both_places_nothing_fails(self):
        self.stand_up(
            "--except-path", PATH, "--except-tag", TAG,
            sections={"exempt": {"tag": TAG}, "exempt.user": [{"match": {"path": f"{PATH}*"}, "reason": "sealed envelope"}]},
        )
        run = self.rekeyer.apply()
        self.assertExit(run, 0)
        self.assertEqual(run.account(MEMBER)["exempt"], len(LEFT_ALONE))
        self.assertEqual({action["user"] for action in run.actions(action="rotate", status="done")}, {"ann", "zoe"})
        self.assertEqual([call["operation"] for call in self.lab.calls() if (call["code"] or "").startswith("AccessDenied")], [])


if __name__ == "__main__":
    unittest.main()
