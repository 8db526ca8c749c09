"""IAM as it is: pages, a cached credential report with the root row, tag rules, names that must be given, last use as AWS words it."""

import re

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.responses import IamResponse

from . import clock, current, wire
from .identity import iam

TAG_VALUE = re.compile(r"[\w\s.:/=+\-@]*", re.UNICODE)
_NAMED_OPERATIONS = {"CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey", "ListAccessKeys"}
_REPORT_HEADER = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,"
    "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
    "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,"
    "cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated,additional_credentials_info"
)


def check_tags(tags, refusal) -> None:
    for tag in tags:
        key, value = tag["Key"], tag["Value"]
        if not 1 <= len(key) <= 128 or len(value) > 256 or not TAG_VALUE.fullmatch(value) or not TAG_VALUE.fullmatch(key):
            raise refusal(f"1 validation error detected: Value at 'tags' failed to satisfy constraint: key {key!r}")
        if key.lower().startswith("aws:"):
            raise refusal("Tag keys that start with aws: are reserved")


def check(request) -> None:
    """What IAM refuses and moto lets through; called before the call is performed."""
    if request.operation in _NAMED_OPERATIONS and not request.get("UserName") and current.principal().kind != "user":
        raise wire.Refusal("ValidationError", "Must specify userName when calling with non-User credentials", 400)
    if request.operation == "UpdateAccessKey" and request.get("Status") not in ("Active", "Inactive"):
        raise wire.Refusal("ValidationError", "Value at 'status' failed to satisfy constraint", 400)
    if request.operation == "CreateUser":
        wanted = request.get("UserName", "").lower()
        if any(name.lower() == wanted for name in iam(current.principal().account).users):
            raise wire.Refusal("EntityAlreadyExists", f"User with name {request.get('UserName')} already exists.", 409)
    if request.operation == "PutUserPolicy" and len(re.sub(r"\s", "", request.get("PolicyDocument", ""))) > 2048:
        raise wire.Refusal("LimitExceeded", "Maximum policy size of 2048 bytes exceeded for user", 409)


def _page(request, items, key) -> dict:
    asked = int(request.get("MaxItems") or 100)
    if not 1 <= asked <= 1000:
        raise wire.Refusal("ValidationError", "Value at 'maxItems' failed to satisfy constraint", 400)
    size = min(asked, current.lab().options.iam_page or asked)
    marker = request.get("Marker")
    start = 0
    if marker:
        if not (found := re.fullmatch(r"page/(\d+)\+=", marker)):
            raise wire.Refusal("ValidationError", "Invalid Marker.", 400)
        start = int(found[1])
    part = items[start : start + size]
    result = {key: part, "IsTruncated": start + size < len(items)}
    if result["IsTruncated"]:
        # With characters that must be encoded, so that a client that forgets it is found out.
        result["Marker"] = f"page/{start + size}+="
    return result


def list_users(self):
    prefix = current.request().get("PathPrefix") or "/"
    users = sorted((u for u in self.backend.users.values() if u.path.startswith(prefix)), key=lambda u: u.name)
    return ActionResult(_page(current.request(), users, "Users"))


def get_group(self):
    group = self.backend.get_group(self._get_param("GroupName"))
    return ActionResult({"Group": group, **_page(current.request(), list(group.users), "Users")})


def list_access_keys(self):
    request = current.request()
    name = request.get("UserName") or current.principal().name
    keys = list(self.backend.get_user(name).access_keys)
    return ActionResult({"UserName": name, **_page(request, keys, "AccessKeyMetadata")})


def list_groups_for_user(self):
    groups = self.backend.get_groups_for_user(self._get_param("UserName"))
    return ActionResult(_page(current.request(), list(groups), "Groups"))


def get_access_key_last_used(self):
    owned = current.lab().identities.owner(current.request().get("AccessKeyId", ""))
    if owned is None or owned[0].account_id != current.principal().account:
        raise wire.denied("iam", current.principal().arn, "iam:GetAccessKeyLastUsed", "")
    user, key = owned
    used = {"Region": "N/A", "ServiceName": "N/A"}
    if key.last_used:
        used = {
            "LastUsedDate": key.last_used.timestamp.replace(microsecond=0), "Region": key.last_used.region,
            "ServiceName": key.last_used.service,
        }
    return ActionResult({"UserName": user.name, "AccessKeyLastUsed": used})


