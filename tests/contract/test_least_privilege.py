"""The generated policies are enough, and each action in them is needed: whole lives with them and with one thing less.

Against the sandbox, which knows every right by its resource, each action is left out in turn; against moto each statement, and the actions that the
sandbox can't miss. What was left out must fail a step, or be reported by it. The table of which step noticed what is printed.
"""

import http.server
import threading
import unittest

import backends
from case import ADMINISTRATOR, MEMBER, RekeyerCase
from least_privilege import MANAGEMENT, REFUSAL, actions_of, policies_of, statements_of, users, variants, without

#: What a backend can't miss, and why.
UNNOTICED = {
    "sandbox": {
        (role, "ReadOrganization", "organizations:ListParents"): "the sandbox's accounts carry their Paths; proved against moto"
        for role in ("caller", "rekeyer-list-accounts")
    },
    "moto": {
        (role, sid, None): "moto's keys let their whole account use them; proved against the sandbox"
        for role in ("caller", "rekeyer-member") for sid in ("EncryptSecrets", "EncryptReplicas", "LookAtKey", "ProveSecrets")
    },
}
READS = ("secretsmanager:getsecretvalue", "secretsmanager:batchgetsecretvalue")


class _Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class LeastPrivilege(RekeyerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Hook)
        threading.Thread(target=cls.hook.serve_forever, daemon=True).start()
        cls.hook_url = f"http://127.0.0.1:{cls.hook.server_port}/hook"

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        if getattr(cls, "hook", None):
            cls.hook.shutdown()
            cls.hook.server_close()

    def stand_up(self, variant, policies):
        """The variant's world with these policies and no other rights."""
        people = users()
        for user in people:
            for key in user["keys"]:
                key["age"] = variant.world.get("age", 0)
        member = {
            "id": MEMBER, "name": "member", "users": people, "ou": variant.world.get("unit", ""), "kms_keys": variant.world.get("keys", []),
            "secrets": variant.world.get("secrets", []),
        }
        accounts = [member, *variant.accounts]
        if variant.tooling != MANAGEMENT and "list_role_arn" in variant.sections.get("organization", {}):
            accounts.append({"id": MANAGEMENT, "roles": [{"name": "rekeyer-list-accounts", "policies": {"rekeyer": policies["rekeyer-list-accounts"]}}]})
        self.build(
            *accounts, tooling=variant.tooling, ous=variant.world.get("ous", []), options={"strict_auth": True},
            member_policy=policies[variant.member], caller_policy=policies["caller"],
        )
        if variant.prepare:
            variant.prepare(self)
        # So that the suite's own administrator can do what one may do to a locked secret; no right depends on it.
        self.use({**variant.sections, "store": {**variant.sections.get("store", {}), "break_glass": [ADMINISTRATOR]}})
        self.lab.forget_calls()

    def live_keys(self) -> set:
        live = set()
        for account in self.lab.made["admins"]:
            iam = self.lab.admin(account, "iam")
            for user in iam.list_users()["Users"]:
                live |= {key["AccessKeyId"] for key in iam.list_access_keys(UserName=user["UserName"])["AccessKeyMetadata"]}
        return live

    def refused_calls(self) -> list:
        """But for the last uses of keys that are gone: AWS denies them to everybody, and whoever asks can't know that they are gone."""
        refused = [c for c in self.lab.calls() if (c["code"] or "").startswith(("AccessDenied", "Authorization"))]
        live = self.live_keys() if refused else set()
        return [f"{c['service']}:{c['operation']}" for c in refused if c["operation"] != "GetAccessKeyLastUsed" or c["input"].get("AccessKeyId") in live]

    def first_notice(self, variant, policies):
        """(step, the run that noticed) of the first step that failed or reported a refusal; None where all went well."""
        self.stand_up(variant, policies)
        for step in variant.steps:
            for run in step(self):
                if run.code != 0 or REFUSAL.search(run.err + run.out.replace('"denied":0', "")):
                    return step.__name__, run
        return None

    def roles_of(self, variant, policies) -> list:
        listing = ["rekeyer-list-accounts"] if "list_role_arn" in variant.sections.get("organization", {}) else []
        entered = [variant.member] if any(s["Sid"] == "EnterMemberAccounts" for s in policies["caller"]["Statement"]) else []
        return ["caller", *entered, *listing]

    def to_leave_out(self, wanted) -> list:
        """What this variant proves: what no variant before it does already, and what has another reason here."""
        before = set()
        for variant in variants():
            policies = policies_of(variant.sections, variant.tooling)
            roles = self.roles_of(variant, policies)
            actions = actions_of(policies, roles)
            if backends.chosen_name() == "moto":
                own = statements_of(policies, roles) + [item for item in actions if item in UNNOTICED["sandbox"]]
            else:
                own = actions
            if variant.name == wanted:
                return [item for item in own if item not in before or item[1] in variant.again]
            before |= set(own)
        raise AssertionError(f"no variant is called {wanted}")

    def check(self, name):
        variant = next(variant for variant in variants() if variant.name == name)
        policies = policies_of(variant.sections, variant.tooling)
        noticed = self.first_notice(variant, policies)
        self.assertIsNone(noticed, f"{name}: the policies are not enough: {noticed and noticed[0]}\n{noticed and noticed[1]}\n{self.refused_calls()}")
        self.assertEqual(self.refused_calls(), [], f"{name}: refused, and nobody said so")
        excused = UNNOTICED[backends.chosen_name()]
        findings = []
        for item in self.to_leave_out(name):
            role, sid, action = item
            noticed = self.first_notice(variant, without(policies, *item))
            words = f"{role} {sid} {action or '(whole statement)'}"
            print(f"measured: {name}: {words}: {'noticed by ' + noticed[0].replace('_', ' ') if noticed else excused.get(item, 'NOT NOTICED')}", flush=True)
            if (noticed is None) != (item in excused):
                findings.append(words if noticed is None else f"{words} is noticed, and yet listed as {excused[item]}")
        self.assertEqual(findings, [], f"{name}: left out without anybody noticing (refused: {self.refused_calls()})")

    def test_defaults(self):
        self.check("defaults")

    def test_direct_discovery(self):
        self.check("direct discovery")

    def test_own_keys_and_replicas(self):
        self.check("own keys")

    def test_grants_to_users(self):
        self.check("grants to users")

    def test_central_store(self):
        self.check("central store")

    def test_signed_proofs(self):
        self.check("signed proofs")

    def test_named_users(self):
        self.check("named users")

    def test_own_account(self):
        self.check("own account")

    def test_plan_only(self):
        self.check("plan only")

    def test_messages(self):
        self.check("messages")

    def test_no_role_may_read_a_value_or_everything_of_a_service(self):
        self.assertGreater(len(variants()), 5)
        for variant in variants():
            for flags in ((), ("--mode", "plan"), ("--own-account",), ("--vpc", "--function-config", "ssm:/rekeyer/config")):
                policies = policies_of(variant.sections, variant.tooling, *flags)
                self.assertTrue(policies)
                for role, policy in policies.items():
                    actions = actions_of({role: policy}, [role])
                    self.assertTrue(actions, f"{variant.name}: {role} may do nothing")
                    for _, sid, action in actions:
                        self.assertNotIn("*", action, f"{variant.name}: {role}: {sid}")
                        self.assertNotIn(action.lower(), READS, f"{variant.name}: {role}: {sid}")


if __name__ == "__main__":
    unittest.main()
