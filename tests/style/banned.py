"""Calls that must not stand in the code, or only in one place: each with the reason and what to use instead."""

import re

#: (pattern, where it is allowed: beginnings of paths below the project, also in tests?, why and what instead)
CALLS = [
    (r"\b(system_clock|steady_clock|high_resolution_clock)\s*::\s*now\b", ("src/base/clock",), False, "time comes from a Clock (base/clock.hpp)"),
    (r"(?<![\w:.>])(std\s*::\s*)?time\s*\(\s*(nullptr|NULL|0|&\w+)\s*\)", ("src/base/clock",), False, "time comes from a Clock (base/clock.hpp)"),
    (r"\b(clock_gettime|gettimeofday|localtime|localtime_r|strftime)\s*\(", ("src/base/clock",), False, "time comes from a Clock (base/clock.hpp), dates from base/time.hpp"),
    (r"\bthis_thread\s*::\s*sleep_(for|until)\b|(?<![\w:.>])u?sleep\s*\(", ("src/base/clock",), False, "wait with Clock::sleep_until"),
    (r"\bstd\s*::\s*rand\b|(?<![\w:.>])s?rand\s*\(", (), False, "randomness comes from base/random.hpp"),
    (r"\brandom_device\b", ("src/base/random",), True, "randomness comes from base/random.hpp"),
    (r"\b(std\s*::\s*)?unordered_(multi)?(map|set)\b", (), False, "its order would leak into output; use map or set, or say `// unordered: lookup only`"),
    (r"\bstd\s*::\s*(cout|cerr|clog)\b|(?<![\w:.>])(printf|puts|putchar)\s*\(|\bf(printf|puts)\s*\(\s*std(out|err)\b", ("src/cli/", "src/base/log"), True, "speak through base/log.hpp; only cli/ prints"),
    (r"\bdetached\b", (), True, "nothing is detached: whoever starts a task waits for it"),
    (r"\bstd\s*::\s*(thread|jthread|async)\b", (), True, "one thread, many tasks"),
    (r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|popen)\s*\(|\bstd\s*::\s*system\b", (), False, "not safe"),
    (r"\bstd\s*::\s*regex\b", (), True, "overflows the stack on long input"),
    (r"\bassert\s*\(", (), True, "gone in a release build; return a Result, or throw for a bug"),
]
COMPILED = [(re.compile(pattern), allowed, tests_too, why) for pattern, allowed, tests_too, why in CALLS]
EXCUSE = "// unordered: lookup only"


def no_banned_call(source, tree):
    if not source.is_cpp or source.path.parts[0] != "src":
        return
    path = str(source.path)
    original = source.lines
    for number, line in enumerate(source.code_lines(), 1):
        if line.lstrip().startswith("#"):
            continue
        for pattern, allowed, tests_too, why in COMPILED:
            found = pattern.search(line)
            if not found or path.startswith(allowed) or (tests_too and source.is_test):
                continue
            if "unordered" in found.group(0) and EXCUSE in original[number - 1]:
                continue
            yield number, f"{found.group(0).strip()}: {why}"


def no_namespace_opened_in_a_header(source, tree):
    if not source.is_header:
        return
    for number, line in enumerate(source.code_lines(), 1):
        if re.search(r"\busing\s+namespace\b", line):
            yield number, "using namespace in a header reaches everybody who includes it"


RULES = [no_banned_call, no_namespace_opened_in_a_header]
