"""What any file of the project must look like: it says what it is for, is short, and holds nothing of one machine or person."""

import re

LONGEST_FILE = 600
LONGEST_TEST = 800
SOURCES = {".cpp", ".hpp", ".py", ".cmake", ".sh"}
#: words for work that was left undone; an issue or a decision record says it better
LEFTOVER = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
MACHINE_PATH = re.compile(r"(?<![\w.$}~*])/(work|root|home|Users)/[\w.]{2}")
ACCESS_KEY = re.compile(r"\b(AKIA|ASIA)[A-Z2-7]{16}\b")
#: keys that AWS's documentation shows, and those that say themselves what they are
EXAMPLE_KEY = re.compile(r"EXAMPLE|TEST|FAKE|SAMPLE|([A-Z2-7])\1{4}")
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY" r"-----")
#: AWS's own names may hold such words
AWS_NAME = "secrets_manager"
VAGUE_NAME = re.compile(r"(^|_)(utils?|helpers?|common|manager|misc)(_|$)")


def says_what_it_is_for(source, tree):
    """Opens with a comment, unless the header of its name, or the file that it tests, does so."""
    if source.path.suffix not in SOURCES or source.path.name == "__init__.py" and not source.text.strip():
        return
    subject = source.path.with_name(source.path.stem.removesuffix("_test"))
    if source.path.suffix == ".cpp" and (f"{subject}.hpp" in tree or source.is_test and f"{subject}.cpp" in tree):
        return
    lines = [line.strip() for line in source.lines]
    first = next((line for line in lines if line and not line.startswith("#!")), "")
    opening = ('"""', '#') if source.path.suffix in (".py", ".sh", ".cmake") else ("//", "/*")
    if not first.startswith(opening):
        yield 1, "the file does not open with a comment on its purpose"


def is_short_enough(source, tree):
    if source.path.suffix not in SOURCES:
        return
    count = source.text.count("\n")
    limit = LONGEST_TEST if source.is_test else LONGEST_FILE
    if count > limit:
        yield count, f"{count} lines, and {limit} are enough: does it have one purpose?"


def leaves_nothing_undone(source, tree):
    for number, line in enumerate(source.lines, 1):
        if found := LEFTOVER.search(line):
            yield number, f"{found.group(0)}: finish it, or write an issue"


def names_no_machine(source, tree):
    for number, line in enumerate(source.lines, 1):
        if found := MACHINE_PATH.search(line):
            yield number, f"{found.group(0)}… is a path of one machine"


def holds_no_secret(source, tree):
    for number, line in enumerate(source.lines, 1):
        found = ACCESS_KEY.search(line)
        if found and not EXAMPLE_KEY.search(found.group(0)):
            yield number, f"{found.group(0)[:8]}… looks like a real access key; use one with EXAMPLE in it"
        if PRIVATE_KEY.search(line) and not source.is_test:
            yield number, "a private key"


def has_a_name_that_says_something(source, tree):
    for part in source.path.parts:
        if found := VAGUE_NAME.search(part.split(".")[0].replace(AWS_NAME, "")):
            yield 1, f"'{found.group(0).strip('_')}' in a name says nothing: name the thing"


def ends_cleanly(source, tree):
    if source.text and not source.text.endswith("\n"):
        yield source.text.count("\n") + 1, "the last line has no end"
    if "\r" in source.text:
        yield 1, "carriage returns"
    if source.path.suffix in SOURCES:
        for number, line in enumerate(source.lines, 1):
            if line != line.rstrip():
                yield number, "space at the end of the line"


RULES = [
    says_what_it_is_for, is_short_enough, leaves_nothing_undone, names_no_machine, holds_no_secret, has_a_name_that_says_something,
    ends_cleanly,
]
