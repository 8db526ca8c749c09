"""Real shells, asked what they offer at the end of a line, with nothing of their user's configuration."""

import os
import pty
import re
import select
import subprocess
import time
from pathlib import Path

TIMEOUT = 60
ASK_BASH = r"""
source "$1"
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
"$(complete -p rekeyer | sed 's/.*-F \([^ ]*\).*/\1/')"
printf '%s\n' "${COMPREPLY[@]}"
"""
#: what is offered goes into a file instead of onto the screen; a compadd that only filters for another function is left alone
ASK_ZSH = r"""
PS1='ready> '
fpath=("$COMPLETIONS" $fpath)
autoload -Uz compinit && compinit -u -D
compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a offered
  builtin compadd -A offered "$@"
  print -rl -- $offered >>"$OFFERED"
  (( $#offered ))
}
"""


def words_of(line: str) -> list:
    """As bash cuts a line: at spaces and around every `=`."""
    return [part for word in line.split(" ") for part in ([word] if "=" not in word else re.split("(=)", word))]


def environment(home: Path) -> dict:
    return {"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "dumb"}


def bash(script: Path, line: str, folder: Path) -> list:
    done = subprocess.run(
        ["bash", "--norc", "--noprofile", "-c", ASK_BASH, "ask", script, *words_of(line)],
        capture_output=True, text=True, timeout=TIMEOUT, cwd=folder, env=environment(folder),
    )
    return answer(done, done.stdout.splitlines())


def fish(script: Path, line: str, folder: Path) -> list:
    done = subprocess.run(
        ["fish", "--no-config", "-c", "source $argv[1]; complete --do-complete $argv[2]", "--", script, line],
        capture_output=True, text=True, timeout=TIMEOUT, cwd=folder, env=environment(folder),
    )
    return answer(done, [offer.split("\t")[0] for offer in done.stdout.splitlines()])


def answer(done, offered) -> list:
    if done.stderr:
        raise AssertionError(f"the shell complains: {done.stderr}")
    return sorted({offer for offer in offered if offer})


def wait_for(terminal: int, mark: bytes) -> None:
    seen, end = b"", time.monotonic() + TIMEOUT
    while mark not in seen:
        if not select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
            raise AssertionError(f"zsh did not come to {mark!r}: {seen!r}")
        seen += os.read(terminal, 65536)


def zsh(script: Path, line: str, folder: Path) -> list:
    """zsh completes only in its line editor: a terminal, a Tab, and a second line whose output tells that the first one was answered."""
    completions, offered = folder / "zsh", folder / "offered"
    completions.mkdir(exist_ok=True)
    (completions / "_rekeyer").write_bytes(script.read_bytes())
    (completions / ".zshrc").write_text(ASK_ZSH)
    offered.write_text("")
    names = environment(folder) | {"ZDOTDIR": str(completions), "COMPLETIONS": str(completions), "OFFERED": str(offered)}
    ours, theirs = pty.openpty()
    process = subprocess.Popen(["zsh", "-d", "-i"], stdin=theirs, stdout=theirs, stderr=theirs, env=names, cwd=folder, start_new_session=True)
    os.close(theirs)
    try:
        wait_for(ours, b"ready> ")
        os.write(ours, line.encode() + b"\t")
        # Ctrl-U empties the line; the quotes keep the echo of the typing from being taken for the answer.
        os.write(ours, b"\x15print an''swered\n")
        wait_for(ours, b"answered")
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    return sorted(set(offered.read_text().split("\n")) - {""})
