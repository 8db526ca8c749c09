"""Where new secrets go: member or central account, KMS key, replicas, grants; and secrets that were there before."""

import json
import unittest

from botocore.exceptions import ClientError

from case import ADMINISTRATOR, MEMBER, SECOND, RekeyerCase, secret_name

TOOLING = "999999999999"
KEY = "aaaaaaaa-0000-4000-8000-000000000000"
KEY_ARN = f"arn:aws:kms:us-east-1:{TOOLING}:key/{KEY}"
#: The account's own administrators, and members' owners who read their secrets.
SHARED_KEY = {
    "Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{TOOLING}:root"}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{MEMBER}:root"}, "Action": "kms:Decrypt", "Resource": "*"},
    ]
}
READ = "secretsmanager:GetSecretValue"


class Store(RekeyerCase):
    def due(self, **spec):
        return self.one_user([{"age": 95, "used": 1}], **spec)

    def apply(self, code=0, **more):
        run = self.rekeyer.apply()
        self.assertExit(run, code)
        self.assertInvariants(**more)
        return run

    def policy(self, account=MEMBER, user="ann", holder=None) -> dict:
        text = self.lab.admin(
            holder or account, "secretsmanager"
        ).get_resource_policy(SecretId=secret_name(account, user)).get("ResourcePolicy")
        return json.loads(text) if text else {"Statement": []}

    def owner(self, user="ann", account=MEMBER, holder=None, service="secretsmanager"):
        """A client that signs with what is stored for the user, as the owner would after installing it."""
        value = self.stored(account, user, holder=holder)
        return self.lab.client_with(value["AccessKeyId"], value["SecretAccessKey"], service)

    def test_value_has_the_shape_that_older_consumers_parse(self):
        self.due()
        self.use()
        self.apply()
        value = self.stored()
        self.assertEqual(set(value), {"AccessKeyId", "SecretAccessKey", "UserName", "Status", "CreateDate"})
        self.assertEqual((value["UserName"], value["Status"]), ("ann", "Active"))
        self.assertIn(value["AccessKeyId"], self.keys())
        self.assertRegex(value["CreateDate"], r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")

    def test_owner_can_read_it_and_others_cannot(self):
        self.build(
            {
                "id": MEMBER,
                "users": [
                    {"name": "ann", "keys": [{"age": 95, "used": 1}]}, {"name": "bob", "keys": [{"age": 95, "used": 1}]}
                ],
            }
        )
        self.use()
        self.apply()
        name = secret_name(MEMBER, "ann")
        self.assertEqual(
            json.loads(self.owner("ann").get_secret_value(SecretId=name)["SecretString"])["UserName"], "ann"
        )
        with self.assertRaisesRegex(ClientError, "AccessDenied"):
            self.owner("bob").get_secret_value(SecretId=name)

    def test_store_region(self):
        self.due()
        self.use({"store": {"region": "eu-central-1"}})
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertIsNotNone(self.stored(region="eu-central-1"))
        self.assertIsNone(self.described(region="us-east-1"))

    def test_name_template(self):
        self.due()
        self.use({"store": {"name": "rekeyer/{account}/{user}/access-key"}})
        self.assertExit(self.rekeyer.apply(), 0)
        found = self.lab.admin(MEMBER, "secretsmanager").describe_secret(SecretId=f"rekeyer/{MEMBER}/ann/access-key")
        self.assertIn("AWSCURRENT", [label for labels in found["VersionIdsToStages"].values() for label in labels])

    def test_user_name_with_a_comma_gets_a_secret_of_its_own(self):
        users = [{"name": name, "keys": [{"age": 95, "used": 1}]} for name in ("a,b", "a=2Cb", "a.b", "a@b+c_d-e")]
        self.build({"id": MEMBER, "users": users})
        self.use()
        run = self.rekeyer.apply()
        self.assertExit(run, 0)
        listed = self.lab.admin(MEMBER, "secretsmanager").list_secrets()["SecretList"]
        self.assertEqual(len({entry["Name"] for entry in listed}), 4)
        for user in users:
            self.assertEqual(len(self.keys(user=user["name"])), 2, user["name"])

    def test_pending_becomes_current_whether_or_not_aws_does_it_at_once(self):
        for at_once in (False, True):
            with self.subTest(pending_first_version_becomes_current=at_once):
                self.due(options={"pending_first_version_becomes_current": at_once})
                self.use()
                self.apply()
                self.assertSettled(active=2)

    def central(self, **store):
        self.build(
            {
                "id": MEMBER,
                "users": [
                    {
                        "name": "ann", "keys": [{"age": 95, "used": 1}],
                        "policies": {
                            "own": {
                                "Version": "2012-10-17",
                                "Statement": [{"Effect": "Allow", "Action": [READ, "kms:Decrypt"], "Resource": "*"}],
                            }
                        },
                    }
                ],
            },
            {"id": SECOND, "users": [{"name": "ann", "keys": [{"age": 95, "used": 1}]}]},
            {"id": TOOLING, "name": "tooling", "roles": [{}], "kms_keys": [{"id": KEY, "policy": SHARED_KEY}]},
            management="100000000000",
        )
        self.lab.build(**{**self.spec_of_last_build, "tooling": TOOLING})
        self.use(
            {
                "store": {"location": "central", "kms_key_id": KEY_ARN, **store},
                "organization": {
                    "list_role_arn": "arn:aws:iam::100000000000:role/rekeyer-member", "exclude_accounts": [TOOLING]
                },
            }
        )

    def build(self, *accounts, **spec):
        self.spec_of_last_build = {"accounts": list(accounts), **spec}
        return super().build(*accounts, **spec)

    def test_central_account_holds_the_secrets_of_all_members(self):
        self.central()
        self.apply(store=TOOLING)
        for account in (MEMBER, SECOND):
            self.assertIsNone(self.described(account))
            described = self.described(account, holder=TOOLING)
            self.assertEqual(described["KmsKeyId"], KEY_ARN)
            self.assertEqual(self.stored(account, holder=TOOLING)["UserName"], "ann")

    def test_central_secret_can_be_read_by_its_owner_across_accounts(self):
        self.central()
        self.apply(store=TOOLING)
        arn = self.described(MEMBER, holder=TOOLING)["ARN"]
        read = self.owner("ann", MEMBER, TOOLING).get_secret_value(SecretId=arn)
        self.assertEqual(json.loads(read["SecretString"])["UserName"], "ann")

    def test_central_life_goes_on_to_the_end(self):
        self.central()
        self.apply(store=TOOLING)
        old = self.lab.keys_of(MEMBER, "ann")[0]
        self.lab.move_clock(10.1)
        self.install_all()
        self.apply(store=TOOLING)
        self.assertEqual(self.keys()[old], "Inactive")
        self.lab.move_clock(20.2)
        self.apply(store=TOOLING)
        self.assertNotIn(old, self.keys())

    def test_central_without_a_customer_key_is_a_configuration_error(self):
        self.due()
        self.use({"store": {"location": "central"}})
        run = self.rekeyer.apply()
        self.assertExit(run, 2)
        self.assertRegex(run.err, r"rekeyer\.toml:\d+")
        self.assertIn("kms_key_id", run.err)
        self.assertEqual(self.changing_calls(), [])

    def test_replicas_follow(self):
        self.due()
        self.use({"store": {"replica_regions": ["eu-west-1", "ap-southeast-2"]}})
        self.apply()
        current = self.stored()
        for region in ("eu-west-1", "ap-southeast-2"):
            self.assertEqual(self.stored(region=region), current)
        self.lab.forget_calls()
        self.lab.move_clock(10.1)
        self.apply()
        self.assertEqual(
            self.lab.calls(operation="ReplicateSecretToRegions"), [], "replicas that are there are not ordered again"
        )

    def others_policy(self, principal=f"arn:aws:iam::{MEMBER}:root") -> dict:
        return {"Sid": "BreakGlass", "Effect": "Allow", "Principal": {"AWS": principal}, "Action": READ, "Resource": "*"}

    def assertMerged(self, foreign):
        """What rekeyer put there stands beside the others' statement, and is not put there again."""
        statements = self.policy()["Statement"]
        self.assertIn(foreign, statements)
        self.assertTrue([s for s in statements if "user/ann" in json.dumps(s)], statements)
        self.assertEqual(self.tags()["team"], "payments")
        self.lab.move_clock(10.1)
        self.apply()
        self.rekeyer.rotate(MEMBER, "ann")
        self.assertEqual(len(self.policy()["Statement"]), len(statements), "the grant is merged, not piled up")

    def test_resource_policy_of_others_is_kept_where_nothing_is_locked(self):
        foreign = self.others_policy()
        secret = {
            "name": secret_name(MEMBER, "ann"), "policy": {"Version": "2012-10-17", "Statement": [foreign]},
            "tags": {"team": "payments"}, "value": "{}",
        }
        self.due(account_spec={"secrets": [secret]})
        self.use({"store": {"lock": "none"}})
        self.apply()
        self.assertMerged(foreign)

    def test_policy_for_readers_that_the_configuration_names_is_kept_beside_the_lock(self):
        reader = f"arn:aws:iam::{MEMBER}:role/team-payments"
        foreign = self.others_policy(reader)
        secret = {"name": secret_name(MEMBER, "ann"), "policy": {"Version": "2012-10-17", "Statement": [foreign]}, "tags": {"team": "payments"}}
        self.due(account_spec={"secrets": [secret], "roles": [{}, {"name": "team-payments"}]})
        self.use({"store": {"readers": ["arn:aws:iam::{account}:role/team-*"], "tags": {"team": "payments"}}})
        self.apply()
        self.lab.advance(minutes=6)
        self.apply()
        self.assertSettled(active=2)
        self.assertEqual([s["Sid"] for s in self.policy()["Statement"]], ["RekeyerOwnerRead", "RekeyerLock", "BreakGlass"])
        self.assertMerged(foreign)

    def assertHeldAsNotOurs(self, run, *words):
        self.assertEqual([(a["action"], a["reason"], a["status"]) for a in run.actions(user="ann")], [("hold", "not_ours", "failed")], run)
        for word in words:
            self.assertIn(word, run.actions(user="ann")[0]["detail"])
        self.assertEqual(self.changing_calls(), [], "neither the secret nor a key was touched")

    def test_secret_that_was_there_before_with_anything_of_others_on_it_is_held(self):
        """Whoever made it may have let himself in, or may be somebody else's program: nobody's key goes into it."""
        cases = {
            "tag team": {"tags": {"team": "payments"}},
            "BreakGlass": {"policy": {"Version": "2012-10-17", "Statement": [self.others_policy()]}},
            "1 value(s)": {"value": "{}"},
        }
        for words, more in cases.items():
            with self.subTest(words):
                self.due(account_spec={"secrets": [{"name": secret_name(MEMBER, "ann"), **more}]})
                self.use()
                for _ in range(2):
                    self.assertHeldAsNotOurs(self.apply(1), words, "rekeyer adopt")
                    self.lab.advance(minutes=6)  # time alone makes it nobody's own

    def test_record_on_a_secret_that_was_there_before_is_not_believed(self):
        """Tags of rekeyer's that anybody could have written: an intent that would have a key switched off, a record that would have one retired."""
        self.one_user([{"age": 200, "used": 1}, {"age": 20, "used": 1}])
        older = self.lab.keys_of(MEMBER, "ann")[0]
        record = f"1 {older}:retiring:20200101T000000Z"
        tags = [{"Key": "rekeyer:custody", "Value": record}, {"Key": "rekeyer:intent", "Value": "none"}]
        self.lab.admin(MEMBER, "secretsmanager").create_secret(Name=secret_name(MEMBER, "ann"), Tags=tags)
        self.use()
        for _ in range(2):
            self.assertHeldAsNotOurs(self.apply(1), "a record, tag rekeyer:custody", "rekeyer adopt")
            self.lab.advance(minutes=6)
        self.assertEqual(set(self.keys().values()), {"Active"})

    def test_empty_secret_that_was_there_before_is_locked_and_used_once_the_lock_has_spread(self):
        self.due(account_spec={"secrets": [{"name": secret_name(MEMBER, "ann")}]})
        self.use()
        first = self.apply()
        self.assertEqual([(a["action"], a["reason"], a["status"]) for a in first.actions(user="ann")], [("rotate", "lock_spreading", "held")], first)
        self.assertEqual([s["Sid"] for s in self.policy()["Statement"]], ["RekeyerOwnerRead", "RekeyerLock"])
        self.lab.advance(minutes=4)
        self.assertEqual([a["reason"] for a in self.apply().actions(user="ann")], ["lock_spreading"])
        self.assertEqual(self.lab.key_events(event="created", by_lab=False), [])
        self.lab.advance(minutes=2)
        self.apply()
        self.assertSettled(active=2)

    def test_kms_key_is_looked_at_once_an_account_and_costs_no_key_where_it_can_encrypt_nothing(self):
        users = [{"name": name, "keys": [{"age": 95, "used": 1}]} for name in ("ann", "bob", "carol")]
        self.build({"id": MEMBER, "users": users, "kms_keys": [{"id": KEY}]}, {"id": SECOND, "users": users, "kms_keys": [{"id": KEY}]})
        for account in (MEMBER, SECOND):
            self.lab.admin(account, "kms").disable_key(KeyId=KEY)
        self.use({"store": {"kms_key_id": KEY}})
        told = []
        for day in (0, 1):
            self.lab.move_clock(day)
            self.lab.forget_calls()
            run = self.apply(1)
            self.assertEqual({(a["action"], a["reason"], a["status"]) for a in run.json["actions"]}, {("rotate", "kms_key_unusable", "failed")}, run)
            told.append(sorted((a["user"], a["detail"]) for a in run.json["actions"]))
            self.assertEqual(len(told[-1]), 6)
            self.assertEqual([call["account"] for call in sorted(self.lab.calls(operation="DescribeKey"), key=lambda call: call["account"])], [MEMBER, SECOND])
            self.assertEqual(self.changing_calls(), [], "nothing was made ready for nothing")
        self.assertEqual(*told)
        for account in (MEMBER, SECOND):
            self.lab.admin(account, "kms").enable_key(KeyId=KEY)
        self.apply()
        self.assertSettled(active=2)

    def test_user_policy_grant_keeps_other_policies(self):
        other = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
        self.due(user_spec={"policies": {"mine": other}})
        self.use({"store": {"grant": "user-policy"}})
        self.apply()
        policies = self.lab.admin(MEMBER, "iam").list_user_policies(UserName="ann")["PolicyNames"]
        self.assertEqual((len(policies), "mine" in policies), (2, True))
        self.assertEqual([s["Sid"] for s in self.policy()["Statement"]], ["RekeyerLock"])
        self.assertEqual(
            json.loads(self.owner().get_secret_value(SecretId=self.described()["ARN"])["SecretString"])["UserName"],
            "ann",
        )

    def test_grant_none_without_locks_touches_no_policy(self):
        self.due()
        self.use({"store": {"grant": "none", "lock": "none"}})
        self.apply()
        self.assertEqual([o for o in self.operations() if "Policy" in o and o.startswith("Put")], [])
        self.assertSettled(active=2)

    def test_grant_none_lets_nobody_in_and_locks_all_the_same(self):
        self.due()
        self.use({"store": {"grant": "none"}})
        self.apply()
        self.assertEqual([s["Sid"] for s in self.policy()["Statement"]], ["RekeyerLock"])
        self.assertEqual(self.operations(operation="PutUserPolicy"), [])
        self.assertSettled(active=2)

    def own_account(self, **store):
        """Rekeyer runs in the users' account, by the rights of its own user and not by the member role."""
        self.build({"id": SECOND, "users": [{"name": "ann", "keys": [{"age": 95, "used": 1}]}]}, tooling=SECOND)
        self.use({"accounts": {SECOND: ["ann"]}, **({"store": store} if store else {})})
        return self.rekeyer.apply()

    def test_no_lock_is_written_that_would_keep_its_writer_out(self):
        run = self.own_account()
        self.assertExit(run, 0)
        self.assertEqual([s["Sid"] for s in self.policy(SECOND)["Statement"]], ["RekeyerOwnerRead"])
        self.assertSettled(account=SECOND, active=2)
        self.assertInvariants()

    def test_lock_that_is_asked_for_and_can_not_be_written_costs_no_key(self):
        run = self.own_account(lock="write")
        self.assertExit(run, 1)
        self.assertEqual([(a["action"], a["reason"], a["status"]) for a in run.actions(user="ann")], [("rotate", "not_lockable", "failed")], run)
        self.assertEqual(self.changing_calls(), [])

    def test_writers_of_the_configuration_lock_and_go_on(self):
        writer = f"arn:aws:iam::{SECOND}:user/rekeyer-runner"
        run = self.own_account(lock="write", writers=[writer])
        self.assertExit(run, 0)
        (lock,) = [s for s in self.policy(SECOND)["Statement"] if s["Sid"] == "RekeyerLock"]
        self.assertEqual(lock["Condition"], {"ArnNotLike": {"aws:PrincipalArn": [f"arn:aws:iam::{SECOND}:role/rekeyer-member", writer]}})
        for day in (10.1, 20.2):
            self.lab.move_clock(day)
            self.install(account=SECOND)
            self.assertExit(self.rekeyer.apply(), 0)
        self.assertSettled(account=SECOND, active=1)
        self.assertEqual(len(self.keys(SECOND)), 1)
        self.assertInvariants()

    def test_central_store_is_locked_for_writers_that_are_named_and_for_nobody_else(self):
        self.central()
        self.apply(store=TOOLING)
        self.assertEqual([s["Sid"] for s in self.policy(MEMBER, holder=TOOLING)["Statement"]], ["RekeyerOwnerRead"])
        self.central(writers=[f"arn:aws:iam::{TOOLING}:user/rekeyer-runner"])
        self.apply(store=TOOLING)
        self.assertEqual([s["Sid"] for s in self.policy(MEMBER, holder=TOOLING)["Statement"]], ["RekeyerOwnerRead", "RekeyerLock"])
        read = self.owner("ann", MEMBER, TOOLING).get_secret_value(SecretId=self.described(MEMBER, holder=TOOLING)["ARN"])
        self.assertEqual(json.loads(read["SecretString"])["UserName"], "ann")

    def test_new_secret_is_locked_before_it_holds_a_value(self):
        self.due()
        self.use()
        self.apply()
        (locked,), (created,), (stored,) = (self.lab.calls(operation=o) for o in ("PutResourcePolicy", "CreateAccessKey", "PutSecretValue"))
        self.assertLess(locked["n"], created["n"])
        self.assertLess(created["n"], stored["n"])

    def test_legacy_secret_of_an_older_system_is_taken_over_where_nothing_is_locked(self):
        old = json.dumps({"AccessKeyId": "AKIAOLD", "SecretAccessKey": "old"})
        self.due(account_spec={"secrets": [{"name": secret_name(MEMBER, "ann"), "value": old}]})
        self.use({"store": {"lock": "none"}})
        self.apply()
        self.assertSettled(active=2)
        self.assertEqual(self.stored(stage="AWSPREVIOUS")["AccessKeyId"], "AKIAOLD")

    def deleted_secret(self):
        """Ann's secret is rekeyer's own and scheduled for deletion by an administrator, and her next rotation is due."""
        self.due()
        self.use({"store": {"break_glass": [ADMINISTRATOR]}})
        self.apply()
        for day in (10.1, 20.2):
            self.lab.move_clock(day)
            self.install()
            self.apply()
        self.lab.admin(MEMBER, "secretsmanager").delete_secret(SecretId=secret_name(MEMBER, "ann"), RecoveryWindowInDays=30)
        self.lab.move_clock(30)  # of those days
        key = self.keys()
        self.assertEqual(list(key.values()), ["Active"])
        return next(iter(key))

    def test_secret_marked_for_deletion_is_restored_before_a_key_is_made(self):
        self.deleted_secret()
        self.lab.forget_calls()
        run = self.rekeyer.rotate(MEMBER, "ann")
        self.assertExit(run, 0)
        (restored,), (created,) = (self.lab.calls(operation=operation) for operation in ("RestoreSecret", "CreateAccessKey"))
        self.assertLess(restored["n"], created["n"])
        self.assertSettled(active=2)
        self.assertInvariants()

    def test_secret_marked_for_deletion_that_can_not_be_restored_stops_before_a_key_is_made(self):
        self.deleted_secret()
        self.lab.forget_calls()
        self.lab.fault(op="RestoreSecret", kind="deny", times=0)
        run = self.rekeyer.rotate(MEMBER, "ann")
        self.assertEqual([rule["hit"] for rule in self.lab.end_faults()], [1])
        self.assertExit(run, 1)
        self.assertEqual([(a["action"], a["reason"], a["status"]) for a in run.actions(user="ann")], [("rotate", "store_not_ready", "failed")], run)
        self.assertEqual(self.lab.calls(operation="CreateAccessKey"), [])

    def test_empty_secret_that_was_there_before_and_is_marked_for_deletion_is_restored_and_locked_first(self):
        self.due(account_spec={"secrets": [{"name": secret_name(MEMBER, "ann")}]})
        self.lab.admin(MEMBER, "secretsmanager").delete_secret(SecretId=secret_name(MEMBER, "ann"), RecoveryWindowInDays=30)
        self.use()
        self.assertEqual([a["reason"] for a in self.apply().actions(user="ann")], ["lock_spreading"])
        self.lab.advance(minutes=6)
        self.apply()
        restored, locked, created = (self.lab.calls(operation=o)[0] for o in ("RestoreSecret", "PutResourcePolicy", "CreateAccessKey"))
        self.assertLess(restored["n"], locked["n"])
        self.assertLess(locked["n"], created["n"])
        self.assertSettled(active=2)

    def test_what_is_on_a_secret_that_is_marked_for_deletion_shows_when_it_is_restored(self):
        """Nobody can look at the policy of a secret that is marked: it is no way around the lock."""
        foreign = {"Version": "2012-10-17", "Statement": [self.others_policy()]}
        self.due(account_spec={"secrets": [{"name": secret_name(MEMBER, "ann"), "policy": foreign}]})
        self.lab.admin(MEMBER, "secretsmanager").delete_secret(SecretId=secret_name(MEMBER, "ann"), RecoveryWindowInDays=30)
        self.use()
        self.assertExit(self.rekeyer.plan(), 0)
        self.assertEqual(self.changing_calls(), [])
        run = self.apply(1)
        self.assertEqual([(a["reason"], a["status"]) for a in run.actions(user="ann")], [("not_ours", "failed")], run)
        self.assertEqual([call["operation"] for call in self.changing_calls()], ["RestoreSecret"])
        self.assertEqual(self.policy()["Statement"], foreign["Statement"])

    def test_secret_of_a_user_who_is_gone_is_scheduled_for_deletion(self):
        self.due(user="gone")
        self.use()
        self.apply()
        self.lab.control("user", account=MEMBER, remove="gone")
        self.lab.move_clock(2)
        run = self.rekeyer.apply()
        deleted = self.lab.calls(operation="DeleteSecret")
        self.assertEqual([c["input"].get("RecoveryWindowInDays", 30) for c in deleted], [30], run)
        self.assertEqual(self.lab.calls(operation="DeleteSecret")[0]["input"]["SecretId"].count("gone"), 1)
        self.assertIn("gone", run.out)

    def test_secret_that_only_looks_like_ours_is_left_alone(self):
        foreign = [
            {"name": secret_name(MEMBER, "nobody"), "value": "{}"}, {"name": f"Account_{MEMBER}_Notes", "value": "x"},
            {"name": secret_name("123123123123", "x"), "value": "x"},
        ]
        self.due(account_spec={"secrets": foreign})
        self.use()
        self.apply()
        self.assertEqual(
            self.lab.calls(operation="DeleteSecret"), [], "no custody of ours is on them: they are not ours to delete"
        )

    def test_custody_is_rederived_when_its_tag_is_lost(self):
        self.due()
        self.use({"store": {"break_glass": [ADMINISTRATOR]}})
        self.apply()
        old = self.lab.keys_of(MEMBER, "ann")[0]
        self.lab.admin(MEMBER, "secretsmanager").untag_resource(
            SecretId=secret_name(MEMBER, "ann"), TagKeys=["rekeyer:custody"]
        )
        self.lab.move_clock(5)
        self.install()
        self.apply()
        self.assertEqual(set(self.keys().values()), {"Active"})
        for day in (12, 15.1, 20, 25.2, 30.3, 36):
            self.lab.move_clock(day)
            self.apply()
        self.assertNotIn(old, self.keys(), "the old key's retirement was forgotten with the tag")
        self.assertSettled(active=1)

    def test_a_record_of_more_keys_than_a_tag_holds_is_kept(self):
        self.may_end_without_keys = {(MEMBER, "ann")}
        self.one_user([{"age": 300 - i, "used": 200, "status": "Inactive"} for i in range(4)])
        self.use()
        self.assertExit(self.rekeyer.apply(), 0)
        self.lab.move_clock(0.1)
        self.assertExit(self.rekeyer.apply(), 0)
        tags = self.tags()
        self.assertTrue(tags["rekeyer:custody"].startswith("2 part=1/2 "), tags)
        self.assertTrue(tags["rekeyer:custody-2"].startswith("2 part=2/2 "), tags)
        for day in (1, 9.9):
            self.lab.move_clock(day)
            run = self.rekeyer.apply()
            self.assertExit(run, 0)
            self.assertEqual(run.actions(reason="recovery_clock_started"), [], f"day {day}: the clocks run")
        self.lab.move_clock(10.1)
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertEqual(self.keys(), {})
        left = self.tags()
        self.assertEqual({name: left.pop(name) for name in ("rekeyer:custody", "rekeyer:custody-2")}, {"rekeyer:custody": "1", "rekeyer:custody-2": "none"})
        self.assertEqual({name: tags[name] for name in left}, left, "whose it is, and since when it is rekeyer's, stays")

    def test_garbled_custody_never_retires_a_key(self):
        self.due()
        self.use({"store": {"break_glass": [ADMINISTRATOR]}})
        self.apply()
        before = self.keys()
        self.lab.admin(MEMBER, "secretsmanager").tag_resource(
            SecretId=secret_name(MEMBER, "ann"), Tags=[{"Key": "rekeyer:custody", "Value": "not what rekeyer writes"}]
        )
        self.lab.move_clock(1)
        self.rekeyer.apply()
        self.assertEqual(self.keys(), before)
        self.assertInvariants()


if __name__ == "__main__":
    unittest.main()
