"""The store when things go wrong: flipped bits, killed writers, full disks, many processes at once.

Each guard has a control: the same check on a store without the guard, which must fail it.
"""

from __future__ import annotations

import multiprocessing as mp
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data import durable, objects
from data.store import DamagedObject, NoStore, NotWritable, Release, Store, StoreBusy, StoreError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")

NAMES = ("counts/a", "counts/b", "places", "sources")
ROWS = 400
LONG = os.environ.get("SITELINE_LONG") == "1"
NOT_WRITABLE = 3  # how a child says that it was refused with a message that helps

# A fork of a clean process that has the modules loaded: quick to start, and no thread is copied half-way.
CHILDREN = mp.get_context("forkserver")
CHILDREN.set_forkserver_preload(["data.store", __name__])


def tables(version: int) -> dict[str, pd.DataFrame]:
    """Four tables that all say the same version, with values that do not compress."""
    values = np.random.default_rng(version).integers(0, 2**40, (len(NAMES), ROWS))
    return {
        name: pd.DataFrame({"version": version, "value": row})
        for name, row in zip(NAMES, values, strict=True)
    }


def version_of(release: Release) -> int:
    """The one version that all tables of a release say, read as frames and by SQL; fails if they differ."""
    said = {int(v) for name in NAMES for v in release.frame(name)["version"].unique()}
    with release.cursor() as sql:
        for name in {name.partition("/")[0] for name in NAMES}:
            said |= {int(v) for (v,) in sql.execute(f"SELECT DISTINCT version FROM {name}").fetchall()}  # noqa: S608 - a fixed list of names
    assert len(said) == 1, f"mixed versions {said}"
    return said.pop()


def whole(root: Path) -> int:
    """The version that a store is in; fails unless every file of it is as it should be."""
    store = Store(root)
    assert store.verify() == []
    assert [info.current for info in store.releases()].count(True) == 1
    return version_of(store.current())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A store that holds version 1."""
    Store(tmp_path / "store").publish(tables(1), reason="version 1")
    return tmp_path / "store"


# --- flipped bits ----------------------------------------------------------------------------------------


@contextmanager
def flipped(path: Path, bit: int) -> Iterator[None]:
    """One bit of a file turned over, and back again."""

    def turn() -> None:
        with path.open("r+b") as file:
            file.seek(bit // 8)
            byte = file.read(1)[0]
            file.seek(bit // 8)
            file.write(bytes([byte ^ 1 << bit % 8]))

    turn()
    try:
        yield
    finally:
        turn()


def flips(paths: list[Path], count: int) -> list[tuple[Path, int]]:
    """Bits picked at random over some files, the same in every run."""
    choice = random.Random(20130930)
    picked = [choice.choice(sorted(paths)) for _ in range(count)]
    return [(path, choice.randrange(8 * path.stat().st_size)) for path in picked]


def test_no_figure_is_read_from_a_flipped_bit(root: Path) -> None:
    """Sixty bits of the objects, one at a time: frames and SQL refuse and name the object, `verify` lists it."""
    store = Store(root)
    release = store.current()
    sums = {name: release.frame(name)["value"].sum() for name in NAMES}
    for path, bit in flips(list(objects.object_digests(root).values()), 60):
        with flipped(path, bit):
            hit = [name for name in NAMES if release.resources[name].sha256 == path.stem]
            for name in hit:
                with pytest.raises(DamagedObject, match=path.stem):
                    release.frame(name)
            with pytest.raises(DamagedObject, match=path.stem):
                release.cursor()
            assert [(d.kind, d.digest, d.releases) for d in store.verify()] == [
                ("object", path.stem, (release.digest,))
            ]
    assert {name: release.frame(name)["value"].sum() for name in NAMES} == sums
    assert version_of(release) == 1


def test_without_the_check_a_flipped_bit_gives_a_wrong_figure(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same sixty bits, read unchecked: some sums are wrong and nothing says so."""
    monkeypatch.setattr(objects, "read", lambda root, digest: objects.object_path(root, digest).read_bytes())
    release = Store(root).current()
    right = release.frame("sources")["value"].sum()
    found = []
    for path, bit in flips(list(objects.object_digests(root).values()), 60):
        with flipped(path, bit):
            try:
                found.append("right" if release.frame("sources")["value"].sum() == right else "wrong")
            except Exception:  # noqa: BLE001 - whatever the reader makes of broken bytes
                found.append("error")
    assert "wrong" in found


def test_a_missing_object_is_named(root: Path) -> None:
    """A deleted object is damage too, and publishing the same tables again mends it with 0 changes."""
    store = Store(root)
    release = store.current()
    lost = release.resources["places"].sha256
    objects.object_path(root, lost).unlink()
    with pytest.raises(DamagedObject, match=rf"{lost} .* is missing.*python -m data verify --store"):
        release.frame("places")
    with pytest.raises(DamagedObject, match=lost):
        release.cursor()
    assert [(d.digest, d.found) for d in store.verify(release.digest[:8])] == [(lost, "missing")]
    assert store.publish(tables(1), reason="mend").changes_from(release) == ()
    assert whole(root) == 1


