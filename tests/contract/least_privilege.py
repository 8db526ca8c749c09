"""Variants of a deployment for test_least_privilege.py: settings, a world with exactly the generated policies, and the steps of a whole life.

Policies come from `rekeyer permissions --all`. A step is a name and what is run; it says whether anything was refused and seen to be.
"""

import copy
import functools
import json
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import backends
from case import MEMBER, SECOND, secret_name
from rekeyer import binary, document

MANAGEMENT, TOOLING = "100000000000", "999999999999"
KEY, COPY_KEY = "aaaaaaaa-0000-4000-8000-000000000000", "bbbbbbbb-0000-4000-8000-000000000000"
SIGNING_KEY = "cccccccc-0000-4000-8000-000000000000"
LIST_ROLE = f"arn:aws:iam::{MANAGEMENT}:role/rekeyer-list-accounts"

#: How a run says that something was refused to it.
REFUSAL = re.compile(r"denied|not authorized|can't be read|forbidden", re.IGNORECASE)


@dataclass
class Variant:
    """One configuration, and what must stand in its world."""

    name: str
    sections: dict
    steps: tuple
    tooling: str = MANAGEMENT
    member: str = "rekeyer-member"  # or "rekeyer-member-plan"
    accounts: list = field(default_factory=list)  # beside the member account
    world: dict = field(default_factory=dict)
    prepare: object = None  # called after the world is there
    again: tuple = ()  # statements whose actions are left out here, too, although an earlier variant did: they have another reason here


def policies_of(sections, tooling, *flags) -> dict:
    """{role: policy document} as the program prints them; the member role's trust policy and the functions' roles among them."""
    if "accounts" not in sections:
        sections = {"organization": {}, **sections}
    return json.loads(_printed(document(sections), tooling, flags))


