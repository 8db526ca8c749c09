"""I6 and I8 for what runs report: a plan changes nothing, and every account and every action is accounted for."""

import json

ACCOUNT_STATES = {"done", "denied", "skipped", "failed"}
ACTIONS = {"keep", "warn", "rotate", "deactivate", "delete", "hold", "recover", "exempt"}
ACTION_STATES = {"planned", "done", "held", "failed"}


def _reports(rekeyer):
    for index, run in enumerate(rekeyer.runs):
        words = [str(word) for word in run.arguments]
        if run.code in (0, 1, 3) and "json" in words and words[0] in ("plan", "apply", "rotate"):
            try:
                yield index, words, run, json.loads(run.out)
            except ValueError:
                yield index, words, run, None


def unaccounted(lab, rekeyer) -> list:
    broken = []
    for index, words, _, report in _reports(rekeyer):
        where = f"I8: run {index} ({words[0]})"
        if report is None:
            broken.append(f"{where}: standard output is not JSON")
            continue
        broken += [
            f"{where}: no member {name!r}" for name in ("run", "accounts", "actions", "totals") if name not in report
        ]
        for account in report.get("accounts", []):
            if account.get("status") not in ACCOUNT_STATES:
                broken.append(f"{where}: account {account.get('id')} ended as {account.get('status')!r}")
            if account.get("status") != "done" and not account.get("reason"):
                broken.append(f"{where}: account {account.get('id')} is {account.get('status')} without a reason")
        for action in report.get("actions", []):
            if action.get("action") not in ACTIONS or action.get("status") not in ACTION_STATES or not action.get("reason"):
                broken.append(f"{where}: an action without known kind, status and reason: {action}")
    return broken


def changed_in_plan(rekeyer) -> list:
    """I6, as far as a report can show it; the suites compare the lab's call log as well."""
    broken = []
    for index, words, _, report in _reports(rekeyer):
        if words[0] == "plan" and report:
            broken += [
                f"I6: run {index} is a plan and reports {a} as done" for a in report.get("actions", []) if a.get("status") == "done"
            ]
    return broken
