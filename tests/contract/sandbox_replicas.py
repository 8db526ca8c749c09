"""Copies of secrets in other Regions that AWS gives up on: they cost no key, and are ordered anew each day. With the sandbox only: moto's never fail."""

import unittest

from case import MEMBER, RekeyerCase

REGION = "eu-west-1"


class Replicas(RekeyerCase):
    def stand_up(self, **options):
        self.one_user([{"age": 95, "used": 1}], options=options)
        self.use({"store": {"replica_regions": [REGION]}})

    def statuses(self) -> list:
        return [(replica["Region"], replica["Status"]) for replica in self.described().get("ReplicationStatus", [])]

    def test_copy_that_fails_costs_no_key_and_is_ordered_anew_each_day(self):
        self.stand_up(failing_replica_regions=[REGION])
        told = []
        for day in (0, 1, 2):
            self.lab.move_clock(day)
            self.lab.forget_calls()
            run = self.rekeyer.apply()
            self.assertExit(run, 1)
            told.append([(a["action"], a["reason"], a["status"], a["detail"].split("(request id")[0]) for a in run.actions(user="ann")])
            self.assertEqual([row[:3] for row in told[-1]], [("rotate", "replica_failed", "failed")], run)
            self.assertIn(REGION, told[-1][0][3])
            ordered = [o for o in self.operations() if "Region" in o]
            self.assertEqual(ordered, ["RemoveRegionsFromReplication", "ReplicateSecretToRegions"] if day else ["ReplicateSecretToRegions"])
        self.assertEqual(told, [told[0]] * 3, "the same words each day")
        self.assertEqual(self.lab.key_events(event="created", by_lab=False), [])
        self.lab.options(failing_replica_regions=[])
        self.lab.move_clock(3)
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertEqual(self.statuses(), [(REGION, "InSync")])
        self.assertSettled(active=2)
        self.assertInvariants()

    def test_copy_under_way_holds_up_no_key_and_the_old_one_stays_until_it_is_there(self):
        self.stand_up(replication_time=11 * 86400)
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertEqual(self.statuses(), [(REGION, "InProgress")])
        self.assertSettled(active=2)
        old = self.lab.keys_of(MEMBER, "ann")[0]
        self.lab.move_clock(10.1)
        self.install()
        run = self.rekeyer.apply()
        self.assertExit(run, 0)
        self.assertEqual([(a["reason"], a["status"]) for a in run.actions(user="ann", key=old)], [("replica_behind", "held")], run)
        self.lab.move_clock(11.1)
        self.install()
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertEqual(self.keys()[old], "Inactive")
        self.assertEqual(self.stored(region=REGION), self.stored())
        self.assertInvariants()

    def test_copy_that_fails_after_the_rotation_is_said_each_day_and_no_key_retires(self):
        """Somebody took the copy's name in that Region, or its key away. It is ordered anew each day, too."""
        self.stand_up(replication_time=3600, failing_replica_regions=[REGION])
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertEqual(self.statuses(), [(REGION, "InProgress")])
        old = self.lab.keys_of(MEMBER, "ann")[0]
        for day in (10.1, 11.1):
            self.lab.move_clock(day)
            self.install()
            run = self.rekeyer.apply()
            self.assertExit(run, 1)
            self.assertEqual([(a["reason"], a["status"]) for a in run.actions(user="ann", key=old)], [("replica_behind", "failed")], run)
            self.assertIn(f"the copy in {REGION} is Failed", run.actions(user="ann", key=old)[0]["detail"])
            self.assertEqual(self.keys()[old], "Active")
        self.lab.options(failing_replica_regions=[])
        for day, status in ((12.1, "Active"), (13.1, "Inactive")):
            self.lab.move_clock(day)
            self.install()
            run = self.rekeyer.apply()
            self.assertEqual(self.keys()[old], status, run)
        self.assertEqual(self.statuses(), [(REGION, "InSync")])
        self.assertEqual(self.stored(region=REGION), self.stored())
        self.assertInvariants()

    def test_copy_that_somebody_took_off_or_made_a_secret_of_its_own_holds_the_old_key(self):
        """Readers there have nothing, or will never see another key: what the configuration wants is ordered anew."""
        for end in ("removed", "promoted"):
            with self.subTest(end):
                administrator = "arn:aws:iam::{account}:role/sandbox-administrator"
                self.one_user([{"age": 95, "used": 1}])
                self.use({"store": {"replica_regions": [REGION], "break_glass": [administrator]}})
                self.assertExit(self.rekeyer.apply(), 0)
                old = self.lab.keys_of(MEMBER, "ann")[0]
                name = self.described()["Name"]
                if end == "removed":
                    self.lab.admin(MEMBER, "secretsmanager").remove_regions_from_replication(SecretId=name, RemoveReplicaRegions=[REGION])
                else:
                    self.lab.admin(MEMBER, "secretsmanager", REGION).stop_replication_to_replica(SecretId=name)
                self.lab.move_clock(10.1)
                self.install()
                self.assertIn(f"the copy in {REGION} is not there", self.rekeyer.plan("--all").actions(user="ann", key=old)[0]["detail"])
                run = self.rekeyer.apply()
                self.assertEqual([(a["reason"], a["status"]) for a in run.actions(user="ann", key=old)], [("replica_behind", "held")], run)
                self.assertEqual(self.keys()[old], "Active")
                self.lab.move_clock(11.1)
                self.install()
                run = self.rekeyer.apply()
                if end == "removed":
                    self.assertEqual(self.keys()[old], "Inactive", run)
                    self.assertEqual(self.stored(region=REGION), self.stored())
                else:  # the name is taken there: a person decides what becomes of that secret
                    self.assertExit(run, 1)
                    self.assertEqual([(a["reason"], a["status"]) for a in run.actions(user="ann", key=old)], [("replica_behind", "failed")], run)
                    self.assertEqual(self.keys()[old], "Active")


if __name__ == "__main__":
    unittest.main()
