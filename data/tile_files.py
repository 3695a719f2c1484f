"""The files of tiles in a store: what one looks like, which there are, and whether they are whole.

Tiles are made from boundaries and nothing else: a sheet of areas is one file, named by the digest of the table that it
was made from, and all releases with the same boundaries share it. It can be deleted at any time.

A file is: eight bytes that name the form, uint32 length of the index, the index (JSON: the finest zoom, and "z/x/y" to
place, length and digest of a tile), the tiles, each compressed with gzip. A tile without an area is not in it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from data.objects import is_digest

FOLDER, SUFFIX = "tiles", ".tiles"
FORM = b"sltiles1"  # another form, or other tiles of the same boundaries, bears another name
Key = tuple[int, int, int]  # zoom, column, row


@dataclass(frozen=True, slots=True)
class Index:
    """Which tiles a file holds, and where each lies in it."""

    zoom: int  # of coarser ones and of this one all are held that have an area
    places: Mapping[str, tuple[int, int, str]]  # from the start of the file, length, digest
    length: int  # of the whole file


def path_of(root: Path, table: str, name: str) -> Path:
    """Where the tiles of a sheet lie that were made from the table of that digest."""
    return root / FOLDER / f"{table}-{FORM.decode()}-{name}{SUFFIX}"


def written(zoom: int, tiles: Mapping[Key, bytes]) -> bytes:
    """The content of a file: all tiles with an area up to a zoom."""
    places: dict[str, tuple[int, int, str]] = {}
    bodies: list[bytes] = []
    at = 0
    for (z, x, y), made in tiles.items():
        body = gzip.compress(made, 6, mtime=0)
        places[f"{z}/{x}/{y}"] = (at, len(body), _check(body))
        bodies.append(body)
        at += len(body)
    head = json.dumps({"zoom": zoom, "tiles": places}, separators=(",", ":"), sort_keys=True).encode()
    return b"".join([FORM, struct.pack("<I", len(head)), head, *bodies])


def tile(path: Path, key: Key, empty: bytes) -> bytes | None:
    """A tile of a file, compressed with gzip; None where it is not held, not whole, or no tile at all.

    Parameters
    ----------
    path : Path
        The file; it need not be there.
    key : tuple of int
        Zoom, column, row.
    empty : bytes
        The tile, not compressed, where no area is.
    """
    zoom, *spot = key
    if not all(0 <= number < 2**zoom for number in spot):
        return None
    try:
        index = _index_of(path)
        place = index.places.get("{}/{}/{}".format(*key))
        if place is None:
            return gzip.compress(empty, 6, mtime=0) if key[0] <= index.zoom else None
        start, length, check = place
        with path.open("rb") as file:
            file.seek(start)
            body = file.read(length)
    except (OSError, ValueError):
        return None
    return body if _check(body) == check else None


def fault(path: Path) -> str | None:
    """None if a file, read now, is whole, else "missing" or "damaged"."""
    try:
        index = _index_of(path)
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    except (OSError, ValueError):
        return "damaged"
    whole = all(_check(content[start : start + n]) == check for start, n, check in index.places.values())
    return None if whole and len(content) == index.length else "damaged"


def damaged(root: Path) -> list[Path]:
    """The files of tiles that are not whole; nothing is lost with them."""
    return [path for path in _files(root) if fault(path) is not None]


def unused(root: Path, tables: Collection[str]) -> list[Path]:
    """The files made from none of these tables, or of another form: what a prune deletes."""
    return [
        path for path, table in _files(root).items()
        if table not in tables or not path.name[64:].startswith(f"-{FORM.decode()}-")
    ]  # fmt: skip


def _files(root: Path) -> dict[Path, str]:
    """The files of tiles in a store, each with the digest of the table that it was made from."""
    folder = root / FOLDER
    found = sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []
    return {path: path.name[:64] for path in found if is_digest(path.name[:64])}


def _index_of(path: Path) -> Index:
    """The index of a file; errors as `_index`."""
    found = path.stat()
    return _index(path, found.st_ino, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=16)  # some hundred places each; a file that was replaced is another one
def _index(path: Path, _inode: int, _size: int, _changed: int) -> Index:
    """The index of a file as it is now.

    Raises
    ------
    OSError, ValueError
        If it cannot be read, or is none.
    """
    with path.open("rb") as file:
        start = file.read(len(FORM) + 4)
        if start[: len(FORM)] != FORM or len(start) != len(FORM) + 4:
            raise ValueError(f"{path.name} is no file of tiles")
        (length,) = struct.unpack("<I", start[len(FORM) :])
        head = file.read(length)
    begin = len(start) + length
    try:
        found = json.loads(head)
        places = {
            str(key): (begin + int(at), int(n), str(check)) for key, (at, n, check) in found["tiles"].items()
        }
        zoom = int(found["zoom"])
    except (KeyError, TypeError, AttributeError) as why:
        raise ValueError(f"{path.name} has no index") from why
    return Index(zoom, places, begin + sum(n for _, n, _ in places.values()))


def _check(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]
