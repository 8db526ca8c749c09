#!/usr/bin/env python3
"""Holds every file of the project against the style rules: python3 tests/style/check.py [FILE…]

Prints `file:line: rule: what is wrong` and exits with 1 where anything is. The rules are plain functions in layers.py, banned.py, texts.py and vacuous.py;
test_rules.py shows of each that it can fail.
"""

import subprocess
import sys
from pathlib import Path, PurePosixPath

import banned
import layers
import texts
import vacuous
from source import Source

ROOT = Path(__file__).resolve().parent.parent.parent
RULES = layers.RULES + banned.RULES + texts.RULES + vacuous.RULES
SKIPPED = {"LICENSE"}


def project_files() -> list:
    """Everything that git tracks or would; without git, everything outside build/."""
    try:
        listed = subprocess.run(
            ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=True
        ).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        listed = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()]
    outside = ("build/", ".git/")
    return sorted(
        name for name in set(listed)
        if not name.startswith(outside) and "__pycache__" not in name and (ROOT / name).is_file() and not (ROOT / name).is_symlink()
    )


def problems_of(source, tree) -> list:
    """(line, rule's name, message) for everything wrong with one file."""
    return [(line, rule.__name__, message) for rule in RULES for line, message in rule(source, tree) or ()]


def main() -> int:
    tree = set(project_files())
    wanted = sys.argv[1:] or sorted(tree)
    count = 0
    for name in wanted:
        if name in SKIPPED:
            continue
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # not a text
        for line, rule, message in problems_of(Source(PurePosixPath(name), text), tree):
            print(f"{name}:{line}: {rule.replace('_', ' ')}: {message}")
            count += 1
    print(f"style: {len(wanted)} files, {len(RULES)} rules, {count} problems")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
