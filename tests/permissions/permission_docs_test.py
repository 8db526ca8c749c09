#!/usr/bin/env python3
"""docs/permissions.md is what scripts/permission_docs would write, and nobody is allowed to read a secret's value by it.

usage: permission_docs_test.py <rekeyer binary>
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    done = subprocess.run([sys.executable, str(ROOT / "scripts/permission_docs"), "--check", sys.argv[1]], capture_output=True, text=True)
    print(done.stdout + done.stderr, end="")
    text = (ROOT / "docs/permissions.md").read_text(encoding="utf-8")
    actions = []
    for block in re.findall(r"(?s)```json\n(.*?)```", text):
        for statement in json.loads(block)["Statement"]:
            if statement["Effect"] == "Deny":
                continue
            actions += [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
    granted = [action for action in actions if "*" in action or action.lower().endswith("getsecretvalue")]
    for action in granted:
        print(f"docs/permissions.md allows {action}: it reads values, or everything of a service")
    if not actions:
        print("docs/permissions.md has no policy")
    source = [
        path.name for path in sorted((ROOT / "src/permissions").glob("*.cpp")) if "GetSecretValue" in path.read_text(encoding="utf-8")
    ]
    for name in source:
        print(f"src/permissions/{name} names GetSecretValue, which no policy may hold")
    return done.returncode or (1 if granted or source or not actions else 0)


if __name__ == "__main__":
    sys.exit(main())
