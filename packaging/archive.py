"""Files for a package, laid out in a folder or in a tar archive: same names, modes and owners, and one date."""

import io
import os
import tarfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass
class Entry:
    """A file, or a folder where `content` is None."""

    content: bytes | None
    mode: int


def file(content, mode=0o644) -> Entry:
    return Entry(content.encode() if isinstance(content, str) else content, mode)


def folder(mode=0o755) -> Entry:
    return Entry(None, mode)


def with_folders(entries: dict) -> dict:
    """The entries with every folder above them, sorted, so that a folder stands before what is in it."""
    whole = dict(entries)
    for name in entries:
        for above in PurePosixPath(name).parents:
            if str(above) != ".":
                whole.setdefault(str(above), folder())
    return dict(sorted(whole.items()))


def lay_out(entries: dict, root: Path, date: int) -> None:
    """Into a folder that must not have been there; whatever the umask."""
    root.mkdir(parents=True)
    for name, entry in with_folders(entries).items():
        path = root / name
        if entry.content is None:
            path.mkdir()
        else:
            path.write_bytes(entry.content)
        path.chmod(entry.mode)
    root.chmod(0o755)
    for name in reversed(with_folders(entries)):
        os.utime(root / name, (date, date))
    os.utime(root, (date, date))


def tar(entries: dict, date: int) -> bytes:
    """An uncompressed archive; everything belongs to root."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, entry in with_folders(entries).items():
            info = tarfile.TarInfo(name)
            info.mode, info.mtime = entry.mode, date
            if entry.content is None:
                info.type = tarfile.DIRTYPE
                archive.addfile(info)
            else:
                info.size = len(entry.content)
                archive.addfile(info, io.BytesIO(entry.content))
    return buffer.getvalue()
