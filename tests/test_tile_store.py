"""Tiles are made when a release is published, whole or not at all; what is not kept is made when it is asked for."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from flask import Flask
from shapely.geometry import box
from werkzeug.test import Client

from data import area_shapes, durable, tile_files, tile_store
from data.area_shapes import EMPTY, Sheet, borders, tile
from data.store import Release, Store
from web import tiles

COMMUNES = Sheet("XTR", "adm3", 2)


@pytest.fixture(scope="module")
def table() -> gpd.GeoDataFrame:
    """Thirty-six square areas beside each other."""
    squares = [box(x / 2, y / 2, x / 2 + 0.5, y / 2 + 0.5) for x in range(-44, -38) for y in range(-60, -54)]
    codes = [f"XT{n:02}" for n in range(len(squares))]
    about = {
        "level": "adm3",
        "name_ar": "",
        "parent": "XTR",
        "iso3": "XTR",
        "valid_from": "2023",
        "valid_to": "",
    }
    made = gpd.GeoDataFrame({"pcode": codes, "name": codes} | about, geometry=squares, crs=4326)
    return made.assign(version=2, first_round=1, was="", source="")


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty areas are many here."""
    monkeypatch.setattr(tile_store, "MANY", 30)
    monkeypatch.setattr(tile_store, "MOST_TILES", 6)


@pytest.fixture
def store(tmp_path: Path, table: gpd.GeoDataFrame) -> Store:
    """A store with the communes, published."""
    made = Store(tmp_path / "store")
    made.publish({"areas": table}, reason="the communes")
    return made


def client_of(store: Store) -> Client:
    server = Flask(__name__)
    server.testing = True  # what fails is not made a page
    tiles.install(server, store)
    return server.test_client()


def kept_in(store: Store) -> list[Path]:
    return sorted((store.root / "tiles").iterdir())


def never(*_: object) -> bytes:
    """In place of what makes a tile."""
    raise AssertionError("a tile was made that is kept")


