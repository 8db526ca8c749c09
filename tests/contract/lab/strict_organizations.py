"""Organizations as it is: small pages that may be empty, State instead of Status, answers to the management account only."""

import json

from moto.organizations.responses import OrganizationsResponse

from . import current, wire


def check(request) -> None:
    lab = current.lab()
    account = current.principal().account
    if request.operation == "DescribeOrganization":
        return  # any member may ask
    if lab.options.organizations_only_management and account != lab.world.management:
        raise wire.Refusal("AccessDeniedException", "You don't have permissions to access this resource.", 400)
    asked = request.get("MaxResults")
    if asked is not None and not 1 <= int(asked) <= 20:
        raise wire.Refusal(
            "InvalidInputException", "You specified an invalid value: MaxResults must be between 1 and 20.", 400
        )


def _page(items, key) -> str:
    request, options = current.request(), current.lab().options
    size = min(int(request.get("MaxResults") or 20), options.organizations_page)
    token = request.get("NextToken")
    start, empty_was_sent = 0, False
    if token:
        try:
            position, _, mark = token.removeprefix("lab-token-").partition("-")
            start, empty_was_sent = int(position), mark == "e"
        except ValueError:
            raise wire.Refusal("InvalidInputException", "You provided an invalid NextToken.", 400) from None
    if options.organizations_empty_pages and not empty_was_sent:
        return json.dumps({key: [], "NextToken": f"lab-token-{start}-e"})
    result = {key: items[start : start + size]}
    if start + size < len(items):
        result["NextToken"] = f"lab-token-{start + size}-"
    return json.dumps(result)


def _account(account) -> dict:
    options = current.lab().options
    shown = account.describe()
    state = shown["State"]
    del shown["Status"]
    if options.organizations_old_status or options.organizations_omit_state:
        shown["Status"] = {"CLOSED": "SUSPENDED", "PENDING_ACTIVATION": "ACTIVE"}.get(state, state)
    if options.organizations_omit_state:
        del shown["State"]
    return shown


def list_accounts(self):
    return _page([_account(a) for a in self.organizations_backend.accounts], "Accounts")


def list_accounts_for_parent(self):
    parent = self.organizations_backend.validate_parent_id(current.request().get("ParentId"))
    return _page([_account(a) for a in self.organizations_backend.accounts if a.parent_id == parent], "Accounts")


def describe_account(self):
    return json.dumps(
        {"Account": _account(self.organizations_backend.get_account_by_id(current.request().get("AccountId")))}
    )


def list_organizational_units_for_parent(self):
    parent = self.organizations_backend.validate_parent_id(current.request().get("ParentId"))
    found = [ou.describe()["OrganizationalUnit"] for ou in self.organizations_backend.ou if ou.parent_id == parent]
    return _page(found, "OrganizationalUnits")


def list_children(self):
    request = current.request()
    children = self.organizations_backend.list_children(
        ParentId=request.get("ParentId"), ChildType=request.get("ChildType")
    )
    return _page(children["Children"], "Children")


def list_roots(self):
    return _page(self.organizations_backend.list_roots()["Roots"], "Roots")


def install() -> None:
    for replacement in (
        list_accounts, list_accounts_for_parent, describe_account, list_organizational_units_for_parent, list_children,
        list_roots,
    ):
        setattr(OrganizationsResponse, replacement.__name__, replacement)
