"""The audit as rotators in Python usually make it, for comparison: user by user, with boto3. Prints {"accounts", "users", "keys", "due"}.

ListAccounts by a paginator, AssumeRole for each account; there ListUsers by a paginator, and for each user ListAccessKeys, GetAccessKeyLastUsed
for each key, and ListUserTags (owner, exemption). boto3's own retries and pacing are left as they are. With --threads 1 one call follows the
other; with more, accounts and users are worked on at a time.

    python3 bench/python_way.py --endpoint-url URL [--threads 16] [--role rekeyer-member]
"""

import argparse
import concurrent.futures
import datetime
import json

import boto3
from botocore.config import Config

ROTATION_PERIOD = datetime.timedelta(days=90)


def open_account(sts, account: str, role: str, session: boto3.Session, settings: dict):
    """An IAM client in the account."""
    assumed = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName="python-way")["Credentials"]
    return session.client(
        "iam", aws_access_key_id=assumed["AccessKeyId"], aws_secret_access_key=assumed["SecretAccessKey"], aws_session_token=assumed["SessionToken"],
        **settings,
    )


def list_users(iam) -> list:
    return [user["UserName"] for page in iam.get_paginator("list_users").paginate() for user in page["Users"]]


def audit_user(iam, user: str, now: datetime.datetime) -> tuple:
    """How many keys the user has, and how many of them are due."""
    keys = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    uses = [iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"] for key in keys]
    iam.list_user_tags(UserName=user)
    due = sum(key["Status"] == "Active" and "LastUsedDate" in use and now - key["CreateDate"] >= ROTATION_PERIOD for key, use in zip(keys, uses))
    return len(keys), due


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--endpoint-url", required=True)
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--role", default="rekeyer-member")
    options = arguments.parse_args()
    session = boto3.Session()
    settings = {"endpoint_url": options.endpoint_url, "config": Config(max_pool_connections=options.threads)}
    organizations, sts = session.client("organizations", **settings), session.client("sts", **settings)
    management = organizations.describe_organization()["Organization"]["MasterAccountId"]
    found = [account for page in organizations.get_paginator("list_accounts").paginate() for account in page["Accounts"]]
    accounts = [account["Id"] for account in found if account.get("State", account.get("Status")) == "ACTIVE" and account["Id"] != management]
    now = datetime.datetime.now(datetime.timezone.utc)

    def enter(account):
        iam = open_account(sts, account, options.role, session, settings)
        return [(iam, user) for user in list_users(iam)]

    def audit(place):
        return audit_user(*place, now)

    if options.threads == 1:
        audited = [audit(place) for account in accounts for place in enter(account)]
    else:
        with concurrent.futures.ThreadPoolExecutor(options.threads) as pool:
            audited = list(pool.map(audit, [place for places in pool.map(enter, accounts) for place in places]))
    print(json.dumps({
        "accounts": len(accounts), "users": len(audited), "keys": sum(keys for keys, _ in audited), "due": sum(due for _, due in audited),
    }))


if __name__ == "__main__":
    main()
