"""Names and paths that nobody expects: one of them never keeps a run from all others."""

import unittest

from case import MEMBER, RekeyerCase, secret_name

#: All that IAM allows in a path: ! to DEL.
ODD_PATH = "/" + "".join(map(chr, range(0x21, 0x80))).replace("/", "") + "/"
DUE = [{"age": 95, "used": 0.2}]
ROTATED = {("rotate", "rotation_due", "done")}


class OddNames(RekeyerCase):
    def done(self, run) -> dict:
        """{user: {(action, reason, status)}}"""
        rows = {}
        for action in run.actions():
            rows.setdefault(action["user"], set()).add((action["action"], action["reason"], action["status"]))
        return rows

    def test_an_odd_path_keeps_nobody_from_being_rotated(self):
        for sections in ({}, {"discovery": {"mode": "direct"}}, {"store": {"grant": "secret-policy"}}):
            with self.subTest(sections=sections):
                users = [{"name": "odd", "path": ODD_PATH, "keys": DUE}, {"name": "ann", "keys": DUE}]
                self.build({"id": MEMBER, "users": users})
                self.use(sections)
                run = self.rekeyer.apply()
                self.assertExit(run, 0)
                self.assertEqual(self.done(run), {"odd": ROTATED, "ann": ROTATED})
                self.assertInvariants()

    def test_a_secret_whose_name_is_that_of_no_user_is_left_alone(self):
        names = [secret_name(MEMBER, user) for user in ("a/b", "x" * 200, "a=3Db")]
        tags = {"rekeyer:custody": "1"}
        self.build({"id": MEMBER, "users": [{"name": "ann", "keys": DUE}], "secrets": [{"name": name, "tags": tags} for name in names]})
        self.use()
        for day in (0, 1):
            self.lab.move_clock(day)
            self.install_all()
            run = self.rekeyer.apply()
            self.assertExit(run, 0)
            for name in names:
                self.assertIn(name, run.err)
        self.assertEqual(self.lab.calls(operation="DeleteSecret"), [])


if __name__ == "__main__":
    unittest.main()