def get_account_authorization_details(self):
    request = current.request()
    wanted = {value for name, value in request.params.items() if name.startswith("Filter.member.")}
    groups_of = {}
    for group in self.backend.groups.values():
        for member in group.users:
            groups_of.setdefault(member.name, []).append(group.name)
    everything = []
    if not wanted or "User" in wanted:
        everything += [("UserDetailList", user) for user in sorted(self.backend.users.values(), key=lambda u: u.name)]
    if not wanted or "Group" in wanted:
        everything += [("GroupDetailList", group) for group in self.backend.groups.values()]
    if not wanted or "Role" in wanted:
        everything += [("RoleDetailList", role) for role in self.backend.roles.values()]
    page = _page(request, everything, "items")
    result = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}
    for kind, item in page.pop("items"):
        if kind == "UserDetailList":
            item = {
                "Path": item.path, "UserName": item.name, "UserId": item.id, "Arn": item.arn, "CreateDate": item.create_date,
                "UserPolicyList": item.user_policy_list, "GroupList": groups_of.get(item.name, []),
                "AttachedManagedPolicies": item.attached_managed_policies, "Tags": item.tags or [],
            }
        result[kind].append(item)
    return ActionResult({**result, **page})


def _date(value) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _key_columns(keys) -> list:
    columns = []
    # The slots are in no useful order; sorting by id makes sure that nobody relies on age.
    for key in (sorted(keys, key=lambda k: k.access_key_id) + [None, None])[:2]:
        if key is None:
            columns += ["false", "N/A", "N/A", "N/A", "N/A"]
            continue
        columns += ["true" if key.status == "Active" else "false", _date(key.create_date)]
        used = key.last_used
        columns += [_date(used.timestamp), used.region, used.service] if used else ["N/A", "N/A", "N/A"]
    return columns


def build_report(account: str, root_keys: int) -> str:
    slots = []
    for index in range(2):
        slots += [
            "true", _date(clock.days_ago(700)), _date(clock.days_ago(3)), "us-east-1", "s3"
        ] if index < root_keys else ["false", "N/A", "N/A", "N/A", "N/A"]
    root = [
        "<root_account>", f"arn:aws:iam::{account}:root", _date(clock.days_ago(1500)), "not_supported",
        "no_information", "not_supported", "not_supported", "true",
    ]
    lines = [_REPORT_HEADER, ",".join(root + slots + ["false", "N/A", "false", "N/A", "not_supported"])]
    for user in iam(account).users.values():
        row = [user.name, user.arn, _date(user.create_date), "false", "N/A", "N/A", "N/A", "false"]
        if "," in user.name:
            row[0], row[1] = f'"{user.name}"', f'"{user.arn}"'
        lines.append(",".join(row + _key_columns(user.access_keys) + ["false", "N/A", "false", "N/A", ""]))
    return "\n".join(lines)


class Reports:
    """One cached credential report an account, as old as AWS lets it become."""

    def __init__(self):
        self._reports = {}

    def clear(self) -> None:
        self._reports = {}

    def generate(self, account, options):
        held = self._reports.get(account)
        if held and held["polls"] <= 0 and (
            options.report_frozen or clock.epoch() - held["time"] < options.report_lifetime
        ):
            return "COMPLETE"
        if held and held["polls"] > 0:
            held["polls"] -= 1
            return "INPROGRESS" if held["polls"] > 0 else "COMPLETE"
        report = {"time": clock.epoch(), "at": clock.now().replace(microsecond=0), "polls": options.report_build_polls}
        report["text"] = build_report(account, options.report_root_keys)
        self._reports[account] = report
        return "COMPLETE" if options.report_at_hand and options.report_build_polls == 0 else "STARTED"

    def read(self, account, options):
        held = self._reports.get(account)
        if held is None:
            raise wire.Refusal("ReportNotPresent", "No report is present", 410)
        if held["polls"] > 0:
            raise wire.Refusal("ReportInProgress", "Report generation in progress", 404)
        if not options.report_frozen and clock.epoch() - held["time"] >= options.report_lifetime:
            raise wire.Refusal("ReportExpired", "The most recent report has expired", 410)
        return held


