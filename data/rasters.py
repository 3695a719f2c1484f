"""A grid of cells, such as residents by cell, as a picture under the map: read coarse, then put on its projection.

A picture is for looking. Sums come from the grid itself and never from here: where several cells are drawn as one, it
has their mean. Memory is bounded by the largest file and the largest picture, whatever the grid is.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from shapely import Point

from data import queries
from data.effort import asked, held_by
from data.errors import Unknown
from data.geo import MERCATOR_LAT
from data.model import Caveat, Snapshot, Source, Text
from data.placed import provenance_of
from data.raster_classes import limits_of, png
from data.store import Release

LARGEST_BYTES = 64 * 2**20  # of a file: it is held in memory while its picture is made
LARGEST_CELLS = 400_000_000
NEEDS_OVERVIEWS = 4096  # cells along a side: a larger grid is read coarse from its overviews
SIDE_PX = 1024  # longest side of a picture
RASTERS_OF = "SELECT * FROM rasters WHERE operation = $operation ORDER BY key"
RASTER_FILES = "raster_files"
MERCATOR = "EPSG:3857"

Corner = tuple[float, float]  # longitude, latitude, degrees
Corners = tuple[Corner, Corner, Corner, Corner]  # top left, top right, bottom right, bottom left
Floats = npt.NDArray[np.float32]


class RasterRefused(ValueError):
    """A file that no picture can be made from, with what to do about it."""

    def __init__(self, file: str, found: str, expected: str, fix: str) -> None:
        self.file, self.found, self.expected, self.fix = file, found, expected, fix
        super().__init__(f"{file}: found {found}, expected {expected}. {fix}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Where a grid lies and how fine it is."""

    width: int  # cells
    height: int
    bounds: tuple[float, float, float, float]  # west, south, east, north, degrees, within web mercator
    cell_km: float  # side of a cell in the middle of the grid
    description: str  # of its one band, as the file says it


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture in web mercator with the four places where its corners belong."""

    png: bytes
    corners: Corners
    limits: tuple[float, ...]  # upper limits of all classes but the last, ascending; of the numbers in a cell
    merged: int  # cells that were drawn as one along a side; 1: each has its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Underlay:
    """A raster of a release, ready to be drawn and to be spoken of."""

    key: str
    title: Text
    unit: str
    year: int
    licence: str
    note: Text
    source: Source
    grid: Grid
    corners: Corners
    limits: tuple[float, ...]
    merged: int

    @property
    def caveat(self) -> Caveat:
        """What must be read with it: what its numbers are, of which year, and who made them."""
        return Caveat(key=self.key, title=self.title, text=self.note, source=self.source)


def corners(grid: Grid) -> Corners:
    """Where the corners of the picture of a grid belong, clockwise from the north-west, degrees."""
    west, south, east, north = grid.bounds
    return (west, north), (east, north), (east, south), (west, south)


def checked(content: bytes, file: str) -> Grid:
    """Look through a file once, before it becomes part of a release.

    Parameters
    ----------
    content : bytes
        A GeoTIFF: one band of numbers of 0 or more, north up, with its reference system.
    file : str
        Its name, for what is said of it.

    Returns
    -------
    Grid

    Raises
    ------
    RasterRefused
        If it is no such file, is broken or cut off, lies nowhere on Earth or across the 180th meridian, is larger
        than the program holds, or has no number in it.
    """
    if len(content) > LARGEST_BYTES:
        raise RasterRefused(
            file, f"{len(content) / 2**20:.0f} MB", f"at most {LARGEST_BYTES / 2**20:.0f} MB",
            "Cut it to the country, or make its cells larger.",
        )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a file that lies nowhere is refused below, in words
        with _opened(content, file) as image:
            grid = _grid(image, file)
            _look_through(image, file)
            return grid


def drawing(content: bytes, file: str, side_px: int = SIDE_PX) -> Drawing:
    """The picture of a grid: transparent where it has no number and where that is zero.

    Parameters
    ----------
    content : bytes
        A file that `checked` let pass.
    file : str
        Its name, for what is said of it.
    side_px : int
        Longest side of the picture, pixels.

    Raises
    ------
    RasterRefused
        If it cannot be read.
    """
    with _opened(content, file) as image:
        grid = _grid(image, file)
        values, step = _coarse(image, side_px, file)
        seen = _projected(image, values, grid, side_px)
    limits = limits_of(values)
    classes = np.zeros(seen.shape, dtype=np.uint8)
    inside = np.isfinite(seen) & (seen > 0)
    classes[inside] = 1 + np.searchsorted(np.asarray(limits), seen[inside], side="left").astype(np.uint8)
    return Drawing(png=png(classes), corners=corners(grid), limits=limits, merged=step)


def underlays(release: Release, operation: str) -> tuple[Underlay, ...]:
    """The rasters of an operation, in the order of their keys; () where the release holds none."""
    queries.catalogue(release).operation(operation)
    if not held_by(release, "rasters", RASTER_FILES):
        return ()
    rows = asked(release, RASTERS_OF, operation=operation)
    return tuple(_underlay(release, row) for _, row in rows.iterrows())


def underlays_at(
    release: Release, operation: str, on: date, as_known_on: date | None = None
) -> Snapshot | None:
    """The rasters of an operation as rows, each at the middle of its grid; None where there are none.

    Parameters
    ----------
    on : date
        The day that the map shows: a raster is of its year, whatever the day is.
    as_known_on : date, optional
        A raster whose source was surely public later is not there.

    Returns
    -------
    Snapshot or None
        Columns key, name_en, name_fr, year, unit, note_en, note_fr, limits, corners, cell_km, state, public.
    """
    held = queries.catalogue(release)
    public = [
        u for u in underlays(release, operation)
        if as_known_on is None or (u.caveat.known_by is not None and u.caveat.known_by <= as_known_on)
    ]  # fmt: skip
    if not public:
        return None
    rows = [
        {
            "key": u.key, "name": u.title.en, "name_en": u.title.en, "name_fr": u.title.to("fr"), "year": u.year,
            "unit": u.unit, "note_en": u.note.en, "note_fr": u.note.to("fr"), "limits": u.limits, "corners": u.corners,
            "cell_km": u.grid.cell_km, "state": "no_data", "public": True,
        }
        for u in public
    ]  # fmt: skip
    middle = [Point((b[0] + b[2]) / 2, (b[1] + b[3]) / 2) for b in (u.grid.bounds for u in public)]
    return Snapshot(
        key=f"{operation}-rasters",
        label=held.operation(operation).title,
        table=gpd.GeoDataFrame(rows, geometry=middle, crs="EPSG:4326"),
        on=on,
        provenance=provenance_of(held, operation, [u.source for u in public], [u.caveat for u in public]),
    )


@lru_cache(maxsize=8)  # a release never changes; a picture is some hundred kB
def picture(release: Release, key: str) -> Drawing:
    """The picture of a raster of a release, made once.

    Raises
    ------
    Unknown
        If the release holds no such raster.
    DamagedObject
        If it is not what the release names.
    """
    name = f"{RASTER_FILES}/{key}"
    if name not in release.resources:
        held = [
            (n.partition("/")[2], r.title) for n, r in release.resources.items() if r.family == RASTER_FILES
        ]
        raise Unknown("raster", key, held)
    return drawing(content_of(release, key), f"{key}.tif")


def content_of(release: Release, key: str) -> bytes:
    """The GeoTIFF of a raster, byte for byte as it was published."""
    return bytes(release.frame(f"{RASTER_FILES}/{key}")["image"].iloc[0])


@lru_cache(maxsize=8)  # as above
def _grid_of(release: Release, key: str) -> Grid:
    with _opened(content_of(release, key), f"{key}.tif") as image:
        return _grid(image, f"{key}.tif")


def _underlay(release: Release, row: pd.Series) -> Underlay:
    made, key = picture(release, str(row["key"])), str(row["key"])
    return Underlay(
        key=key, title=Text(row["title_en"], (("fr", row["title_fr"]),)), unit=str(row["unit"]), year=int(row["year"]),
        licence=str(row["licence"]), note=Text(row["note_en"], (("fr", row["note_fr"]),)),
        source=queries.catalogue(release).sources[row["source"]], grid=_grid_of(release, key),
        corners=made.corners, limits=made.limits, merged=made.merged,
    )  # fmt: skip


@contextmanager
def _opened(content: bytes, file: str) -> Iterator[Any]:
    """The file as GDAL reads it; only as a GeoTIFF, since other formats can name further files."""
    import rasterio
    from rasterio.errors import RasterioError
    from rasterio.io import MemoryFile

    if not content:  # GDAL would make a new file of it
        raise RasterRefused(
            file, "an empty file, which is no GeoTIFF", "a whole GeoTIFF", "Copy it again from where it came."
        )
    try:
        with (
            rasterio.Env(GDAL_NUM_THREADS="1"),
            MemoryFile(content) as memory,
            memory.open(driver="GTiff") as image,
        ):
            yield image
    except RasterioError as why:
        raise RasterRefused(
            file, "a file that is no GeoTIFF, or that is broken or cut off", "a whole GeoTIFF",
            "Copy it again, or write it anew with gdal_translate -of GTiff.",
        ) from why  # fmt: skip


def _grid(image: Any, file: str) -> Grid:
    """Where the grid lies, if a picture can be made of it."""
    for found, expected, fix in (*_form(image), *_size(image)):
        raise RasterRefused(file, found, expected, fix)
    west, south, east, north = _bounds(image)
    whole = bool(np.isfinite([west, south, east, north]).all()) and -180 <= west < 180 and -180 < east <= 180
    if not whole or not -90 <= south < north <= 90:
        raise RasterRefused(
            file, f"bounds of {west:g}, {south:g}, {east:g}, {north:g} degrees",
            "a place on Earth, -180 to 180 and -90 to 90",
            "Look whether the axes are swapped or the reference system is another.",
        )  # fmt: skip
    if west >= east:
        raise RasterRefused(
            file,
            "a grid across the 180th meridian",
            "one on one side of it",
            "Cut it in two there, as two rasters.",
        )
    cell = (east - west) / image.width * 111.32 * float(np.cos(np.radians((south + north) / 2)))
    return Grid(
        width=image.width, height=image.height, cell_km=float(cell), description=image.descriptions[0] or "",
        bounds=(west, max(south, -MERCATOR_LAT), east, min(north, MERCATOR_LAT)),
    )  # fmt: skip


Wrong = tuple[str, str, str]  # found, expected, what to do


def _form(image: Any) -> Iterator[Wrong]:
    """What is wrong with its bands, its numbers or how it lies."""
    if image.count != 1:
        yield f"{image.count} bands", "one band of numbers", "Keep one: gdal_translate -b 1."
    if np.dtype(image.dtypes[0]).kind not in "uif":
        yield f"cells of type {image.dtypes[0]}", "whole numbers or decimals", "Give the band such a type."
    if image.crs is None:
        yield "no reference system", "one, such as EPSG:4326", "Name it: gdal_translate -a_srs EPSG:4326."
    if image.transform.b or image.transform.d or image.transform.e >= 0 or image.transform.a <= 0:
        yield "a turned or mirrored grid", "north up and west left", "Bring it to EPSG:4326 with gdalwarp."


def _size(image: Any) -> Iterator[Wrong]:
    """What makes it too large to be read coarse."""
    size = f"{image.width:,} x {image.height:,} cells"
    if image.width * image.height > LARGEST_CELLS:
        fix = "Cut it to the country, or make its cells larger."
        yield size, f"at most {LARGEST_CELLS:,} cells", fix
    longest, steps = max(image.width, image.height), image.overviews(1)
    if longest > NEEDS_OVERVIEWS and (not steps or longest / max(steps) > NEEDS_OVERVIEWS):
        fix = "Add them: gdaladdo -r average file.tif 2 4 8 16 32."
        yield f"{size} without small overviews", f"overviews down to {NEEDS_OVERVIEWS:,} cells a side", fix


def _bounds(image: Any) -> tuple[float, float, float, float]:
    """West, south, east and north in degrees; not numbers where the reference system does not reach."""
    from rasterio.errors import RasterioError
    from rasterio.warp import transform_bounds

    try:
        west, south, east, north = transform_bounds(image.crs, "EPSG:4326", *image.bounds, densify_pts=21)
    except RasterioError:
        return (float("nan"),) * 4
    return west, south, east, north


def _look_through(image: Any, file: str) -> None:
    """Read every block once: what is broken deep inside is found now and not by a reader."""
    from rasterio.errors import RasterioError

    held, least = 0, np.inf
    try:
        for _, window in image.block_windows(1):
            block = image.read(1, window=window, masked=True).compressed()
            block = block[np.isfinite(block)]
            held += block.size
            least = min(least, float(block.min())) if block.size else least
        for step in range(len(image.overviews(1))):
            side = 2 ** (step + 1)
            image.read(1, out_shape=(max(1, image.height // side), max(1, image.width // side)))
    except RasterioError as why:
        raise RasterRefused(
            file, "blocks that cannot be read", "a whole file", "It was cut off or changed: copy it again."
        ) from why
    if not held:
        raise RasterRefused(
            file, "no cell with a number", "at least one", "Look whether its no-data value is right."
        )
    if least < 0:
        raise RasterRefused(
            file, f"a cell with {least:g}", "0 or more in every cell",
            "Name its no-data value: gdal_translate -a_nodata.",
        )  # fmt: skip


def _coarse(image: Any, side_px: int, file: str) -> tuple[Floats, int]:
    """The grid with at most `side_px` cells a side, means of what was put together; missing is NaN."""
    from rasterio.enums import Resampling
    from rasterio.errors import RasterioError

    step = max(1, -(-max(image.width, image.height) // side_px))
    shape = (-(-image.height // step), -(-image.width // step))
    how = Resampling.average if step > 1 else Resampling.nearest
    try:
        found = image.read(1, out_shape=shape, masked=True, resampling=how)
    except RasterioError as why:
        raise RasterRefused(
            file, "blocks that cannot be read", "a whole file", "It was cut off or changed: copy it again."
        ) from why
    return found.astype(np.float32).filled(np.nan), step


def _projected(image: Any, values: Floats, grid: Grid, side_px: int) -> Floats:
    """The coarse grid in web mercator."""
    from rasterio.warp import Resampling, reproject, transform_bounds

    west, south, east, north = transform_bounds("EPSG:4326", MERCATOR, *grid.bounds)
    scale = side_px / max(east - west, north - south)
    shape = max(1, round((north - south) * scale)), max(1, round((east - west) * scale))
    seen = np.full(shape, np.nan, dtype=np.float32)
    rows, columns = values.shape
    reproject(
        values, seen, src_crs=image.crs, dst_crs=MERCATOR, src_nodata=np.nan, dst_nodata=np.nan,
        src_transform=_affine(tuple(image.bounds), columns, rows), num_threads=1,
        dst_transform=_affine((west, south, east, north), shape[1], shape[0]), resampling=Resampling.nearest,
    )  # fmt: skip
    return seen


def _affine(bounds: tuple[float, float, float, float], columns: int, rows: int) -> Any:
    """How rows and columns lie: rasterio's own function warns of what the library below it will change."""
    from rasterio import Affine

    west, south, east, north = bounds
    return Affine((east - west) / columns, 0.0, west, 0.0, (south - north) / rows, north)
