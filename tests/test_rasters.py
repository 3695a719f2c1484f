"""A raster is kept byte for byte, drawn coarse, clear where it has nothing, and refused in words where it is broken."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import rasterio
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from rasterio import Affine
from rasterio.io import MemoryFile

from data import rasters
from data.errors import Unknown
from data.raster_classes import INK, SHARES, limits_of
from data.rasters import RasterRefused, checked, corners, drawing, picture, underlays
from data.store import DamagedObject, Release, Store
from data.training.raster import KEY
from data.training.tables import RASTER_FILES
from layers import raster as layer
from layers.colours import LIGHT
from layers.scene import Scene
from tests.places import EN, ORIGIN
from web import rasters as served
from words import words


def tif(values: npt.NDArray[Any] | None = None, **changes: Any) -> bytes:
    """A small GeoTIFF: 0 in the west, 100 in the east, nothing in the north."""
    if values is None:
        values = np.zeros((40, 60), dtype=np.float32)
        values[:, 30:] = 100.0
        values[:10] = -1.0
    plain = {
        "driver": "GTiff", "width": values.shape[-1], "height": values.shape[-2], "count": 1, "dtype": values.dtype,
        "crs": "EPSG:4326", "transform": Affine(0.1, 0, 10.0, 0, -0.1, 5.0), "nodata": -1.0,
    } | changes  # fmt: skip
    with MemoryFile() as memory:
        with memory.open(**plain) as image:
            image.write(values if values.ndim == 3 else values[None])
        return bytes(memory.read())


def pixels(png: bytes) -> npt.NDArray[Any]:
    """Red, green, blue and strength of a picture, shape (4, rows, columns)."""
    with MemoryFile(png) as file, file.open() as image:
        index = image.read(1)
        palette = image.colormap(1)
    return np.moveaxis(
        np.array([palette.get(at, (0, 0, 0, 0)) for at in range(256)], dtype=np.uint8)[index], 2, 0
    )


def test_a_raster_comes_back_byte_for_byte(release: Release) -> None:
    """What the release keeps is the file that was published: its digest stands in the table of rasters."""
    row = release.frame("rasters").set_index("key").loc[KEY]
    assert hashlib.sha256(rasters.content_of(release, KEY)).hexdigest() == row["sha256"]
    assert (row["unit"], row["year"], row["operation"]) == ("residents", 2022, "xtr-mt")
    assert "SYNTHETIC" in row["title_en"]
    assert "not a count of displaced people" in row["note_en"]


def test_a_damaged_raster_is_noticed_and_never_drawn(tmp_path: Path, release: Release) -> None:
    """One flipped bit: `verify` names the object and nothing is drawn; control: the same bytes whole are drawn."""
    store = Store(tmp_path)
    tables = {name: release.frame(name) for name in (f"{RASTER_FILES}/{KEY}", "rasters")}
    kept = store.publish(tables, reason="a test")
    assert store.verify() == []
    assert kept.digest == store.publish(dict(reversed(tables.items())), reason="again").digest
    assert picture(kept, KEY).png == picture(release, KEY).png
    path = tmp_path / "objects" / f"{kept.resources[f'{RASTER_FILES}/{KEY}'].sha256}.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    assert [d.kind for d in store.verify()] == ["object"]
    with pytest.raises(DamagedObject):
        rasters.content_of(Store(tmp_path).current(), KEY)
    store.publish({"rasters": tables["rasters"]}, reason="without")
    store.prune()
    assert not path.exists()


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_nothing_and_zero_are_clear() -> None:
    """The east is of the one colour; the west is zero and the north has no number: both are clear."""
    made = drawing(tif(), "a.tif", side_px=60)
    red, green, blue, strength = pixels(made.png)
    rows, columns = strength.shape
    assert (strength[:, : columns // 2 - 1] == 0).all()
    assert (strength[: rows // 4 - 1] == 0).all()
    south_east = (slice(rows // 3, None), slice(columns // 2 + 1, None))
    assert (strength[south_east] > 0).all()  # control: where there are numbers there is colour
    assert {(int(red[r, c]), int(green[r, c]), int(blue[r, c])) for r, c in [(rows - 1, columns - 1)]} == {
        INK
    }


def test_corners_are_those_of_the_grid() -> None:
    """Clockwise from the north-west; a grid in another projection has its corners in degrees too."""
    grid = checked(tif(), "a.tif")
    west, south, east, north = grid.bounds
    assert (west, south, east, north) == pytest.approx((10.0, 1.0, 16.0, 5.0))
    assert corners(grid) == ((west, north), (east, north), (east, south), (west, south))
    metres = checked(tif(crs="EPSG:32632", transform=Affine(1000, 0, 500_000, 0, -1000, 200_000)), "b.tif")
    assert metres.bounds[0] == pytest.approx(9.0, abs=0.01)
    assert 0.9 < metres.cell_km < 1.1


def test_many_cells_are_read_as_few() -> None:
    """A picture is never larger than asked, whatever the grid; it has the means and not the sums of cells."""
    values = np.full((900, 700), 7.0, dtype=np.float32)
    made = drawing(tif(values, transform=Affine(0.001, 0, 0, 0, -0.001, 5)), "a.tif", side_px=100)
    assert made.merged == 9
    assert max(_size(made.png)) == 100
    assert made.limits == (5.0,)  # 7 everywhere, as its mean: by sums it would be 567, and the limit 500


def _size(png: bytes) -> tuple[int, int]:
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


@given(st.lists(st.floats(0.01, 1e7), min_size=1, max_size=200))
def test_limits_ascend_and_none_is_empty_above(values: list[float]) -> None:
    """Round, each once, and something lies above the last."""
    found = limits_of(values)
    assert list(found) == sorted(set(found))
    assert len(found) < len(SHARES)
    assert all(limit < max(values) for limit in found)
    assert limits_of([float("nan"), 0.0]) == ()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "foreign": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(500), "no GeoTIFF"),
    "empty": (lambda: b"", "no GeoTIFF"),
    "cut off": (lambda: _busy()[: len(_busy()) * 2 // 3], "cut off|cannot be read"),
    "bands": (lambda: tif(np.zeros((3, 4, 5), dtype=np.float32), count=3), "3 bands"),
    "nowhere": (lambda: tif(crs=None), "no reference system"),
    "turned": (lambda: tif(transform=Affine(0.1, 0.02, 10, 0.02, -0.1, 5)), "turned"),
    "swapped": (lambda: tif(transform=Affine(0.1, 0, 10, 0, -0.1, 150)), "on Earth|bounds"),
    "beyond": (lambda: tif(transform=Affine(0.1, 0, 178, 0, -0.1, 5)), "on Earth|180th"),
    "no number": (lambda: tif(np.full((8, 9), -1.0, dtype=np.float32)), "no cell with a number"),
    "negative": (lambda: tif(np.full((8, 9), -9.0, dtype=np.float32)), "a cell with -9"),
    "complex": (lambda: tif(np.ones((8, 9), dtype=np.complex64), nodata=None), "type complex64"),
    "no overviews": (lambda: tif(np.ones((3, 5000), dtype=np.uint8), nodata=None,
                                 transform=Affine(0.001, 0, 0, 0, -0.001, 5)), "without small overviews"),
}  # fmt: skip


def _busy() -> bytes:
    return tif(np.random.default_rng(1).random((200, 200), dtype=np.float32) + 1)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_words(name: str) -> None:
    """File, found, expected and what to do, in one sentence each; control: the plain file passes."""
    make, said = BAD[name]
    with pytest.raises(RasterRefused, match=said) as wrong:
        checked(make(), "people.tif")
    text = str(wrong.value)
    assert text.startswith("people.tif: found ")
    assert ", expected " in text
    assert text.endswith(".")
    assert wrong.value.fix
    assert checked(tif(), "people.tif").width == 60


def test_a_file_too_large_to_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is opened, and by cells where it is small and claims many; control: the same file just fits."""
    content = tif()
    monkeypatch.setattr(rasters, "LARGEST_BYTES", len(content))
    assert checked(content, "a.tif").width == 60
    monkeypatch.setattr(rasters, "LARGEST_BYTES", len(content) - 1)
    with pytest.raises(RasterRefused, match="at most"):
        checked(content, "a.tif")
    monkeypatch.undo()
    monkeypatch.setattr(rasters, "LARGEST_CELLS", 60 * 40 - 1)
    with pytest.raises(RasterRefused, match="cells"):
        checked(content, "a.tif")