def test_publishing_again_mends_a_damaged_object(root: Path) -> None:
    """An object that is there is read before it is trusted, and written again when it is damaged."""
    path = next(iter(objects.object_digests(root).values()))
    path.write_bytes(b"not a table")
    Store(root).publish(tables(1), reason="mend")
    assert whole(root) == 1


def test_decay_that_leaves_no_trace_is_found_within_the_hour(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the file's stamp does not change, SQL finds a flipped bit at the next hourly check."""
    now_s = [0.0]
    release = Store(root, clock=lambda: now_s[0]).current()
    monkeypatch.setattr(objects, "stamp", lambda _: (0, 0, 0, 0, 0))
    release.cursor().close()
    with flipped(objects.object_path(root, release.resources["places"].sha256), 800):
        now_s[0] = objects.RECHECK_S - 1
        release.cursor().close()  # what the hourly check is for
        now_s[0] = objects.RECHECK_S
        with pytest.raises(DamagedObject):
            release.cursor()
    release.cursor().close()


def test_no_word_is_read_from_a_flipped_bit(root: Path) -> None:
    """A bit of a descriptor, of the pointer or of the log never gives another table, licence, release or reason."""
    store = Store(root)
    store.publish(tables(2), reason="version 2")
    current = store.current().digest
    for path, bit in flips([root / "releases" / f"{current}.json"], 40):
        with flipped(path, bit):
            with pytest.raises(DamagedObject, match=current):
                Store(root).current()
            assert [(d.kind, d.digest) for d in store.verify()] == [("release", current)]
    for bit in range(8 * (root / "CURRENT").stat().st_size):
        with flipped(root / "CURRENT", bit):
            with pytest.raises(DamagedObject):
                Store(root).current()
            assert "pointer" in {d.kind for d in store.verify()}
    for path, bit in flips([root / "log" / "releases.jsonl"], 40):
        with flipped(path, bit):
            reasons = {info.reason for info in store.releases()}
            assert reasons <= {"version 1", "version 2", "reason not found: its line in the log is damaged"}
    assert whole(root) == 2


def test_a_damaged_pointer_is_mended_by_publishing(root: Path) -> None:
    """A pointer that names nothing does not block the next release, and the earlier ones stay listed."""
    (root / "CURRENT").write_bytes(b"\x00\xff")
    Store(root).publish(tables(2), reason="version 2")
    assert whole(root) == 2
    assert [info.reason for info in Store(root).releases()] == ["version 2", "version 1"]


# --- killed writers --------------------------------------------------------------------------------------


def write_in_place(path: Path, content: bytes) -> None:
    """The control: a writer that empties the file and fills it again."""
    with path.open("wb", buffering=0) as file:
        durable.write_all(file.fileno(), content)
        os.fsync(file.fileno())


def publish_child(root: Path, version: int, started: Event) -> None:
    """Publish in a process of its own, saying when it starts."""
    new = tables(version)
    started.set()
    Store(root).publish(new, reason=f"version {version}")


def killed_child(root: Path, version: int, step: int, in_place: bool) -> None:
    """Publish, and die at the call number `step` that touches the disk; half of a write is done by then."""
    if in_place:
        durable.write_whole = write_in_place  # this process is made for it and ends with it
    new, calls = tables(version), iter(range(10_000))

    def mortal(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            if next(calls) == step:
                if name == "write":
                    real(args[0], bytes(args[1])[: len(args[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **named)

        return call

    for name in ("write", "fsync", "replace", "ftruncate", "mkdir"):
        setattr(os, name, mortal(name, getattr(os, name)))
    Store(root).publish(new, reason=f"version {version}")


def killed_everywhere(root: Path, in_place: bool) -> list[str]:
    """What is wrong after a kill at each call of a publication in turn; [] if the store always was whole."""
    before, wrong = 1, []
    for step in range(200):
        version = 100 + step
        child = CHILDREN.Process(target=killed_child, args=(root, version, step, in_place))
        child.start()
        child.join()
        try:
            after = whole(root)
            assert after in {before, version}
        except (AssertionError, StoreError) as why:
            wrong.append(f"step {step}: {why}")
            if in_place:
                return wrong  # for the control one is enough
            Store(root).publish(tables(1), reason="start again")
            after = 1
        if child.exitcode == 0:
            assert step > 15, "a publication has more calls than that: the kill did not work"
            return wrong
        assert child.exitcode == -signal.SIGKILL
        before = after
    raise AssertionError("the publication did not end")


def test_killed_at_every_call_the_store_is_before_or_after(root: Path) -> None:
    """However far a publication came, the store opens whole, as it was or as it was to become; prune tidies up."""
    assert killed_everywhere(root, in_place=False) == []
    assert any(durable.leftovers(root / "objects"))
    Store(root).prune()
    assert not any(durable.leftovers(folder) for folder in (root, root / "objects", root / "releases"))
    assert len(objects.object_digests(root)) == len(
        {r.sha256 for r in Store(root).current().resources.values()}
    )
    whole(root)


def test_written_in_place_a_kill_breaks_the_store(root: Path) -> None:
    """The control: the same kills, with files that are emptied and filled again."""
    assert killed_everywhere(root, in_place=True)


def test_killed_at_random_moments_the_store_is_before_or_after(root: Path) -> None:
    """Fifty kills from outside, at moments spread over a publication: before or after, never between."""
    choice = random.Random(50)
    started = CHILDREN.Event()
    child = CHILDREN.Process(target=publish_child, args=(root, 2, started))
    child.start()
    started.wait()
    begin = time.monotonic()
    child.join()
    span_s, before = time.monotonic() - begin, whole(root)
    assert before == 2
    for version in range(3, 53):
        started.clear()
        child = CHILDREN.Process(target=publish_child, args=(root, version, started))
        child.start()
        started.wait()
        time.sleep(choice.uniform(0, span_s))
        child.kill()
        child.join()
        after = whole(root)
        assert after in {before, version}
        before = after
    assert Store(root).publish(tables(99), reason="the lock is free").frame("places")["version"].iloc[0] == 99


def test_a_second_writer_waits_and_then_says_so(root: Path) -> None:
    """While one writer holds the lock another does not write; it names the reason and changes nothing."""
    with (
        durable.writer_lock(root),
        pytest.raises(StoreBusy, match="Run the command again"),
        durable.writer_lock(root, 0.05),
    ):
        pass
    assert whole(root) == 1


# --- no space, no right ----------------------------------------------------------------------------------


def limited_child(root: Path, limit_bytes: int) -> None:
    """Publish where no file may grow beyond a limit, which the system reports much like a full disk."""
    import resource  # not on every system

    new = tables(2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
    try:
        Store(root).publish(new, reason="version 2")
    except NotWritable as why:
        told = "Free some space" in str(why) and "Nothing was changed" in str(why) and why.needed_bytes > 0
        os._exit(NOT_WRITABLE if told else 1)


def test_on_a_full_disk_the_store_stays_as_it_was(root: Path) -> None:
    """Sizes from 0 to the whole at which a write fails: the message says how much is needed, and reading goes on."""
    largest = max(p.stat().st_size for p in (root / "releases").iterdir())
    largest = max(largest, *(p.stat().st_size for p in objects.object_digests(root).values()))
    for limit in np.linspace(0, largest - 200, 20, dtype=int):  # each file is cut in several places
        child = CHILDREN.Process(target=limited_child, args=(root, int(limit)))
        child.start()
        child.join()
        assert child.exitcode == NOT_WRITABLE, f"with {limit} of {largest} bytes"
        assert whole(root) == 1
        assert not any(durable.leftovers(folder) for folder in (root, root / "objects", root / "releases"))
    Store(root).publish(tables(2), reason="version 2")
    assert whole(root) == 2


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    """A store below a file cannot be made: one sentence says why and what to do."""
    (tmp_path / "file").write_bytes(b"")
    store = Store(tmp_path / "file" / "store")
    with pytest.raises(NotWritable, match=r"Choose another folder with --store"):
        store.publish(tables(1), reason="first")
    with pytest.raises(NoStore):
        store.current()


# --- many processes --------------------------------------------------------------------------------------


def keep_writing(root: Path, for_s: float) -> int:
    """Publish one version after another; the number of the last."""
    store, version, until = Store(root), 1, time.monotonic() + for_s
    while time.monotonic() < until:
        version += 1
        store.publish(tables(version), reason=f"version {version}")
    return version


def keep_reading(root: Path, for_s: float) -> list[int]:
    """Pin what is current and read all of it, again and again; the versions seen, each of them unmixed."""
    store, seen, until = Store(root), [], time.monotonic() + for_s
    while time.monotonic() < until:
        seen.append(version_of(store.current()))
    return seen


def test_one_writes_and_four_read(root: Path) -> None:
    """Every reader always sees one version in all tables, never an older one than before, and no error."""
    for_s = 30.0 if LONG else 2.0
    with ProcessPoolExecutor(5, mp_context=CHILDREN) as pool:
        readers = [pool.submit(keep_reading, root, for_s) for _ in range(4)]
        last = pool.submit(keep_writing, root, for_s).result()
        seen = [reader.result() for reader in readers]
    assert last > 2
    assert all(versions and versions == sorted(versions) for versions in seen)
    assert len({v for versions in seen for v in versions}) > 1
    assert whole(root) == last


def test_without_a_pin_a_page_would_be_mixed(root: Path) -> None:
    """The control: a page that asks for the current release at each table can show two versions."""
    store = Store(root)
    first = store.current().frame("places")["version"].iloc[0]
    store.publish(tables(2), reason="version 2")
    assert store.current().frame("sources")["version"].iloc[0] != first
