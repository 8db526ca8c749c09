"""Where the two AWSs of the tests do otherwise than rekeyer believes of AWS, as `rekeyer probe` finds it: each with the reason.

A difference that is not listed fails, and so does a listed one that is none.
"""

DIFFERENT, NOT_TRIED = "different", "not_tried"

#: backend → {check: (verdict, reason)}
PROBE_DIFFERENCES = {
    "moto": {
        "sns.denied": (DIFFERENT, "the lab denies in IAM's words, whatever the service"),
        "iam.user-tag-keys-ignore-case": (DIFFERENT, "moto's tags mind case"),
        "iam.user-with-key-stays": (DIFFERENT, "moto deletes keys with their user"),
        "iam.simulation-agrees": (NOT_TRIED, "moto has no SimulatePrincipalPolicy"),
        "iam.deny-all-is-there": (DIFFERENT, "moto is started without AWS's own policies"),
        "iam.quarantines-are-there": (DIFFERENT, "moto is started without AWS's own policies"),
        "iam.deny-all-stops-key": (NOT_TRIED, "moto is started without AWS's own policies"),
        "iam.deny-all-stops-sessions": (NOT_TRIED, "the lab knows no sessions of users"),
        "sts.session-of-a-key": (DIFFERENT, "the lab knows no sessions of users"),
        "sts.session-outlives-key": (DIFFERENT, "the lab knows no sessions of users"),
        "sts.duration-too-short": (NOT_TRIED, "the lab looks at the role before the duration"),
        "secrets.tags-move-date": (DIFFERENT, "moto moves the date with values alone"),
        "secrets.policy-moves-date": (DIFFERENT, "moto moves the date with values alone"),
        "secrets.policy-principal-gone": (NOT_TRIED, "moto keeps policies as they were put, however long one waits"),
        "secrets.policy-locks": (DIFFERENT, "the lab does not say which policy denied"),
        "organizations.paths": (DIFFERENT, "moto's accounts have no paths"),
        "organizations.unknown-child": (DIFFERENT, "moto speaks of an account where AWS speaks of a child"),
        "account.no-alternate-contact": (DIFFERENT, "moto refuses with 400"),
        "kms.default-key": (DIFFERENT, "moto makes a customer's key for AWS's alias"),
        "kms.value-under-unknown-key": (DIFFERENT, "moto does not look at a secret's key"),
        "ses.account": (DIFFERENT, "moto has no GetAccount of SES's version 2"),
    },
    "sandbox": {},
}