@functools.cache
def _printed(toml, tooling, flags) -> str:
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "rekeyer.toml"
        config.write_text(toml)
        done = subprocess.run(
            [str(binary()), "permissions", "--all", "--tooling-account", tooling, "--config", str(config), *flags], capture_output=True, text=True
        )
    if done.returncode != 0:
        raise AssertionError(f"rekeyer permissions: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def listed(value) -> list:
    return value if isinstance(value, list) else [value]


def statements_of(policies, roles) -> list:
    """[(role, Sid, None)]: what can be left out as a whole."""
    return [(role, statement["Sid"], None) for role in roles for statement in policies[role]["Statement"]]


def actions_of(policies, roles) -> list:
    """[(role, Sid, action)], one by one."""
    return [
        (role, statement["Sid"], action) for role in roles for statement in policies[role]["Statement"] for action in listed(statement["Action"])
    ]


def without(policies, role, sid, action) -> dict:
    """A copy of the policies that lacks one action of a statement, or the statement."""
    changed = copy.deepcopy(policies)
    kept = []
    for statement in changed[role]["Statement"]:
        if statement["Sid"] == sid:
            statement["Action"] = [a for a in listed(statement["Action"]) if action is not None and a != action]
            if not statement["Action"]:
                continue
        kept.append(statement)
    # A policy needs a statement; this one allows what nothing calls.
    changed[role]["Statement"] = kept or [{"Sid": "Nothing", "Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]
    return changed


def users() -> list:
    """Somebody for each way through a life; all keys are young on the first day."""
    return [
        {"name": "ann", "path": "/team/", "keys": [{"age": 0, "used": 0}], "tags": {"owner": "ann@example.com"}},
        {"name": "bob", "keys": [{"age": 0, "used": 0}]},
        {"name": "carol", "keys": [{"age": 0, "used": 0}]},
        {"name": "eve", "groups": ["IAMKeyRotationExemptionGroup"], "keys": [{"age": 0, "used": 0}]},
    ]


# --- steps: each is given the test case, does something with self.rekeyer, and returns the runs


def plan(test):
    return [test.rekeyer.plan()]


def plan_of_a_unit(test):
    return [test.rekeyer.plan("--ou", test.lab.made["ous"]["Workloads"])]


def explain(test):
    return [test.rekeyer.explain(MEMBER, "ann")]


def explain_own(test):
    return [test.rekeyer.explain(SECOND, "ann")]


def force(test):
    return [test.rekeyer.rotate(MEMBER, "carol", options=["--deactivate-now"])]


def on_day(day):
    def step(test):
        test.lab.move_clock(day)
        if day > 90:  # owners have installed what took over
            test.install_all()
        return [test.rekeyer.apply()]

    step.__name__ = f"apply on day {day:g}"
    return step


def recover(test):
    """A run dies right after the key was created, on a later day."""
    test.lab.move_clock(105)
    test.lab.control("user", account=MEMBER, user={"name": "dora", "keys": [{"age": 95, "used": 1}]})
    test.lab.fault(op="CreateAccessKey", account=MEMBER, kind="signal", when="after")
    dead = test.rekeyer.apply()
    test.lab.end_faults()
    test.lab.advance(minutes=16)
    run = test.rekeyer.apply()
    if dead.code != -9:  # it did not come so far, or the fault would have struck
        return [dead]
    return [run]


def user_goes(test):
    test.lab.control("user", account=MEMBER, remove="bob")
    runs = []
    for day in (111, 112, 113):
        test.lab.move_clock(day)
        runs.append(test.rekeyer.apply())
    return runs


def name_is_given_again(test):
    """To somebody else, who gets a secret of his own."""
    test.lab.control("user", account=MEMBER, user={"name": "bob", "keys": [{"age": 95, "used": 1}]})
    test.lab.move_clock(114)
    return [test.rekeyer.apply()]


def secret_is_deleted(test):
    """By an administrator, and its user is there all the same."""
    holder = next(account for account in (MEMBER, test.lab.made["tooling"]) if test.described(holder=account))
    secrets = test.lab.admin(holder, "secretsmanager")
    replicas = [replica["Region"] for replica in test.described(holder=holder).get("ReplicationStatus", [])]
    if replicas:
        secrets.remove_regions_from_replication(SecretId=secret_name(MEMBER, "ann"), RemoveReplicaRegions=replicas)
    secrets.delete_secret(SecretId=secret_name(MEMBER, "ann"), RecoveryWindowInDays=30)
    return [test.rekeyer.rotate(MEMBER, "ann")]


class Looked:
    """What a look by boto3 ended with, in the shape of a run."""

    def __init__(self, problem=""):
        self.code, self.out, self.err = (1, "", problem) if problem else (0, "", "")

    def __str__(self):
        return f"--- a look as the member role: {self.err or 'good'}"


def look_at_the_role(test):
    """What `rekeyer doctor` asks as the member role."""
    from botocore.exceptions import ClientError

    role = f"arn:aws:iam::{MEMBER}:role/rekeyer-member"
    try:
        iam = test.lab.assume(MEMBER)("iam")
        iam.get_role(RoleName="rekeyer-member")
        if backends.chosen_name() != "moto":  # which has no such operation
            iam.simulate_principal_policy(PolicySourceArn=role, ActionNames=["iam:ListUsers"])
    except ClientError as problem:
        return [Looked(str(problem))]
    return [Looked()]


LIFE = (plan, on_day(90), on_day(100), recover, on_day(110), force, user_goes, name_is_given_again, secret_is_deleted)

# --- variants


def prepare_messages(test):
    home = test.lab.made["tooling"]
    test.lab.verify_sender("example.com")
    test.lab.admin(home, "sns").create_topic(Name="access-keys")
    test.lab.admin(home, "ssm").put_parameter(Name="/rekeyer/hook", Value=test.hook_url, Type="SecureString")
    s3 = test.lab.admin(home, "s3")
    s3.create_bucket(Bucket="rekeyer-words")
    s3.put_object(Bucket="rekeyer-words", Key="mail/owner.subject.txt", Body=b"[keys] {{subject}}\n")


_STORE = {"kms_key_id": KEY, "replica_regions": ["eu-west-1"], "replica_kms_key_ids": {"eu-west-1": COPY_KEY}}
_KEYS = [{"id": KEY}, {"id": COPY_KEY, "region": "eu-west-1"}]
_ONE = {"organization": {"include_accounts": [MEMBER]}}


def variants() -> list:
    return [
        Variant("defaults", _ONE, (plan, plan_of_a_unit, explain, *LIFE[1:], look_at_the_role), world={"ous": ["Workloads"], "unit": "Workloads"}),
        Variant("direct discovery", {**_ONE, "discovery": {"mode": "direct"}}, (plan, on_day(90), on_day(100), on_day(110))),
        Variant("own keys", {**_ONE, "store": {**_STORE, "grant": "both"}}, (plan, on_day(90), on_day(100), *LIFE[4:]), world={"keys": _KEYS}),
        Variant("grants to users", {**_ONE, "store": {"grant": "user-policy"}}, (plan, on_day(90), on_day(100), on_day(110))),
        Variant(
            "central store",
            {
                "organization": {"include_accounts": [MEMBER], "list_role_arn": LIST_ROLE},
                "store": {
                    "location": "central", "grant": "both", "kms_key_id": f"arn:aws:kms:us-east-1:{TOOLING}:key/{KEY}", "replica_regions": ["eu-west-1"],
                    "replica_kms_key_ids": {"eu-west-1": f"arn:aws:kms:eu-west-1:{TOOLING}:key/{COPY_KEY}"},
                },
            },
            (plan, plan_of_a_unit, on_day(90), on_day(100), *LIFE[3:]), tooling=TOOLING, accounts=[{"id": TOOLING, "kms_keys": _KEYS}],
            world={"ous": ["Workloads"], "unit": "Workloads"},
        ),
        Variant(
            "signed proofs", {**_ONE, "store": {"proof": f"arn:aws:kms:us-east-1:{MANAGEMENT}:key/{SIGNING_KEY}"}}, (plan, on_day(90)),
            accounts=[{"id": MANAGEMENT, "kms_keys": [{"id": SIGNING_KEY, "spec": "ECC_NIST_P256"}]}],
        ),
        Variant("named users", {"accounts": {MEMBER: ["ann", "carol"]}}, (plan, explain, on_day(90), on_day(100), on_day(110), force), again=("ListSecrets",)),
        Variant("own account", {"accounts": {SECOND: ["*"]}}, (plan, explain_own, on_day(90), on_day(100), on_day(110)), tooling=SECOND, accounts=[{"id": SECOND, "users": users()}]),
        Variant("plan only", _ONE, (plan, explain, look_at_the_role), member="rekeyer-member-plan", world={"age": 95, "secrets": [{"name": secret_name(MEMBER, "ann")}]}),
        Variant(
            "messages",
            {
                **_ONE, "notify": {"from": "Keys <keys@example.com>", "administrators": ["admin@example.com"], "templates": "s3://rekeyer-words/mail"},
                "notify.channel": [
                    {"type": "ses", "rate": 1000}, {"type": "sns", "topic_arn": f"arn:aws:sns:us-east-1:{MANAGEMENT}:access-keys"},
                    {"type": "eventbridge"}, {"type": "webhook", "url_parameter": "/rekeyer/hook", "rate": 1000},
                ],
            },
            (plan, on_day(90)), prepare=prepare_messages,
        ),
    ]
