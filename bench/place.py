"""Where things are: the repository, the programs that are measured, and the pieces of the tests that the benchmark uses too."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEASURED = ROOT / "bench/measured.py"
PYTHON_WAY = ROOT / "bench/python_way.py"
RELEASE = ROOT / "build/release"

for _folder in ("tests/contract", "tests/package"):
    sys.path.append(str(ROOT / _folder))

from backends import end_with_parent  # noqa: E402, F401
from rekeyer import document  # noqa: E402, F401
from tls_front import Authority  # noqa: E402, F401


class BenchError(Exception):
    """Something could not be run, or did what it must not do: the benchmark ends with exit code 1."""