def test_tiles_are_there_when_a_release_is(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every tile of the coarse zooms is what would be made, and serving it makes none; a finer one is made."""
    release = store.current()
    keys = list(tile_store.eager(release, COMMUNES))
    assert {z for z, _, _ in keys} >= {0, 1, 2, 3, 4, 5}
    for key in (keys[0], keys[-1]):
        body = tile_store.kept(release, COMMUNES, key)
        assert body is not None
        assert gzip.decompress(body) == tile(release, COMMUNES, *key) != EMPTY
    z, x, y = keys[-1]
    assert tile_store.kept(release, COMMUNES, (z, 0, 0)) == gzip.compress(
        EMPTY, 6, mtime=0
    )  # elsewhere in the world
    deep = (10, x << (10 - z), y << (10 - z))
    assert tile_store.kept(release, COMMUNES, deep) is None
    client = client_of(store)
    assert (
        client.get(f"/tiles/{release.digest}/{COMMUNES.name}/{'/'.join(map(str, deep))}.mvt").status_code
        == 200
    )
    monkeypatch.setattr(area_shapes, "tile", never)
    answer = client.get(f"/tiles/{release.digest}/{COMMUNES.name}/{z}/{x}/{y}.mvt")
    assert answer.data
    with pytest.raises(
        AssertionError, match="that is kept"
    ):  # control: a finer one that nobody asked for is made
        client.get(f"/tiles/{release.digest}/{COMMUNES.name}/9/0/0.mvt")


def test_few_areas_have_no_tiles(store: Store, table: gpd.GeoDataFrame, tmp_path: Path) -> None:
    """A sheet is tiled from a number on; a table of that name without areas is none."""
    assert [path.name[-len("XTR-adm3-v2.tiles") :] for path in kept_in(store)] == ["XTR-adm3-v2.tiles"]
    few = Store(tmp_path / "few")
    few.publish({"areas": table.head(30)}, reason="fewer")
    few.publish({"areas": table[["pcode", "name"]]}, reason="other columns")
    assert not (few.root / "tiles").exists()


def test_the_same_boundaries_are_cut_once(
    store: Store, table: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another release with the same areas shares their tiles; other areas have their own."""
    before = kept_in(store)
    with monkeypatch.context() as patch:
        patch.setattr(area_shapes, "tile", never)
        other = store.publish({"areas": table, "more": table[["pcode"]]}, reason="a figure more")
    assert kept_in(store) == before
    assert tile_store.kept(other, COMMUNES, (0, 0, 0)) is not None
    store.publish({"areas": table.head(32)}, reason="fewer areas")
    assert len(kept_in(store)) == 2
    size = before[0].stat().st_size
    assert store.prune().bytes_freed > size
    assert not before[0].exists()
    assert len(kept_in(store)) == 1


@pytest.mark.parametrize(
    "harm", [lambda b: b[:-1], lambda b: b[:-9] + b"damaged!!", lambda b: b"other" + b, lambda b: b + b"x"]
)
def test_what_is_damaged_is_named_made_anew_and_never_served(
    store: Store, harm: Callable[[bytes], bytes]
) -> None:
    """A file that is not whole is listed; readers get what is right all the same; publishing mends it."""
    release = store.current()
    assert store.verify() == []
    (path,) = kept_in(store)
    right = path.read_bytes()
    path.write_bytes(harm(right))
    assert [(d.kind, d.path, d.found) for d in store.verify()] == [("tiles", path, "damaged")]
    assert store.verify(release.digest) == []  # the release itself is whole
    client = client_of(store)
    for key in tile_store.eager(release, COMMUNES):
        address = f"/tiles/{release.digest}/{COMMUNES.name}/{'/'.join(map(str, key))}.mvt"
        assert client.get(address, headers={"Accept-Encoding": ""}).data == tile(release, COMMUNES, *key)
    store.publish({"areas": release.geoframe("areas")}, reason="again")
    assert path.read_bytes() == right
    assert store.verify() == []


def test_a_build_that_is_cut_off_leaves_nothing_half(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed while it writes, or refused by the system: the release stands, no file is half, and a prune clears up."""
    release, (path,) = store.current(), kept_in(store)
    path.unlink()
    assert store.verify() == []  # what is not there is no damage

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(durable, "write_all", killed)
        with pytest.raises(KeyboardInterrupt):
            tile_store.build(release)
    assert kept_in(store) == []
    said: list[str] = []

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(durable, "write_all", full)
        assert tile_store.build(release, said.append) == []
    assert "not kept" in said[0]
    assert client_of(store).get(f"/tiles/{release.digest}/{COMMUNES.name}/0/0/0.mvt").status_code == 200
    (path.parent / ".tmp-left").write_bytes(b"1234")
    assert store.prune().temporary == 1
    assert tile_store.build(release) == [path]
    assert tile_store.build(release) == []  # control: what is whole is left alone


def test_a_file_of_another_form_is_cleared_up(store: Store) -> None:
    """After a change of what tiles are, the old ones are not read and go with the next prune."""
    (path,) = kept_in(store)
    old = path.with_name(path.name.replace(tile_files.FORM.decode(), "sltiles0"))
    path.rename(old)
    assert tile_store.kept(store.current(), COMMUNES, (0, 0, 0)) is None
    store.prune()
    assert not old.exists()


def test_a_shared_border_is_one_line() -> None:
    """Two squares side by side: seven sides, the one between them once; the edge of a tile is none."""
    one = np.array([(0, 0), (100, 0), (100, 100), (0, 100)])
    two = one + np.array([100, 0])
    length = sum(np.abs(np.diff(line, axis=0)).sum() for line in borders([one, two]))
    assert length == 700
    assert (
        sum(np.abs(np.diff(line, axis=0)).sum() for line in borders([one])) == 400
    )  # control: alone it has all four
    cut = np.array([(-64, 0), (50, 0), (50, 100), (-64, 100)])
    assert sum(np.abs(np.diff(line, axis=0)).sum() for line in borders([cut])) == 114 * 2 + 100
    assert borders([]) == []


def test_memory_is_bounded_by_bytes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the store does not keep is held up to a number of bytes and no longer than there is room."""
    release: Release = store.current()
    monkeypatch.setattr(tiles, "KEPT_BYTES", 1)
    client, made = client_of(store), []
    real = area_shapes.tile

    def counted(*key: object) -> bytes:
        made.append(key)
        return real(*key)  # type: ignore[arg-type]  # passed through as it came

    monkeypatch.setattr(area_shapes, "tile", counted)
    for name in ("9/0/0", "9/1/0", "9/0/0"):
        client.get(f"/tiles/{release.digest}/{COMMUNES.name}/{name}.mvt")
    assert len(made) == 3
    monkeypatch.setattr(tiles, "KEPT_BYTES", 10_000)  # control: with room it is made once
    client = client_of(store)
    for name in ("9/0/0", "9/1/0", "9/0/0"):
        client.get(f"/tiles/{release.digest}/{COMMUNES.name}/{name}.mvt")
    assert len(made) == 5
