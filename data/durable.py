"""Files that are whole or not there, whatever kills the process, and one writer at a time.

A file is written under a temporary name in its own folder, forced to the disk and then renamed: a reader
sees the old content or the new, never a part. A rename is only safe against a power cut once its folder has
been forced to the disk too, which is `sync_folder`.
"""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from data.store_errors import StoreBusy

TEMPORARY = ".tmp-"  # what the name of an unfinished file begins with
WAIT_S = 60.0
POLL_S = 0.02


def write_all(descriptor: int, content: bytes) -> None:
    """Write every byte: one call of the system may take only a part."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def write_whole(path: Path, content: bytes) -> None:
    """Make `path` hold `content`, or leave it as it was.

    Raises
    ------
    OSError
        If the system refuses; the temporary file is gone then.
    """
    unfinished = path.with_name(f"{TEMPORARY}{path.name}-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        descriptor = os.open(
            unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644
        )
        try:
            write_all(descriptor, content)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise


def append_line(path: Path, line: bytes) -> None:
    """Add one line to the end of `path` and force it to the disk; on failure the file is as it was.

    What a killed process left of an unfinished line is cut off first. Only for the holder of the lock.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    try:
        with os.fdopen(os.dup(descriptor), "rb") as file:
            size = file.read().rfind(b"\n") + 1
        os.ftruncate(descriptor, size)
        os.lseek(descriptor, size, os.SEEK_SET)
        try:
            write_all(descriptor, line + b"\n")
            os.fsync(descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Force the names in `folder` to the disk. Windows has no such call: there the rename itself must do."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def leftovers(folder: Path) -> list[Path]:
    """Unfinished files in `folder`, by name. Only the holder of the lock may take them for abandoned."""
    return sorted(folder.glob(f"{TEMPORARY}*")) if folder.is_dir() else []


@contextmanager
def writer_lock(root: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold the one writer's lock of `root`. The system frees it when a process ends, killed or not.

    POSIX systems lock with `flock`, Windows with `msvcrt.locking`. Network folders without locks are not
    meant for a store.

    Raises
    ------
    StoreBusy
        If another writer held it for `wait_s` seconds.
    OSError
        If the lock's file cannot be made.
    """
    descriptor = os.open(root / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        until = time.monotonic() + wait_s
        while not _try_lock(descriptor):
            if time.monotonic() >= until:
                raise StoreBusy(root, wait_s)
            time.sleep(POLL_S)
        yield
    finally:
        os.close(descriptor)  # frees the lock as well


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        """True once this process holds the lock."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        """True once this process holds the lock."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
