"""What can be wrong with a store, each said in one sentence with the command that mends it."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} if hasattr(errno, "EDQUOT") else {errno.ENOSPC, errno.EFBIG}


class StoreError(Exception):
    """Something that a person can mend; its message is meant to be shown as it is."""


class NoStore(StoreError):
    """There is no release to read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        super().__init__(f"There is no store in {root}. Make one: python -m data demo --store {root}")


class NotReadable(StoreError):
    """The system refuses to read a file of the store."""

    def __init__(self, root: Path, why: OSError) -> None:
        self.root = root
        super().__init__(
            f"The store {root} cannot be read: {_reason(why)}. Give this user the right to read it."
        )


class NotWritable(StoreError):
    """The store is as it was before: the system refused a write."""

    def __init__(self, root: Path, why: OSError, needed_bytes: int) -> None:
        self.root, self.needed_bytes = root, needed_bytes
        mend = (
            "Free some space and run the command again"
            if why.errno in FULL
            else "Choose another folder with --store, or give this user the right to write there"
        )
        needed = f" About {needed_bytes:,} bytes are needed." if needed_bytes else ""  # 0: not known yet
        super().__init__(
            f"The store {root} cannot be written: {_reason(why)}.{needed} {mend}. Nothing was changed."
        )


class StoreBusy(StoreError):
    """Another process holds the writer's lock."""

    def __init__(self, root: Path, waited_s: float) -> None:
        super().__init__(
            f"Another process has been writing to the store {root} for more than {waited_s:.0f} seconds. "
            "Run the command again when it has ended. Nothing was changed."
        )


class StaleParent(StoreError):
    """Somebody else published since the tables were made; theirs is kept."""

    def __init__(self, root: Path, parent: str | None, current: str | None) -> None:
        self.parent, self.current = parent, current
        super().__init__(
            f"The store {root} has moved on: these tables were made from release {_short(parent)}, and "
            f"{_short(current)} is current now. Run the command again, so that nothing of it is lost. "
            "Nothing was changed."
        )


class UnknownRelease(StoreError):
    """A release was asked for that the store does not hold, or that several match."""

    def __init__(self, root: Path, asked: str, matches: Sequence[str], held: Sequence[str]) -> None:
        self.asked, self.held = asked, tuple(held)
        what = (
            f"'{asked}' begins {len(matches)} releases: {', '.join(_short(d) for d in matches)}"
            if matches
            else f"The store {root} holds no release '{asked}'"
        )
        listed = ", ".join(_short(d) for d in held[:12]) + (" and older ones" if len(held) > 12 else "")
        super().__init__(f"{what}. Held here, newest first: {listed or 'none'}.")


class UnknownTable(StoreError):
    """A table was asked for that the release does not hold."""

    def __init__(self, digest: str, asked: str, held: Sequence[str], kind: str = "table") -> None:
        super().__init__(
            f"Release {_short(digest)} holds no {kind} '{asked}'. It holds: {', '.join(held) or 'none'}."
        )


class Unstorable(StoreError):
    """A table that cannot be kept without loss."""

    def __init__(self, table: str, found: str, fix: str) -> None:
        super().__init__(f"Table '{table}': {found}. {fix}")


class DamagedObject(StoreError):
    """A file of the store is not what it is named for; its figures are not shown."""

    def __init__(self, root: Path, digest: str, found: str, kind: str = "object") -> None:
        self.root, self.digest, self.found, self.kind = root, digest, found, kind
        super().__init__(
            f"The {kind} {digest} of the store {root} is {found}, so nothing of it is shown. "
            f"List all damage: python -m data verify --store {root}; "
            f"write the embedded tables again: python -m data demo --store {root}; "
            "bring other tables back from a copy of the store."
        )


class TooNew(StoreError):
    """The store was written by a later version of the program."""

    def __init__(self, root: Path, digest: str, found: object, known: int) -> None:
        super().__init__(
            f"Release {_short(digest)} of the store {root} has format {found}, and this program knows "
            f"formats up to {known}. Bring the program up to date."
        )


def _short(digest: str | None) -> str:
    """The first 12 digits, enough to name a release."""
    return digest[:12] if digest else "none"


def _reason(why: OSError) -> str:
    """The system's own words, with the file where it is known."""
    text = why.strerror or str(why)
    return f"{text.lower()} ({why.filename})" if why.filename else text.lower()
