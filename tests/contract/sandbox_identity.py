"""Names that change while keys live: the user's secret, its record and its clocks stay with the user, who is an id. With the sandbox only: moto's users keep
their names."""

import unittest

from case import MEMBER, RekeyerCase, secret_name


class Identity(RekeyerCase):
    def stand_up(self, *users):
        self.build({"id": MEMBER, "users": [{"name": user, "keys": [{"age": 95, "used": 1}]} for user in users]})
        self.use()
        self.assertExit(self.rekeyer.apply(), 0)
        self.iam = self.lab.admin(MEMBER, "iam")
        self.current = {user: self.stored(user=user)["AccessKeyId"] for user in users}
        self.old = {user: next(key for key in self.keys(user=user) if key != self.current[user]) for user in users}

    def rename(self, user, name, **more):
        self.iam.update_user(UserName=user, NewUserName=name, **more)

    def live(self, day):
        """One run, on a day on which every owner works with the new key."""
        self.lab.move_clock(day)
        for key in self.current.values():
            self.lab.control("key", id=key, used=0.01)
        run = self.rekeyer.apply()
        self.assertExit(run, 0)
        return run

    def assertWholeLife(self, **names):
        """Each user's old key is switched off and deleted in its time, and the new one stays; `names`: what users are called by now."""
        self.live(10.1)
        for user, name in names.items():
            self.assertEqual(self.keys(user=name), {self.old[user]: "Inactive", self.current[user]: "Active"})
        self.live(20.2)
        for user, name in names.items():
            self.assertEqual(self.keys(user=name), {self.current[user]: "Active"})
            secret = self.lab.admin(MEMBER, "secretsmanager").describe_secret(SecretId=secret_name(MEMBER, user))
            self.assertNotIn("DeletedDate", secret, "the only copy of a key that works")
        run = self.live(95)
        self.assertEqual({(a["user"], a["action"], a["status"]) for a in run.actions()}, {(name, "rotate", "done") for name in names.values()}, run)

    def test_a_new_name(self):
        self.stand_up("ann")
        self.rename("ann", "anna")
        self.assertEqual(self.live(1).actions(), [])
        self.assertWholeLife(ann="anna")

    def test_the_same_name_in_another_case_and_another_path(self):
        self.stand_up("ann")
        self.rename("ann", "Ann", NewPath="/team/")
        self.assertEqual(self.live(1).actions(), [])
        self.assertWholeLife(ann="Ann")

    def test_a_name_that_comes_back(self):
        self.stand_up("ann")
        for day, (name, new) in enumerate((("ann", "x"), ("x", "y"), ("y", "ann")), 1):
            self.rename(name, new)
            self.live(day / 10)
        self.assertWholeLife(ann="ann")

    def test_two_users_who_exchange_their_names(self):
        self.stand_up("ann", "bob")
        for name, new in (("ann", "third"), ("bob", "ann"), ("third", "bob")):
            self.rename(name, new)
        self.live(1)
        self.assertWholeLife(ann="bob", bob="ann")

    def test_somebody_else_takes_the_old_name(self):
        self.stand_up("ann")
        self.rename("ann", "anna")
        self.iam.create_user(UserName="ann")
        taken = self.iam.create_access_key(UserName="ann")["AccessKey"]["AccessKeyId"]
        self.live(1)
        self.live(10.1)
        self.live(20.2)
        self.assertEqual(self.keys(user="anna"), {self.current["ann"]: "Active"})
        self.assertEqual(self.keys(user="ann"), {taken: "Active"}, "the other one's keys are nobody's business")
        self.assertEqual(self.stored(user="ann")["AccessKeyId"], self.current["ann"])

    def test_a_replaced_key_that_is_in_use_waits_for_its_owner_under_the_new_name_too(self):
        """The owner never took the new key: the old one stays until hard_deadline, whatever the user is called."""
        for name in ("anna", "ANN"):
            self.stand_up("ann")
            self.rename("ann", name)
            for day, held in ((10.1, True), (39.9, True), (40.1, False)):
                self.lab.move_clock(day)
                run = self.rekeyer.apply()
                reasons = {a["reason"] for a in run.actions(user=name, key=self.old["ann"])}
                self.assertEqual(reasons, {"successor_unused"} if held else {"hard_deadline"}, run)
            self.assertEqual(self.keys(user=name)[self.old["ann"]], "Inactive")


if __name__ == "__main__":
    unittest.main()
