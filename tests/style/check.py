#!/usr/bin/env python3
"""Holds every file of the project against the style rules: python3 tests/style/check.py [FILE…]

Prints `file:line: rule: what is wrong` and exits with 1 where anything is. The rules are plain functions in layers.py, banned.py, texts.py,
vacuous.py and unity.py;
test_rules.py shows of each that it can fail.
"""

import subprocess
import sys
from pathlib import Path, PurePosixPath

import banned
import layers
import texts
import unity
import vacuous
from source import Source

ROOT = Path(__file__).resolve().parent.parent.parent
RULES = layers.RULES + banned.RULES + texts.RULES + vacuous.RULES
#: these see all files at once
TREE_RULES = unity.TREE_RULES
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
    found, sources = [], []
    for name in wanted:
        if name in SKIPPED:
            continue
        try:
            source = Source(PurePosixPath(name), (ROOT / name).read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue  # not a text
        sources.append(source)
        found += [(name, *problem) for problem in problems_of(source, tree)]
    for rule in TREE_RULES:
        found += [(source.path, line, rule.__name__, message) for source, line, message in rule(sources)]
    for name, line, rule, message in found:
        print(f"{name}:{line}: {rule.replace('_', ' ')}: {message}")
    count = len(found)
    print(f"style: {len(wanted)} files, {len(RULES) + len(TREE_RULES)} rules, {count} problems")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
