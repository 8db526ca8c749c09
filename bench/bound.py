"""The time below which no program can audit an organization, from AWS's documented limits: what is measured is compared with it.

An account can't be entered before it is listed; it is listed page by page, each page needs the one before, and pages are limited. Each account
then takes a chain of calls, each of which needs what the one before brought; what does not need one another may go at once. So:

    time >= the last page's call + its reply + the chain of calls of an account on it
    time >= the first page + the last AssumeRole that STS lets through + the rest of that account's chain

The credential report is at hand in the sandbox, so asking for it takes one call; at AWS it is waited for, some seconds, once every four hours.
"""

from model import ACCOUNTS_A_PAGE, USERS_A_PAGE, pages

LATENCY = 0.04  # seconds, there and back
LIST_ACCOUNTS = {"per_second": 8, "burst": 12}
#: of the caller's account; the bucket holds a second's worth
STS = {"per_second": 600, "burst": 600}


def earliest(call: int, rate: dict) -> float:
    """When the call of this number, counted from 1, passes a bucket that was full at the beginning."""
    return max(0.0, (call - rate["burst"]) / rate["per_second"])


def chain_of_account(users: int) -> int:
    """Calls that must follow one another: the role; then the report asked for and fetched, or users page by page, whichever takes longer."""
    return 1 + max(2, pages(users, USERS_A_PAGE))


def seconds(accounts: int, users_per_account: int) -> dict:
    listed = pages(accounts, ACCOUNTS_A_PAGE)
    last_page = max((listed - 1) * LATENCY, earliest(listed, LIST_ACCOUNTS)) + LATENCY
    by_listing = last_page + chain_of_account(users_per_account) * LATENCY
    by_sts = LATENCY + earliest(accounts, STS) + chain_of_account(users_per_account) * LATENCY
    return {"pages": listed, "by_listing": by_listing, "by_sts": by_sts, "seconds": max(by_listing, by_sts)}
