"""Checks the design's invariants from outside: through boto3 and the lab's own records, never through rekeyer's code."""

from . import keys, leaks, runs


def broken_invariants(lab, rekeyer, may_end_without_keys=frozenset(), recovery_days=10, store=None) -> list:
    """A sentence for each invariant that does not hold now. `store`: account id of a central store, else secrets are in the members."""
    state = keys.read(lab, store)
    return (
        keys.lost(lab, state)
        + keys.wrong_values(lab, state)
        + keys.locked_out(lab, state, may_end_without_keys)
        + keys.hasty_deletions(lab, state, recovery_days)
        + keys.made_more_than_once(lab, state)
        + leaks.seen_secrets(lab, rekeyer, state)
        + leaks.value_reads(lab)
        + runs.unaccounted(lab, rekeyer)
        + runs.changed_in_plan(rekeyer)
    )
