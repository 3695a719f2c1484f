"""The store: immutable releases named by their content, one of which is current.

Layout under the root::

    objects/<sha256>.parquet   one table or one partition of a table
    tiles/                     drawings made from one object; they can be deleted and are made again
    releases/<digest>.json     a Data Package descriptor: every table with path, hash, schema, sources and
                               licences; its paths start at the root
    log/releases.jsonl         who published what after what, when and why; lines are only ever added
    CURRENT                    the digest of one release

A release is written from the bottom up: objects, descriptor, log, and last the pointer, which is replaced in
one step. Killed anywhere, the store is what it was before or what it was to become. The digest of a release
covers the names of its tables with the hashes of their contents and nothing else, so the same tables are the
same release, whoever publishes them and whenever.
"""

from __future__ import annotations

import importlib
import io
import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import duckdb
import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq

from data import descriptors, durable, objects, tile_files
from data.descriptors import Resource, ResourceAbout
from data.releases_sql import Part, reader_of
from data.store_errors import (
    DamagedObject,
    NoStore,
    NotReadable,
    NotWritable,
    StaleParent,
    StoreBusy,
    StoreError,
    TooNew,
    UnknownRelease,
    UnknownTable,
    Unstorable,
)

__all__ = [
    "Damage",
    "DamagedObject",
    "NoStore",
    "NotReadable",
    "NotWritable",
    "PruneReport",
    "Release",
    "ReleaseInfo",
    "Resource",
    "ResourceAbout",
    "StaleParent",
    "Store",
    "StoreBusy",
    "StoreError",
    "TooNew",
    "UnknownRelease",
    "UnknownTable",
    "Unstorable",
]


DAMAGED = "damaged"  # in the log, the parent of a release that mended a pointer which could not be read


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseInfo:
    """A line of the list of releases."""

    digest: str
    parent: str | None
    reason: str
    author: str
    time: datetime  # UTC
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One file that is not what it should be."""

    kind: Literal["object", "release", "pointer", "log", "tiles"]
    # Of the object or release; for the pointer what it says, for the log the number of the line, for tiles the name of
    # the file, which is not used while it is damaged.
    digest: str
    path: Path
    found: str  # "missing", "damaged", …
    releases: tuple[str, ...]  # the releases that cannot be read whole for it


@dataclass(frozen=True, slots=True, kw_only=True)
class PruneReport:
    """What was deleted and what was kept."""

    releases: tuple[str, ...]
    objects: tuple[str, ...]
    temporary: int
    bytes_freed: int
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """An immutable state of all tables. Hold on to one for as long as one page is made from it."""

    digest: str
    resources: Mapping[str, Resource] = field(repr=False, compare=False)
    root: Path = field(repr=False)
    clock: Callable[[], float] = field(default=time.monotonic, repr=False, compare=False)

    def frame(self, name: str) -> pd.DataFrame:
        """The table `name`, without its geometry; all partitions together where only they bear that name.

        Raises
        ------
        UnknownTable
            If the release holds no such table.
        DamagedObject
            If its content is not what the release names: nothing is shown then.
        """
        parts: list[pd.DataFrame] = []
        for resource in self._parts(name):
            table = pq.read_table(io.BytesIO(self._read(resource)), use_threads=False)
            parts.append(table.drop_columns([resource.geometry] if resource.geometry else []).to_pandas())
        return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)

    def geoframe(self, name: str) -> gpd.GeoDataFrame:
        """The table `name` with its geometry in EPSG:4326; errors as in `frame`."""
        resources = self._parts(name)
        if any(resource.geometry is None for resource in resources):
            held = sorted(r.name for r in self.resources.values() if r.geometry)
            raise UnknownTable(self.digest, name, held, "table with geometry")
        parts = [gpd.read_parquet(io.BytesIO(self._read(resource))) for resource in resources]
        return parts[0] if len(parts) == 1 else gpd.GeoDataFrame(pd.concat(parts, ignore_index=True))

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB cursor that sees this release's tables by name, partitions united, without geometries.

        Take one for each request and close it (`with release.cursor() as sql: …`); a cursor must not be
        shared by threads. Every object is known to be whole when this returns.
        """
        reader = reader_of(self.root)
        now_s = self.clock()
        for resource in self.resources.values():
            try:
                reader.checked.require(resource.sha256, now_s)
            except DamagedObject:
                self._refuse_if_pruned()
                raise
        views: dict[str, list[Part]] = {}
        for name in sorted(self.resources):
            resource = self.resources[name]
            if [f["name"] for f in resource.fields] != [resource.geometry]:  # else there is nothing to select
                without = (resource.geometry,) if resource.geometry else ()
                views.setdefault(resource.family, []).append(Part(resource.sha256, without))
        return reader.cursor(self.digest, views)

    def held_beside(self, names: Collection[str]) -> dict[str, tuple[bytes, Resource]]:
        """The checked bytes of every other table, with what is said of it."""
        others = {name: resource for name, resource in self.resources.items() if name not in names}
        return {name: (self._read(resource), resource) for name, resource in others.items()}

    def changes_from(self, before: Release | None) -> tuple[str, ...]:
        """The tables that differ, "added: …", "changed: …" or "removed: …", by name; () if none does."""
        old = {name: r.sha256 for name, r in before.resources.items()} if before else {}
        new = {name: r.sha256 for name, r in self.resources.items()}
        return tuple(
            f"{'added' if name not in old else 'removed' if name not in new else 'changed'}: {name}"
            for name in sorted(old.keys() | new.keys())
            if old.get(name) != new.get(name)
        )

    def _parts(self, name: str) -> list[Resource]:
        """The resource of that name, or the partitions of that table."""
        if name in self.resources:
            return [self.resources[name]]
        parts = [r for key, r in sorted(self.resources.items()) if "/" in key and r.family == name]
        if not parts:
            raise UnknownTable(self.digest, name, sorted(self.resources))
        return parts

    def _read(self, resource: Resource) -> bytes:
        """The checked bytes of one object."""
        try:
            return objects.read(self.root, resource.sha256)
        except DamagedObject:
            self._refuse_if_pruned()
            raise

    def _refuse_if_pruned(self) -> None:
        """Say that the release is gone, where that is why its objects are."""
        if not _descriptor_path(self.root, self.digest).exists():
            store = Store(self.root)
            raise UnknownRelease(self.root, self.digest[:12], (), [i.digest for i in store.releases()])


