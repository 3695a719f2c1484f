"""Objects: files named by the SHA-256 of their content, and read only while that is true.

One flipped bit in a table often gives a wrong sum without any error, so no object is read unchecked. What is
read as a whole is checked on the very bytes that are used. What DuckDB reads by path is checked when a
process first opens it, when its file looks changed, and hourly.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from pathlib import Path

from data.durable import write_whole
from data.store_errors import DamagedObject, NotReadable

FOLDER = "objects"
RECHECK_S = 3600.0
SETTLED_NS = 50_000_000  # file systems stamp times in steps of some milliseconds

Stamp = tuple[int, ...]


def object_path(root: Path, digest: str) -> Path:
    """Where the object of this content lies."""
    return root / FOLDER / f"{digest}.parquet"


def put(root: Path, content: bytes) -> bool:
    """Keep `content` under its digest; True if a file was written, False if it was there and whole."""
    digest = hashlib.sha256(content).hexdigest()
    if fault(root, digest) is None:
        return False
    write_whole(object_path(root, digest), content)
    return True


def read(root: Path, digest: str) -> bytes:
    """The content named `digest`.

    Raises
    ------
    DamagedObject
        If the file is missing or its content is another.
    """
    try:
        content = object_path(root, digest).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise DamagedObject(root, digest, "missing") from None
    except OSError as why:
        raise NotReadable(root, why) from why
    if hashlib.sha256(content).hexdigest() != digest:
        raise DamagedObject(root, digest, "damaged")
    return content


def fault(root: Path, digest: str) -> str | None:
    """None if the file, read now, holds what it is named for, else "missing", "damaged" or "unreadable"."""
    try:
        with object_path(root, digest).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    except OSError:
        return "unreadable"
    return None if found == digest else "damaged"


def stamp(path: Path) -> Stamp:
    """What changes when a file is replaced or rewritten: device, inode, size and times."""
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


class Checked:
    """What one process has checked of one store; safe to use from many threads."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen: dict[str, tuple[Stamp, float]] = {}
        self._lock = threading.Lock()

    def require(self, digest: str, now_s: float) -> None:
        """Return if the object `digest` is whole, as far as its file's stamp and the last hour tell.

        Raises
        ------
        DamagedObject
            If it is missing or holds something else.
        """
        try:
            before = stamp(object_path(self._root, digest))
        except OSError:
            raise DamagedObject(self._root, digest, "missing") from None
        with self._lock:
            known, checked_s = self._seen.get(digest, (None, now_s))
        if known == before and 0 <= now_s - checked_s < RECHECK_S:
            return
        found = fault(self._root, digest)
        with self._lock:
            if found is None and _settled(before):
                self._seen[digest] = (before, now_s)
            else:
                self._seen.pop(digest, None)
        if found is not None:
            raise DamagedObject(self._root, digest, found)


def _settled(found: Stamp) -> bool:
    """False for a file so new that a second change could bear the same times."""
    return time.time_ns() - max(found[-2:]) > SETTLED_NS


def object_digests(root: Path) -> dict[str, Path]:
    """The files of the objects folder that bear an object's name, by digest."""
    folder = root / FOLDER
    if not folder.is_dir():
        return {}
    found = (Path(entry.path) for entry in os.scandir(folder) if entry.is_file())
    return {path.stem: path for path in sorted(found) if path.suffix == ".parquet" and is_digest(path.stem)}


def is_digest(text: str) -> bool:
    """True for 64 lower-case hexadecimal digits."""
    return len(text) == 64 and not set(text) - set("0123456789abcdef")
