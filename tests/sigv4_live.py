#!/usr/bin/env python3
"""Compares rekeyer's signer with botocore's on random requests.

usage: sigv4_live.py <sigv4_signer binary> [--seed N] [--count N]

A difference is printed with the seed and the request. Where botocore is missing the test is skipped loudly (exit code
77); with CI=true that is a failure.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "scripts"))
try:
    import make_sigv4_vectors as botocore_side
except ImportError as missing:
    print(f"SKIPPED: the signer was not compared with botocore's: {missing}", file=sys.stderr)
    sys.exit(1 if os.environ.get("CI", "").lower() in ("1", "true") else 77)

WORDS = ["a", "B", "key", "user-name", "~tilde", "dot.dot", "under_score", "with space", "plus+", "slash/", "per%cent",
         "équipe", "鍵", "🔑", "=", "&", "", "0", "a:b", "@", "!$'()*,;"]
HOSTS = ["iam.amazonaws.com", "sts.eu-west-1.amazonaws.com", "localhost", "127.0.0.1", "bucket.s3.eu-west-1.amazonaws.com"]
SERVICES = ["iam", "sts", "organizations", "secretsmanager", "sns", "lambda", "s3"]
HEADERS = ["Content-Type", "X-Amz-Target", "x-amz-meta-a", "X-AMZ-Meta-A", "X-Amz-Meta-B", "Accept", "User-Agent",
           "X-Amzn-Trace-Id"]
VALUES = ["", "plain", "  outer  ", "in  ner\t run", "a, b", "quote\"d", "k=v; charset=utf-8", "z" * 300]


def quoted(choice, text):
    return urllib.parse.quote(text, safe=choice.choice(["", "-_.~"]))


def random_url(choice, service):
    scheme = choice.choice(["http", "https"])
    port = choice.choice(["", "", ":80", ":443", ":5000", ":65535"])
    segments = [choice.choice([quoted(choice, choice.choice(WORDS)), ".", "..", ""]) for _ in range(choice.randrange(5))]
    # The server's reading of a last "." or ".." without slash is not agreed on, so the path does not end in one.
    path = "/" + "/".join(segments) + ("x" if segments and segments[-1] in (".", "..") else "")
    names = [word for word in WORDS if word]
    query = [quoted(choice, choice.choice(names)) + "=" + quoted(choice, choice.choice(WORDS))
             for _ in range(choice.randrange(6))]
    return f"{scheme}://{choice.choice(HOSTS)}{port}{path}" + ("?" + "&".join(query) if query else "")


def random_case(choice, number):
    service = choice.choice(SERVICES)
    fields = [(choice.choice(HEADERS), choice.choice(VALUES)) for _ in range(choice.randrange(6))]
    body = "".join(choice.choice(WORDS) for _ in range(choice.choice([0, 1, 20, 500])))
    time = (f"20{choice.randrange(20, 60):02}-{choice.randrange(1, 13):02}-{choice.randrange(1, 29):02}"
            f"T{choice.randrange(24):02}:{choice.randrange(60):02}:{choice.randrange(60):02}Z")
    alphabet = "ABCDEFGHIJabcdefghij0123456789/+"
    return botocore_side.case(
        f"random {number}", choice.choice(["GET", "POST", "PUT", "DELETE"]), random_url(choice, service), fields, body,
        service, choice.choice(["us-east-1", "cn-north-1", "us-gov-west-1", "eu-west-1"]),
        token=choice.choice(["", "".join(choice.choices(alphabet, k=400))]), time=time,
        key_id="AKIA" + "".join(choice.choices("ABCDEFGH234567", k=16)),
        secret="".join(choice.choices(alphabet, k=40)))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("signer")
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    options.add_argument("--count", type=int, default=500)
    given = options.parse_args()
    choice = random.Random(given.seed)
    cases = [random_case(choice, number) for number in range(given.count)]
    lines = "".join(json.dumps(each) + "\n" for each in cases)
    done = subprocess.run([given.signer], input=lines.encode(), stdout=subprocess.PIPE, check=False)
    answers = done.stdout.decode("utf-8").splitlines()
    failures = 0
    if done.returncode != 0 or len(answers) != len(cases):
        print(f"seed {given.seed}: the signer ended with {done.returncode} after {len(answers)} of {len(cases)} answers")
        failures += 1
    for each, answer in zip(cases, answers):
        expected, got = botocore_side.sign(each), json.loads(answer)
        if got != expected:
            failures += 1
            print(f"seed {given.seed}: differs: {json.dumps(each)}\nbotocore: {expected}\nrekeyer:  {got}\n")
    print(f"sigv4_live --seed {given.seed}: {len(answers)} requests compared, {failures} differ")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
