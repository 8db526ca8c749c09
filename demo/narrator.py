"""How the demo speaks: chapters, commands, what they print, a bar of all keys, and what was promised and is so or is not."""

import os
import re
import shutil
import sys
import textwrap
import time

COLOUR = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
PROSE = 100
WIDTH = max(60, shutil.get_terminal_size((120, 25)).columns)
BAR = 60
ESCAPE = re.compile(r"(\033\[[0-9;]*m)")


def paint(code: str, text: str) -> str:
    return f"\033[{code}m{text}\033[0m" if COLOUR else text


def cut(line: str, width: int) -> str:
    """As much of the line as fits, colours not counted."""
    kept, room = [], width
    for piece in ESCAPE.split(line):
        if ESCAPE.fullmatch(piece):
            kept.append(piece)
        elif len(piece) > room:
            return "".join(kept) + piece[:max(0, room - 1)] + "…" + ("\033[0m" if len(kept) > 1 else "")
        else:
            kept.append(piece)
            room -= len(piece)
    return "".join(kept)


class Narrator:
    """`pause`: seconds that a reader gets before each chapter."""

    def __init__(self, pause: float):
        self._pause = pause
        self.wrong = 0

    def chapter(self, title: str) -> None:
        time.sleep(self._pause)
        print("\n" + paint("1;36", title), flush=True)

    def tell(self, text: str) -> None:
        print(textwrap.fill(" ".join(text.split()), min(PROSE, WIDTH), initial_indent="  ", subsequent_indent="  "), flush=True)

    def check(self, holds: bool, text: str) -> None:
        self.wrong += not holds
        mark = paint("32", "ok   ") if holds else paint("1;31", "WRONG")
        print(textwrap.fill(text, min(PROSE, WIDTH), initial_indent=f"  {mark} ", subsequent_indent=" " * 8), flush=True)

    def command(self, text: str) -> None:
        print(paint("1", f"  $ {text}"), flush=True)

    def lines(self, text: str, limit: int = 12) -> None:
        every = text.rstrip().splitlines()
        for line in every[:limit]:
            print("    " + cut(line, WIDTH - 4))
        if len(every) > limit:
            print(paint("2", f"    … {len(every) - limit} lines more"))
        sys.stdout.flush()

    def census(self, tally: dict) -> None:
        """All keys as one bar."""
        shapes = {"young": ("32", "█", "up to 90 days"), "overdue": ("33", "▒", "older"), "off": ("2", "░", "switched off")}
        whole = sum(tally.values()) or 1
        bar = "".join(paint(code, sign * round(BAR * tally[kind] / whole)) for kind, (code, sign, _) in shapes.items())
        legend = " · ".join(paint(code, f"{sign} {tally[kind]} {name}") for kind, (code, sign, name) in shapes.items())
        print(f"    {bar}\n    keys: {legend}", flush=True)
