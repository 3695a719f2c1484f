"""Releases: what is published is read back, named by its content, listed, pinned and pruned."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely.geometry import Point

from data import descriptors, objects
from data.store import (
    DamagedObject,
    NoStore,
    ResourceAbout,
    StaleParent,
    Store,
    TooNew,
    UnknownRelease,
    UnknownTable,
    Unstorable,
)

ABOUT = ResourceAbout(
    title="Counts",
    sources=({"title": "A report", "path": "https://example.org/report"},),
    licenses=({"name": "CC-BY-4.0"},),
    fields={"people": {"unit": "persons"}},
)


def tables(people: int = 10) -> dict[str, pd.DataFrame]:
    """Two partitions of one table, a table of texts and dates, and one with geometry."""
    return {
        "observations/aaa": pd.DataFrame({"code": ["01", "02"], "people": [people, 20]}),
        "observations/bbb": pd.DataFrame({"code": ["03"], "people": [0.5], "note": ["about"]}),
        "sources": pd.DataFrame({"key": ["s1", None], "read": [date(2013, 9, 30), None]}),
        "sites": gpd.GeoDataFrame(
            {"site": ["A", "B"], "households": pd.array([3, None], dtype="Int64")},
            geometry=[Point(-72.3, 18.5), None],
            crs=4326,
        ),
    }


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store whose log ticks one minute a publication."""
    start, ticks = datetime(2026, 1, 1, tzinfo=UTC), iter(range(1000))
    return Store(tmp_path / "it's a [store]", now=lambda: start + timedelta(minutes=next(ticks)))


def test_what_is_published_is_read_back(store: Store) -> None:
    """Values, types, missing cells, geometry and its reference system come back as they went in."""
    given_tables = tables()
    release = store.publish(given_tables, reason="first")
    assert store.current() == release
    for name in ("observations/aaa", "observations/bbb", "sources"):
        assert_frame_equal(release.frame(name), given_tables[name])
    sites = release.geoframe("sites")
    assert sites.crs.to_epsg() == 4326
    assert sites.geometry.iloc[0] == Point(-72.3, 18.5)
    assert sites.geometry.iloc[1] is None
    assert sites["households"].dtype == "Int64"
    assert list(release.frame("sites").columns) == ["site", "households"]


def test_partitions_are_one_table(store: Store) -> None:
    """The part before "/" names all partitions together, in frames and in SQL; what one lacks is missing."""
    release = store.publish(tables(), reason="first")
    assert list(release.frame("observations")["people"]) == [10, 20, 0.5]
    with release.cursor() as sql:
        assert sql.execute("SELECT sum(people), count(note), max(code) FROM observations").fetchone() == (
            30.5,
            1,
            "03",
        )
        assert sql.execute("SELECT * FROM sites ORDER BY site").fetchall() == [("A", 3), ("B", None)]
        assert sql.execute(
            "SELECT key FROM sources WHERE read = $day", {"day": date(2013, 9, 30)}
        ).fetchall() == [("s1",)]


def test_a_table_of_geometry_alone_breaks_no_view(store: Store) -> None:
    """SQL leaves it out; it is read as a geoframe."""
    outline = gpd.GeoDataFrame(geometry=[Point(0, 0)], crs=4326)
    release = store.publish({"outline": outline, "sources": tables()["sources"]}, reason="first")
    assert len(release.geoframe("outline")) == 1
    with release.cursor() as sql:
        assert sql.execute("SELECT count(*) FROM sources").fetchone() == (2,)


def test_the_descriptor_is_a_data_package(store: Store) -> None:
    """Every table has name, path, hash, bytes, typed fields, sources and licences; the path leads to the bytes."""
    release = store.publish(tables(), reason="first", about={"observations": ABOUT})
    package = json.loads((store.root / "releases" / f"{release.digest}.json").read_text())
    assert [r["name"] for r in package["resources"]] == sorted(tables())
    first = package["resources"][0]
    content = (store.root / first["path"]).read_bytes()
    assert first["bytes"] == len(content)
    assert first["hash"] == "sha256:" + objects.hashlib.sha256(content).hexdigest()
    assert first["schema"]["fields"] == [
        {"name": "code", "type": "string"},
        {"name": "people", "type": "integer", "unit": "persons"},
    ]
    assert package["licenses"] == [{"name": "CC-BY-4.0"}]
    assert package["sources"] == first["sources"] == [dict(ABOUT.sources[0])]
    geometry = next(r for r in package["resources"] if r["name"] == "sites")
    assert geometry["schema"]["fields"][-1] == {
        "name": "geometry",
        "type": "any",
        "format": "wkb",
        "crs": "EPSG:4326",
    }


