"""A C++ source as the rules want it: its lines with comments and the insides of literals blanked out, and its includes."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<raw>R"(?P<mark>[^()\\ \n]{0,16})\(.*?\)(?P=mark)")"""
    r"""|(?P<text>"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+')""",
    re.DOTALL | re.VERBOSE,
)
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)


def _blank(match) -> str:
    """Keeps the line breaks, so that line numbers stay true."""
    return re.sub(r"[^\n]", " ", match.group(0))


@dataclass
class Source:
    """One file: where it is (relative to the project) and what it says."""

    path: PurePosixPath
    text: str

    @property
    def lines(self) -> list:
        return self.text.split("\n")

    def code_lines(self) -> list:
        """Comments and literals are blank; an include keeps its name."""
        kept = INCLUDE.sub(lambda m: m.group(0).replace('"', "<", 1).replace('"', ">", 1), self.text)
        return TOKEN.sub(_blank, kept).split("\n")

    def includes(self) -> list:
        """(line number, name, quoted?) of each include."""
        found = []
        for match in INCLUDE.finditer(self.text):
            found.append((self.text.count("\n", 0, match.start(1) if match.group(1) else match.start(2)) + 1, match.group(1) or match.group(2), bool(match.group(1))))
        return found

    @property
    def is_cpp(self) -> bool:
        return self.path.suffix in (".cpp", ".hpp")

    @property
    def is_header(self) -> bool:
        return self.path.suffix == ".hpp"

    @property
    def is_test(self) -> bool:
        """A test, a bench, their fixtures, or a small program that tests run (main.cpp itself is none)."""
        return self.path.stem.endswith(("_test", "_bench", "_fixture", "_main")) or self.path.parts[0] == "tests"
