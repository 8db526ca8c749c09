#!/usr/bin/env python3
"""Compares what rekeyer and botocore (the AWS CLI) read in random profile files.

usage: profile_files_live.py <profile_reader binary> [--seed N] [--count N]

Wherever botocore takes a file, rekeyer must read the same settings in each of its profiles; a file that botocore refuses as a whole is only
read. Some differences are meant: rekeyer drops comments behind values, as the SDKs do; it drops blank lines inside values; nested keys ignore
case; and it is not asked for [default] beside [profile default]. A difference is printed with the seed and the file. Where botocore is missing the test is
skipped loudly (exit code 77); with CI=true that is a failure.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile

try:
    import botocore.configloader
    import botocore.exceptions
except ImportError as missing:
    print(f"SKIPPED: profile files were not compared with botocore's: {missing}", file=sys.stderr)
    sys.exit(1 if os.environ.get("CI", "").lower() in ("1", "true") else 77)

NAMES = ["default", "dev", "two words", "a.b-c", "équipe", "DEFAULT", "Dev"]
KEYS = ["region", "output", "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "role_arn", "source_profile", "CA_Bundle",
        "endpoint_url", "credential_process", "s3", "odd key", "sso_session"]
VALUES = ["eu-west-1", "", "a=b", "a:b", "http://localhost:1", "arn:aws:iam::1:role/r", "AKIA1", "sec/ret+=", "\"quoted\"", "# all of it", "x # end",
          "x;y", "x ;y", "get --tag '# 1' ; x", "[bracket]", "é", "with  blanks  in it"]
COMMENTS = ["# note", "; note", "  # indented: note", "#=", ""]
ENDS = ["\n", "\n", "\n", "\r\n"]


def header(choice, kind, name):
    if kind == "config" and name not in ("default", "DEFAULT"):
        quoted = f'"{name}"' if " " in name or choice.random() < 0.2 else name
        name = f"profile{choice.choice([' ', '  ', chr(9)])}{quoted}"
    return f"[{name}]" + choice.choice(["", "", "", " ", " # note", " nonsense"])


def setting(choice, key):
    separator = choice.choice(["=", " = ", ":", ": ", " : ", "= "])
    indent = choice.choice(["", "", "", " "])
    lines = [f"{indent}{key}{separator}"]
    shape = choice.random()
    if shape < 0.1:  # nested
        lines += [f"{indent}  {name} = {choice.choice(['x', 'y:z', 'a=b'])}" for name in choice.sample(["one", "two", "three"], 2)]
    elif shape < 0.15:  # over several lines
        lines = [f"{lines[0]}first", *([choice.choice(COMMENTS)] * choice.randrange(2)), f"{indent}   second"]
    else:
        lines[0] += choice.choice(VALUES)
    return lines


def random_file(choice):
    kind = choice.choice(["config", "credentials"])
    lines = []
    for name in choice.sample(NAMES, choice.randrange(1, 4)):
        lines += [choice.choice(COMMENTS)] * choice.randrange(2) + [header(choice, kind, name)]
        for key in choice.sample(KEYS, choice.randrange(5)):
            lines += setting(choice, key) + [choice.choice(COMMENTS)] * choice.randrange(2)
    if choice.random() < 0.15:
        lines.insert(choice.randrange(len(lines) + 1), choice.choice(["nonsense", "= value", "[open", "[]", "key = value", "[dev]"]))
    end = choice.choice(ENDS)
    return kind, end.join(lines) + choice.choice([end, ""])


def without_what_is_meant(key, value):
    if isinstance(value, dict):
        return {name.lower(): without_what_is_meant(name, text) for name, text in value.items()}
    first, *more = value.split("\n")
    if key != "credential_process":
        first = re.sub(r"(^|\s+)[#;].*", "", first)
    return re.sub(r"\n+", "\n", "\n".join([first, *more]))


def botocore_reads(kind, text):
    """Profiles by name; nothing where botocore refuses the file."""
    with tempfile.NamedTemporaryFile("wb", suffix=".ini") as file:
        file.write(text.encode())
        file.flush()
        try:
            raw = botocore.configloader.raw_config_parse(file.name)
        except botocore.exceptions.ConfigParseError:
            return None
    profiles = botocore.configloader.build_profile_map(raw)["profiles"] if kind == "config" else raw
    return {name: {key: without_what_is_meant(key, value) for key, value in settings.items()} for name, settings in profiles.items()}


def difference(expected, got):
    if expected is None:
        return None
    if "profiles" not in got:
        return f"refused as a whole: {got['problem']}"
    for name, settings in expected.items():
        if name not in got["profiles"]:
            return f"[{name}] was not read"
        read = got["profiles"][name]
        if read["bad_line"]:
            return f"[{name}] is said to have a bad line: {read['bad_line']}"
        if read["settings"] != settings:
            return f"[{name}]\nbotocore: {settings}\nrekeyer:  {read['settings']}"
    more = sorted(set(got["profiles"]) - set(expected))
    return f"botocore does not know {more}" if more else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("reader")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--count", type=int, default=2000)
    given = parser.parse_args()
    choice = random.Random(given.seed)
    files = [random_file(choice) for _ in range(given.count)]
    lines = "".join(json.dumps({"kind": kind, "text": text}) + "\n" for kind, text in files)
    answers = subprocess.run([given.reader], input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
    if len(answers) != len(files):
        print(f"seed {given.seed}: {len(answers)} answers to {len(files)} files")
        return 1
    failures = taken = 0
    for (kind, text), answer in zip(files, answers):
        expected = botocore_reads(kind, text)
        taken += expected is not None
        differs = difference(expected, json.loads(answer))
        if differs:
            failures += 1
            print(f"seed {given.seed}: a {kind} file differs: {text!r}\n{differs}\n")
    print(f"profile_files_live --seed {given.seed}: {len(files)} files, {taken} taken by botocore, {failures} differ")
    # Most files must be good ones, or nothing was compared.
    return 1 if failures or taken < len(files) // 2 else 0


if __name__ == "__main__":
    sys.exit(main())