def test_same_tables_same_digest(store: Store, tmp_path: Path) -> None:
    """The digest covers tables alone: not their order, the reason, the author, the time or the words about them."""
    first = store.publish(tables(), reason="first")
    lines: list[str] = []
    again = store.publish(
        dict(reversed(tables().items())),
        reason="again",
        author="b",
        about={"sources": ABOUT},
        progress=lines.append,
    )
    elsewhere = Store(tmp_path / "other").publish(tables(), reason="elsewhere")
    assert first.digest == again.digest == elsewhere.digest
    assert again.changes_from(first) == ()
    assert lines[-1].endswith("0 changes")
    assert [info.reason for info in store.releases()] == ["first"]
    assert store.current().resources["sources"].title == "Counts"  # the words are brought up to date
    assert store.verify() == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            lambda t: t["observations/aaa"].__setitem__("people", [11, 20]), "observations/aaa", id="cell"
        ),
        pytest.param(lambda t: t["sources"].insert(0, "new", 1), "sources", id="column"),
        pytest.param(lambda t: t["sites"].__setitem__("geometry", [Point(1, 1), None]), "sites", id="place"),
    ],
)
def test_a_change_changes_the_digest(
    store: Store, change: Callable[[dict[str, pd.DataFrame]], None], expected: str
) -> None:
    """One changed cell, added column or moved point is another release, and the difference is listed."""
    before = store.publish(tables(), reason="first")
    changed = tables()
    change(changed)
    after = store.publish(changed, reason="second")
    assert after.digest != before.digest
    assert after.changes_from(before) == (f"changed: {expected}",)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(max_size=5), st.integers(-9, 9) | st.none()), max_size=6), st.randoms())
def test_bytes_depend_on_values_only(rows: list[tuple[str, int | None]], random: object) -> None:
    """Row labels, attributes and earlier calls leave no mark in the bytes."""
    plain = pd.DataFrame(rows, columns=["text", "value"]).astype({"text": "str", "value": "Int64"})
    marked = plain.copy()
    marked.index = range(7, 7 + len(marked))
    marked.attrs["note"] = "left over"
    assert descriptors.encode("t", plain, ABOUT) == descriptors.encode("t", marked, ABOUT)
    assert marked.attrs == {"note": "left over"}


def test_releases_are_listed_newest_first(store: Store) -> None:
    """Each with parent, reason, author, time and whether it is current; one that came back stands once."""
    first = store.publish(tables(1), reason="first", author="a")
    second = store.publish(tables(2), reason="second", author="b")
    assert [(i.digest, i.parent, i.reason, i.author, i.current) for i in store.releases()] == [
        (second.digest, first.digest, "second", "b", True),
        (first.digest, None, "first", "a", False),
    ]
    store.publish(tables(1), reason="back to the first")
    assert [(i.digest, i.reason, i.current) for i in store.releases()] == [
        (first.digest, "back to the first", True),
        (second.digest, "second", False),
    ]
    times = [i.time for i in store.releases()]
    assert times == sorted(times, reverse=True)


def test_a_page_pins_one_release(store: Store) -> None:
    """A release stays what it was while others are published, and several are read side by side."""
    pinned = store.publish(tables(1), reason="first")
    newest = store.publish(tables(2), reason="second")
    for release, people in ((pinned, 1), (newest, 2), (store.release(pinned.digest[:8]), 1)):
        assert release.frame("observations/aaa")["people"].iloc[0] == people
        with release.cursor() as sql:
            assert sql.execute("SELECT people FROM observations WHERE code = '01'").fetchone() == (people,)