class Store:
    """The releases in one folder. Nothing is created before the first `publish`.

    Parameters
    ----------
    root : Path
        The folder.
    clock : Callable[[], float]
        Seconds, for the hourly check of what is read by SQL.
    now : Callable[[], datetime]
        The time written to the log.
    """

    def __init__(
        self,
        root: Path,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.root = Path(root).resolve()
        self._clock, self._now = clock, now
        self._opened: dict[str, tuple[objects.Stamp, Release]] = {}

    def publish(
        self,
        tables: Mapping[str, pd.DataFrame | gpd.GeoDataFrame],
        *,
        reason: str,
        author: str = "siteline",
        about: Mapping[str, ResourceAbout] | None = None,
        progress: Callable[[str], None] | None = None,
        parent: str | None = None,
        rest_of: Release | None = None,
    ) -> Release:
        """Make `tables` the current release.

        Parameters
        ----------
        tables : Mapping[str, pd.DataFrame | gpd.GeoDataFrame]
            By name, "sources" or "observations/hti-eq2010"; the order does not matter. Row labels are not
            kept; geometry is in EPSG:4326.
        reason, author : str
            For the log: why, and which role or program.
        about : Mapping[str, ResourceAbout] | None
            By name, or by the part before "/" for all partitions.
        progress : Callable[[str], None] | None
            Is told each step as a line.
        parent : str | None
            The release that the tables were made from. None: the one that is current now.
        rest_of : Release | None
            A release of this store whose other tables, with the words about them, stay as they are.

        Returns
        -------
        Release
            The new release, or the same one again if no table changed; then the log gets no line.

        Raises
        ------
        Unstorable
            If a table cannot be kept without loss.
        DamagedObject
            If a table that stays is not what its release names.
        StaleParent
            If another release became current in the meantime.
        NotWritable, StoreBusy
            If the system refuses, or another writer does not end. The store is as it was before.
        """
        if not reason.strip():
            raise ValueError("A release needs a reason: say in one sentence why the tables changed.")
        say = progress or (lambda _: None)
        parent = parent or self._pointer()
        kept = rest_of.held_beside(tables) if rest_of else {}
        contents, resources = descriptors.encoded(tables, about or {}, say, kept)
        digest = descriptors.release_digest({name: r.sha256 for name, r in resources.items()})
        descriptor = descriptors.descriptor(digest, resources)
        needed = len(descriptor) + sum(len(c) for sha, c in contents.items() if objects.fault(self.root, sha))
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with durable.writer_lock(self.root):
                current = self._pointer()
                if current not in {parent, digest}:
                    self._refuse_stale(parent, current)
                self._write_release(digest, contents, descriptor, say)
                if current != digest:
                    self._log(digest, current, reason, author)
                    self._move_pointer(digest)
        except OSError as why:
            raise NotWritable(self.root, why, needed) from why
        say(f"release {digest[:12]}: {'0 changes' if current == digest else 'current now'}")
        release = Release(digest, MappingProxyType(resources), self.root, self._clock)
        # Imported here: it asks releases, which this module makes. The release is whole without what it makes.
        importlib.import_module("data.tile_store").build(release, say)
        return release

    def current(self) -> Release:
        """The current release.

        Raises
        ------
        NoStore
            If nothing was published here.
        DamagedObject
            If the pointer or the descriptor is damaged.
        """
        pointer = self._pointer()
        if pointer is None:
            raise NoStore(self.root)
        if not objects.is_digest(pointer):
            raise DamagedObject(self.root, "CURRENT", "damaged", "pointer")
        return self._open(pointer)

    def release(self, digest: str) -> Release:
        """The release whose digest begins with `digest`.

        Raises
        ------
        UnknownRelease
            If there is none, or more than one; the message lists what is held.
        """
        return self._open(self._resolve(digest))

    def whole(self, digest: str) -> Release:
        """The release of that very digest: what is kept for a year has its whole name.

        Raises
        ------
        LookupError
            If the digest is only the beginning of one.
        UnknownRelease
            If it is not held.
        """
        found = self.release(digest)
        if found.digest != digest:
            raise LookupError("what is kept for a year has the whole name of its release")
        return found

    def releases(self) -> list[ReleaseInfo]:
        """The releases that are or were current and not pruned, newest first; [] without a store."""
        pointer = self._pointer()
        held = set(self._descriptors())
        found: dict[str, ReleaseInfo] = {}
        for line in _in_effect(self._log_lines(), pointer):
            if line["digest"] in held and line["digest"] not in found:
                found[line["digest"]] = ReleaseInfo(
                    digest=line["digest"],
                    parent=None if line["parent"] == DAMAGED else line["parent"],
                    reason=line["reason"],
                    author=line["author"],
                    time=datetime.fromisoformat(line["time"]),
                    current=line["digest"] == pointer,
                )
        if pointer in held and pointer not in found:
            written = _descriptor_path(self.root, pointer).stat().st_mtime
            found = {
                pointer: ReleaseInfo(
                    digest=pointer,
                    parent=None,
                    reason="reason not found: its line in the log is damaged",
                    author="author not found",
                    time=datetime.fromtimestamp(written, UTC),
                    current=True,
                )
            } | found
        return list(found.values())

    def verify(self, digest: str | None = None) -> list[Damage]:
        """Read everything again and list what is not as it should be; [] if all is well.

        Parameters
        ----------
        digest : str | None
            Only this release (or its unique beginning). None: all of them, the pointer and the log.

        Raises
        ------
        NoStore
            If nothing was published here.
        """
        pointer = self._pointer()
        if pointer is None:
            raise NoStore(self.root)
        damage: list[Damage] = []
        users: dict[str, dict[str, None]] = {}
        for release in self._descriptors() if digest is None else [self._resolve(digest)]:
            try:
                for resource in self._parsed(release).values():
                    users.setdefault(resource.sha256, {})[release] = None
            except DamagedObject as found:
                path = _descriptor_path(self.root, release)
                damage.append(
                    Damage(kind="release", digest=release, path=path, found=found.found, releases=(release,))
                )
        for sha, releases in sorted(users.items()):
            what = objects.fault(self.root, sha)
            if what is not None:
                path = objects.object_path(self.root, sha)
                damage.append(
                    Damage(kind="object", digest=sha, path=path, found=what, releases=tuple(releases))
                )
        if digest is None:
            damage += self._verify_words(pointer)
            damage += [
                Damage(kind="tiles", digest=path.stem, path=path, found="damaged", releases=())
                for path in tile_files.damaged(self.root)
            ]
        return damage

    def prune(self, keep: Collection[str] = ()) -> PruneReport:
        """Delete all releases but the current one and those in `keep`, and the objects that none of them uses.

        Parameters
        ----------
        keep : Collection[str]
            Digests, or their unique beginnings.

        Raises
        ------
        NoStore, UnknownRelease, DamagedObject
            If it cannot be known what must stay; nothing is deleted then.
        NotWritable
            If the system refuses. The current release is whole all the same.
        """
        if self._pointer() is None:
            raise NoStore(self.root)
        try:
            with durable.writer_lock(self.root):
                kept = {self.current().digest, *(self._resolve(digest) for digest in keep)}
                used = {r.sha256 for digest in sorted(kept) for r in self._parsed(digest).values()}
                releases = [d for d in self._descriptors() if d not in kept]
                freed = sum(_delete(_descriptor_path(self.root, digest)) for digest in releases)
                # Descriptors go first: an object without a release is waste, a release without it is damage.
                durable.sync_folder(self._folder("releases"))
                unused = {d: path for d, path in objects.object_digests(self.root).items() if d not in used}
                freed += sum(_delete(path) for path in unused.values())
                freed += sum(_delete(path) for path in tile_files.unused(self.root, used))
                folders = (self.root, *map(self._folder, ("releases", objects.FOLDER, tile_files.FOLDER)))
                unfinished = [path for folder in folders for path in durable.leftovers(folder)]
                freed += sum(_delete(path) for path in unfinished)
        except OSError as why:
            raise NotWritable(self.root, why, 0) from why
        return PruneReport(
            releases=tuple(releases),
            objects=tuple(unused),
            temporary=len(unfinished),
            bytes_freed=freed,
            kept=tuple(sorted(kept)),
        )

    # --- writing -----------------------------------------------------------------------------------------

    def _refuse_stale(self, parent: str | None, current: str | None) -> None:
        """Refuse to move the pointer away from a release that the writer has not seen."""
        raise StaleParent(self.root, parent, current)

    def _write_release(
        self, digest: str, contents: Mapping[str, bytes], descriptor: bytes, say: Callable[[str], None]
    ) -> None:
        """Write what is missing or damaged of a release, objects first, and force it to the disk."""
        for folder in (objects.FOLDER, "releases", "log"):
            self._folder(folder).mkdir(exist_ok=True)
        durable.sync_folder(self.root)
        written = [objects.put(self.root, content) for content in contents.values()]
        durable.sync_folder(self._folder(objects.FOLDER))
        path = _descriptor_path(self.root, digest)
        if not path.exists() or path.read_bytes() != descriptor:
            durable.write_whole(path, descriptor)
            durable.sync_folder(self._folder("releases"))
        say(f"{sum(written)} of {len(contents)} objects written, the others were there")

    def _log(self, digest: str, parent: str | None, reason: str, author: str) -> None:
        """Add the line of a publication; it takes effect with the pointer."""
        line = {
            "digest": digest,
            "parent": parent if parent is None or objects.is_digest(parent) else DAMAGED,
            "reason": reason,
            "author": author,
            "time": self._now().astimezone(UTC).isoformat(timespec="seconds"),
        }
        durable.append_line(
            self._log_path(), descriptors.canonical({**line, "check": descriptors.check_of(line)})
        )
        durable.sync_folder(self._folder("log"))

    def _move_pointer(self, digest: str) -> None:
        """Make `digest` current in one step."""
        durable.write_whole(self.root / "CURRENT", f"{digest}\n".encode())
        durable.sync_folder(self.root)

    # --- reading -----------------------------------------------------------------------------------------

    def _folder(self, name: str) -> Path:
        return self.root / name

    def _log_path(self) -> Path:
        return self._folder("log") / "releases.jsonl"

    def _pointer(self) -> str | None:
        """What CURRENT says, whatever that is; None where there is none."""
        try:
            return (self.root / "CURRENT").read_bytes().decode("ascii", "replace").removesuffix("\n")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as why:
            raise NotReadable(self.root, why) from why

    def _descriptors(self) -> list[str]:
        """The digests that descriptors are named for, sorted."""
        folder = self._folder("releases")
        return (
            sorted(p.stem for p in folder.glob("*.json") if objects.is_digest(p.stem))
            if folder.is_dir()
            else []
        )

    def _resolve(self, beginning: str) -> str:
        """The one digest that begins so."""
        held = self._descriptors()
        if self._pointer() is None:
            raise NoStore(self.root)
        matches = [digest for digest in held if beginning and digest.startswith(beginning)]
        if len(matches) != 1:
            raise UnknownRelease(self.root, beginning, matches, [i.digest for i in self.releases()])
        return matches[0]

    def _open(self, digest: str) -> Release:
        """The release, parsed once for as long as its descriptor's file stays the same."""
        try:
            found = objects.stamp(_descriptor_path(self.root, digest))
        except OSError:
            raise DamagedObject(self.root, digest, "missing", "release") from None
        known = self._opened.get(digest)
        if known and known[0] == found:
            return known[1]
        release = Release(digest, self._parsed(digest), self.root, self._clock)
        self._opened[digest] = (found, release)
        return release

    def _parsed(self, digest: str) -> Mapping[str, Resource]:
        """The resources of a descriptor, if every byte of it is as it was written."""
        try:
            content = _descriptor_path(self.root, digest).read_bytes()
        except FileNotFoundError:
            raise DamagedObject(self.root, digest, "missing", "release") from None
        except OSError as why:
            raise NotReadable(self.root, why) from why
        try:
            resources = descriptors.parsed(digest, content)
        except descriptors.UnknownFormat as later:
            raise TooNew(self.root, digest, later.found, descriptors.FORMAT) from None
        if resources is None:
            raise DamagedObject(self.root, digest, "damaged", "release")
        return resources

    def _log_lines(self) -> list[dict[str, Any] | None]:
        """The lines of the log, oldest first; None for one that cannot be read."""
        try:
            content = self._log_path().read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as why:
            raise NotReadable(self.root, why) from why
        # After the last line break comes what a killed process left of a line: it never took effect.
        return [_log_line(line) for line in content.split(b"\n")[:-1]]

    def _verify_words(self, pointer: str) -> list[Damage]:
        """Damage of the pointer and of the log."""
        damage = []
        if pointer not in self._descriptors():
            path = self.root / "CURRENT"
            damage.append(
                Damage(kind="pointer", digest=pointer, path=path, found="names no release", releases=())
            )
        for number, line in enumerate(self._log_lines(), start=1):
            if line is None:
                path = self._log_path()
                damage.append(Damage(kind="log", digest=str(number), path=path, found="damaged", releases=()))
        return damage


def _in_effect(lines: Sequence[dict[str, Any] | None], pointer: str | None) -> Iterator[dict[str, Any]]:
    """The lines of publications that moved the pointer, newest first.

    A process killed between log and pointer leaves a line that nothing starts from: the next one, or the
    pointer, starts from the line before it. Where that cannot be read, a line is taken at its word.
    """
    follower = pointer
    for line in reversed(lines):
        if line is not None and follower in {DAMAGED, line["digest"]}:
            yield line
        follower = DAMAGED if line is None else line["parent"]


def _log_line(line: bytes) -> dict[str, Any] | None:
    """A line of the log as it was written, else None."""
    try:
        found = json.loads(line)
        check = found.pop("check")
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    return found if check == descriptors.check_of(found) else None


def _descriptor_path(root: Path, digest: str) -> Path:
    """Where the descriptor of a release lies."""
    return root / "releases" / f"{digest}.json"


def _delete(path: Path) -> int:
    """Delete a file and say how many bytes it had."""
    size = path.stat().st_size
    path.unlink()
    return size
