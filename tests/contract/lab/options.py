"""What a test may turn on or off in the lab, with the defaults; one flat record so that a world can start afresh."""

from dataclasses import dataclass, fields


@dataclass
class Options:
    strict_auth: bool = False  # evaluate identity policies, session policies and trust, as IAM does
    verify_signatures: bool = True
    signature_lifetime: float = 300  # seconds of the lab's clock
    organizations_page: int = 20
    organizations_empty_pages: bool = False  # every second page is empty and still has a token
    organizations_old_status: bool = False  # accounts also (or only) carry the Status that AWS removed in September 2026
    organizations_omit_state: bool = False
    organizations_only_management: bool = True
    iam_page: int = 0  # most items of a page, whatever was asked for; 0: as many as asked for (100 if not said, 1000 at most)
    report_at_hand: bool = True  # somebody else has just had the report made: it is there, complete and true, when rekeyer asks for it
    report_build_polls: int = 0  # how many times a report says "in progress" before it is there; then it is not at hand
    report_lifetime: float = 4 * 3600
    report_frozen: bool = False  # keep serving the report as it was, whatever its age
    report_root_keys: int = 0  # active access keys of the root user, as the report shows them
    secrets_page: int = 100
    secrets_list_frozen: bool = False  # ListSecrets answers as of the moment this was set (AWS: up to 5 minutes stale)
    pending_first_version_becomes_current: bool = False  # unknown for AWS; tests run with both
    new_key_refusals: int = 0  # the first calls with a new key that answer InvalidClientTokenId
    new_key_delay: float = 0  # seconds of the lab's clock before a new key works
    record_use: bool = True  # a signed call counts as a use of a user's key

    def update(self, changes: dict) -> None:
        known = {field.name: field for field in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise KeyError(f"the lab has no option {name!r}; it has {', '.join(sorted(known))}")
            setattr(self, name, value)