def test_what_is_not_there_is_said_so(store: Store) -> None:
    """No store, no release, no table: each message names what exists or the command that mends it."""
    with pytest.raises(NoStore, match=r"python -m data demo --store"):
        store.current()
    with pytest.raises(NoStore):
        store.release("abc")
    with pytest.raises(NoStore):
        store.verify()
    with pytest.raises(NoStore):
        store.prune()
    assert store.releases() == []
    assert not store.root.exists()  # looking creates nothing
    release = store.publish(tables(), reason="first")
    with pytest.raises(UnknownRelease, match=release.digest[:12]):
        store.release("no such")
    with pytest.raises(UnknownRelease):
        store.release("")
    with pytest.raises(UnknownTable, match="observations/aaa"):
        release.frame("flows")
    with pytest.raises(UnknownTable, match="holds no table with geometry 'sources'"):
        release.geoframe("sources")


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        pytest.param({}, "nothing to publish", id="empty"),
        pytest.param({"Bad name": pd.DataFrame({"a": [1]})}, "no name for a table", id="name"),
        pytest.param({"../out": pd.DataFrame({"a": [1]})}, "no name for a table", id="path"),
        pytest.param(
            {"t": pd.DataFrame({"a": [1]}), "t/x": pd.DataFrame({"a": [1]})}, "stands beside", id="both"
        ),
        pytest.param({"t": pd.DataFrame({"a": [1, "x"]})}, "column a with type object", id="mixed-column"),
        pytest.param({"t": pd.DataFrame({"a": [1]}).set_index("a")}, "named index", id="index"),
        pytest.param({"t": pd.DataFrame([[1, 2]], columns=["a", "a"])}, "same name twice", id="columns"),
        pytest.param(
            {"t/x": pd.DataFrame({"code": ["01"]}), "t/y": pd.DataFrame({"code": [1]})},
            "type number here and string in 't/x'",
            id="mixed-partitions",
        ),
        pytest.param({"t": gpd.GeoDataFrame(geometry=[Point(0, 0)])}, "no reference system", id="no-crs"),
        pytest.param({"t": gpd.GeoDataFrame(geometry=[Point(0, 0)], crs=3857)}, "EPSG:3857", id="other-crs"),
    ],
)
def test_what_would_be_lost_is_refused(store: Store, bad: dict[str, pd.DataFrame], words: str) -> None:
    """A table that cannot be kept whole is refused before anything is written."""
    with pytest.raises(Unstorable, match=words):
        store.publish(bad, reason="bad")
    assert not store.root.exists()


def test_a_release_needs_a_reason(store: Store) -> None:
    """An empty reason is refused."""
    with pytest.raises(ValueError, match="reason"):
        store.publish(tables(), reason=" ")


class Unchecked(Store):
    """The control: a store that moves the pointer without looking whether it still says what the writer read."""

    def _refuse_stale(self, parent: str | None, current: str | None) -> None:
        """Do not."""


