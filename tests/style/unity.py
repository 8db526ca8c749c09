"""A cold build compiles the sources of a folder in batches (cmake/Layer.cmake): what one source keeps to itself must not have its neighbour's name."""

import re
from collections import defaultdict

OPENED = re.compile(r"^namespace \{")
CLOSED = "}  // namespace"
#: what stands at the beginning of a line in a nameless namespace and gives a name (clang-format indents nothing there)
OTHER = r"^(?!using namespace|struct |class |namespace|static_assert|template|return|TEST|INSTANTIATE|TYPED)(?=\w|\[\[)"
NAMES = [
    re.compile(r"^(?:template <.*> )?(?:struct|class|enum class|union) (\w+)\b(?!.*;$)"),
    re.compile(r"^using (\w+) = "),
    re.compile(OTHER + r"[\w:<>,.\s*&\[\]]*?[\s*&>](\w+)\("),
    re.compile(OTHER + r"[\w:<>,.\s*&]*?[\s*&>](\w+)(?:\[[^\]]*\])*(?: =|\{|;)"),
]


#: a program of one source
ALONE = re.compile(r"_(main|fuzz)$")


def own_names(source) -> list:
    """(line number, name, the line) of each type, function and value in the nameless namespaces of one source."""
    found, inside = [], False
    for number, (line, original) in enumerate(zip(source.code_lines(), source.lines), 1):
        if OPENED.match(line):
            inside = True
        elif original == CLOSED:
            inside = False
        elif inside:
            match = next((match for pattern in NAMES if (match := pattern.match(line))), None)
            if match:
                found.append((number, match.group(1), line))
    return found


def neighbours_names_differ(sources):
    """(source, line number, message): of the sources of a folder, tests apart, no two give the same name to something of their own."""
    holders = defaultdict(list)
    for source in sources:
        if source.path.suffix == ".cpp" and source.path.parts[0] in ("src", "tests", "bench") and not ALONE.search(source.path.stem):
            for number, name, line in own_names(source):
                holders[source.path.parent, source.path.stem.endswith("_test"), name].append((source, number, line))
    for (_, _, name), places in sorted(holders.items(), key=lambda item: str(item[0])):
        first, _, same = places[0]
        for source, number, line in places[1:]:
            if source is not first and not (line == same and line.startswith("using ")):
                yield source, number, f"{name} is a name of {first.path.name}'s own too, and a cold build compiles the two as one"


TREE_RULES = [neighbours_names_differ]
