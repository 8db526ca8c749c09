"""What a callgrind output file adds up to, by the name of the function that was called: how often, and the instructions inside it."""

import re
from collections import Counter

#: "(12) name" where a name stands first, "(12)" from then on
NAME = re.compile(r"^c?fn=\((\d+)\)(?: (.*))?$")


class Unreadable(Exception):
    """The file is not what callgrind writes."""


def read(text: str) -> tuple:
    """(Counter of calls, Counter of instructions with those of its callees), both by callee. A function that calls itself counts twice."""
    names = {}
    calls, instructions = Counter(), Counter()
    callee = None
    cost_comes = False
    for line in text.splitlines():
        if cost_comes:
            # "position cost": the line behind the calls tells what they took.
            instructions[callee] += int(line.split()[1])
            cost_comes = False
        elif line.startswith(("fn=", "cfn=")):
            found = NAME.match(line)
            if not found:
                raise Unreadable(f"a function without a number: {line}")
            number, name = found.groups()
            if name is not None:
                names[number] = name
            if line.startswith("cfn="):
                callee = names[number]
        elif line.startswith("calls="):
            calls[callee] += int(line[len("calls="):].split()[0])
            cost_comes = True
    if cost_comes or not text.startswith("# callgrind format"):
        raise Unreadable("it is cut short, or of another format")
    return calls, instructions
