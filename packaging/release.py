"""What every package is made of: the release binary, checked; the version; one date; the CA bundle; the licences of what is linked in.

A package's bytes depend on these alone: never on the clock, the user, the folder, or the order in which a folder is listed.
"""

import hashlib
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "build" / "package"
#: Mozilla's certificates as Debian's package ca-certificates brings them, without those that this machine's administrator added
MOZILLA = Path("/usr/share/ca-certificates/mozilla")
#: Debian's packages whose code is in the static binary: their licences ask to be handed on with it
LINKED = (
    "libc6", "libstdc++6", "libssl-dev", "libpugixml-dev", "libfmt-dev", "libspdlog-dev", "libcli11-dev", "libtomlplusplus-dev",
    "libkainjow-mustache-dev", "libutfcpp-dev",
)
ELF_MACHINES = {62: "x86_64", 183: "aarch64"}
DEBIAN_NAMES = {"x86_64": "amd64", "aarch64": "arm64"}
SECTION_SYMBOLS, SEGMENT_DYNAMIC, SEGMENT_LOADER = 2, 2, 3


class PackageError(Exception):
    """What is wrong, where, and what to do."""


def version() -> str:
    found = re.search(r"project\(rekeyer VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())
    if not found:
        raise PackageError("CMakeLists.txt has no project(rekeyer VERSION …)")
    return found.group(1)


def git(*arguments) -> str | None:
    try:
        return subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def commit() -> str:
    """The commit that is packaged, "-dirty" where the tree differs from it; "unknown" outside git."""
    return git("describe", "--always", "--abbrev=12", "--dirty", "--exclude=*") or "unknown"


def date() -> int:
    """Seconds since 1970 for every file of a package: $SOURCE_DATE_EPOCH, else the commit's."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        if not re.fullmatch(r"[0-9]{1,10}", given):
            raise PackageError(f"SOURCE_DATE_EPOCH takes seconds since 1970, not `{given}`")
        return int(given)
    if found := git("log", "-1", "--format=%ct"):
        return int(found)
    raise PackageError("there is no git history to take a date from: set SOURCE_DATE_EPOCH to seconds since 1970")


TAG_LIBRARY = 1


class Binary:
    """The release binary. Refuses what must not ship: another architecture, one that needs libraries or a loader, one with symbols."""

    def __init__(self, path: Path, machine: str):
        if not path.is_file():
            raise PackageError(f"there is no binary {path}: run `make release`, or `make release-arm64` for arm64")
        self.path, self.machine, self.data = path, machine, path.read_bytes()
        if self.data[:6] != b"\x7fELF\x02\x01":
            raise PackageError(f"{path} is not a 64-bit ELF program")
        found = ELF_MACHINES.get(struct.unpack_from("<H", self.data, 18)[0], "another machine")
        if found != machine:
            raise PackageError(f"{path} is for {found}, not for {machine}")
        if self._needs_a_loader():
            raise PackageError(f"{path} is not static: packages hold the release build (`make release`)")
        if self._has_symbols():
            raise PackageError(f"{path} is not stripped: packages hold the release build (`make release`)")

    def _table(self, offset_at, size_at):
        """Each entry of the program's or the sections' table begins with two numbers of 32 bits."""
        (offset,) = struct.unpack_from("<Q", self.data, offset_at)
        size, count = struct.unpack_from("<HH", self.data, size_at)
        return [struct.unpack_from("<II", self.data, offset + number * size) for number in range(count)]

    def _needs_a_loader(self) -> bool:
        return any(kind == SEGMENT_LOADER for kind, _ in self._table(32, 54)) or self._needs_a_library()

    def _needs_a_library(self) -> bool:
        """A static program that stands at any address has a dynamic segment too, for its own relocations, but names no library in it."""
        (start,) = struct.unpack_from("<Q", self.data, 32)
        size, count = struct.unpack_from("<HH", self.data, 54)
        for number in range(count):
            kind, _, offset, _, _, length = struct.unpack_from("<IIQQQQ", self.data, start + number * size)
            if kind == SEGMENT_DYNAMIC and any(tag == TAG_LIBRARY for tag, _ in struct.iter_unpack("<QQ", self.data[offset:offset + length])):
                return True
        return False

    def _has_symbols(self) -> bool:
        return any(kind == SECTION_SYMBOLS for _, kind in self._table(40, 58))

    @property
    def native(self) -> bool:
        return os.uname().machine == self.machine

    def run(self, *arguments) -> str:
        done = subprocess.run([self.path, *arguments], capture_output=True, text=True)
        if done.returncode != 0:
            raise PackageError(f"{self.path} {' '.join(map(str, arguments))} failed: {(done.stderr or done.stdout).strip()}")
        return done.stdout

    def check_version(self) -> None:
        """An old binary must not go out under a new name. A foreign one can't be asked."""
        if self.native and (said := self.run("--version").strip()) != f"rekeyer {version()}":
            raise PackageError(f"{self.path} says `{said}`, CMakeLists.txt says {version()}: run `make release`")


def binary(machine: str, path: str | None = None) -> Binary:
    folder = "release" if machine == "x86_64" else "release-arm64"
    found = Binary(Path(path) if path else ROOT / "build" / folder / "rekeyer", machine)
    found.check_version()
    return found


def ca_bundle(path: str | None = None) -> bytes:
    """The PEM file that was named, else Mozilla's certificates in the order of their names."""
    if path:
        try:
            bundle = Path(path).read_bytes()
        except OSError as problem:
            raise PackageError(f"the CA bundle {path} can't be read: {problem.strerror}") from None
        if b"-----BEGIN CERTIFICATE-----" not in bundle:
            raise PackageError(f"the CA bundle {path} holds no PEM certificate")
        return bundle
    files = sorted(MOZILLA.glob("*.crt"))
    if not files:
        raise PackageError(f"no CA certificates in {MOZILLA}: install Debian's ca-certificates, or name a PEM file with --ca-bundle")
    return b"".join(file.read_bytes().rstrip() + b"\n" for file in files)


def licences() -> bytes:
    """rekeyer's own licence, then those of what is linked in, as Debian tells them."""
    parts = [(ROOT / "LICENSE").read_text()]
    for package in LINKED:
        path = Path("/usr/share/doc") / package / "copyright"
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError as problem:
            raise PackageError(f"{path}: {problem.strerror}: run `make deps`") from None
        parts.append(f"{'=' * 100}\nThe binary holds code of Debian's package {package}:\n\n{text}")
    parts.append(f"{'=' * 100}\nThe binary holds code of Boost 1.81, under the Boost Software License:\n\n{boost_licence()}")
    return "\n".join(part.rstrip() + "\n" for part in parts).encode()


def boost_licence() -> str:
    """Debian's file for Boost lists every author of every part; the licence itself stands in it once for all of them."""
    path = Path("/usr/share/doc/libboost1.81-dev/copyright")
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as problem:
        raise PackageError(f"{path}: {problem.strerror}: run `make deps`") from None
    found = re.search(r"^License: BSL-1\.0\n((?: .*\n)+)", text, re.MULTILINE)
    if not found:
        raise PackageError(f"{path} does not hold the text of the Boost Software License")
    return re.sub(r"^ \.?", "", found.group(1), flags=re.MULTILINE)


def version_file(machine: str) -> bytes:
    return f"rekeyer {version()}\ncommit {commit()}\nmachine {machine}\n".encode()


def md5(data: bytes) -> str:
    """For Debian's md5sums, which finds files that were damaged, not files that were forged."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def written(path: Path, data: bytes) -> None:
    """Writes a package whole or not at all, and says what was made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_bytes(data)
    unfinished.replace(path)
    tell(path)


def tell(path: Path) -> None:
    data = path.read_bytes()
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    print(f"{shown}  {len(data):,} bytes  sha256 {hashlib.sha256(data).hexdigest()}")


def run(main) -> int:
    """A script's main with the project's one way of failing: a sentence on stderr, exit code 1."""
    try:
        main()
    except (PackageError, OSError) as problem:
        print(f"{Path(sys.argv[0]).name}: {problem}", file=sys.stderr)
        return 1
    return 0
