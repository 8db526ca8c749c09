#!/usr/bin/env python3
"""The tables of inputs and outputs in the modules' README.md, made from variables.tf and outputs.tf.

python3 tests/terraform/tables.py --write   puts them there anew; test_documents.py fails where they are not what this would write.
"""

import re
import sys
from pathlib import Path

from terraform import MODULES, TREE

BEGIN, END = "<!-- generated: {} -->\n", "<!-- end of {} -->\n"


def blocks(path: Path, kind: str) -> list:
    """[(name, {attribute: text})] of the blocks of a file that `terraform fmt` has formatted: attributes are indented by two spaces."""
    found = []
    for name, body in re.findall(rf'^{kind} "(\w+)" {{\n(.*?)^}}$', path.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        attributes = dict(re.findall(r"^  (\w+) += (.*?)\n(?=  \w|\n|\Z)", body, re.MULTILINE | re.DOTALL))
        found.append((name, attributes))
    return found


def _text(literal: str) -> str:
    return literal.strip().strip('"').replace('\\"', '"').replace("|", "\\|")


def _type(text: str) -> str:
    """An object's members in a row, with what their comments say left to the file."""
    without_comments = re.sub(r"\s*#.*", "", text)
    return " ".join(without_comments.split()).replace("|", "\\|")


def inputs(module: str) -> str:
    lines = ["| input | type | default | |", "|---|---|---|---|"]
    for name, attributes in blocks(TREE / "modules" / module / "variables.tf", "variable"):
        kind = attributes["type"]
        shown = "object, see below" if kind.startswith("object") else _type(kind)
        default = f"`{attributes['default']}`" if "default" in attributes else "required"
        lines.append(f"| `{name}` | {shown} | {default} | {_text(attributes['description'])} |")
    return "\n".join(lines) + "\n"


def objects(module: str) -> str:
    """The objects among the inputs as they stand in the file, comments and all."""
    found = [(name, attributes["type"]) for name, attributes in blocks(TREE / "modules" / module / "variables.tf", "variable") if attributes["type"].startswith("object")]
    return "".join(f"```hcl\n# {name}\n{re.sub('(?m)^  ', '', kind)}\n```\n\n" for name, kind in found)


def outputs(module: str) -> str:
    lines = ["| output | |", "|---|---|"]
    lines += [f"| `{name}` | {_text(attributes['description'])} |" for name, attributes in blocks(TREE / "modules" / module / "outputs.tf", "output")]
    return "\n".join(lines) + "\n"


def with_tables(module: str, text: str) -> str:
    for part, made in (("inputs", inputs(module)), ("objects", objects(module)), ("outputs", outputs(module))):
        begin, end = BEGIN.format(part), END.format(part)
        if part == "objects" and begin not in text and not made:
            continue
        if text.count(begin) != 1 or text.count(end) != 1:
            raise ValueError(f"{module}/README.md must have one {begin.strip()} and one {end.strip()}")
        text = text.split(begin)[0] + begin + "\n" + made + "\n" * (not made.endswith("\n\n")) + end + text.split(end)[1]
    return text


def readme(module: str) -> Path:
    return TREE / "modules" / module / "README.md"


def main() -> int:
    if sys.argv[1:] != ["--write"]:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    for module in MODULES:
        path = readme(module)
        path.write_text(with_tables(module, path.read_text("utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
