"""Names and paths that nobody expects: one of them never keeps a run from all others."""

import unittest

from case import MEMBER, RekeyerCase, secret_name

DUE = [{"age": 95, "used": 0.2}]


class OddNames(RekeyerCase):
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