def generate_credential_report(self):
    lab = current.lab()
    state = lab.reports.generate(self.current_account, lab.options)
    words = {
        "STARTED": "No report exists. Starting a new report generation task",
        "INPROGRESS": "Report generation in progress",
    }
    return ActionResult({"State": state, **({"Description": words[state]} if state in words else {})})


def get_credential_report(self):
    lab = current.lab()
    report = lab.reports.read(self.current_account, lab.options)
    return ActionResult({"Content": report["text"], "ReportFormat": "text/csv", "GeneratedTime": report["at"]})


def get_account_summary(self):
    lab = current.lab()
    present = 1 if lab.options.report_root_keys else 0
    summary = {
        "Users": len(self.backend.users), "AccessKeysPerUserQuota": 2, "AccountAccessKeysPresent": present,
        "AccountMFAEnabled": 1,
    }
    return ActionResult({"SummaryMap": summary})


def create_access_key(self):
    name = current.request().get("UserName") or current.principal().name
    user = self.backend.get_user(name)
    if len(user.access_keys) >= 2:
        raise wire.Refusal("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2", 409)
    key = self.backend.create_access_key(name)
    key.create_date = key.create_date.replace(microsecond=0)
    current.lab().identities.key_created(key.access_key_id)
    current.lab().key_event("created", user, key)
    return ActionResult({"AccessKey": key})


def _own_key(self):
    request = current.request()
    name = request.get("UserName") or current.principal().name
    user = self.backend.get_user(name)
    wanted = request.get("AccessKeyId")
    if not any(key.access_key_id == wanted for key in user.access_keys):
        raise wire.Refusal("NoSuchEntity", f"The Access Key with id {wanted} cannot be found.", 404)
    return user, next(key for key in user.access_keys if key.access_key_id == wanted)


def update_access_key(self):
    user, key = _own_key(self)
    status = current.request().get("Status")
    if key.status != status:
        current.lab().key_event("deactivated" if status == "Inactive" else "activated", user, key)
    self.backend.update_access_key(user.name, key.access_key_id, status)
    return EmptyResult()


def delete_access_key(self):
    user, key = _own_key(self)
    current.lab().key_event("deleted", user, key)
    self.backend.delete_access_key(key.access_key_id, user.name)
    return EmptyResult()


_get_user_policy = IamResponse.get_user_policy


def get_user_policy(self):
    request = current.request()
    user = self.backend.get_user(request.get("UserName"))
    if request.get("PolicyName") not in user.policies:
        raise wire.Refusal(
            "NoSuchEntity", f"The user policy with name {request.get('PolicyName')} cannot be found.", 404
        )
    return _get_user_policy(self)


_update_user = IamResponse.update_user


def update_user(self):
    """moto keeps a user's tags by his ARN and his keys by his name, and forgets both with a new name; IAM doesn't."""
    request, tagger = current.request(), self.backend.tagger
    old = self.backend.get_user(request.get("UserName")).arn
    tags = tagger.list_tags_for_resource(old)["Tags"]
    result = _update_user(self)
    tagger.delete_all_tags_for_resource(old)
    name = request.get("NewUserName") or request.get("UserName")
    user = self.backend.get_user(name)
    tagger.tag_resource(user.arn, tags)
    for key in user.access_keys:
        key.user_name = name
    return result


def install() -> None:
    for replacement in (
        update_user, list_users, get_group, list_access_keys, list_groups_for_user, get_access_key_last_used, get_account_authorization_details,
        generate_credential_report, get_credential_report, get_account_summary, create_access_key, update_access_key, delete_access_key,
        get_user_policy,
    ):
        setattr(IamResponse, replacement.__name__, replacement)
    import moto.iam.models as models

    # The gateway records uses of keys itself, after it has checked the signature.
    models.mark_account_as_visited = lambda *args, **kwargs: None
