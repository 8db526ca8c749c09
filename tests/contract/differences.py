"""Tests that are expected to fail against one of the two backends, each with the reason why the difference is meant to be.

A listed test that passes is a failure too, so that the list stays true.
"""

#: backend → {test id: reason}
DIFFERENCES = {
    "moto": {},
    "sandbox": {
        "test_lab_messages.Messages.test_senders_are_verified_by_region":
            "the sandbox's identities are the account's, in all regions; that a region without one refuses is proved against moto",
    },
}
