"""Where the two AWSs of the tests do otherwise than rekeyer believes of AWS, as `rekeyer probe` finds it: each with the reason.

A difference that is not listed fails, and so does a listed one that is none.
"""

DIFFERENT, NOT_TRIED = "different", "not_tried"

#: backend → {check: (verdict, reason)}
PROBE_DIFFERENCES = {
    "moto": {},
    "sandbox": {
        "kms.default-key": (DIFFERENT, "the sandbox has no aliases of KMS keys"),
    },
}