def test_an_operation_has_its_rasters_alone(release: Release) -> None:
    """With year, unit, source and caveat; another operation has none."""
    (found,) = underlays(release, "xtr-mt")
    assert (found.key, found.year, found.unit) == (KEY, 2022, "residents")
    assert found.caveat.text.en.startswith("A modelled estimate")
    assert found.caveat.source.key == "xtr-geodata"
    assert underlays(release, "xtr-fm") == ()
    assert rasters.underlays_at(release, "hti-eq2010", _day()) is None
    snapshot = rasters.underlays_at(release, "xtr-mt", _day())
    assert snapshot is not None
    assert found.caveat in snapshot.provenance.caveats
    with pytest.raises(Unknown, match="Held here: xtr-residents-grid"):
        picture(release, "another")


def _day() -> Any:
    from datetime import date

    return date(2024, 1, 1)


def test_a_raster_is_served_once_and_kept(store_folder: Path, release: Release) -> None:
    """By its release and key, kept for a year; anything else answers 404 with a sentence."""
    app = Flask("a")
    served.install(app, Store(store_folder))
    client = app.test_client()
    answer = client.get(f"/rasters/{release.digest}/{KEY}.png")
    assert answer.status_code == 200
    assert answer.mimetype == "image/png"
    assert answer.data == picture(release, KEY).png
    assert "immutable" in answer.headers["Cache-Control"]
    for path in (f"{release.digest}/other.png", f"{release.digest[:12]}/{KEY}.png", f"{'0' * 64}/{KEY}.png",
                 f"{release.digest}/..%2fx.png"):  # fmt: skip
        assert client.get(f"/rasters/{path}").status_code == 404, path


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_layer_lies_between_land_and_borders(release: Release, language: str) -> None:
    """One picture by an absolute address, below the borders; its legend has year, unit and every class."""
    snapshot = rasters.underlays_at(release, "xtr-mt", _day())
    assert snapshot is not None
    scene = Scene(
        snapshots={"rasters": snapshot}, words=words(language), colours=LIGHT, origin=ORIGIN, digest=release.digest,
        switched_on=frozenset({"boundaries", "raster"}),
    )  # fmt: skip
    (outline,) = layer.draw(scene).outlines
    assert outline["source"] == f"{ORIGIN}/rasters/{release.digest}/{KEY}.png"
    assert outline["below"] == "areas-XTR"
    assert [tuple(c) for c in outline["coordinates"]] == list(picture(release, KEY).corners)
    legend = layer.legend(scene)
    assert "2022" in legend[0].label
    assert legend[0].note
    assert len(legend) == 2 + len(picture(release, KEY).limits) + 1
    assert "modelled" in EN("layer.raster_note")
    assert layer.draw(Scene(snapshots={}, words=EN, colours=LIGHT, switched_on=frozenset())).outlines == ()


def test_the_grid_of_the_training_country_sums_to_its_residents(release: Release) -> None:
    """The picture is for looking: the sum comes from the file, at full resolution."""
    with MemoryFile(rasters.content_of(release, KEY)) as memory, memory.open() as image:
        total = image.read(1, masked=True).sum(dtype=np.float64)
    assert total > 1_000_000
    assert rasterio.__version__.startswith("1.")