def add_row(store: Store, people: int, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Read the current table, add a row, publish; `meanwhile` runs between reading and publishing."""
    base = store.current()
    rows = pd.concat([base.frame("counts"), pd.DataFrame({"people": [people]})], ignore_index=True)
    meanwhile()
    store.publish({"counts": rows}, reason=f"add {people}", parent=base.digest)


def test_no_update_is_lost(tmp_path: Path) -> None:
    """Of two writers that start from one release the later is refused and keeps its work to do again."""
    store = Store(tmp_path / "store")
    store.publish({"counts": pd.DataFrame({"people": [1]})}, reason="first")
    with pytest.raises(StaleParent, match="Run the command again"):
        add_row(store, 2, meanwhile=lambda: add_row(store, 3))
    add_row(store, 2)
    assert list(store.current().frame("counts")["people"]) == [1, 3, 2]
    assert store.verify() == []


def test_without_the_check_an_update_is_lost(tmp_path: Path) -> None:
    """The control: the same two writers on a store without the check, and one row is gone."""
    store = Unchecked(tmp_path / "store")
    store.publish({"counts": pd.DataFrame({"people": [1]})}, reason="first")
    add_row(store, 2, meanwhile=lambda: add_row(store, 3))
    assert list(store.current().frame("counts")["people"]) == [1, 2]


def test_the_parent_is_what_was_current_when_publishing_began(tmp_path: Path) -> None:
    """Without a named parent, a release that appears while tables are being encoded is not overwritten."""
    store, calls = Store(tmp_path / "store"), []
    store.publish(tables(1), reason="first")

    def once(line: str) -> None:
        if not calls:
            calls.append(line)
            store.publish(tables(3), reason="in between")

    with pytest.raises(StaleParent):
        store.publish(tables(2), reason="second", progress=once)
    assert store.releases()[0].reason == "in between"


def test_prune_keeps_what_is_current_or_named(store: Store) -> None:
    """Old releases, objects that only they used and unfinished files go; the rest stays whole."""
    first, second, third = (store.publish(tables(n), reason=f"release {n}") for n in (1, 2, 3))
    (store.root / "objects" / ".tmp-left-over").write_bytes(b"1234")
    (store.root / "objects" / "README.txt").write_text("not ours", encoding="utf-8")
    report = store.prune(keep=[first.digest[:10]])
    assert report.releases == (second.digest,)
    assert report.objects == (second.resources["observations/aaa"].sha256,)
    assert report.temporary == 1
    assert report.bytes_freed > 4
    assert report.kept == tuple(sorted((first.digest, third.digest)))
    assert [i.digest for i in store.releases()] == [third.digest, first.digest]
    assert store.verify() == []
    assert (store.root / "objects" / "README.txt").exists()
    with pytest.raises(UnknownRelease, match=third.digest[:12]):  # a pinned page learns why, not "damaged"
        second.frame("observations/aaa")
    with pytest.raises(UnknownRelease):
        second.cursor()
    assert store.prune().releases == (first.digest,)
    assert store.current() == third


def test_prune_deletes_nothing_where_it_cannot_know(store: Store) -> None:
    """An unknown release to keep, or a damaged descriptor that says what is used: everything stays."""
    first, second = (store.publish(tables(n), reason=f"release {n}") for n in (1, 2))
    before = sorted(store.root.rglob("*"))
    with pytest.raises(UnknownRelease):
        store.prune(keep=["0000", first.digest])
    path = store.root / "releases" / f"{second.digest}.json"
    path.write_bytes(path.read_bytes().replace(b"string", b"number"))
    with pytest.raises(DamagedObject, match=second.digest):
        store.prune()
    assert sorted(store.root.rglob("*")) == before


def test_a_later_format_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release of a later program is not guessed at."""
    with monkeypatch.context() as later:
        later.setattr(descriptors, "FORMAT", 2)
        store.publish(tables(), reason="by a later program")
    with pytest.raises(TooNew, match="Bring the program up to date"):
        Store(store.root).current()


@pytest.mark.parametrize(
    "escape",
    [
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM read_parquet('{outside}')",
        "SELECT * FROM read_parquet('{objects}/../../outside.parquet')",
        "COPY (SELECT 1) TO '{outside}'",
        "ATTACH '{outside}.db'",
        "INSTALL spatial",
        "LOAD spatial",
        "SET enable_external_access = true",
        "SET threads = 8",
        "SELECT * FROM secret",
    ],
)
def test_sql_reaches_the_objects_and_nothing_else(store: Store, escape: str) -> None:
    """No other file, no extension, no setting and no Python variable is within reach of a query."""
    release = store.publish(tables(), reason="first")
    secret = pd.DataFrame({"a": [1]})
    outside = store.root.parent / "outside.parquet"
    secret.to_parquet(outside)
    with release.cursor() as sql, pytest.raises(duckdb.Error):
        sql.execute(escape.format(outside=outside, objects=str(store.root / "objects").replace("'", "''")))


def test_threads_have_cursors_of_their_own(store: Store) -> None:
    """Sixteen threads that ask two releases at once each get the answer of theirs."""
    pair = [store.publish(tables(n), reason=f"release {n}") for n in (1, 2)]
    barrier = threading.Barrier(16)

    def ask(index: int) -> bool:
        barrier.wait()
        for _ in range(5):
            with pair[index % 2].cursor() as sql:
                found = sql.execute("SELECT people FROM observations WHERE code = '01'").fetchone()
            if found != (index % 2 + 1,):
                return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(16)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_forked_process_makes_its_own_connection(store: Store) -> None:
    """A child of a process that has read goes on reading, and so does its parent."""
    release = store.publish(tables(5), reason="first")

    def people() -> int:
        with release.cursor() as sql:
            row = sql.execute("SELECT people FROM observations WHERE code = '01'").fetchone()
        return int(row[0]) if row else -1

    assert people() == 5
    child = os.fork()
    if child == 0:
        code = 99
        try:
            code = people()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 5
    assert people() == 5
